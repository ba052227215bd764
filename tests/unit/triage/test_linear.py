"""The trained classifier: sums, confidences, and that its weights are those of the present questions."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.events import QuestionAsked
from functions.triage import features, parting
from functions.triage.features import Features
from functions.triage.linear import UNSURE, LinearClassifier, Weights, confidences, read_weights
from scripts.stack.evaluating.scores import accuracy, calibration_error
from scripts.stack.evaluating.triage import INTENTS, guesses, read

TRAINING = Path("functions/triage/training")
CLASSIFIER = LinearClassifier()
NOTHING = [0] * 7


def small(**groups: dict[str, list[int]]) -> Weights:
    known = {"words": {}, "pieces": {}, "facts": {}} | groups
    return Weights(INTENTS, 1.0, (0.0,) * 7, known, {})


def test_a_known_feature_speaks_for_its_intent() -> None:
    weights = small(words={"loop": [100, 200, *NOTHING[:6]]})

    said = confidences(features.features("loop"), weights)

    assert said["concepts"] == pytest.approx(math.e**2 / (math.e**2 + 6))
    assert said["debug"] == pytest.approx(1 / (math.e**2 + 6))


def test_a_group_counts_the_same_however_much_it_holds() -> None:
    weights = small(words={word: [100, 100, *NOTHING[:6]] for word in "abcd"})

    one = confidences(Features(features.Counter("a"), features.Counter(), features.Counter()), weights)
    four = confidences(Features(features.Counter("abcd"), features.Counter(), features.Counter()), weights)

    assert math.log(four["concepts"] / four["debug"]) == pytest.approx(2 * math.log(one["concepts"] / one["debug"]))


def test_nothing_known_leaves_the_bias() -> None:
    said = confidences(features.features("zzz"), small()._replace(bias=(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 3.0)))

    assert max(said, key=lambda intent: said[intent]) == "off_topic"


@given(st.text(), st.none() | st.text(), st.none() | st.text())
def test_any_question_is_routed_with_a_confidence(text: str, code: str | None, error: str | None) -> None:
    routing = CLASSIFIER.classify(QuestionAsked(question=text, code=code, error_message=error))

    assert routing.intent in INTENTS
    assert 1 / 7 - 0.001 <= routing.confidence <= 1
    assert (routing.second_guess is not None) == (routing.confidence < UNSURE)
    assert routing.second_guess != routing.intent


@given(st.text(min_size=1))
def test_confidences_add_up_to_one(text: str) -> None:
    assert sum(confidences(features.features(text), CLASSIFIER.weights).values()) == pytest.approx(1)


def test_the_weights_were_trained_from_the_present_questions_by_the_present_features() -> None:
    sources = (TRAINING / "questions.jsonl", Path(features.__file__), Path(parting.__file__))
    checksum = hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()

    assert read_weights().trained_from["sha256"] == checksum, "run scripts/train-triage"


def test_questions_nobody_trained_on_are_routed_well_and_with_honest_confidence() -> None:
    found = guesses(read(TRAINING / "unseen.jsonl"), CLASSIFIER)

    assert accuracy(found) > 0.88
    assert calibration_error(found) < 0.08
    sure = [guess for guess in found if guess.confidence >= 0.9]
    assert len(sure) > len(found) / 2
    assert accuracy(sure) > 0.95


def test_there_are_two_thousand_questions_of_many_people_and_none_is_there_twice() -> None:
    questions, unseen = read(TRAINING / "questions.jsonl"), read(TRAINING / "unseen.jsonl")
    keys = [
        (" ".join(each.question.question.lower().split()), each.question.code, each.question.error_message)
        for each in (*questions, *unseen)
    ]

    assert len(questions) >= 2_000
    assert {each.intent for each in questions} == set(INTENTS)
    assert len(keys) == len(set(keys))
