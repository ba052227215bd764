"""Placing: a question in which no topic was found, answered by a language model, which says what it is about.

A lesson that it names is the topic of the answer. Where it names none, the answer is the model's alone and says so; in
a course that opens some topics alone there is none then. It depends on the question, so nobody else ever gets it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from functions.concepts.about import About, Found
from functions.concepts.wording import no_lesson, not_open
from functions.curriculum.models import Curriculum, Subject, Topic
from functions.curriculum.naming import Names
from functions.curriculum.reading import curriculum
from functions.shared.database import Database
from functions.shared.declining import decline_off_topic
from functions.shared.events import Event, ExplanationRequested, QuestionDeclined
from functions.shared.explaining import ConceptExplained
from functions.shared.guard.guarding import Known
from functions.shared.guarded import guard_of
from functions.shared.prompts.placing import (
    FILE,
    PlacedSaid,
    PlacingInput,
    named_topic,
    near_named,
    placed_explanation,
    placing_prompt,
)
from functions.shared.tutor import Explanation

if TYPE_CHECKING:
    from functions.shared.model.wiring import Ask


def placed_by_model(
    event: Event[ExplanationRequested], database: Database, about: About, course: Curriculum, known: Known, *, ask: Ask
) -> Found:
    """Return what a model makes of a question in which no topic was found. Raises NoAnswer."""

    def shown(said: PlacedSaid, by: str = "") -> ConceptExplained | Explanation | QuestionDeclined:
        return answer_of(said, event.data, about, course, by)

    guard = guard_of(known, shown, function="concepts", rules=FILE.rules)
    answered = ask(event, database, placing_prompt(given_of(event.data, about, course)), guard=guard)
    answer = shown(answered.answer, answered.signature)
    return Found(answer, course, known, is_claimed=True)


def given_of(asked: ExplanationRequested, about: About, course: Curriculum) -> PlacingInput:
    """Return what a model is told of a question and of the lessons that there are."""
    return PlacingInput(
        question=asked.question,
        code=asked.code,
        error_message=asked.error_message,
        level=about.level,
        lessons=tuple(topic.as_near for topic in course.by_depth),
        is_limited=course.open_topics is not None,
        turns=asked.context.turns if asked.context else (),
    )


def answer_of(
    said: PlacedSaid, asked: ExplanationRequested, about: About, course: Curriculum, by: str
) -> ConceptExplained | Explanation | QuestionDeclined:
    """Return what may be said of what a model said: nothing that is not about Python, or that a course has not opened.

    Raises ValueError, with a sentence for the model.
    """
    if not said.is_about_python:
        return decline_off_topic(asked.second_guess)
    topic = course.topic(named_topic(said) or "")
    if topic and not course.is_open(topic):
        return not_open(topic, about.level, course)
    if topic is None and course.open_topics is not None:
        return no_lesson(None, about.level, course)
    if other := _closed_in(said.title, course):
        raise ValueError(
            f"The title names {other.title}, which is not open in this course. Explain what the lesson teaches that "
            "you name, or set topic to null."
        )
    near = (topic.as_near, *course.near(topic)) if topic else near_named(said, course)
    return placed_explanation(said, topic, about.level, by, near)


def _closed_in(title: str, course: Curriculum) -> Subject | None:
    """Return a topic that a title names and a course has not opened; in a course with all topics open there is none."""
    found = None if course.open_topics is None else _names().subject_in(title)
    return None if isinstance(found, Topic) and course.is_open(found) else found


@cache
def _names() -> Names:
    return Names(curriculum())
