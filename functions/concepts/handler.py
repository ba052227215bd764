"""Explain a topic at the level asked for, or say honestly that there is no lesson on it."""

from __future__ import annotations

from functools import cache, partial
from typing import NamedTuple

from functions.concepts.find import Finder, Match
from functions.concepts.lessons import BuiltInTutor
from functions.concepts.level import level_for
from functions.concepts.queries import cached_explanation, remember_explanation
from functions.concepts.wording import no_lesson, not_open
from functions.curriculum.models import Curriculum, Topic
from functions.curriculum.reading import curriculum
from functions.shared.courses.queries import policy_of
from functions.shared.database import Connection, Database
from functions.shared.doubt import with_doubt
from functions.shared.events import Event, ExplanationRequested
from functions.shared.explaining import ConceptExplained
from functions.shared.serving import Handler, Handlers
from functions.shared.tutor import Explainer, Explanation


class Found(NamedTuple):
    """What there is to answer, what is open to the asker, and, if it was made just now, the version of the tutor."""

    answer: ConceptExplained | Explanation
    course: Curriculum
    tutor_version: str | None = None


def find_explanation(event: Event[ExplanationRequested], database: Database, *, tutor: Explainer) -> Found:
    """Return the explanation of what is asked, kept or fresh, or the honest answer that there is none, or not yet."""
    asked = event.data
    match = subject_of(asked)
    topic = match.subject if match and isinstance(match.subject, Topic) else None
    mastery = asked.context.mastery.get(topic.id) if asked.context and topic else None
    level = asked.level or level_for(asked.question, topic, match.names if match else (), mastery)
    version = tutor.version
    with database.reading() as db:
        course = curriculum().opened(policy_of(db, event.learner_id).allowed_topics)
        if topic is None:
            return Found(no_lesson(match.subject if match else None, level, course), course)
        if not course.is_open(topic):
            return Found(not_open(topic, level, course), course)
        kept = cached_explanation(db, topic=topic.id, level=level, tutor_version=version)
    return Found(kept, course) if kept else Found(tutor.explain(topic.id, level, asked.question), course, version)


def explain(event: Event[ExplanationRequested], db: Connection, found: Found) -> ConceptExplained:
    """Answer with what was found, and keep it for the next asker if it is new."""
    answer = found.answer
    if isinstance(answer, Explanation) and found.tutor_version is not None:
        remember_explanation(db, answer, tutor_version=found.tutor_version)
    open_topics = found.course.open_topics
    return ConceptExplained.model_validate(
        answer.model_dump()
        | {
            "confidence": event.data.confidence,
            "explanation": with_doubt(answer.explanation, event.data.second_guess),
            "near_topics": [near for near in answer.near_topics if open_topics is None or near.topic in open_topics],
        }
    )


def subject_of(asked: ExplanationRequested) -> Match | None:
    """Return what the question is about: the topic it names as its own, else the likeliest in its words and code."""
    if asked.topic:
        named = curriculum().topic(asked.topic)
        return Match(named, 1.0) if named else next(iter(_finder().find(asked.topic)), None)
    return next(iter(_finder().find(asked.question, asked.code, asked.error_message)), None)


@cache
def _finder() -> Finder:
    return Finder(curriculum())


HANDLERS: Handlers = {ExplanationRequested: Handler(explain, before=partial(find_explanation, tutor=BuiltInTutor()))}
