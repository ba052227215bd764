"""A connection lasts as long as the platform lets it and its learner is known, and says so before."""

import math

from functions.realtime.bucket import Bucket
from functions.realtime.stay import NOTICE_SECONDS, Stay, lifetime


def test_it_ends_when_its_time_is_over():
    stay = Stay(ends_at=100)

    assert [stay.advice(now) for now in (0, 99, 100)] == ["stay", "stay", "come again"]
    assert stay.next_at == 100


def test_it_warns_once_before_the_login_ends_and_then_ends():
    stay = Stay(ends_at=1000, known_until=100)
    notice = 100 - NOTICE_SECONDS

    assert stay.next_at == notice
    assert [stay.advice(now) for now in (0, notice, notice + 1)] == ["stay", "warn", "stay"]
    assert stay.next_at == 100
    assert stay.seconds_known(90) == 10
    assert stay.advice(100) == "log out"


def test_a_login_that_ends_at_once_is_no_warning():
    assert Stay(ends_at=1000, known_until=5).advice(5) == "log out"


def test_another_token_prolongs_it_and_is_warned_of_in_its_turn():
    stay = Stay(ends_at=1000, known_until=100)
    assert stay.advice(90) == "warn"
    stay.prolong(500)

    assert [stay.advice(now) for now in (100, 480)] == ["stay", "warn"]


def test_a_login_does_not_prolong_what_the_platform_ends():
    stay = Stay(ends_at=100)
    stay.prolong(math.inf)

    assert stay.advice(100) == "come again"


def test_connections_that_came_at_once_do_not_go_at_once_and_all_in_time():
    ends = {lifetime(290) for _ in range(1000)}

    assert max(ends) <= 290
    assert max(ends) - min(ends) > 30


def test_a_bucket_gives_so_many_at_once_and_then_as_they_come_back():
    bucket = Bucket(most=2, a_second=0.5, now=0)

    assert [bucket.take(0) for _ in range(3)] == [0, 0, 2]
    assert bucket.take(1) == 1
    assert bucket.take(2) == 0


def test_a_bucket_holds_no_more_than_it_holds():
    bucket = Bucket(most=2, a_second=1, now=0)

    assert [bucket.take(1000) for _ in range(3)] == [0, 0, 1]
