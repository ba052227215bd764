"""By model: a topic explained by a language model, in answer to the one question that was asked.

What is asked without a word of the learner's own, a topic at a level, has an answer for everybody: that is kept, and
is what others get too, now or when the model does not answer. No learner's words are in it.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from functions.concepts.about import About, Found
from functions.concepts.queries import cached_explanation
from functions.curriculum.models import Curriculum
from functions.curriculum.reading import lesson
from functions.shared.database import Database
from functions.shared.events import Event, ExplanationRequested
from functions.shared.guard.guarding import Known
from functions.shared.guarded import guard_of
from functions.shared.model.asking import NoAnswer
from functions.shared.prompts.concepts import (
    FILE,
    ConceptsInput,
    ExplanationSaid,
    concepts_prompt,
    explanation_of,
    lesson_facts,
)
from functions.shared.settings import read_settings
from functions.shared.tutor import Explanation

if TYPE_CHECKING:
    from functions.shared.model.wiring import Ask


def by_model(
    event: Event[ExplanationRequested], database: Database, about: About, course: Curriculum, known: Known, *, ask: Ask
) -> Found:
    """Return what a model explains, else what one explained before, to everybody. Raises NoAnswer without either."""
    subject = about.subject
    assert subject is not None  # else there is nothing to explain
    given = given_of(event.data, about, course)
    general = for_everybody(given)
    version = version_of(general)
    near = course.near(subject)

    def shown(said: ExplanationSaid, by: str = "") -> Explanation:
        return explanation_of(said, subject, about.level, by, near)

    def kept() -> Found | None:
        with database.reading() as db:
            found = cached_explanation(db, topic=subject.id, level=about.level, tutor_version=version)
        return Found(said_before(found), course, known) if found else None

    if given == general and (found := kept()):
        return found
    try:
        guard = guard_of(known, shown, function="concepts", rules=FILE.rules)
        answered = ask(event, database, concepts_prompt(given), guard=guard)
    except NoAnswer:
        if found := kept():
            return found
        raise
    explanation = shown(answered.answer, answered.signature)
    return Found(explanation, course, known, keep_as=version if given == general else None, is_claimed=True)


def given_of(asked: ExplanationRequested, about: About, course: Curriculum) -> ConceptsInput:
    """Return what a model is told of a question and of its subject."""
    subject, topic = about.subject, about.topic
    assert subject is not None
    return ConceptsInput(
        question=asked.question,
        code=asked.code,
        error_message=asked.error_message,
        topic=subject.id,
        title=subject.title,
        level=about.level,
        mastery=about.mastery,
        lesson=lesson_facts(topic, lesson(topic.id, about.level), about.level, course) if topic else None,
        open_topics=None if course.open_topics is None else tuple(each.as_near for each in course.by_depth),
        turns=asked.context.turns if asked.context else (),
    )


def for_everybody(given: ConceptsInput) -> ConceptsInput:
    """Return the same without anything that is one learner's own."""
    own = {"question": "", "code": None, "error_message": None, "mastery": None, "turns": ()}
    return given.model_copy(update=own)


def version_of(general: ConceptsInput) -> str:
    """Return what an explanation is kept under: who explains, and all that they are told."""
    prompt = concepts_prompt(general)
    told = json.dumps([read_settings().model.name("concepts"), list(map(dict, prompt.messages))])
    return f"{prompt.version}-{hashlib.sha256(told.encode()).hexdigest()[:16]}"


def said_before(explanation: Explanation) -> Explanation:
    """Return an explanation that says of itself that it was kept."""
    return explanation.model_copy(update={"answered_by": f"{explanation.answered_by}, kept"})
