"""A grade follows from what the sandbox saw, and the feedback says what is good and what is next."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.curriculum.practice import Exercise
from functions.curriculum.reading import exercises
from functions.exercise.comparing import holds
from functions.exercise.feedback import graded_test, on_grade, on_unreadable
from functions.exercise.grading import MOST_AGAINST_THE_RULES, UNREADABLE, NotGradable, grade, trials
from functions.exercise.unready import not_readable, nothing_to_try
from functions.shared.running import MAX_CODE_BYTES, Ran

EXERCISE = Exercise.model_validate(
    {
        "id": "double",
        "title": "Double",
        "difficulty": "easy",
        "description": "Write `double(n)`.",
        "starter": "def double(n):\n    pass\n",
        "solution": "def double(n):\n    return n + n\n",
        "hints": ["Add.", "Add it to itself."],
        "requires": ["function"],
        "forbids": ["sum"],
        "tests": [
            {"call": "double(2)", "expect": "4"},
            {"call": "double(None)", "raises": "TypeError"},
            {"before": "def show():\n    print(double(3))", "call": "show()", "prints": "6\n"},
            {"call": "double(-1)", "expect": "-2", "hidden": True, "category": "negative numbers", "weight": 2},
        ],
    }
)
FOUR, MINUS_TWO, NONE = ({"kind": "int", "value": 4}, {"kind": "int", "value": -2}, {"kind": "none"})


def ok(value=NONE, stdout="", **more):
    return Ran(outcome="ok", stdout=stdout, value=value, **more)


def error(kind, line=None):
    return Ran.model_validate({"outcome": "error", "error": {"type": kind, "message": "no", "line": line}})


RIGHT = (ok(FOUR), error("TypeError"), ok(stdout="hello\n\x1e\n6\n"), ok(MINUS_TWO))


def graded(*, at=None, ran=None, code=EXERCISE.solution, results=RIGHT):
    results = list(results)
    if at is not None:
        results[at] = ran
    return grade(EXERCISE, code, results)


def test_trials_hold_what_is_tried_and_nothing_of_what_must_come():
    tried = trials(EXERCISE)

    assert [trial.call for trial in tried] == ["double(2)", "double(None)", "show()", "double(-1)"]
    assert all(set(trial.model_dump()) == {"call", "before", "stdin"} for trial in tried)
    assert tried[2].before == "print('\\x1e')\ndef show():\n    print(double(3))"


def test_what_passes_everything_has_100_and_may_see_the_solution():
    came = graded()

    assert (came.score, came.passed) == (100, True)
    assert on_grade(came, EXERCISE).startswith("All 4 tests pass. Well done!")


@pytest.mark.parametrize(
    ("at", "ran", "score"),
    [
        (0, ok(MINUS_TWO), 80),
        (0, ok({"kind": "bool", "value": True}), 80),
        (0, ok({"kind": "float", "value": 4.0}), 80),
        (0, ok({"kind": "other", "type": "int", "repr": "4"}), 80),
        (0, ok({"kind": "int", "value": "four"}), 80),
        (0, ok(None), 80),
        (0, Ran(outcome="killed", value=FOUR), 80),
        (0, Ran(outcome="timeout", value=FOUR), 80),
        (1, ok(), 80),
        (1, error("ValueError"), 80),
        (1, Ran(outcome="error"), 80),
        (1, error("TypeError").model_copy(update={"outcome": "killed"}), 80),
        (2, ok(stdout="\x1e\n7\n"), 80),
        (2, ok(stdout="6\n\x1e\n"), 80),
        (2, ok(stdout="6\n"), 80),
        (2, ok(None, stdout="\x1e\n6\n"), 80),
        (2, ok(stdout="\x1e\n6\n", stdout_cut=True), 80),
        (2, Ran(outcome="output_limit", stdout="\x1e\n6\n"), 80),
        (3, ok(FOUR), 60),
    ],
)
def test_a_test_passes_only_by_exactly_what_must_come(at, ran, score):
    came = graded(at=at, ran=ran)

    assert (came.score, came.passed) == (score, False)
    assert not came.verdicts[at].passed


def test_what_always_fails_passes_no_test_that_expects_a_failure():
    came = graded(results=[error("TypeError")] * 4)

    assert came.score == 0
    assert not any(verdict.passed for verdict in came.verdicts)


@pytest.mark.parametrize("results", [(), RIGHT[:3], (*RIGHT, RIGHT[0])])
def test_a_result_too_many_or_too_few_is_no_grade(results):
    with pytest.raises(NotGradable):
        graded(results=results)


@pytest.mark.parametrize(
    ("code", "missing", "forbidden", "said"),
    [
        ("double = lambda n: n + n", ("function",), (), "about a function, and your program has none yet"),
        ("def double(n):\n    return sum([n, n])", (), ("sum",), "to be solved without `sum()`"),
    ],
)
def test_who_does_not_keep_the_rules_has_not_passed(code, missing, forbidden, said):
    came = graded(code=code)

    assert (came.score, came.passed) == (MOST_AGAINST_THE_RULES, False)
    assert (came.missing, came.forbidden) == (missing, forbidden)
    assert said in on_grade(came, EXERCISE)
    assert "80 points at most" in on_grade(came, EXERCISE)


@given(
    st.lists(
        st.sampled_from([*RIGHT, ok(FOUR, stdout="6"), Ran(outcome="blocked"), ok({"kind": []})]),
        min_size=4,
        max_size=4,
    )
)
def test_a_score_is_100_only_where_everything_passes(results):
    came = graded(results=results)

    assert 0 <= came.score <= 100
    assert (came.score == 100) is all(verdict.passed for verdict in came.verdicts)
    assert on_grade(came, EXERCISE)


def test_a_learner_sees_all_of_a_visible_test_and_of_a_hidden_one_only_what_it_is_about():
    came = graded(at=0, ran=error("NameError", line=2))
    visible, *_, hidden = (graded_test(verdict).model_dump(exclude_defaults=True) for verdict in came.verdicts)

    assert visible == {
        "passed": False, "call": "double(2)", "expected": "4", "got": "NameError: no", "outcome": "error", "line": 2
    }  # fmt: skip
    assert hidden == {"passed": True, "hidden": True, "category": "negative numbers"}


@pytest.mark.parametrize(
    ("at", "ran", "said"),
    [
        (0, ok(MINUS_TWO), "`double(2)` must give `4`. It gives `-2`."),
        (0, ok({"kind": "float", "value": 4.0}), "It gives `4.0`. That is of type `float`, and a value of type `int`"),
        (0, ok({"kind": "int", "value": hex(10**4400)}), "It gives `a number too long to be shown`."),
        (0, ok({"kind": "other", "type": "Four", "repr": "4"}), "It gives `4 (of type Four)`."),
        (0, ok({"kind": "str", "value": "a`b" * 200}), "It gives `` 'a`ba`b"),
        (0, ok({"kind": "x"}), "It gives nothing that can be read."),
        (0, error("NameError", 2), "It ends in line 2 with `NameError: no`."),
        (0, Ran(outcome="timeout"), "is there a loop that goes on for ever?"),
        (0, Ran(outcome="out_of_memory"), "more memory than there is"),
        (0, Ran(outcome="output_limit"), "far more than can be kept"),
        (0, Ran(outcome="killed"), "It was ended because it crashed"),
        (1, ok(), "`double(None)` must raise `TypeError`. It gives `None`."),
        (2, ok(stdout="\x1e\n"), "It prints nothing."),
        (2, ok(stdout="\x1e\n1\n2\n"), "It prints\n\n```text\n1\n2\n```"),
        (3, ok(), "What does not pass yet is hidden, and it is about *negative numbers*."),
    ],
)
def test_the_feedback_says_what_is_good_and_then_what_goes_wrong_first(at, ran, said):
    feedback = on_grade(graded(at=at, ran=ran), EXERCISE)

    assert feedback.startswith("3 of 4 tests pass already.")
    assert said in feedback


def test_what_was_set_up_before_a_call_is_shown_as_code():
    feedback = on_grade(graded(at=2, ran=ok(stdout="\x1e\n7\n")), EXERCISE)
    before = "After\n\n```python\ndef show():\n    print(double(3))\n```\n\n"

    assert before + "`show()` must print\n\n```\n6\n```\n\nIt prints `7`." in feedback


@pytest.mark.parametrize(
    ("results", "good"),
    [
        ([ok(stdout="\x1e")] * 4, "Your program runs to its end without an error"),
        ([error("NameError")] * 4, "You use a function, as it should be."),
    ],
)
def test_something_good_is_said_of_what_passes_nothing(results, good):
    assert on_grade(graded(results=results), EXERCISE).startswith(good)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("", "empty"),
        (" \n\t\n", "empty"),
        ("# only a thought\n  # and another", "empty"),
        ("x = 1", None),
        ("'" + "é" * (MAX_CODE_BYTES // 2 - 1) + "'", None),
        ("'" + "é" * (MAX_CODE_BYTES // 2) + "'", "too_large"),
        ("'" + "\x01" * 40_000 + "'", "too_large"),
    ],
)
def test_there_is_nothing_to_try_in_what_is_empty_or_too_large(code, why):
    assert nothing_to_try(code) == why


@pytest.mark.parametrize(
    ("code", "line", "message"),
    [
        ("x = 1\nprint('a'\n", 2, "never closed"),
        ("def f():\nreturn 1", 2, "indented block"),
        ("x = \ufffd", 1, "invalid"),
        ("-" * 60_000 + "1", None, "nested too deeply"),
        ("a" + ".b" * 30_000, None, "nested too deeply"),
        ("(" * 60_000, 1, "nested"),
    ],
)
def test_what_python_cannot_read_is_told_with_its_line(code, line, message):
    why = not_readable(code)

    assert why is not None
    assert why.line == line
    assert message in why.message
    assert (f"in line {line}" if line else "at some point") in on_unreadable(why)


def test_a_solution_can_be_read_and_keeps_the_rules():
    exercise = exercises("loops")[0]

    assert not_readable(exercise.solution) is None
    assert nothing_to_try(exercise.starter) is None


@pytest.mark.parametrize(
    ("said", "value", "held"),
    [
        ("sorted(value) == [1, 2, 3] and value != [1, 2, 3]", [3, 1, 2], True),
        ("sorted(value) == [1, 2, 3] and value != [1, 2, 3]", [1, 2, 3], False),
        ("all(len(word) == value[word] for word in value)", {"ab": 2, "c": 1}, True),
        ("len(value) == 3", 3, False),
        ("value", 1, False),
        ("open('/etc/passwd')", 1, False),
        ("True", UNREADABLE, False),
    ],
    ids=str,
)
def test_a_property_holds_of_a_value_or_does_not(said, value, held):
    assert holds(said, value) is held


def test_a_test_by_a_property_is_graded_by_it_and_told_in_words():
    tests = [*EXERCISE.model_dump()["tests"][:1], {"call": "double(5)", "holds": "value % 2 == 0"}]
    hidden = {"call": "double(7)", "holds": "value > 7", "hidden": True, "category": "growth"}
    exercise = Exercise.model_validate(EXERCISE.model_dump() | {"tests": [*tests, hidden]})
    came = grade(
        exercise, EXERCISE.solution, [ok(FOUR), ok({"kind": "int", "value": 11}), ok({"kind": "int", "value": 14})]
    )

    assert [verdict.passed for verdict in came.verdicts] == [True, False, True]
    assert "`value % 2 == 0`" in on_grade(came, exercise)
    assert "value % 2 == 0" in graded_test(came.verdicts[1]).expected
