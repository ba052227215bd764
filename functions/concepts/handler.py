"""Explain a topic at the level asked for, or say honestly that there is no lesson on it."""

from __future__ import annotations

from functools import cache, partial
from typing import NamedTuple

from functions.concepts.find import Finder, Match
from functions.concepts.lessons import BuiltInTutor
from functions.concepts.level import level_for
from functions.concepts.queries import cached_explanation, remember_explanation
from functions.concepts.wording import no_lesson
from functions.curriculum.models import Topic
from functions.curriculum.reading import curriculum
from functions.shared.database import Connection, Database
from functions.shared.doubt import with_doubt
from functions.shared.events import Event, ExplanationRequested
from functions.shared.explaining import ConceptExplained
from functions.shared.serving import Handler, Handlers
from functions.shared.tutor import Explainer, Explanation


class Fresh(NamedTuple):
    """An explanation that was made just now, and the version of the tutor that made it."""

    explanation: Explanation
    tutor_version: str


Found = ConceptExplained | Explanation | Fresh


def find_explanation(event: Event[ExplanationRequested], database: Database, *, tutor: Explainer) -> Found:
    """Return the explanation of what is asked, kept or fresh, or the honest answer that there is none."""
    asked = event.data
    match = subject_of(asked)
    topic = match.subject if match and isinstance(match.subject, Topic) else None
    mastery = asked.context.mastery.get(topic.id) if asked.context and topic else None
    level = asked.level or level_for(asked.question, topic, match.names if match else (), mastery)
    if topic is None:
        return no_lesson(match.subject if match else None, level, curriculum())
    version = tutor.version
    with database.reading() as db:
        kept = cached_explanation(db, topic=topic.id, level=level, tutor_version=version)
    return kept or Fresh(tutor.explain(topic.id, level, asked.question), version)


def explain(event: Event[ExplanationRequested], db: Connection, found: Found) -> ConceptExplained:
    """Answer with what was found, and keep it for the next asker if it is new."""
    if isinstance(found, Fresh):
        remember_explanation(db, found.explanation, tutor_version=found.tutor_version)
        found = found.explanation
    return ConceptExplained.model_validate(
        found.model_dump()
        | {
            "confidence": event.data.confidence,
            "explanation": with_doubt(found.explanation, event.data.second_guess),
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
