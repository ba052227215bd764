"""What a model says of a mistake becomes our answer; what was found out stays, and nothing is given away."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from functions.shared.helping import Contrast, ErrorExplained, ErrorFound
from functions.shared.prompts.debug import (
    DebugInput,
    HintsSaid,
    MistakeFacts,
    debug_prompt,
    explained_by,
    mistake_facts,
)

CODE = "total = 0\nprint(totl)\n"
RIGHT = "total = 0\nprint(total)\n"
FOUND = ErrorExplained(
    error=ErrorFound(type="NameError", message="name 'totl' is not defined", line=2),
    cause="misspelt_name",
    title="A name is misspelt",
    line=2,
    explanation="In line 2 …",
    hints=("one", "two", "three"),
    tips=("Copy long names.",),
    example=Contrast(wrong="a", right="b"),
    topic="variables",
    code_hash="abc",
    confidence=0.8,
)
NOTHING_FOUND = ErrorExplained(title="It runs without an error", explanation="I ran it.", code_hash="abc")
SAID = {
    "line": 1,
    "title": "A slip of the pen",
    "explanation": "Python asked for a name.",
    "hint_1": "Which names are there?",
    "hint_2": "Look at line 2.",
    "hint_3": "Write the name of line 1.",
    "corrected_code": None,
    "tips": ["Read aloud.", " "],
}


def test_the_words_are_the_models_and_the_facts_are_ours():
    answer = told().answer

    assert answer == FOUND.model_copy(
        update={
            "title": "A slip of the pen",
            "explanation": "Python asked for a name.",
            "hints": ("Which names are there?", "Look at line 2.", "Write the name of line 1."),
            "tips": ("Read aloud.",),
            "answered_by": "a-model",
        }
    )


@pytest.mark.parametrize(("line", "shown"), [(2, 2), (1, 1), (0, None), (4, None), (None, None)])
def test_where_we_found_nothing_the_models_line_counts_if_the_program_has_it(line, shown):
    assert told(NOTHING_FOUND, line=line).answer.line == shown


def test_without_tips_of_its_own_ours_stay():
    assert told(tips=[]).answer.tips == FOUND.tips


def test_a_correction_is_only_something_to_try():
    come = told(corrected_code=f"```python\n{RIGHT}```")

    assert come.to_try == RIGHT
    assert come.answer.corrected_code is None


@pytest.mark.parametrize(
    "given",
    [
        {"last_step": "analogous"},
        {"last_step": "solution", "corrected_code": RIGHT},
        {"last_step": "solution", "code": f"{CODE}# {'x' * 9_000}\n"},
        {"last_step": "solution", "code": ""},
    ],
)
def test_a_correction_that_nobody_wanted_is_not_tried(given):
    assert told(corrected_code=RIGHT, given=given).to_try is None


def test_a_correction_that_changes_nothing_is_none():
    assert told(corrected_code=CODE.strip()).to_try is None


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"hint_2": " "}, "The hint_2 is empty. Write it."),
        ({"hint_1": "Look  at LINE 2."}, "Two hints say the same"),
        ({"hint_3": "x" * 1_201}, "The hint_3 has 1201 characters. Write at most 1200."),
        ({"title": ""}, "The title is empty"),
        ({"explanation": "\n"}, "The explanation is empty"),
        (
            {"corrected_code": "print(total"},
            "corrected_code cannot be read by Python: '\\(' was never closed in line 1",
        ),
        ({"tips": ["x" * 400]}, "The tip has 400 characters"),
    ],
)
def test_what_can_be_no_answer_is_objected_to_in_a_sentence(said, why):
    with pytest.raises(ValueError, match=why):
        told(**said)


def test_what_must_not_be_told_cannot_get_into_a_prompt():
    with pytest.raises(ValidationError, match="what must not be told does not go into a prompt"):
        DebugInput(code=CODE, corrected_code=RIGHT, last_step="analogous", level="beginner")


@pytest.mark.parametrize(
    ("error", "start"), [("SyntaxError", "concrete"), ("TabError", "concrete"), ("KeyError", "open")]
)
def test_hints_begin_with_the_place_where_python_cannot_read_on_and_with_a_question_elsewhere(error, start):
    facts = MistakeFacts(error=ErrorFound(type=error, message=""))

    assert f"start: {start}\n" in asked(facts=facts)


def test_a_correction_is_asked_for_only_where_none_is_known_and_the_model_may_tell_and_sees_all():
    assert "last step: solution, with corrected_code" in asked()
    assert "last step: solution, without corrected_code" in asked(corrected_code=RIGHT)
    assert "last step: analogous, without corrected_code" in asked(last_step="analogous")
    assert "last step: solution, without corrected_code" in asked(code=CODE * 400)


def test_what_we_found_goes_in_and_what_only_our_answer_needs_does_not():
    facts = mistake_facts(FOUND, "error", "0\n")

    assert facts == MistakeFacts(
        error=FOUND.error, cause="misspelt_name", title="A name is misspelt", line=2, explanation="In line 2 …",
        hints=("one", "two", "three"), outcome="error", printed="0\n",
    )  # fmt: skip
    assert mistake_facts(NOTHING_FOUND, "ok", "6.28\n") == MistakeFacts(outcome="ok", printed="6.28\n")


def told(found=FOUND, given=None, **said):
    inputs = DebugInput.model_validate({"code": CODE, "last_step": "solution", "level": "beginner"} | (given or {}))
    return explained_by(HintsSaid.model_validate(SAID | said), found, inputs, "a-model")


def asked(**given):
    inputs = {"code": CODE, "last_step": "solution", "level": "beginner"} | given
    return debug_prompt(DebugInput.model_validate(inputs)).messages[1]["content"]
