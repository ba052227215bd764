"""Mastery: how well something is known, 0 to 100, of what was counted. Pure.

It is 40 % of the mean best score of the exercises, 30 % of the share of quiz questions that were right at the first
answer, 20 % of the mean quality of the programs and 10 % of consistency, the share of the last 30 days on which the
learner did something, whatever the topic. The weights are LearnFlow's own; no study stands behind them. What there is
no data on counts 0. The view `mastery` in the database says the same in SQL.
"""

from __future__ import annotations

from bisect import bisect_left
from fractions import Fraction
from typing import NamedTuple, get_args

from functions.shared.progressing import MasteryLevel
from functions.shared.standing.sums import Sums

WINDOW_DAYS = 30
LEVELS: tuple[MasteryLevel, ...] = get_args(MasteryLevel)
LAST_OF_LEVEL = (40, 70, 90)
"""The last of Red, Yellow and Green; what is above is Blue."""


class Part(NamedTuple):
    """One of the four things that mastery is made of."""

    name: str
    weight: Fraction
    value: Fraction
    """0 to 100."""
    data: int
    """How many things it rests on."""


def parts(sums: Sums, active_days: int) -> tuple[Part, ...]:
    """Return what mastery is made of; `active_days` is how many of the last 30 were active."""
    return (
        Part("exercises", Fraction(4, 10), _mean(sums.score_sum, sums.exercises), sums.exercises),
        Part("quizzes", Fraction(3, 10), _mean(100 * sums.right_answers, sums.answers), sums.answers),
        Part("quality", Fraction(2, 10), _mean(sums.quality_sum, sums.programs), sums.programs),
        Part("consistency", Fraction(1, 10), Fraction(100 * active_days, WINDOW_DAYS), active_days),
    )


def mastery(sums: Sums, active_days: int) -> int:
    """Return mastery, 0 to 100, rounded half up once, at the end."""
    return half_up(sum((part.weight * part.value for part in parts(sums, active_days)), Fraction()))


def level(rounded: int) -> MasteryLevel:
    """Return the level of a rounded mastery: Red to 40, Yellow to 70, Green to 90, else Blue."""
    return LEVELS[bisect_left(LAST_OF_LEVEL, rounded)]


def half_up(value: Fraction) -> int:
    """Return the nearest whole number, the higher one of two."""
    return (value + Fraction(1, 2)).__floor__()


def _mean(total: int, count: int) -> Fraction:
    return Fraction(total, count) if count else Fraction()
