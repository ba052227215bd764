"""Review: whether marks rank programs as people do, and whether what is suggested keeps what a program does."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from functions.review.by_model import by_model as worded_by
from functions.review.checking import Verdict, verdicts
from functions.review.drafting import Draft, with_review
from functions.review.model import Review
from functions.review.reviewing import review
from functions.review.wording import after_checks, smaller, summed_up, unreviewed
from functions.shared.events import ReviewRequested
from functions.shared.guard.guarding import Known
from functions.shared.guarded import guarded
from functions.shared.model.asking import NoAnswer
from functions.shared.prompts.review import BY_MODEL, MOST_OF_ITS_OWN, ReviewSaid
from sandbox_runner.program import Program
from scripts.stack.errors import StackError
from scripts.stack.evaluating.review import LABELLED, Labelled, Scored, order, pairs, read, spearman
from scripts.stack.evaluating.tutor.asking import Nowhere, One, event_of
from scripts.stack.evaluating.tutor.figures import Figure, share
from scripts.stack.evaluating.tutor.part import Part
from scripts.stack.evaluating.tutor.sampling import sample_whole
from scripts.stack.evaluating.tutor.sandbox import Sandbox


@dataclass(frozen=True)
class Reviewed:
    """A program that was reviewed: its mark, what the changed versions of it turned out to be, the model's own among
    them, and how many of the model's own there were before Python read them."""

    scored: Scored
    tried: tuple[Verdict, ...]
    own: tuple[Verdict, ...]
    claimed: int
    is_models: bool
    was_held_back: bool
    outcomes: tuple[str, ...]


def part(limit: int | None, sandbox: Sandbox) -> Part[Labelled, Reviewed]:
    """Return the programs, those that do the same together: they are compared with one another."""
    chosen = sample_whole(read(LABELLED), limit, lambda each: each.group)
    return Part("review", chosen, partial(judge, sandbox=sandbox), figures)


def judge(snippet: Labelled, one: One | None, *, sandbox: Sandbox) -> Reviewed:
    """Review a program as a learner gets it who asks for that."""
    seen = review(snippet.code)
    if not isinstance(seen, Review):
        raise StackError(f"{snippet.id}: cannot be read: {seen.message}")
    asked = ReviewRequested(question="", code=snippet.code)
    draft = Draft(answer=unreviewed(""), at=datetime.now(UTC), code=snippet.code)
    draft = with_review(draft, seen, {})
    held = Known(given=(snippet.code,))
    if one and (ask := one.for_task("review")):
        with suppress(NoAnswer):
            draft = worded_by(event_of(asked), Nowhere(), draft, seen, None, held, ask=ask)
    found = _tried(draft, sandbox)
    told = summed_up(after_checks(draft.answer, found), None, draft.said)
    left = guarded(told, held, partial(smaller, told, None), function="review")
    rules = [each.rule for each in draft.answer.suggestions]
    answered = bool(one and "answered" in one.outcomes)
    return Reviewed(
        scored=Scored(snippet, left.quality or 0, tuple(rules)),
        tried=tuple(found.values()),
        own=tuple(verdict for place, verdict in found.items() if rules[place] == BY_MODEL),
        claimed=_claimed(one) if answered else 0,
        is_models=answered and left is told,
        was_held_back=bool(one and one.was_held_back) or (answered and left is not told),
        outcomes=tuple(one.outcomes) if one else (),
    )


def _tried(draft: Draft, sandbox: Sandbox) -> dict[int, Verdict]:
    """Return what the changed versions of a program turned out to be, by the place of their suggestion."""
    ran = [sandbox.run(Program(each.code or draft.code, each.stdin, each.before, each.call)) for each in draft.trials]
    return dict(zip(draft.tried, verdicts(ran, len(draft.tried)), strict=True))


def _claimed(one: One | None) -> int:
    """Return how many changed lines of its own a model wrote in the answer that was taken."""
    said = one.said[-1] if one else None
    if not isinstance(said, ReviewSaid):
        return 0
    own = [each for each in said.suggestions if each.finding is None][:MOST_OF_ITS_OWN]
    return sum(bool(each.after and each.after.strip()) for each in own)


def figures(judged: Sequence[Reviewed], by_model: bool) -> dict[str, Figure]:
    """Return how well programs are ranked, and what became of what was suggested."""
    scored = [each.scored for each in judged]
    compared = list(pairs(scored))
    ranked = order(compared)
    found = {
        "pairs in the right order": Figure(ranked.share, "share", len(compared)),
        "Kendall's tau": Figure(ranked.tau, "score"),
        "Spearman's correlation": Figure(spearman(scored), "score"),
        "changed versions that do the same": _share_of("same", [each.tried for each in judged]),
    }
    if by_model:
        asked = [each for each in judged if each.outcomes]
        claimed = sum(each.claimed for each in judged)
        own = [each.own for each in judged]
        found |= {
            "answered by the model": share([each.is_models for each in asked]),
            "held back by our checks": share([each.was_held_back for each in asked]),
            "its own versions that Python can read": Figure(
                min(sum(map(len, own)) / claimed, 1.0) if claimed else 0.0, "share", claimed
            ),
            "its own versions that do the same": _share_of("same", own),
            "its own versions that nobody can tell of": _share_of("unknown", own),
        }
    return found


def _share_of(verdict: Verdict, tried: Sequence[Sequence[Verdict]]) -> Figure:
    return share([each == verdict for one in tried for each in one])
