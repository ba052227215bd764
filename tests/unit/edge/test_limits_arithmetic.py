"""How often somebody may ask: so many at once, so many in the long run, and never more."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.edge.limits import limits_of, own_limit, remaining, taken, wait_seconds
from functions.shared.edge.tokens import Person
from functions.shared.rates import Rate, Rates, read_rate

RATE = Rate(per_minute=120, burst=60)
RATES = Rates()
rates = st.builds(Rate, st.integers(1, 10_000), st.integers(1, 500))
gaps = st.lists(st.floats(0, 120), min_size=1, max_size=200)


def play(rate, moments):
    """Ask at each moment, in seconds; return the moments at which it was not too much."""
    free_at, passed = -math.inf, []
    for now in moments:
        moved = taken(rate, free_at - now)
        if moved is not None:
            free_at, passed = now + moved, [*passed, now]
    return passed


def test_as_many_pass_at_once_as_a_burst_has():
    assert len(play(RATE, [0.0] * 200)) == 60


def test_whoever_keeps_to_the_pace_is_never_refused():
    assert len(play(RATE, [n * RATE.cost for n in range(1000)])) == 1000


def test_after_a_pause_a_whole_burst_passes_again():
    assert len(play(RATE, [0.0] * 60 + [31.0] * 100)) == 120


@given(rates, gaps)
def test_in_no_window_do_more_pass_than_the_limit_says(rate, gaps):
    now, moments = 0.0, []
    for gap in gaps:
        now += gap / 100
        moments.append(now)
    passed = play(rate, moments)

    for first in range(len(passed)):
        for last in range(first, len(passed)):
            window = passed[last] - passed[first]
            assert last - first + 1 <= rate.burst + window * rate.per_minute / 60 + 1e-6


@given(rates, st.floats(-1000, 1000))
def test_whoever_waits_as_long_as_they_are_told_passes_and_not_sooner(rate, ahead):
    wait = wait_seconds(rate, ahead)

    assert taken(rate, ahead - wait - 1e-6) is not None
    if wait > 1e-3:
        assert taken(rate, ahead - wait + 1e-3) is None
    else:
        assert wait == 0 or taken(rate, ahead) is None


@given(rates, st.integers(0, 600))
def test_what_is_said_to_remain_is_what_passes(rate, asked):
    ahead = 0.0
    for _ in range(asked):
        ahead = ahead if (moved := taken(rate, ahead)) is None else moved

    said, passed = remaining(rate, ahead), 0
    while (moved := taken(rate, ahead - 1e-9)) is not None:
        ahead, passed = moved, passed + 1
    assert said == passed


def test_somebody_counts_for_themselves_and_for_the_address_they_share():
    limits = limits_of(RATES, Person("ada"), "192.0.2.1", "/api/v1/query")

    assert [limit.whose for limit in limits] == ["person", "address"]
    assert [limit.rate for limit in limits] == [RATES.person, RATES.address]
    assert limits[0] == own_limit(RATES, Person("ada"))


@pytest.mark.parametrize("nobody", [None, Person("demo", is_nobody=True)])
def test_whoever_is_not_known_counts_for_the_address_alone(nobody):
    assert [limit.whose for limit in limits_of(RATES, nobody, "192.0.2.1", "/api/v1/query")] == ["address"]


@pytest.mark.parametrize("person", [None, Person("ada")])
def test_logging_in_counts_by_itself_whoever_it_is(person):
    [limit] = limits_of(RATES, person, "192.0.2.1", "/api/v1/auth/login")

    assert (limit.whose, limit.rate) == ("log-in", RATES.log_in)


def test_a_service_counts_for_itself_and_whom_it_acts_for_but_not_for_its_address():
    itself = limits_of(RATES, Person("lms", "service"), "192.0.2.1", "/api/v1/query")
    acting = limits_of(RATES, Person("ada", through="lms"), "192.0.2.1", "/api/v1/query")

    assert [limit.whose for limit in itself] == ["service"]
    assert [limit.whose for limit in acting] == ["person", "service"]
    assert acting[1] == itself[0]
    assert acting[0] == own_limit(RATES, Person("ada"))


def test_keys_tell_everybody_apart_and_name_nobody():
    limits = [
        *limits_of(RATES, Person("192.0.2.1"), "192.0.2.1", "/api/v1/query"),
        *limits_of(RATES, Person("ada", through="192.0.2.1"), "192.0.2.2", "/"),
        *limits_of(RATES, None, "192.0.2.1", "/api/v1/auth/login"),
    ]

    assert len({limit.key for limit in limits}) == len(limits)
    assert not any("192" in limit.key or "ada" in limit.key for limit in limits)


@pytest.mark.parametrize(("text", "rate"), [("120/60", Rate(120, 60)), ("1/1", Rate(1, 1))])
def test_a_rate_is_read(text, rate):
    assert read_rate(text) == rate


@pytest.mark.parametrize(
    "text", ["", "120", "120/", "/60", "0/60", "120/0", "-1/5", "1/2/3", "a/b", "1.5/2", "٣/٣", "9" * 9 + "/1"]
)
def test_what_is_no_rate_is_refused(text):
    with pytest.raises(ValueError, match=r"number|as in 120/60"):
        read_rate(text)
