"""Review a program, asked for or handed in; what is suggested is tried in the sandbox before it is said.

Where somebody asks for a review, a language model is set up, and the learner's courses let it, the model words what the
rules have found in a program that works, and may suggest more; the mark is the formula's. Everywhere else our own words
are the review: of what was handed in too, since nobody asked for that, and it is to cost no learner an answer.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from functions.review.checking import verdicts
from functions.review.drafting import Draft, Practice, tests_of, with_review
from functions.review.model import Review, Unreadable
from functions.review.queries import handed_in_for, save_review, submitted_code
from functions.review.reviewing import review
from functions.review.wording import NO_CODE, TOO_LARGE, after_checks, smaller, summed_up, unreviewed
from functions.shared.courses.queries import policy_of
from functions.shared.database import Connection, Database
from functions.shared.drafts import keep_draft, take_draft
from functions.shared.events import Event, ReviewRequested
from functions.shared.guard.guarding import Known
from functions.shared.guarded import guarded, known_of
from functions.shared.helping import CodeReviewed
from functions.shared.made import practised_one
from functions.shared.model.asking import NoAnswer, Task
from functions.shared.model.set_up import ask_for
from functions.shared.pasted import program_of
from functions.shared.practising import ExerciseGraded
from functions.shared.running import CheckExecuted, CheckRequested, takes
from functions.shared.serving import Handler, Handlers

if TYPE_CHECKING:
    from functions.shared.model.wiring import Ask

NAME: Final = "review"
AskFor = Callable[[Task], "Ask | None"]


def read(event: Event[ReviewRequested], database: Database, *, ask_for: AskFor = ask_for) -> Draft:
    """Review what a learner sent, or say why not."""
    asked = event.data
    code = program_of(asked.code, asked.question)
    about = {"confidence": asked.confidence}
    why = NO_CODE if not code.strip() else TOO_LARGE if not takes(code) else ""
    with database.reading() as db:
        policy = policy_of(db, event.learner_id)
        practice = None if why else _practice(db, event.learner_id, handed_in_for(db, event.learner_id, code))
    draft = Draft(
        answer=unreviewed(why, **about),
        at=event.time,
        second_guess=asked.second_guess,
        question=asked.question,
        code="" if why else code,
        passed_too=not policy.shows_solutions,
    )
    if why:
        return draft
    seen = review(code)
    draft = with_review(draft, seen, about, tests_of(practice))
    return _worded(event, database, draft, seen, practice, ask_for) if policy.model else draft


def read_submission(event: Event[ExerciseGraded], database: Database) -> Draft | None:
    """Review what was handed in and graded; None where it has no grade or Python cannot read it."""
    graded = event.data
    with database.reading() as db:
        code = submitted_code(db, graded.submission_id, event.learner_id)
        policy = policy_of(db, event.learner_id)
        practice = _practice(db, event.learner_id, graded.exercise_id)
    if graded.score is None or code is None:
        return None
    seen = review(code)
    if isinstance(seen, Unreadable):
        return None
    about = {"submission_id": graded.submission_id, "exercise_id": graded.exercise_id, "passed": graded.passed}
    draft = Draft(answer=unreviewed(""), at=event.time, code=code, passed_too=not policy.shows_solutions)
    return with_review(draft, seen, about, tests_of(practice))


def _practice(db: Connection, learner: str, exercise_id: str | None) -> Practice | None:
    """Return the exercise that a program is for, be it the curriculum's or made for its learner."""
    return practised_one(db, learner, exercise_id) if exercise_id else None


def _worded(
    event: Event[ReviewRequested],
    database: Database,
    draft: Draft,
    seen: Review | Unreadable,
    practice: Practice | None,
    ask_for: AskFor,
) -> Draft:
    """Return the draft as a model words it, if there is one that answers."""
    if isinstance(seen, Unreadable) or not (ask := ask_for(NAME)):
        return draft
    from functions.review.by_model import by_model  # what only a model needs is read where there is one

    with database.reading() as db:
        known = _known(db, event, draft)
    with suppress(NoAnswer):
        return by_model(event, database, draft, seen, event.data.context, known, ask=ask, practice=practice)
    return draft


def _known(db: Connection, event: Event[Any], draft: Draft) -> Known:
    """Return what a review is held against."""
    return known_of(
        db,
        event.learner_id,
        question=draft.question,
        given=(draft.code,),
        named=draft.answer.exercise_id,
        passed_too=draft.passed_too,
    )


def say_or_try(event: Event[Any], db: Connection, draft: Draft | None) -> CheckRequested | CodeReviewed | None:
    """Ask for what is suggested to be tried, or answer where there is nothing to try."""
    if draft is None:
        return None
    if not draft.trials:
        return _said(event, db, draft, after_checks(draft.answer, {}))
    kept = draft.model_copy(update={"trials": ()}).model_dump(mode="json")
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
    told = summed_up(answer, draft.second_guess, draft.said)
    less = partial(smaller, told, draft.second_guess)
    return guarded(told, _known(db, event, draft), less, function=NAME)


HANDLERS: Handlers = {
    ReviewRequested: Handler(say_or_try, before=read),
    ExerciseGraded: Handler(say_or_try, before=read_submission),
    CheckExecuted: Handler(say),
}
