"""Say that a learner seems to be stuck, when what they do says so; at most one sign for each thing they do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from functions.shared.alerting import StruggleDetected
from functions.shared.database import Connection
from functions.shared.errors import RejectedEvent
from functions.shared.events import Event
from functions.shared.helping import ErrorExplained
from functions.shared.mistakes import error_name, note_mistake
from functions.shared.payload import Payload
from functions.shared.practising import ExerciseGraded
from functions.shared.running import CodeExecuted, Ran
from functions.shared.serving import Handler, Handlers
from functions.struggle.queries import (
    attempts_at,
    hold_learner,
    mistake_seen,
    mistakes_near,
    note_run,
    raise_sign,
    raised_before,
    runs_near,
)
from functions.struggle.signals import Sign, failing_exercise, high_quotient, is_quiet, no_success, same_error

NAME = "struggle"
_ENDS = {"timeout": "TimeoutError", "output_limit": "TimeoutError", "out_of_memory": "MemoryError"}
"""How it is called where a program did not end by itself; debug says the same."""
_TELL_NOTHING = ("blocked", "killed")
"""What was not allowed to run says nothing of what a learner can do."""
_MEANT = "SystemExit"
"""Who ends their program with an exit code wanted that."""
_TELLERS: dict[type[Payload], str] = {
    CodeExecuted: "sandbox-runner",
    ErrorExplained: "debug",
    ExerciseGraded: "exercise",
}


def on_run(event: Event[CodeExecuted], db: Connection, _: None) -> StruggleDetected | None:
    """Keep how a program ended; say so if the same error came up too often, or hardly anything but errors."""
    _by_ours(event)
    ran = event.data
    if ran.outcome in _TELL_NOTHING:
        return None
    learner, request_id, error = event.learner_id, event.correlation_id, _error_of(ran)
    at = hold_learner(db, learner, event.time)
    note_run(db, learner, request_id, at, error)
    if error is not None:
        note_mistake(
            db, learner, error,
            line=ran.error.line if ran.error else None,
            code_hash=ran.code_hash,
            at=at,
            seen_by=NAME,
            request_id=request_id,
        )  # fmt: skip
    return _first(db, learner, _about_run(db, learner, error, at))


def on_explanation(event: Event[ErrorExplained], db: Connection, _: None) -> StruggleDetected | None:
    """Say so if the learner has asked about, or run into, the same error too often. debug has kept this one."""
    teller = _by_ours(event)
    hold_learner(db, event.learner_id, event.time)
    seen = mistake_seen(db, event.learner_id, teller, event.correlation_id)
    return _first(db, event.learner_id, _about_error(db, event.learner_id, *seen)) if seen else None


def on_grade(event: Event[ExerciseGraded], db: Connection, _: None) -> StruggleDetected | None:
    """Say so if an exercise was tried too often in vain, or nothing of a topic succeeds."""
    _by_ours(event)
    graded = event.data
    if graded.passed or graded.score is None or graded.topic is None:
        return None
    hold_learner(db, event.learner_id, event.time)
    attempts = attempts_at(db, event.learner_id, graded.topic)
    signs = failing_exercise(graded.topic, graded.exercise_id, attempts), no_success(graded.topic, attempts)
    return _first(db, event.learner_id, iter(signs))


def _about_run(db: Connection, learner: str, error: str | None, at: datetime) -> Iterator[Sign | None]:
    """A run that went well may come after the failed ones that it was among."""
    if error is not None:
        yield from _about_error(db, learner, error, at)
    yield high_quotient(runs_near(db, learner, at), at)


def _about_error(db: Connection, learner: str, error: str, at: datetime) -> Iterator[Sign | None]:
    yield same_error(error, mistakes_near(db, learner, error, at, runs_seen_by=NAME), at)


def _first(db: Connection, learner: str, signs: Iterator[Sign | None]) -> StruggleDetected | None:
    """Raise the first sign that is not to be quiet about."""
    for sign in filter(None, signs):
        if not is_quiet(sign.at, *raised_before(db, learner, sign)):
            return StruggleDetected(
                signal_id=raise_sign(db, learner, sign),
                signal=sign.signal,
                severity=sign.severity,
                reason=sign.reason,
                evidence=sign.evidence,
                topic=sign.topic,
                exercise_id=sign.exercise_id,
            )
    return None


def _error_of(ran: Ran) -> str | None:
    """Return the name of the error that a program ended with, None if it went well, or as its author meant it to."""
    error = _ENDS.get(ran.outcome) or (ran.error.type if ran.error and ran.outcome != "ok" else None)
    return error_name(error) if error is not None and error != _MEANT else None


def _by_ours(event: Event[Any]) -> str:
    """Return the function whose word this is; raise RejectedEvent for what another tells."""
    teller = _TELLERS[type(event.data)]
    if event.origin != f"/learnflow/{teller}":
        raise RejectedEvent(f"this is {teller}'s to tell")
    return teller


HANDLERS: Handlers = {
    CodeExecuted: Handler(on_run),
    ErrorExplained: Handler(on_explanation),
    ExerciseGraded: Handler(on_grade),
}
