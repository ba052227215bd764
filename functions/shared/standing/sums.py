"""Sums: what a learner has shown, of each topic and of everything. Pure."""

from __future__ import annotations

from dataclasses import astuple, dataclass, field
from datetime import date
from operator import add, sub

OVERALL = ""
"""The topic under which everything is summed up, what belongs to no topic too."""


@dataclass(frozen=True)
class Sums:
    """What items come to; the weights are added when it is read."""

    exercises: int = 0
    score_sum: int = 0
    answers: int = 0
    right_answers: int = 0
    programs: int = 0
    quality_sum: int = 0
    passed_alone: int = 0
    passed_helped: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(*map(add, astuple(self), astuple(other)))

    def __sub__(self, other: Sums) -> Sums:
        return Sums(*map(sub, astuple(self), astuple(other)))

    @property
    def data(self) -> int:
        """How many things they rest on."""
        return self.exercises + self.answers + self.programs


@dataclass(frozen=True)
class Row:
    """What a learner has shown of a topic."""

    sums: Sums = field(default_factory=Sums)
    last_day: date | None = None
    """The latest day on which something was counted."""

    def plus(self, sums: Sums, day: date | None) -> Row:
        """Return the row with more in it; `day` is when, None for what does not make it more recent."""
        return Row(self.sums + sums, max(filter(None, (self.last_day, day)), default=None))
