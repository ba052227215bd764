"""Explain a mistake in three steps; see it, and try its correction, in the sandbox first where that tells more."""

from __future__ import annotations

from typing import Any

from functions.curriculum.reading import exercise_called
from functions.debug.queries import practising, times_asked
from functions.debug.staging import is_next_hint, mistake_in, staged
from functions.debug.steps import Known, Run, next_step, told
from functions.shared.courses.queries import policy_of
from functions.shared.database import Connection
from functions.shared.drafts import keep_draft, take_draft
from functions.shared.events import DebuggingRequested, Event
from functions.shared.helping import ErrorExplained, ErrorFound
from functions.shared.mistakes import note_mistake
from functions.shared.running import CheckExecuted, CheckRequested
from functions.shared.serving import Handler, Handlers

NAME = "debug"


def look_into(event: Event[DebuggingRequested], db: Connection, _: None) -> CheckRequested | ErrorExplained:
    """Answer what is wrong, or ask for a run that will tell."""
    asked, learner = event.data, event.learner_id
    policy = policy_of(db, learner)
    unsolved = practising(db, learner, asked.exercise_id, passed_too=not policy.shows_solutions)
    known = Known(asked=asked, asked_at=event.time, exercise_ids=unsolved, one_at_a_time=policy.stages_hints)
    return _go_on(event, db, known)


def go_on(event: Event[CheckExecuted], db: Connection, _: None) -> CheckRequested | ErrorExplained | None:
    """Answer with what the run told, or ask for the next one; the first word on a draft counts."""
    kept = take_draft(db, event, NAME)
    return _go_on(event, db, told(Known.model_validate(kept), event.data)) if kept else None


def _go_on(event: Event[Any], db: Connection, known: Known) -> CheckRequested | ErrorExplained:
    step = next_step(known, tuple(filter(None, map(exercise_called, known.exercise_ids))))
    if isinstance(step, Run):
        waiting = known.model_copy(update={"waits_to": step.purpose})
        draft_id = keep_draft(db, event, NAME, waiting.model_dump(mode="json"))
        return CheckRequested(requester=NAME, draft_id=draft_id, code=step.code, trials=step.trials)
    times = 1
    if known.one_at_a_time and step.hints:
        times = times_asked(db, event.learner_id, mistake_in(step), event.correlation_id)
        step = staged(step, times, known.asked, known.seen)
    if step.error is not None and not is_next_hint(times):
        _note(event, db, known, step, step.error)
    return step


def _note(event: Event[Any], db: Connection, known: Known, step: ErrorExplained, error: ErrorFound) -> None:
    note_mistake(
        db,
        event.learner_id,
        error.type,
        line=error.line,
        code_hash=step.code_hash,
        at=known.asked_at,
        seen_by=NAME,
        request_id=event.correlation_id,
    )


HANDLERS: Handlers = {DebuggingRequested: Handler(look_into), CheckExecuted: Handler(go_on)}
