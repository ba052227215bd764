"""What a model's examples print is what they printed in the sandbox, or nothing is said of it."""

from __future__ import annotations

import pytest

from functions.concepts.trying import as_run, trials, untried, with_short_examples
from functions.shared.explaining import Example
from functions.shared.running import Ran
from functions.shared.tutor import Explanation

ONE = Example(title="One", code="print(1)\nprint(2)\n", output="1\n2\n")
TWO = Example(title="Two", code="print(2)\n", output="3\n")


def explaining(*examples: Example) -> Explanation:
    return Explanation(
        topic="loops", title="Loops", level="beginner", explanation="It loops.", examples=examples, answered_by="m"
    )


def test_the_first_example_is_the_checks_own_program_and_the_others_are_tried_beside_it():
    assert [trial.code for trial in trials((ONE, TWO))] == [None, TWO.code]


def test_an_example_that_prints_what_was_claimed_stays_and_nothing_is_said_of_it():
    assert as_run(explaining(ONE), [Ran(outcome="ok", stdout="1\n2\n")]) == explaining(ONE)


def test_a_line_end_more_or_less_is_no_other_output():
    run = as_run(explaining(ONE), [Ran(outcome="ok", stdout="1\n2")])

    assert (run.examples[0].output, run.explanation) == ("1\n2", "It loops.")


def test_an_example_that_prints_something_else_shows_what_it_printed_and_the_text_says_so():
    run = as_run(explaining(ONE, TWO), [Ran(outcome="ok", stdout="1\n2\n"), Ran(outcome="ok", stdout="2\n")])

    assert [each.output for each in run.examples] == ["1\n2\n", "2\n"]
    assert run.explanation.startswith("It loops.\n\nI ran the examples")


@pytest.mark.parametrize(
    "ran",
    [
        Ran(outcome="error", stdout="1\n2\n"),
        Ran(outcome="timeout"),
        Ran(outcome="blocked"),
        Ran(outcome="ok", stdout=" \n"),
        Ran(outcome="ok", stdout="1\n", stdout_cut=True),
        Ran(outcome="ok", stdout="1" * 2_001),
    ],
)
def test_an_example_that_does_not_end_well_or_shows_nothing_is_left_out(ran):
    run = as_run(explaining(TWO, ONE), [Ran(outcome="ok", stdout="3\n"), ran])

    assert [each.title for each in run.examples] == ["Two"]


def test_without_a_result_for_each_example_none_has_an_output():
    assert as_run(explaining(ONE, TWO), [Ran(outcome="ok", stdout="1\n2\n")]) == untried(explaining(ONE, TWO))


def test_what_was_not_run_is_shown_without_what_it_prints_and_says_so():
    one, two = untried(explaining(ONE)), untried(explaining(ONE, TWO))

    assert one.examples == two.examples == ()
    assert "```python\nprint(1)\nprint(2)\n```" in one.explanation
    assert "I could not run this program just now, so I do not say what it prints." in one.explanation
    assert "Two:\n\n`print(2)`\n\nI could not run these programs" in two.explanation
    assert "3" not in two.explanation


def test_a_program_with_a_fence_in_it_does_not_end_its_own():
    fenced = Example(title="F", code='text = """\n```\n"""\nprint(text)\n', output="")

    assert "````python\n" in untried(explaining(fenced)).explanation


def test_what_is_too_long_for_an_example_is_none():
    long = ONE.model_copy(update={"code": "x = 1\n" * 1_000})

    assert with_short_examples(explaining(long, TWO)).examples == (TWO,)
