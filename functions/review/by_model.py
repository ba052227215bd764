"""By model: a review in a language model's words, with up to two suggestions of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from functions.review.drafting import Draft, Practice, tests_of, with_trials
from functions.review.model import Review
from functions.shared.database import Database
from functions.shared.events import Event, LearnerContext
from functions.shared.guard.guarding import Known
from functions.shared.guarded import guard_of
from functions.shared.helping import CodeReviewed, Suggested
from functions.shared.level import level_of
from functions.shared.prompts.inputs import ExerciseFacts
from functions.shared.prompts.review import (
    FILE,
    Offered,
    ReviewInput,
    ReviewSaid,
    offered_by,
    review_prompt,
    words_of,
)

if TYPE_CHECKING:
    from functions.shared.model.wiring import Ask


class Worded(NamedTuple):
    """A review in a model's words: the answer, what is said of it all, and what there is to try."""

    answer: CodeReviewed
    said: str
    offered: tuple[Offered, ...]


def by_model(
    event: Event[Any],
    database: Database,
    draft: Draft,
    seen: Review,
    context: LearnerContext | None,
    known: Known,
    *,
    ask: Ask,
    practice: Practice | None = None,
) -> Draft:
    """Return the draft as a model words it; its mark stays. `practice` is the exercise that the program is for. Raises
    NoAnswer."""
    given = given_of(draft, context, practice)

    def shown(said: ReviewSaid) -> tuple[CodeReviewed, str]:
        return worded(said, given, draft.answer, seen)[:2]

    guard = guard_of(known, shown, function="review", rules=FILE.rules)
    answered = ask(event, database, review_prompt(given), guard=guard)
    answer, said, offered = worded(answered.answer, given, draft.answer, seen)
    signed = answer.model_copy(update={"answered_by": answered.signature})
    return with_trials(draft.model_copy(update={"answer": signed, "said": said}), offered, tests_of(practice))


def given_of(draft: Draft, context: LearnerContext | None, practice: Practice | None = None) -> ReviewInput:
    """Return what a model is told of a program."""
    answer = draft.answer
    assert answer.quality is not None  # else there is nothing to review
    return ReviewInput(
        question=draft.question,
        code=draft.code,
        quality=answer.quality,
        praise=answer.praise,
        findings=answer.suggestions,
        complexity=answer.complexity,
        level=level_of(context, practice[0].id if practice else None),
        exercise=ExerciseFacts(title=practice[1].title, description=practice[1].description) if practice else None,
    )


def worded(said: ReviewSaid, given: ReviewInput, answer: CodeReviewed, seen: Review) -> Worded:
    """Return the review as a model words it. A finding keeps what there is to try of it; those that the model left out
    are better left for next time. Raises ValueError, with a sentence for the model."""
    praise, summary = words_of(said)
    versions = {_place(each): found.rewritten for each, found in zip(given.findings, seen.suggestions, strict=True)}
    offered = tuple(
        each._replace(rewritten=versions.get(_place(each.suggested), each.rewritten))
        for each in offered_by(said, given)
    )
    chosen = sum(_place(each.suggested) in versions for each in offered)
    update = {
        "praise": praise,
        "suggestions": tuple(each.suggested for each in offered),
        "more": answer.more + len(given.findings) - chosen,
    }
    return Worded(answer.model_copy(update=update), summary, offered)


def _place(suggested: Suggested) -> tuple[str, int, str]:
    return suggested.rule, suggested.line, suggested.before
