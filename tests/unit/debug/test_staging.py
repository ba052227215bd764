"""A mistake is known again by its program and its place, and no stage says more than its hints."""

import pytest

from functions.debug.diagnose import causes
from functions.debug.staging import HINTS, is_next_hint, mistake_in, staged
from functions.shared.events import DebuggingRequested
from functions.shared.helping import Contrast, ErrorExplained, ErrorFound

ASKED = DebuggingRequested(code="print(totl)\n", error_message="NameError: name 'totl' is not defined")
WHOLE = ErrorExplained(
    error=ErrorFound(type="NameError", message="name 'totl' is not defined", line=1, expression="totl"),
    cause="misspelt_name",
    title="A name is misspelt",
    line=1,
    explanation="The name that exists is `total`.",
    hints=("Which name?", "Read it slowly.", "Write `total`."),
    corrected_code="print(total)\n",
    checked="passed",
    example=Contrast(wrong="a", right="b"),
    code_hash="abc",
)


def changed(**fields):
    return WHOLE.model_copy(update=fields)


@pytest.mark.parametrize("times", [HINTS, HINTS + 1, 1000])
def test_whoever_has_asked_often_enough_gets_everything(times):
    assert staged(WHOLE, times, ASKED, None) == WHOLE


@pytest.mark.parametrize("times", [1, 2])
def test_before_the_last_hint_neither_the_later_ones_nor_what_amounts_to_them_is_told(times):
    told = staged(WHOLE, times, ASKED, None)

    assert (told.hints, told.hints_left) == (WHOLE.hints[:times], HINTS - times)
    assert "total" not in told.model_dump_json().replace("totl", "")
    assert (told.corrected_code, told.checked, told.example) == (None, None, None)


def test_the_first_hint_tells_of_the_error_what_the_learner_told_and_the_second_where_it_is():
    first, second = (staged(WHOLE, times, ASKED, None) for times in (1, 2))

    assert (first.line, first.error) == (None, WHOLE.error.model_copy(update={"expression": None}))
    assert (second.line, second.error) == (1, WHOLE.error)


def test_a_doubtful_routing_is_told_with_each_hint():
    unsure = ASKED.model_copy(update={"second_guess": "quiz"})

    assert staged(WHOLE, 1, unsure, None).explanation.endswith("ask for a quiz.")


def test_the_same_mistake_is_known_again_however_it_is_told():
    without_line = WHOLE.error.model_copy(update={"line": None, "message": ""})

    assert mistake_in(WHOLE) == mistake_in(changed(title="Another", explanation="", hints=(), cause="other"))
    assert mistake_in(WHOLE) == mistake_in(changed(error=without_line))


@pytest.mark.parametrize(
    "another",
    [
        changed(code_hash="def"),
        changed(line=2),
        changed(line=None, error=WHOLE.error.model_copy(update={"line": 2})),
        changed(error=WHOLE.error.model_copy(update={"type": "KeyError"})),
        changed(error=None),
        changed(error=None, line=7),
        changed(error=None, cause="missing_return"),
        changed(code_hash=""),
        changed(code_hash="", error=WHOLE.error.model_copy(update={"message": "name 'x' is not defined"})),
    ],
)
def test_another_program_error_line_or_cause_is_another_mistake(another):
    assert mistake_in(another) != mistake_in(WHOLE)
    assert mistake_in(another) == mistake_in(another.model_copy())


def test_asking_for_what_was_held_back_is_no_new_mistake():
    assert [is_next_hint(times) for times in range(1, 6)] == [False, True, True, False, False]


@pytest.mark.parametrize("known", causes().values(), ids=lambda known: known.id)
def test_every_cause_can_begin_the_sentence_that_comes_with_its_first_hint(known):
    told = staged(changed(title=known.title), 1, ASKED, None)

    assert told.explanation.startswith(f"**{known.title}.** In your course hints come one at a time")
    assert known.title[-1] not in ".!?"
