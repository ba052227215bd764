"""Explain a mistake in three steps; see it, and try its correction, in the sandbox first where that tells more.

Where a language model is set up, and the learner's courses let it, the model words what the rules and the runs have
found out, once that is all; everywhere else, and where it does not answer, our own words are the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from functions.debug.asking import Practice
from functions.debug.leaving import Answers, Next, for_a_model, leaving
from functions.debug.queries import practising, times_asked, written_before
from functions.debug.staging import is_next_hint, mistake_in
from functions.debug.steps import Known, Run, next_step, told
from functions.debug.writing import again, kept, may_be_written, next_written
from functions.shared.courses.queries import policy_of
from functions.shared.database import Connection, Database
from functions.shared.drafts import keep_draft, read_draft, take_draft
from functions.shared.events import DebuggingRequested, Event
from functions.shared.guard.guarding import Known as Held
from functions.shared.guarded import known_of
from functions.shared.helping import ErrorExplained
from functions.shared.made import practised
from functions.shared.mistakes import note_mistake
from functions.shared.model.asking import NoAnswer, Task
from functions.shared.model.set_up import ask_for
from functions.shared.pasted import program_of
from functions.shared.running import CheckExecuted, CheckRequested
from functions.shared.serving import Handler, Handlers

if TYPE_CHECKING:
    from functions.shared.model.wiring import Ask

NAME: Final = "debug"
AskFor = Callable[[Task], "Ask | None"]


def look_into(event: Event[DebuggingRequested], database: Database, *, ask_for: AskFor = ask_for) -> Next:
    """Return what is to be done for a learner whose program does not work."""
    asked, learner = event.data, event.learner_id
    with database.reading() as db:
        policy = policy_of(db, learner)
        withholds = not policy.shows_solutions
        unsolved = practising(db, learner, asked.exercise_id, passed_too=withholds)
    known = Known(
        asked=asked,
        asked_at=event.time,
        exercise_ids=unsolved,
        one_at_a_time=policy.stages_hints,
        passed_too=withholds,
        may_ask=policy.model,
    )
    return _next(event, database, known, ask_for)


def look_on(event: Event[CheckExecuted], database: Database, *, ask_for: AskFor = ask_for) -> Next | None:
    """Return what is to be done after a run; None where somebody has told of it before."""
    with database.reading() as db:
        draft = read_draft(db, event, NAME)
    return _next(event, database, told(Known.model_validate(draft), event.data), ask_for) if draft else None


def _next(event: Event[Any], database: Database, known: Known, ask_for: AskFor) -> Next:
    with database.reading() as db:
        practice = practised(db, event.learner_id, known.exercise_ids)
    ours = next_step(known, practice)
    if isinstance(ours, Run):
        return Next(known, ours)
    held = _held(event, database, known)
    if known.written is None and known.may_ask and may_be_written(known, ours) and (ask := ask_for(NAME)):
        written = _written(event, database, known, ours, practice, for_a_model(held, known, ours), ask)
        known = known.model_copy(update={"written": written})
    theirs = next_written(known, known.written) if known.written else None
    return Next(known, theirs if isinstance(theirs, Run) else Answers(ours, theirs, held))


def _written(
    event: Event[Any],
    database: Database,
    known: Known,
    ours: ErrorExplained,
    practice: tuple[Practice, ...],
    held: Held,
    ask: Ask,
) -> ErrorExplained | None:
    """Return what a model has to say of a mistake, None for nothing. Where hints come one at a time it says all of them
    when the first is asked for, and is not asked again."""
    if known.one_at_a_time:
        with database.reading() as db:
            before = written_before(db, event.learner_id, mistake_in(ours))
        if before and (said := again(ours, before)):
            return said
    from functions.debug.by_model import by_model  # what only a model needs is read where there is one

    with suppress(NoAnswer):
        return by_model(event, database, known, ours, practice, held, ask=ask)
    return None


def _held(event: Event[Any], database: Database, known: Known) -> Held:
    """Return what answers are held against."""
    asked = known.asked
    with database.reading() as db:
        return known_of(
            db,
            event.learner_id,
            question="\n".join(filter(None, (asked.question, asked.error_message))),
            given=(program_of(asked.code, asked.question),),
            named=asked.exercise_id,
            passed_too=known.passed_too,
        )


def explain(event: Event[DebuggingRequested], db: Connection, found: Next) -> CheckRequested | ErrorExplained:
    """Answer what is wrong, or ask for a run that will tell."""
    return _do(event, db, found)


def go_on(event: Event[CheckExecuted], db: Connection, found: Next | None) -> CheckRequested | ErrorExplained | None:
    """Answer with what the run told, or ask for the next one; the first word on a draft counts."""
    return _do(event, db, found) if take_draft(db, event, NAME) and found else None


def _do(event: Event[Any], db: Connection, found: Next) -> CheckRequested | ErrorExplained:
    known, step = found
    if isinstance(step, Run):
        waiting = known.model_copy(update={"waits_to": step.purpose})
        draft_id = keep_draft(db, event, NAME, waiting.model_dump(mode="json"))
        return CheckRequested(requester=NAME, draft_id=draft_id, code=step.code, trials=step.trials)
    times = None
    if known.one_at_a_time and step.hints:
        written = kept(known, known.written) if known.written else None
        times = times_asked(db, event.learner_id, mistake_in(step.ours), event.correlation_id, written)
    if not is_next_hint(times or 1):
        _note(event, db, known, step.ours)
    return leaving(step, known, times)


def _note(event: Event[Any], db: Connection, known: Known, answer: ErrorExplained) -> None:
    if answer.error is None:
        return
    note_mistake(
        db,
        event.learner_id,
        answer.error.type,
        line=answer.error.line,
        code_hash=answer.code_hash,
        at=known.asked_at,
        seen_by=NAME,
        request_id=event.correlation_id,
    )


HANDLERS: Handlers = {
    DebuggingRequested: Handler(explain, before=look_into),
    CheckExecuted: Handler(go_on, before=look_on),
}
