"""What a model makes of a question becomes a routing, with a second guess wherever it is unsure."""

from __future__ import annotations

import pytest

from functions.shared.prompts.triage import SURE, UNSURE, TriageInput, TriageSaid, routing_of, triage_prompt
from functions.shared.tutor import Routing
from functions.triage import linear

LIKELY = {"debug": 0.4, "quiz": 0.2, "concepts": 0.35, "progress": 0.05}
GIVEN = TriageInput(question="why?", probabilities=LIKELY)


@pytest.mark.parametrize(
    ("is_sure", "second", "confidence", "second_guess"),
    [
        (True, None, SURE, None),
        (True, "quiz", SURE, None),
        (False, "quiz", UNSURE, "quiz"),
        (False, None, UNSURE, "concepts"),
        (False, "debug", UNSURE, "concepts"),
    ],
)
def test_who_is_unsure_has_another_guess(is_sure, second, confidence, second_guess):
    said = TriageSaid(wants="x", intent="debug", is_sure=is_sure, second_guess=second)

    assert routing_of(said, GIVEN) == Routing(intent="debug", confidence=confidence, second_guess=second_guess)


def test_an_unsure_model_and_a_classifier_that_knows_nothing_make_one_guess():
    said = TriageSaid(wants="x", intent="debug", is_sure=False, second_guess=None)

    assert routing_of(said, TriageInput(question="why?")).second_guess is None


def test_its_doubt_is_a_doubt_to_whoever_answers():
    assert UNSURE < linear.UNSURE < SURE


@pytest.mark.parametrize(
    ("code", "error", "said"),
    [(False, False, "nothing"), (True, False, "a program"), (True, True, "a program and an error message")],
)
def test_the_three_likeliest_guesses_go_in_and_only_whether_there_is_code(code, error, said):
    asked = triage_prompt(GIVEN.model_copy(update={"has_code": code, "has_error": error})).messages[1]["content"]

    assert f"Came with the question: {said}." in asked
    assert "The built-in guess: debug 40%, concepts 35%, quiz 20%." in asked
