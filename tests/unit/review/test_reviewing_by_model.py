"""What a model is told of a program, and what becomes of what it says."""

import pytest

from functions.curriculum.reading import exercise_called
from functions.review.by_model import by_model, given_of, worded
from functions.review.drafting import Draft, with_review
from functions.review.reviewing import review
from functions.review.wording import after_checks, smaller, summed_up, unreviewed
from functions.shared.events import LearnerContext
from functions.shared.guard.guarding import Known
from functions.shared.model.asking import Answered, NoAnswer
from functions.shared.prompts.review import ReviewSaid, SuggestionSaid
from functions.shared.testing import NOON

CODE = 'words = ["a", "b"]\nfor i in range(len(words)):\n    if words[i].isupper() == True:\n        print(words[i])\n'
SEEN = review(CODE)
SUM_ID = "loops/sum-of-evens"
OWN = SuggestionSaid(
    finding=None, line=1, last_line=1, category="naming", reason="They are letters.", after='words = list("ab")'
)
SECOND = SuggestionSaid(finding=2, line=3, last_line=3, category="style", reason="It reads well without.", after=None)
SAID = ReviewSaid(praise="It is short.", summary="Good. Next, name things.", suggestions=[OWN, SECOND])


def draft(**about):
    return with_review(Draft(answer=unreviewed(""), at=NOON, code=CODE, question="Is it good?"), SEEN, about)


def says(said):
    """Return a model that says this, if nothing speaks against it."""

    def ask(event, database, prompt, *, guard):
        if why := guard(said):
            raise NoAnswer("blocked", "; ".join(why))
        return Answered(said, "", "fake")

    return ask


def by(said=SAID, known=None, **about):
    return by_model(None, None, draft(**about), SEEN, None, known or Known(), ask=says(said))


def test_the_mark_the_findings_the_exercise_and_the_level_go_in():
    given = given_of(draft(), LearnerContext(mastery={"loops": 95, "lists": 10}), exercise_called(SUM_ID))

    assert (given.quality, given.question, given.code) == (SEEN.quality.score, "Is it good?", CODE)
    assert [each.rule for each in given.findings] == [each.rule for each in SEEN.suggestions]
    assert (given.exercise.title, given.level) == (exercise_called(SUM_ID)[1].title, "advanced")
    assert given_of(draft(), None).level == "beginner"
    assert given_of(draft(), LearnerContext(mastery={"loops": 100, "lists": 0})).level == "elementary"


def test_a_finding_keeps_what_there_is_to_try_of_it_and_what_is_left_out_is_for_next_time():
    given = given_of(draft(), None)
    answer, said, offered = worded(SAID, given, draft().answer, SEEN)

    assert [each.rewritten for each in offered] == [
        CODE.replace('["a", "b"]', 'list("ab")'), SEEN.suggestions[1].rewritten,
    ]  # fmt: skip
    assert SEEN.suggestions[1].rewritten is not None
    assert (answer.praise, said, answer.more) == ("It is short.", "Good. Next, name things.", len(given.findings) - 1)
    assert answer.suggestions[1].after == SEEN.suggestions[1].after


def test_the_mark_stays_the_formula_s_and_every_version_is_tried_beside_the_original():
    worded_draft = by()

    assert (worded_draft.answer.quality, worded_draft.answer.answered_by) == (SEEN.quality.score, "fake")
    assert [trial.code for trial in worded_draft.trials] == [
        CODE, CODE.replace('["a", "b"]', 'list("ab")'), SEEN.suggestions[1].rewritten,
    ]  # fmt: skip
    assert worded_draft.tried == (0, 1)


@pytest.mark.parametrize(
    ("verdict", "left"), [("same", [True, True]), ("unknown", [False, True]), (None, [False, True]), ("different", [])]
)
def test_what_no_rule_made_is_shown_only_if_it_did_the_same(verdict, left):
    answer = after_checks(by().answer, {0: verdict, 1: verdict})

    assert [each.after is not None for each in answer.suggestions] == left


def test_the_summary_has_praise_then_what_the_model_says_then_the_mark():
    told = summed_up(by().answer, None, "Good.").summary

    assert told.index("It is short.") < told.index("Good.") < told.index("Quality: ") < told.index("- **Line 1.**")


def test_what_the_guard_objects_to_is_no_answer():
    solution = exercise_called(SUM_ID)[1].solution
    said = SAID.model_copy(update={"summary": f"```python\n{solution}```"})

    with pytest.raises(NoAnswer, match="gives away the program"):
        by(said, Known(solutions=(solution,)))


def test_a_smaller_step_has_the_mark_and_nothing_of_the_review():
    answer = smaller(summed_up(by().answer, None), None, "Read it aloud.")

    assert (answer.quality, answer.summary, answer.suggestions) == (SEEN.quality.score, "Read it aloud.", ())
    assert (answer.praise, answer.answered_by) == ("", "built-in")
