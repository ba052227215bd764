"""A server that failed is asked again after a pause that grows, differs, and never overrides what it says."""

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.model.backoff import FIRST_SECONDS, LONGEST_SECONDS, pause_seconds, retry_after_seconds

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)


def test_the_longest_pause_doubles_with_each_failure_up_to_a_bound():
    longest = [pause_seconds(failures, lambda _, high: high) for failures in (1, 2, 3, 4, 5, 6, 500)]

    assert longest == [0.25, 0.5, 1.0, 2.0, 4.0, 4.0, 4.0]


@given(st.integers(1, 1_000), st.randoms(use_true_random=False))
def test_a_pause_is_anything_from_nothing_to_its_bound(failures, chance):
    assert 0 <= pause_seconds(failures, chance.uniform) <= min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** (failures - 1))


def test_those_who_failed_together_come_again_apart():
    chance = random.Random(7)

    assert len({round(pause_seconds(4, chance.uniform), 2) for _ in range(50)}) > 30


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7),
        (" 0 ", 0),
        ("Fri, 20 Mar 2026 12:00:30 GMT", 30),
        ("Fri, 20 Mar 2026 11:00:00 GMT", 0),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("1" * 400, 111111111),
    ],
)
def test_what_a_server_wants_is_seconds_or_a_date(said, seconds):
    assert retry_after_seconds({"retry-after": said}, NOON) == seconds


def test_a_server_that_says_nothing_wants_nothing():
    assert retry_after_seconds({}, NOON) is None
