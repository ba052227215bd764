"""What concepts says where a lesson is missing or the routing was unsure."""

from __future__ import annotations

import pytest

from functions.concepts.wording import no_lesson, second_guess
from functions.curriculum.models import PlannedTopic
from functions.curriculum.reading import curriculum
from functions.shared.events import ExplanationRequested, Intent

CURRICULUM = curriculum()


def planned(topic_id: str) -> PlannedTopic:
    return next(topic for topic in CURRICULUM.planned if topic.id == topic_id)


def test_a_planned_topic_is_named_and_its_neighbours_are_offered() -> None:
    answer = no_lesson(planned("variables"), "beginner", CURRICULUM)

    assert answer.topic is None
    assert answer.title == "No lesson on variables yet"
    assert "I have no lesson on **variables** yet" in answer.explanation
    assert [near.topic for near in answer.near_topics] == ["functions", "loops"]
    assert "- Explain functions in Python." in answer.explanation
    assert (answer.examples, answer.diagram) == ((), None)


def test_an_unrecognised_question_is_offered_every_topic_the_easiest_first() -> None:
    answer = no_lesson(None, "beginner", CURRICULUM)

    assert answer.topic is None
    assert {near.topic for near in answer.near_topics} == {topic.id for topic in CURRICULUM.topics}
    assert {near.topic for near in answer.near_topics[:2]} == {"functions", "loops"}


@pytest.mark.parametrize("topic", CURRICULUM.planned, ids=lambda topic: topic.id)
def test_every_planned_topic_can_be_declined_in_a_sentence(topic: PlannedTopic) -> None:
    answer = no_lesson(topic, "beginner", CURRICULUM)

    assert topic.title.lower() in answer.title.lower()
    assert answer.near_topics


@pytest.mark.parametrize("guess", ["debug", "exercise", "code_review", "quiz", "progress"])
def test_an_unsure_routing_offers_its_second_guess_in_one_sentence(guess: Intent) -> None:
    said = second_guess(ExplanationRequested(question="?", confidence=0.59, second_guess=guess))

    assert said.startswith("If you ")
    assert said.endswith(".")
    assert said.count(".") == 1


@pytest.mark.parametrize(
    ("confidence", "guess"),
    [(0.6, "debug"), (0.99, "debug"), (None, "debug"), (0.3, None), (0.3, "off_topic"), (0.3, "concepts")],
)
def test_otherwise_nothing_is_added(confidence: float | None, guess: Intent | None) -> None:
    assert second_guess(ExplanationRequested(question="?", confidence=confidence, second_guess=guess)) == ""
