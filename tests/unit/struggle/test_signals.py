"""When what a learner does says that they are stuck: windows, quotients, attempts, and when to keep quiet."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.struggle.signals import (
    COOLDOWN,
    DISMISSED_FOR,
    QUOTIENT_FROM,
    QUOTIENT_RUNS,
    QUOTIENT_WINDOW,
    SAME_ERROR_TIMES,
    SAME_ERROR_WINDOW,
    Attempt,
    Mistake,
    Run,
    count,
    error_quotient,
    failing_exercise,
    high_quotient,
    is_quiet,
    no_success,
    same_error,
)

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)


def at(minutes):
    return NOON + timedelta(minutes=minutes)


def mistake(minutes, *, code="a", asked=False):
    return Mistake(code, at(minutes), asked)


def asked(minutes, *, code="a"):
    return mistake(minutes, code=code, asked=True)


def runs(*errors):
    return [Run(error, at(number)) for number, error in enumerate(errors)]


def attempts(*passed, score=40, exercise_id="loops/sum-of-evens"):
    return [Attempt(exercise_id, at(number), each, 100 if each else score) for number, each in enumerate(passed)]


def test_three_of_one_error_are_no_sign_and_the_fourth_is():
    three = [mistake(0), mistake(3), mistake(6)]

    assert same_error("NameError", three, at(6)) is None
    sign = same_error("NameError", [*three, mistake(9)], at(9))
    assert sign is not None
    assert (sign.signal, sign.about, sign.at) == ("same_error", "NameError", at(9))
    assert sign.reason == "NameError came up 4 times within 10 minutes."
    assert sign.evidence == {"error_type": "NameError", "times": 4, "minutes": 10}


@pytest.mark.parametrize(("last", "is_sign"), [(9.9, True), (10, True), (10.1, False), (60, False)])
def test_the_window_is_ten_minutes(last, is_sign):
    mistakes = [mistake(0), mistake(1), mistake(2), mistake(last)]

    assert (same_error("NameError", mistakes, at(last)) is not None) is is_sign


def test_what_comes_late_gives_the_sign_of_what_came_after_it():
    mistakes = [mistake(0), mistake(4), mistake(6), mistake(8)]

    signs = {same_error("NameError", mistakes, each.at).at for each in mistakes}
    assert signs == {at(8)}


def test_of_two_windows_the_one_with_more_tells():
    mistakes = [mistake(minute) for minute in (0, 5, 6, 7, 11, 12)]

    sign = same_error("NameError", mistakes, at(7))
    assert (sign.evidence["times"], sign.at) == (5, at(12))


@pytest.mark.parametrize(
    ("mistakes", "counted"),
    [
        ([], 0),
        ([mistake(0), mistake(1)], 2),
        ([mistake(0), asked(1)], 1),
        ([asked(1), asked(2)], 2),
        ([mistake(0), asked(1), asked(2)], 2),
        ([mistake(0), mistake(1), asked(2)], 2),
        ([mistake(0, code="a"), asked(1, code="b")], 2),
        ([mistake(0, code="a"), asked(1, code="")], 1),
        ([mistake(0, code="a"), asked(1, code="a"), asked(2, code="")], 2),
        ([mistake(0, code="a"), mistake(1, code="b"), asked(2, code="a"), asked(3, code="")], 2),
        ([asked(0, code=""), asked(1, code=""), mistake(2, code="a")], 2),
    ],
)
def test_a_mistake_that_is_run_and_asked_about_counts_once(mistakes, counted):
    assert count(mistakes) == counted


@given(st.lists(st.integers(0, 40), max_size=12), st.randoms())
def test_in_any_order_some_event_finds_four_within_ten_minutes_exactly_if_there_are_four(minutes, random):
    """Each event sees what arrived before it and itself: whoever arrives last of the four finds them all."""
    arriving = [mistake(minute, code=f"{number}") for number, minute in enumerate(minutes)]
    random.shuffle(arriving)
    found = any(
        same_error("NameError", arriving[: place + 1], event.at) is not None for place, event in enumerate(arriving)
    )
    ordered = sorted(minutes)
    four = zip(ordered, ordered[SAME_ERROR_TIMES - 1 :], strict=False)
    window = SAME_ERROR_WINDOW.total_seconds() / 60
    assert found is any(last - first <= window for first, last in four)


@pytest.mark.parametrize(
    ("errors", "quotient"),
    [
        ([], 0),
        (["NameError"], 0),
        ([None, None], 0),
        (["NameError", None, "NameError"], 0),
        (["NameError", "TypeError"], 8 / 11),
        (["NameError", "NameError"], 1),
        (["NameError", "NameError", "TypeError", None], (11 + 8 + 0) / 33),
    ],
)
def test_the_error_quotient_is_that_of_jadud(errors, quotient):
    assert error_quotient(errors) == pytest.approx(quotient)


@given(st.lists(st.sampled_from([None, "NameError", "TypeError"])))
def test_the_error_quotient_is_from_nought_to_one(errors):
    assert 0 <= error_quotient(errors) <= 1


def test_six_runs_of_errors_are_a_sign_and_five_say_nothing_yet():
    assert high_quotient(runs(*["NameError", "TypeError"] * 2, "NameError"), at(4)) is None
    sign = high_quotient(runs(*["NameError", "TypeError"] * 3), at(5))
    assert sign is not None
    assert (sign.about, sign.at) == ("runs", at(5))
    assert sign.reason == "6 of the last 6 runs ended with an error, mostly one after the other."
    assert sign.evidence == {"quotient": 0.73, "runs": 6, "errors": {"NameError": 3, "TypeError": 3}}


def test_errors_between_runs_that_work_are_how_one_learns():
    assert high_quotient(runs(*["NameError", None] * 5), at(8)) is None


def test_a_run_that_works_is_no_sign_however_many_failed_before_it():
    assert high_quotient(runs(*["NameError"] * 6, None), at(6)) is None


def test_a_run_of_more_than_an_hour_ago_no_longer_counts():
    long_ago = [Run("NameError", at(-56)), *runs(*["NameError"] * 5)]

    assert high_quotient(long_ago, at(4)) is not None
    assert high_quotient([Run("NameError", at(-57)), *long_ago[1:]], at(4)) is None


ENDS = st.sampled_from([None, *["NameError", "TypeError"] * 2])


@given(st.lists(st.tuples(st.integers(0, 90), ENDS), min_size=QUOTIENT_RUNS, max_size=12), st.randoms())
def test_in_any_order_some_event_finds_an_hour_of_errors_if_there_is_one(ran, random):
    """What comes late may say that it was less bad than it looked; that nothing is missed is what can be promised."""
    arriving = [Run(error, at(minute)) for minute, error in ran]
    random.shuffle(arriving)
    seen, found = [], False
    for run in arriving:
        seen = sorted([*seen, run], key=lambda each: each.at)
        found = found or high_quotient(seen, run.at) is not None
    hours = [
        [each.error for each in seen if last.at - QUOTIENT_WINDOW <= each.at <= last.at] for last in seen if last.error
    ]
    assert found or not any(len(hour) >= QUOTIENT_RUNS and error_quotient(hour) >= QUOTIENT_FROM for hour in hours)


def test_four_attempts_in_vain_are_a_sign_unless_one_passed():
    sign = failing_exercise("loops", "loops/sum-of-evens", attempts(False, False, False, False))

    assert sign is not None
    assert sign.evidence == {"exercise_id": "loops/sum-of-evens", "attempts": 4, "best_score": 40}
    assert (sign.topic, sign.exercise_id, sign.at) == ("loops", "loops/sum-of-evens", at(3))
    for others in [(False,) * 3, (False, False, True, False, False)]:
        assert failing_exercise("loops", "loops/sum-of-evens", attempts(*others)) is None


def test_attempts_at_another_exercise_whose_name_begins_alike_are_others():
    others = attempts(*[False] * 9, exercise_id="loops/sum-of-evens-again")

    assert failing_exercise("loops", "loops/sum-of-evens", [*attempts(*[False] * 3), *others]) is None


def test_ten_opportunities_without_three_passes_in_a_row_are_wheels_that_spin():
    spinning = attempts(*[True, True, False] * 3, False)

    sign = no_success("loops", spinning)
    assert sign is not None
    assert (sign.severity, sign.topic, sign.at, sign.evidence["passed"]) == ("warning", "loops", at(9), 6)
    assert no_success("loops", spinning[:9]) is None
    assert no_success("loops", attempts(*[False] * 7, True, True, True)) is None


def test_ten_without_a_single_pass_are_urgent():
    assert no_success("loops", attempts(*[False] * 10)).severity == "urgent"


@pytest.mark.parametrize(
    ("raised", "dismissed", "quiet"),
    [
        ([], None, False),
        ([at(-1)], None, True),
        ([at(1)], None, True),
        ([NOON - COOLDOWN], None, False),
        ([NOON + COOLDOWN], None, False),
        ([at(-29), NOON - COOLDOWN], None, True),
        ([], NOON - COOLDOWN, True),
        ([], NOON - DISMISSED_FOR + timedelta(seconds=1), True),
        ([], NOON - DISMISSED_FOR, False),
        ([], at(60), True),
    ],
)
def test_a_sign_is_followed_by_quiet_and_a_dismissed_one_by_a_day_of_it(raised, dismissed, quiet):
    assert is_quiet(NOON, raised, dismissed) is quiet
