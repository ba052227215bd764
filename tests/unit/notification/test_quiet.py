"""Quiet hours go by the clock on the wall: over midnight, in every time zone, on days of 23 and of 25 hours."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.notification.quiet import Quiet, quiet_until

ZONES = ("UTC", "Europe/Vienna", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia")
NIGHT = Quiet(time(22), time(7), "Europe/Vienna")
LUNCH = Quiet(time(12), time(13, 30), "Europe/Vienna")


def vienna(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Vienna")).astimezone(UTC)


@pytest.mark.parametrize(
    ("quiet", "now", "until"),
    [
        (NIGHT, "2026-01-10 21:59", "2026-01-10 21:59"),
        (NIGHT, "2026-01-10 22:00", "2026-01-11 07:00"),
        (NIGHT, "2026-01-11 00:00", "2026-01-11 07:00"),
        (NIGHT, "2026-01-11 06:59", "2026-01-11 07:00"),
        (NIGHT, "2026-01-11 07:00", "2026-01-11 07:00"),
        (NIGHT, "2026-12-31 23:59", "2027-01-01 07:00"),
        (LUNCH, "2026-01-10 11:59", "2026-01-10 11:59"),
        (LUNCH, "2026-01-10 12:00", "2026-01-10 13:30"),
        (LUNCH, "2026-01-10 13:30", "2026-01-10 13:30"),
    ],
)
def test_they_end_when_the_clock_says_so(quiet, now, until):
    assert quiet_until(vienna(now), quiet) == vienna(until)


@pytest.mark.parametrize(("before", "hours"), [("2026-03-28 22:00", 8), ("2026-10-24 22:00", 10)])
def test_a_night_in_which_clocks_change_is_an_hour_shorter_or_longer(before, hours):
    assert quiet_until(vienna(before), NIGHT) - vienna(before) == timedelta(hours=hours)


def test_an_end_that_the_clock_shows_twice_is_the_next_one():
    quiet = Quiet(time(22), time(2, 30), "Europe/Vienna")
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

    assert quiet_until(first - timedelta(minutes=1), quiet) == first
    assert quiet_until(second - timedelta(minutes=1), quiet) == second


def test_an_end_that_the_clock_leaves_out_is_not_missed():
    quiet = Quiet(time(22), time(2, 30), "Europe/Vienna")

    assert quiet_until(vienna("2026-03-28 23:00"), quiet) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_without_quiet_hours_it_is_never_too_late():
    now = datetime(2026, 1, 10, 3, tzinfo=UTC)

    assert quiet_until(now, None) == now


def test_a_time_zone_that_is_gone_counts_as_utc():
    night = datetime(2026, 1, 10, 23, tzinfo=UTC)

    for name in ("Nowhere/Else", "../secret", ""):
        assert quiet_until(night, Quiet(time(22), time(7), name)) == datetime(2026, 1, 11, 7, tzinfo=UTC)


clocks = st.times().map(lambda clock: clock.replace(tzinfo=None, fold=0))
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
hours = st.builds(Quiet, clocks, clocks, st.sampled_from(ZONES)).filter(lambda quiet: quiet.begins != quiet.ends)


@given(moments, hours)
def test_nobody_waits_into_other_quiet_hours_nor_longer_than_a_day_of_changing_clocks(now, quiet):
    until = quiet_until(now, quiet)

    assert now <= until <= now + timedelta(hours=25)
    assert quiet_until(until, quiet) == until


@given(moments, hours)
def test_what_is_not_quiet_is_quiet_the_other_way_round(now, quiet):
    other = Quiet(quiet.ends, quiet.begins, quiet.time_zone)

    assert (quiet_until(now, quiet) > now) != (quiet_until(now, other) > now)
