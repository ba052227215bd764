"""Items: what mastery rests on, one for each exercise, quiz question and program of a learner. Pure.

Two records of one item merge into one; merging is commutative, associative and idempotent, so that neither the order
of events nor their repetition changes what comes of them: a state-based CRDT (Shapiro et al. 2011,
10.1007/978-3-642-24550-3_29). An item's topic follows from its id, and its share of a topic's sums from itself alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from functions.shared.standing.sums import Sums

T = TypeVar("T", bound=Any)


@dataclass(frozen=True)
class ExerciseBest:
    """The best that a learner did with an exercise. Passed with help is what was passed after help had come."""

    exercise_id: str
    best_score: int | None = None
    passed_at: datetime | None = None
    helped_at: datetime | None = None

    def merged(self, other: ExerciseBest) -> ExerciseBest:
        """Return the higher score, the first pass and the first help of both."""
        return replace(
            self,
            best_score=_pick(max, self.best_score, other.best_score),
            passed_at=_pick(min, self.passed_at, other.passed_at),
            helped_at=_pick(min, self.helped_at, other.helped_at),
        )

    @property
    def id(self) -> str:
        """What it is known by."""
        return self.exercise_id

    @property
    def sums(self) -> Sums:
        """What it adds to its topic."""
        if self.best_score is None:
            return Sums()
        helped = self.passed_at and self.helped_at and self.helped_at <= self.passed_at
        return Sums(
            exercises=1,
            score_sum=self.best_score,
            passed_alone=int(bool(self.passed_at) and not helped),
            passed_helped=int(bool(helped)),
        )


@dataclass(frozen=True)
class QuizFirst:
    """The first answer that a learner ever gave to a quiz question."""

    question_id: str
    correct: bool
    answered_at: datetime

    def merged(self, other: QuizFirst) -> QuizFirst:
        """Return the earlier answer; of two at the same moment the wrong one."""
        return min(self, other, key=lambda first: (first.answered_at, first.correct))

    @property
    def id(self) -> str:
        """What it is known by."""
        return self.question_id

    @property
    def sums(self) -> Sums:
        """What it adds to its topic."""
        return Sums(answers=1, right_answers=int(self.correct))


@dataclass(frozen=True)
class ProgramQuality:
    """How good a program was at its latest review: the one for an exercise, else the one with a hash."""

    program: str
    quality: int
    reviewed_at: datetime

    def merged(self, other: ProgramQuality) -> ProgramQuality:
        """Return the later review; of two at the same moment the better one."""
        return max(self, other, key=lambda review: (review.reviewed_at, review.quality))

    @property
    def id(self) -> str:
        """What it is known by."""
        return self.program

    @property
    def sums(self) -> Sums:
        """What it adds to its topic."""
        return Sums(programs=1, quality_sum=self.quality)


Item = ExerciseBest | QuizFirst | ProgramQuality


def merge(kept: Item | None, seen: Item) -> Item:
    """Return what is known of an item once something was seen of it; `kept` is None before, else of the same item."""
    if kept is None:
        return seen
    merged: Item = kept.merged(seen)  # type: ignore[arg-type]  # whoever looked `kept` up looked under `seen`'s kind
    return merged


def topic_of(item: Item) -> str:
    """Return the topic that an item's id begins with; '' for one without."""
    topic, slash, _ = item.id.partition("/")
    return topic if slash else ""


def total(items: Iterable[Item]) -> Sums:
    """Return what items come to."""
    return sum((item.sums for item in items), Sums())


def _pick(which: Callable[[Iterable[T]], T], *values: T | None) -> T | None:
    known = [value for value in values if value is not None]
    return which(known) if known else None
