"""Certainty: how far a mastery can be believed, and why. Pure.

A figure that rests on two exercises of last year looks like one that rests on twenty of this week. Artemis shows a
confidence and the reason for it beside a competency's progress, and lets recent scores count for it only from three
exercises on (ls1intum/Artemis, CompetencyProgressService). The bounds here are LearnFlow's own.
"""

from __future__ import annotations

from datetime import date

from functions.shared.markdown import listed
from functions.shared.progressing import Certainty
from functions.shared.standing.sums import Sums

SOME, MANY = 3, 10
"""Things that a medium and a high certainty rest on at least."""
RECENT_DAYS, STALE_DAYS = 30, 90
"""A high certainty needs something of the last 30 days; a medium one, of the last 90."""


def certainty(sums: Sums, last_day: date | None, as_of: date) -> tuple[Certainty, str]:
    """Return how far what was counted can be believed on a day, and why, as a sentence."""
    if not sums.data or last_day is None:
        return "low", "Nothing has been graded, answered or reviewed yet."
    kinds = _kinds(sums)
    age = max((as_of - last_day).days, 0)
    why = f"It rests on {listed(kinds)}, the latest {_ago(age)}"
    if sums.data < SOME:
        return "low", f"{why}: too little to be sure."
    if age > STALE_DAYS:
        return "low", f"{why}: much may have changed since."
    if sums.data < MANY:
        return "medium", f"{why}: a good start, and more would make it surer."
    if age > RECENT_DAYS:
        return "medium", f"{why}: enough, and not quite recent."
    if len(kinds) == 1:
        return "medium", f"{why}: enough, and all of one kind."
    return "high", f"{why}: enough, recent, and of more than one kind."


def _kinds(sums: Sums) -> tuple[str, ...]:
    counted = ((sums.exercises, "exercise"), (sums.answers, "quiz answer"), (sums.programs, "reviewed program"))
    return tuple(f"{count} {name}{'' if count == 1 else 's'}" for count, name in counted if count)


def _ago(days: int) -> str:
    return "today" if days == 0 else "yesterday" if days == 1 else f"{days} days ago"
