"""The built-in tutor turns a lesson into an explanation that is ready to be kept."""

from __future__ import annotations

import json

import pytest

from functions.concepts.lessons import BuiltInTutor
from functions.curriculum.models import LEVELS
from functions.curriculum.reading import content_version, curriculum, lesson
from functions.shared.envelope import cloud_event, to_http
from functions.shared.events import MAX_EVENT_BYTES
from functions.shared.explaining import ConceptExplained
from functions.shared.testing import NOON
from functions.shared.tutor import Explanation


def test_an_explanation_is_the_lesson_with_its_misconception_examples_and_diagram() -> None:
    explained = BuiltInTutor().explain("loops", "beginner", "What is a loop?")

    taught = lesson("loops", "beginner")
    assert explained.explanation.startswith(taught.prose)
    assert "**Often believed:** `range(3)` counts 1, 2, 3. *In fact*, it counts 0, 1, 2." in explained.explanation
    assert explained.examples == taught.examples
    assert explained.diagram is not None
    assert explained.diagram.startswith("flowchart TD\n")
    assert [near.topic for near in explained.near_topics] == ["functions", "async"]
    assert (explained.topic, explained.level, explained.answered_by) == ("loops", "beginner", "built-in")


def test_the_version_follows_the_lessons() -> None:
    assert BuiltInTutor().version.endswith(content_version())


def test_there_is_no_explanation_without_a_lesson() -> None:
    with pytest.raises(KeyError):
        BuiltInTutor().explain("generators", "beginner", "What is a generator?")


@pytest.mark.parametrize("topic", [topic.id for topic in curriculum().topics])
@pytest.mark.parametrize("level", LEVELS)
def test_every_explanation_survives_storage_and_fits_an_event(topic: str, level: str) -> None:
    explained = BuiltInTutor().explain(topic, level, "")  # type: ignore[arg-type]

    stored = json.loads(json.dumps(explained.model_dump(mode="json")))
    assert Explanation.model_validate(stored) == explained
    answer = ConceptExplained.model_validate(explained.model_dump())
    event = cloud_event(answer, learner="ada", now=NOON, id="e", source="/learnflow/concepts", hops="1")
    assert len(to_http(event)[1]) < MAX_EVENT_BYTES / 10
