"""Explain a topic at the level asked for, or say honestly that there is no lesson on it.

Where a language model is set up, and the learner's courses let it, the model explains, and says what a question is
about in which no topic was found; what its examples print is seen in the sandbox first. Everywhere else, and where it
does not answer, the lesson is the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ConfigDict

from functions.concepts.about import About, Found, about_of, may_be_explained
from functions.concepts.find import Finder, Match
from functions.concepts.lessons import BuiltInTutor
from functions.concepts.queries import cached_explanation, remember_explanation
from functions.concepts.trying import as_run, trials, untried, with_short_examples
from functions.concepts.wording import explained, no_lesson, not_open, smaller
from functions.curriculum.models import Curriculum
from functions.curriculum.reading import curriculum
from functions.shared.courses.policy import CoursePolicy
from functions.shared.courses.queries import policy_of
from functions.shared.database import Connection, Database
from functions.shared.drafts import keep_draft, take_draft
from functions.shared.events import Event, ExplanationRequested, QuestionDeclined
from functions.shared.explaining import ConceptExplained
from functions.shared.guard.guarding import Known
from functions.shared.guarded import guarded, known_of
from functions.shared.model.asking import NoAnswer, Task
from functions.shared.model.set_up import ask_for
from functions.shared.running import CheckExecuted, CheckRequested
from functions.shared.serving import Handler, Handlers
from functions.shared.tutor import Explainer, Explanation

if TYPE_CHECKING:
    from functions.shared.model.wiring import Ask

NAME: Final = "concepts"


class Draft(BaseModel):
    """An explanation that waits for its examples to be run."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    asked: ExplanationRequested
    answer: Explanation
    keep_as: str | None = None


def find_explanation(
    event: Event[ExplanationRequested],
    database: Database,
    *,
    tutor: Explainer,
    ask_for: Callable[[Task], Ask | None] = ask_for,
) -> Found:
    """Return an explanation of what is asked, or the honest answer that there is none, or not yet."""
    about = about_of(event.data, subject_of(event.data))
    with database.reading() as db:
        policy = policy_of(db, event.learner_id)
        known = known_for(db, event, event.data, policy)
    course = curriculum().opened(policy.allowed_topics)
    if policy.model and may_be_explained(event.data, about, course) and (ask := ask_for("concepts")):
        with suppress(NoAnswer):
            return _by_model(event, database, about, course, known, ask)
    return _by_lesson(event.data, database, about, course, known, tutor)


def _by_model(
    event: Event[ExplanationRequested], database: Database, about: About, course: Curriculum, known: Known, ask: Ask
) -> Found:
    """Return what a model explains; what only a model needs is read where there is one."""
    if about.subject is None:
        from functions.concepts.placing import placed_by_model

        return placed_by_model(event, database, about, course, known, ask=ask)
    from functions.concepts.by_model import by_model

    return by_model(event, database, about, course, known, ask=ask)


def _by_lesson(
    asked: ExplanationRequested, database: Database, about: About, course: Curriculum, known: Known, tutor: Explainer
) -> Found:
    topic, level, version = about.topic, about.level, tutor.version
    if topic is None:
        return Found(no_lesson(about.subject, level, course), course, known)
    if not course.is_open(topic):
        return Found(not_open(topic, level, course), course, known)
    with database.reading() as db:
        kept = cached_explanation(db, topic=topic.id, level=level, tutor_version=version)
    if kept:
        return Found(kept, course, known)
    return Found(tutor.explain(topic.id, level, asked.question), course, known, keep_as=version)


def explain(
    event: Event[ExplanationRequested], db: Connection, found: Found
) -> CheckRequested | ConceptExplained | QuestionDeclined:
    """Answer with what was found, or have its examples run first."""
    answer = found.answer
    if isinstance(answer, QuestionDeclined):
        return answer
    if found.is_claimed and isinstance(answer, Explanation):
        answer = with_short_examples(answer)
        if answer.examples:
            draft = Draft(asked=event.data, answer=answer, keep_as=found.keep_as)
            draft_id = keep_draft(db, event, NAME, draft.model_dump(mode="json"))
            first = answer.examples[0].code
            return CheckRequested(requester=NAME, draft_id=draft_id, code=first, trials=trials(answer.examples))
    return _said(db, event.data, answer, found.known, found.course, found.keep_as)


def say(event: Event[CheckExecuted], db: Connection, _: None) -> ConceptExplained | None:
    """Answer with what the examples really print; the first word on a draft counts."""
    kept = take_draft(db, event, NAME)
    if kept is None:
        return None
    draft = Draft.model_validate(kept)
    policy = policy_of(db, event.learner_id)
    course = curriculum().opened(policy.allowed_topics)
    known = known_for(db, event, draft.asked, policy)
    was_run = event.data.outcome == "executed"
    answer = as_run(draft.answer, event.data.results) if was_run else untried(draft.answer)
    keep_as = draft.keep_as if answer.examples else None  # another time they may run
    return _said(db, draft.asked, answer, known, course, keep_as)


def _said(
    db: Connection,
    asked: ExplanationRequested,
    answer: ConceptExplained | Explanation,
    known: Known,
    course: Curriculum,
    keep_as: str | None = None,
) -> ConceptExplained:
    """Return what leaves, and keep it for the next asker if it is new and nothing speaks against it."""
    payload = explained(answer, asked, course)
    said = guarded(payload, known, partial(smaller, payload, asked.second_guess), function=NAME)
    if keep_as and said is payload and isinstance(answer, Explanation):
        remember_explanation(db, answer, tutor_version=keep_as)
    return said


def known_for(db: Connection, event: Event[Any], asked: ExplanationRequested, policy: CoursePolicy) -> Known:
    """Return what an explanation is held against."""
    passed_too = not policy.shows_solutions
    return known_of(db, event.learner_id, question=asked.question, given=(asked.code,), passed_too=passed_too)


def subject_of(asked: ExplanationRequested) -> Match | None:
    """Return what the question is about: the topic it names as its own, else the likeliest in its words and code."""
    if asked.topic:
        named = curriculum().topic(asked.topic)
        return Match(named, 1.0) if named else next(iter(_finder().find(asked.topic)), None)
    return next(iter(_finder().find(asked.question, asked.code, asked.error_message)), None)


@cache
def _finder() -> Finder:
    return Finder(curriculum())


HANDLERS: Handlers = {
    ExplanationRequested: Handler(explain, before=partial(find_explanation, tutor=BuiltInTutor())),
    CheckExecuted: Handler(say),
}
