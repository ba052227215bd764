"""Checking: whether a program with a suggestion applied still does what it did, told by running both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from functions.curriculum.practice import ExerciseTest
from functions.shared.running import MAX_TRIALS, CheckTrial, Ran, bytes_in_an_event

MOST_BYTES = 120 * 1024
"""Of all versions together, as JSON: with the rest, the event stays below what an event may have."""
INPUT = "3\n" * 20
"""What input() reads: a number is taken by programs that want one, and by those that want a text."""

Verdict = Literal["same", "different", "unknown"]


class Changing(Protocol):
    """A suggestion that may come with the whole program as it would be."""

    @property
    def rewritten(self) -> str | None:
        """That program; None where there is nothing to try."""
        ...


def worth_checking(code: str, suggestions: Sequence[Changing]) -> tuple[int, ...]:
    """Return which suggestions have a whole program to try, by their place; fewer where these are large."""
    tried, size = [], bytes_in_an_event(code)
    for place, suggestion in enumerate(suggestions):
        if suggestion.rewritten is not None and (size := size + bytes_in_an_event(suggestion.rewritten)) <= MOST_BYTES:
            tried.append(place)
    return tuple(tried)


def trials(code: str, versions: Sequence[str], tests: Sequence[ExerciseTest]) -> tuple[CheckTrial, ...]:
    """Return what to run: the program, then each version of it; each on its own or, for an exercise, by its tests."""
    programs = (code, *versions)
    room = MOST_BYTES // sum(map(bytes_in_an_event, programs))
    each = tests[: max(min(MAX_TRIALS // len(programs), room), 1)]
    inputs = [{"call": test.call, "before": test.before, "stdin": test.stdin} for test in each] or [{"stdin": INPUT}]
    return tuple(CheckTrial.model_validate({"code": version, **given}) for version in programs for given in inputs)


def verdicts(results: Sequence[Ran], versions: int) -> tuple[Verdict, ...]:
    """Return, for each version, whether it did what the program did. `results` are in the order of the trials.

    Unknown where the program itself told nothing: it printed nothing and gave no value, or was stopped.
    """
    each = len(results) // (1 + versions)
    if not each or len(results) != each * (1 + versions):
        unknown: Verdict = "unknown"
        return (unknown,) * versions
    groups = [results[start : start + each] for start in range(0, len(results), each)]
    return tuple(_compared(groups[0], group) for group in groups[1:])


def _compared(before: Sequence[Ran], after: Sequence[Ran]) -> Verdict:
    if any(_seen(old) != _seen(new) for old, new in zip(before, after, strict=True) if _tells(old)):
        return "different"
    if any(new.outcome != "ok" for old, new in zip(before, after, strict=True) if old.outcome == "ok"):
        return "different"
    return "same" if any(map(_tells, before)) else "unknown"


def _tells(ran: Ran) -> bool:
    """Whether a run shows what its program does."""
    return ran.outcome in ("ok", "error") and bool(ran.stdout or ran.value or ran.error)


def _seen(ran: Ran) -> tuple[object, ...]:
    return ran.outcome, ran.stdout, ran.value, ran.error.type if ran.error else None
