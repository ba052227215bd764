"""What a model is told of a mistake, what it may explain at all, and how its answer reaches the learner."""

import pytest

from functions.curriculum.reading import exercise_called
from functions.debug.by_model import by_model, given_of
from functions.debug.diagnose import cause
from functions.debug.leaving import Answers, for_a_model, leaving
from functions.debug.steps import Known, Run, next_step, told, withheld
from functions.debug.writing import may_be_written, next_written
from functions.shared.conversing import Turn
from functions.shared.events import DebuggingRequested, LearnerContext
from functions.shared.guard.corrected import Corrected
from functions.shared.guard.guarding import Known as Held
from functions.shared.helping import ErrorExplained
from functions.shared.model.asking import Answered, NoAnswer
from functions.shared.prompts.debug import HintsSaid
from functions.shared.running import CheckExecuted, Ran
from functions.shared.testing import NOON

TURN = Turn(kind="question", question="What is a list?", intent="concepts", topic="lists")
BROKEN = "numbers = [1, 2]\nprint(numbers[2])\n"
MESSAGE = "IndexError: list index out of range"
QUIET = "total = 3 - 4\nprint(total)\n"
RIGHT = "total = 3 + 4\nprint(total)\n"
PRINTED = Ran(outcome="ok", stdout="-1\n")
SUM = exercise_called("loops/sum-of-evens")
SAID = HintsSaid(
    line=1, title="Less than meant", explanation="It takes away.", hint_1="Which sign?", hint_2="Look at line 1.",
    hint_3="Add instead.", corrected_code=RIGHT, tips=["Read signs aloud."],
)  # fmt: skip


def known(code=BROKEN, error_message=MESSAGE, question="", context=None, second_guess=None, **more):
    asked = DebuggingRequested(
        question=question, code=code, error_message=error_message, context=context, second_guess=second_guess
    )
    return Known(asked=asked, asked_at=NOON, **more)


def ours(known, *practice):
    answer = next_step(known, practice)
    assert isinstance(answer, ErrorExplained)
    return answer


def says(said=SAID):
    """Return a model that says this, if nothing speaks against it."""

    def ask(event, database, prompt, *, guard):
        if why := guard(said):
            raise NoAnswer("blocked", "; ".join(why))
        return Answered(said, "", "fake")

    return ask


def seen(question="Why not 7?", **more):
    """The program that no rule understands, after it was run."""
    return known(QUIET, None, question, seen=PRINTED, **more)


def written(known, said=SAID, held=None, *practice):
    return by_model(None, None, known, ours(known, *practice), practice, held or Held(), ask=says(said))


def test_what_was_found_out_who_asks_and_what_was_asked_before_go_in():
    context = LearnerContext(mastery={"lists": 80}, turns=(TURN,))
    trouble = known(tries=(PRINTED,), context=context, second_guess="quiz")
    given = given_of(trouble, ours(trouble), ())

    assert (given.code, given.error_message, given.turns) == (BROKEN, MESSAGE, (TURN,))
    assert (given.facts.cause, given.facts.line, given.level) == ("index_off_by_one", 2, "intermediate")
    assert given.corrected_code == ours(trouble).corrected_code is not None
    assert given.last_step == "solution"
    assert "I was not sure" in ours(trouble).explanation
    assert "I was not sure" not in given.facts.explanation


def test_what_a_run_of_ours_showed_goes_in():
    given = given_of(seen(), ours(seen()), ())

    assert (given.facts.outcome, given.facts.printed, given.facts.cause) == ("ok", "-1\n", None)
    assert given.wants_correction


def test_of_an_exercise_its_text_goes_in_and_neither_solution_nor_correction():
    code = SUM[1].solution + BROKEN
    trouble = known(code)
    given = given_of(trouble, ours(trouble, SUM), (SUM,))

    assert (given.exercise.title, given.last_step, given.corrected_code) == (SUM[1].title, "analogous", None)
    assert not given.wants_correction
    assert withheld(trouble, ours(trouble, SUM)) == code.replace("numbers[2]", "numbers[1]")


@pytest.mark.parametrize(
    ("trouble", "may"),
    [
        (known(unavailable=True), True),
        (known("", "ValueError: something"), True),
        (seen(), True),
        (seen(question="  "), False),
        (known(QUIET, None, "Why?", seen=Ran(outcome="blocked")), False),
        (known("", None, "it is broken"), False),
    ],
)
def test_a_mistake_or_a_program_with_a_question_may_be_explained(trouble, may):
    assert may_be_written(trouble, ours(trouble)) is may


def test_a_correction_of_the_model_s_is_run_and_shown_only_if_it_works():
    trouble = seen()
    said = written(trouble)

    def after(*results):
        executed = CheckExecuted(requester="debug", draft_id="", results=results)
        waiting = trouble.model_copy(update={"written": said, "waits_to": "prove"})
        answer = next_written(told(waiting, executed), said)
        return answer.corrected_code, answer.checked

    assert next_written(trouble, said) == Run(RIGHT, "prove")
    assert after(PRINTED) == (RIGHT, "passed")
    assert after(Ran(outcome="error")) == (None, None)
    assert after() == (None, "unavailable")


def test_a_correction_that_ours_has_is_kept_and_needs_no_further_run():
    trouble = known(tries=(PRINTED,))
    answer = next_written(trouble, written(trouble))

    assert isinstance(answer, ErrorExplained)
    assert (answer.corrected_code, answer.checked) == ("numbers = [1, 2]\nprint(numbers[1])\n", "passed")
    assert (answer.answered_by, answer.hints[2]) == ("fake", "Add instead.")


def test_what_we_typed_and_a_doubt_are_told_by_a_model_s_answer_too():
    code = "ages = [int(input())]\nprint(ages[1])\n"
    failed = Ran.model_validate(
        {"outcome": "error", "error": {"type": "IndexError", "message": "list index out of range", "line": 2}}
    )
    trouble = known(code, None, seen=failed, tries=(PRINTED,), second_guess="quiz")
    explanation = next_written(trouble, written(trouble)).explanation

    assert explanation.startswith("It takes away.\n\nI saw this when I ran your program")
    assert explanation.endswith("ask for a quiz.")


def test_what_the_guard_objects_to_is_no_answer():
    trouble = seen()

    with pytest.raises(NoAnswer, match="gives away the program"):
        written(
            trouble, SAID.model_copy(update={"hint_3": f"```python\n{SUM[1].solution}```"}), Held((SUM[1].solution,))
        )


def answers(theirs=None, **changed):
    trouble = known(tries=(PRINTED,))
    return trouble, Answers(ours(trouble).model_copy(update=changed), theirs, Held(solutions=(SUM[1].solution,)))


LEAK = f"```python\n{SUM[1].solution}```"


def test_where_the_model_s_answer_may_not_leave_ours_does():
    trouble, both = answers()
    theirs = both.ours.model_copy(update={"explanation": LEAK, "answered_by": "fake"})

    assert leaving(both._replace(theirs=theirs), trouble, None) == both.ours


def test_where_ours_may_not_leave_either_a_smaller_step_does():
    trouble, both = answers(explanation=LEAK)
    theirs = both.ours.model_copy(update={"answered_by": "fake"})

    for answer in (leaving(both, trouble, None), leaving(both._replace(theirs=theirs), trouble, None)):
        assert (answer.title, answer.hints, answer.corrected_code) == ("A smaller step", (), None)
        assert answer.explanation.startswith("What I had would have said too much")
        assert answer.answered_by == "built-in"
        assert (answer.cause, answer.error.type) == ("index_off_by_one", "IndexError")
        assert SUM[1].solution not in answer.model_dump_json()


def test_a_model_s_answer_is_held_against_corrections_that_are_not_to_be_shown_yet():
    trouble = known(SUM[1].solution + BROKEN)
    held = for_a_model(Held(solutions=("a = 1\n",)), trouble, ours(trouble, SUM), "b = 2\n", None)

    code = SUM[1].solution + BROKEN
    assert held.solutions == ("a = 1\n",)
    assert held.corrected == (Corrected(code, code.replace("[2])", "[1])")), Corrected(code, "b = 2\n"))
    assert held.given == ()


def test_our_example_that_goes_with_a_model_s_answer_is_not_held_against_it():
    trouble = known("print(math.sqrt(16))\n" + SUM[1].solution, "NameError: name 'math' is not defined")
    answer = next_written(trouble, written(trouble, SAID.model_copy(update={"corrected_code": None}), None, SUM))

    assert (answer.exercise_id, answer.example.right) == ("loops/sum-of-evens", cause("forgotten_import").right)
    assert leaving(Answers(ours(trouble, SUM), answer, Held()), trouble, None) == answer
