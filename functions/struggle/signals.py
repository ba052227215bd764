"""Signals: when what a learner does says that they are stuck. Pure; thresholds are data with their sources.

They alert people and never grade: over five datasets such measures predict only mildly (Carter et al. 2019,
10.1145/3341525.3387373).

Events come in any order. So each decision looks at what happened before and after the event, and a sign has the time of
the last thing that it rests on: whichever of these things is told last, the sign is the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import Any

from functions.shared.alerting import Severity, Signal

SAME_ERROR_WINDOW = timedelta(minutes=10)
SAME_ERROR_TIMES = 4
"""More than three of one kind within the window."""
QUOTIENT_WINDOW = timedelta(hours=1)
QUOTIENT_RUNS = 6
QUOTIENT_FROM = 0.5
"""Half of what the worst session there can be has. A proposal: the literature names no threshold."""
FAILED_ATTEMPTS = 4
OPPORTUNITIES = 10
PASSES_IN_A_ROW = 3
"""Who has not passed three times in a row within ten opportunities is likely to be spinning their wheels (Beck & Gong
2013; ten for programming exercises as in 10.1007/978-3-030-52240-7_17)."""
COOLDOWN = timedelta(minutes=30)
"""Between two signals of one kind about one thing."""
DISMISSED_FOR = timedelta(hours=24)
"""How long a kind of signal about one thing is silent once a teacher has dismissed it."""


@dataclass(frozen=True)
class Mistake:
    """An error in a program (by hash, empty where it is not known): one that a run showed, or was asked about."""

    code_hash: str
    at: datetime
    asked_about: bool


@dataclass(frozen=True)
class Run:
    """A run of a program, and the type of error that it ended with."""

    error: str | None
    at: datetime


@dataclass(frozen=True)
class Attempt:
    """A graded submission."""

    exercise_id: str
    at: datetime
    passed: bool
    score: int


@dataclass(frozen=True)
class Sign:
    """That a learner is stuck, why, what that rests on, and when the last of it happened.

    `about` tells two of one kind apart.
    """

    signal: Signal
    about: str
    at: datetime
    reason: str
    evidence: dict[str, Any]
    severity: Severity = "warning"
    topic: str | None = None
    exercise_id: str | None = None


def same_error(error_type: str, mistakes: Sequence[Mistake], at: datetime) -> Sign | None:
    """Say so where a window around `at` holds four mistakes of one type: more than three in ten minutes."""
    starts = sorted({each.at for each in mistakes if at - SAME_ERROR_WINDOW <= each.at <= at}, reverse=True)
    windows = ([each for each in mistakes if start <= each.at <= start + SAME_ERROR_WINDOW] for start in starts)
    window = max(windows, key=count, default=[])
    times = count(window)
    if times < SAME_ERROR_TIMES:
        return None
    minutes = int(SAME_ERROR_WINDOW.total_seconds() // 60)
    return Sign(
        "same_error",
        error_type,
        max(each.at for each in window),
        f"{error_type} came up {times} times within {minutes} minutes.",
        {"error_type": error_type, "times": times, "minutes": minutes},
    )


def count(mistakes: Sequence[Mistake]) -> int:
    """Return how many mistakes these are: a run shows one, and a question about it is about the same.

    Of each program counts what was seen oftener, runs or questions. A question without its program is about a run that
    nothing else asked about, as long as there is one.
    """
    run = Counter(each.code_hash for each in mistakes if not each.asked_about)
    asked = Counter(each.code_hash for each in mistakes if each.asked_about)
    without_program = asked.pop("", 0)
    return (run | asked).total() + max(without_program - (run - asked).total(), 0)


def error_quotient(errors: Sequence[str | None]) -> float:
    """Return Jadud's error quotient of runs in their order, 0 to 1; None is a run without an error.

    For each two runs in a row that both fail 8 points, 3 more if with the same type of error, of 11; the mean over all
    pairs (Jadud 2006, 10.1145/1151588.1151600).
    """
    pairs = list(pairwise(errors))
    points = [(8 + 3 * (first == second)) / 11 if first and second else 0.0 for first, second in pairs]
    return sum(points) / len(points) if points else 0.0


def high_quotient(runs: Sequence[Run], at: datetime) -> Sign | None:
    """Say so where six runs or more, the hour up to a failed one, have an error quotient of a half or more.

    `runs` are in their order, and `at` is the time of one: the hours that hold it count, the latest first.
    """
    ends = [run.at for run in reversed(runs) if run.error and at <= run.at <= at + QUOTIENT_WINDOW]
    hours = ([run for run in runs if end - QUOTIENT_WINDOW <= run.at <= end] for end in ends)
    return next(filter(None, map(_high_quotient, hours)), None)


def _high_quotient(hour: Sequence[Run]) -> Sign | None:
    errors = [run.error for run in hour]
    if len(errors) < QUOTIENT_RUNS or (quotient := error_quotient(errors)) < QUOTIENT_FROM:
        return None
    failed = [error for error in errors if error]
    kinds = dict(Counter(failed).most_common(3))
    reason = f"{len(failed)} of the last {len(errors)} runs ended with an error, mostly one after the other."
    evidence = {"quotient": round(quotient, 2), "runs": len(errors), "errors": kinds}
    return Sign("error_quotient", "runs", hour[-1].at, reason, evidence)


def failing_exercise(topic: str, exercise_id: str, attempts: Sequence[Attempt]) -> Sign | None:
    """Say so where an exercise was handed in four times or more, and never passed."""
    own = [attempt for attempt in attempts if attempt.exercise_id == exercise_id]
    if len(own) < FAILED_ATTEMPTS or any(attempt.passed for attempt in own):
        return None
    best = max(attempt.score for attempt in own)
    reason = f"{len(own)} attempts at the exercise {exercise_id}, none of them passed; the best has {best} of 100."
    evidence = {"exercise_id": exercise_id, "attempts": len(own), "best_score": best}
    return Sign("failing_exercise", exercise_id, own[-1].at, reason, evidence, topic=topic, exercise_id=exercise_id)


def no_success(topic: str, attempts: Sequence[Attempt]) -> Sign | None:
    """Say so where ten submissions or more on a topic hold no three passes in a row; fewer say nothing yet.

    Who passes some of them is on the way, if slowly; who passes none needs somebody soon.
    """
    longest = max((len(list(run)) for passed, run in groupby(each.passed for each in attempts) if passed), default=0)
    if len(attempts) < OPPORTUNITIES or longest >= PASSES_IN_A_ROW:
        return None
    passed = sum(attempt.passed for attempt in attempts)
    reason = f"{len(attempts)} submissions on {topic}, and never {PASSES_IN_A_ROW} passes in a row; {passed} passed."
    evidence = {"topic": topic, "submissions": len(attempts), "passed": passed}
    severity: Severity = "warning" if passed else "urgent"
    return Sign("no_success", topic, attempts[-1].at, reason, evidence, severity, topic)


def is_quiet(at: datetime, raised: Sequence[datetime], dismissed: datetime | None) -> bool:
    """Say whether a sign of this time may not be raised.

    `raised` are those of its kind about the same thing, `dismissed` is when the last of them was. What comes late is
    compared by its own time, with those before and after; what a teacher has dismissed says nothing of before, either.
    """
    return any(abs(at - when) < COOLDOWN for when in raised) or (
        dismissed is not None and at < dismissed + DISMISSED_FOR
    )
