"""A suggestion is good only if its version does what the program does, told by running both."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.curriculum.practice import ExerciseTest
from functions.review.checking import INPUT, MOST_BYTES, trials, verdicts, worth_checking
from functions.review.model import Suggestion
from functions.shared.envelope import cloud_event, to_http
from functions.shared.events import MAX_EVENT_BYTES
from functions.shared.running import MAX_TRIALS, CheckRequested, ErrorInfo, Ran
from functions.shared.testing import NOON

TESTS = tuple(ExerciseTest(call=f"f({number})", before="x = 1", stdin="7\n", expect=str(number)) for number in range(6))


def suggestion(rewritten):
    return Suggestion("a_rule", "style", 1, "Because.", "x", "y", 1.0, rewritten)


def ok(text="", value=None):
    return Ran(outcome="ok", stdout=text, value=value)


def error(type="ValueError", message="", text=""):
    return Ran(outcome="error", stdout=text, error=ErrorInfo(type=type, message=message))


def test_only_a_suggestion_with_a_whole_program_can_be_tried():
    assert worth_checking("x", [suggestion(None), suggestion("y"), suggestion(None), suggestion("z")]) == (1, 3)
    assert worth_checking("x", []) == ()


def test_large_versions_are_left_out_before_an_event_is_too_large():
    half = "x" * (MOST_BYTES // 2 - 10)

    assert worth_checking(half, [suggestion(half), suggestion(half)]) == (0,)
    assert worth_checking("\x01" * (MOST_BYTES // 12), [suggestion("\x01" * (MOST_BYTES // 12))]) == ()


def test_the_program_is_tried_first_then_each_version_with_something_to_read():
    assert [(trial.code, trial.call, trial.stdin) for trial in trials("a", ["b", "c"], ())] == [
        ("a", None, INPUT), ("b", None, INPUT), ("c", None, INPUT)
    ]  # fmt: skip


def test_for_an_exercise_each_is_tried_by_the_tests_as_far_as_there_is_room():
    two, six = trials("a", ["b"], TESTS), trials("a", ["b", "c", "d", "e", "f"], TESTS)

    assert [(trial.code, trial.call) for trial in two] == [(code, test.call) for code in "ab" for test in TESTS]
    assert {(trial.before, trial.stdin) for trial in two} == {("x = 1", "7\n")}
    assert [(trial.code, trial.call) for trial in six] == [(code, t.call) for code in "abcdef" for t in TESTS[:3]]


@given(
    st.integers(0, 60_000),
    st.integers(1, 5),
    st.integers(0, 20),
    st.sampled_from(["x", "é", "\x01", "\N{SNAKE}"]),
)
def test_whatever_is_tried_fits_into_an_event_and_into_what_the_sandbox_takes(size, versions, tests, character):
    code = character * (size // len(character.encode()))
    suggestions = [suggestion(f"{code}{number}") for number in range(versions)]
    tried = worth_checking(code, suggestions)
    asked = trials(code, [suggestions[place].rewritten for place in tried], (TESTS * 4)[:tests])

    assert len(asked) <= MAX_TRIALS
    assert len(asked) % (1 + len(tried)) == 0
    if tried:
        check = CheckRequested(requester="review", draft_id="d" * 36, code=code, trials=asked)
        headers, body = to_http(cloud_event(check, learner="ada", now=NOON, id="e", source="/learnflow/review"))
        assert len(body) + sum(map(len, headers.values())) <= MAX_EVENT_BYTES


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (ok("1\n"), ok("1\n"), "same"),
        (ok("1\n"), ok("2\n"), "different"),
        (ok("1\n"), ok(), "different"),
        (ok(value={"kind": "int", "value": 1}), ok(value={"kind": "int", "value": 1}), "same"),
        (ok(value={"kind": "int", "value": 1}), ok(value={"kind": "bool", "value": True}), "different"),
        (ok("1\n"), error(text="1\n"), "different"),
        (ok("1\n"), Ran(outcome="timeout", stdout="1\n"), "different"),
        (ok("1\n"), Ran(outcome="blocked"), "different"),
        (error(), error(message="in other words"), "same"),
        (error(), error("TypeError"), "different"),
        (error(), ok(), "different"),
        (ok(), ok(), "unknown"),
        (ok(), error(), "different"),
        (ok(), ok("1\n"), "unknown"),
        (Ran(outcome="timeout", stdout="1\n"), Ran(outcome="timeout", stdout="2\n"), "unknown"),
        (Ran(outcome="blocked"), ok("1\n"), "unknown"),
        (Ran(outcome="killed"), Ran(outcome="killed"), "unknown"),
    ],
)
def test_a_version_is_judged_by_what_the_program_told(before, after, verdict):
    assert verdicts([before, after], 1) == (verdict,)


def test_one_trial_that_differs_is_enough_and_one_that_tells_nothing_is_not():
    before = [ok("1"), ok(), Ran(outcome="timeout")]

    assert verdicts([*before, *before], 1) == ("same",)
    assert verdicts([*before, ok("2"), *before[1:]], 1) == ("different",)
    assert verdicts([*before, *before, ok("1"), error(), before[2]], 2) == ("same", "different")


@pytest.mark.parametrize("results", [0, 1, 2, 4, 5, 7])
def test_results_that_are_not_as_many_for_each_tell_nothing(results):
    assert verdicts([ok("1")] * results, 2) == ("unknown", "unknown")


@given(st.lists(st.sampled_from([ok("1"), ok("2"), ok(), error()]), max_size=20), st.integers(1, 5))
def test_there_is_a_verdict_for_each_version_whatever_came(results, versions):
    assert len(verdicts(results, versions)) == versions
