"""What concepts says where a lesson is missing."""

from __future__ import annotations

import pytest

from functions.concepts.wording import no_lesson
from functions.curriculum.models import PlannedTopic
from functions.curriculum.reading import curriculum

CURRICULUM = curriculum()


def planned(topic_id: str) -> PlannedTopic:
    return next(topic for topic in CURRICULUM.planned if topic.id == topic_id)


def test_a_planned_topic_is_named_and_its_neighbours_are_offered() -> None:
    subject = planned("regular-expressions")
    answer = no_lesson(subject, "beginner", CURRICULUM)

    assert answer.topic is None
    assert answer.title == "No lesson on regular expressions yet"
    assert "I have no lesson on **regular expressions** yet" in answer.explanation
    assert tuple(near.topic for near in answer.near_topics) == subject.near
    assert "- Explain strings in Python." in answer.explanation
    assert (answer.examples, answer.diagram) == ((), None)


def test_an_unrecognised_question_is_offered_every_topic_the_easiest_first() -> None:
    answer = no_lesson(None, "beginner", CURRICULUM)

    assert answer.topic is None
    assert {near.topic for near in answer.near_topics} == {topic.id for topic in CURRICULUM.topics}
    assert [near.topic for near in answer.near_topics] == [topic.id for topic in CURRICULUM.by_depth]


@pytest.mark.parametrize("topic", CURRICULUM.planned, ids=lambda topic: topic.id)
def test_every_planned_topic_can_be_declined_in_a_sentence(topic: PlannedTopic) -> None:
    answer = no_lesson(topic, "beginner", CURRICULUM)

    assert topic.title.lower() in answer.title.lower()
    assert answer.near_topics
