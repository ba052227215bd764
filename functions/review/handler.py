"""Review a program, asked for or handed in; what is suggested is tried in the sandbox before it is said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from functions.curriculum.reading import exercise_called
from functions.review.checking import trials, verdicts, worth_checking
from functions.review.model import Unreadable
from functions.review.queries import save_review, submitted_code
from functions.review.reviewing import review
from functions.review.wording import (
    NO_CODE,
    TOO_LARGE,
    after_checks,
    reviewed,
    summed_up,
    unreadable,
    unreviewed,
)
from functions.shared.database import Connection, Database
from functions.shared.drafts import keep_draft, take_draft
from functions.shared.events import Event, ReviewRequested
from functions.shared.helping import CodeReviewed
from functions.shared.pasted import program_of
from functions.shared.payload import Intent
from functions.shared.practising import ExerciseGraded
from functions.shared.running import CheckExecuted, CheckRequested, CheckTrial, code_hash, takes
from functions.shared.serving import Handler, Handlers

NAME = "review"


class Draft(BaseModel):
    """A review that waits for its suggestions to be tried."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    answer: CodeReviewed
    at: datetime
    second_guess: Intent | None = None
    code: str = ""
    trials: tuple[CheckTrial, ...] = ()
    tried: tuple[int, ...] = ()


def read(event: Event[ReviewRequested], _: Database) -> Draft:
    """Review what a learner sent, or say why not."""
    asked = event.data
    code = program_of(asked.code, asked.question)
    about = {"confidence": asked.confidence}
    if why := NO_CODE if not code.strip() else TOO_LARGE if not takes(code) else None:
        return Draft(answer=unreviewed(why, **about), at=event.time, second_guess=asked.second_guess)
    return _drafted(code, event.time, about).model_copy(update={"second_guess": asked.second_guess})


def read_submission(event: Event[ExerciseGraded], database: Database) -> Draft | None:
    """Review what was handed in and graded; None where it has no grade or Python cannot read it."""
    graded = event.data
    with database.reading() as db:
        code = submitted_code(db, graded.submission_id, event.learner_id)
    if graded.score is None or code is None:
        return None
    about = {"submission_id": graded.submission_id, "exercise_id": graded.exercise_id, "passed": graded.passed}
    draft = _drafted(code, event.time, about)
    return draft if draft.answer.quality is not None else None


def _drafted(code: str, at: datetime, about: dict[str, Any]) -> Draft:
    seen = review(code)
    if isinstance(seen, Unreadable):
        return Draft(answer=unreviewed(unreadable(seen), code_hash=code_hash(code), **about), at=at)
    tried = worth_checking(code, seen.suggestions)
    versions = [version for place in tried if (version := seen.suggestions[place].rewritten)]
    exercise = exercise_called(about.get("exercise_id", ""))
    return Draft(
        answer=reviewed(code, seen, about),
        at=at,
        code=code,
        trials=trials(code, versions, exercise[1].tests if exercise else ()) if versions else (),
        tried=tried,
    )


def say_or_try(event: Event[Any], db: Connection, draft: Draft | None) -> CheckRequested | CodeReviewed | None:
    """Ask for what is suggested to be tried, or answer where there is nothing to try."""
    if draft is None:
        return None
    if not draft.trials:
        return _said(event, db, draft, draft.answer)
    kept = draft.model_copy(update={"trials": (), "code": ""}).model_dump(mode="json")
    draft_id = keep_draft(db, event, NAME, kept)
    return CheckRequested(requester=NAME, draft_id=draft_id, code=draft.code, trials=draft.trials)


def say(event: Event[CheckExecuted], db: Connection, _: None) -> CodeReviewed | None:
    """Answer with what still does what it did; the first word on a draft counts."""
    kept = take_draft(db, event, NAME)
    if kept is None:
        return None
    draft = Draft.model_validate(kept)
    if event.data.outcome == "unavailable":
        found: dict[int, Any] = dict.fromkeys(draft.tried)
    else:
        found = dict(zip(draft.tried, verdicts(event.data.results, len(draft.tried)), strict=True))
    return _said(event, db, draft, after_checks(draft.answer, found))


def _said(event: Event[Any], db: Connection, draft: Draft, answer: CodeReviewed) -> CodeReviewed:
    save_review(db, event.learner_id, event.correlation_id, answer, draft.at)
    return summed_up(answer, draft.second_guess)


HANDLERS: Handlers = {
    ReviewRequested: Handler(say_or_try, before=read),
    ExerciseGraded: Handler(say_or_try, before=read_submission),
    CheckExecuted: Handler(say),
}
