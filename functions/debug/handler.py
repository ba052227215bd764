"""Explain a mistake in three steps; see it, and try its correction, in the sandbox first where that tells more."""

from __future__ import annotations

from typing import Any

from functions.curriculum.reading import exercise_called
from functions.debug.queries import practising
from functions.debug.steps import Known, Run, next_step, told
from functions.shared.database import Connection
from functions.shared.drafts import keep_draft, take_draft
from functions.shared.events import DebuggingRequested, Event
from functions.shared.helping import ErrorExplained
from functions.shared.mistakes import note_mistake
from functions.shared.running import CheckExecuted, CheckRequested
from functions.shared.serving import Handler, Handlers

NAME = "debug"


def look_into(event: Event[DebuggingRequested], db: Connection, _: None) -> CheckRequested | ErrorExplained:
    """Answer what is wrong, or ask for a run that will tell."""
    unpassed = practising(db, event.learner_id, event.data.exercise_id)
    return _go_on(event, db, Known(asked=event.data, asked_at=event.time, exercise_ids=unpassed))


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
    if step.error is not None:
        note_mistake(
            db,
            event.learner_id,
            step.error.type,
            line=step.error.line,
            code_hash=step.code_hash,
            at=known.asked_at,
            seen_by=NAME,
            request_id=event.correlation_id,
        )
    return step


HANDLERS: Handlers = {DebuggingRequested: Handler(look_into), CheckExecuted: Handler(go_on)}
