"""Comparing: whether a value that came is the one that must. Both are plain values, decoded outside the sandbox."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from typing import Any

from functions.curriculum.practice import APPROX_TOLERANCE, Comparison
from functions.exercise.values import Unknown

_IN_ORDER = (list, tuple)
_WITH = {
    each.__name__: each
    for each in (
        abs, all, any, bool, dict, enumerate, float, frozenset, int, isinstance, len, list, map, max, min, range,
        reversed, round, set, sorted, str, sum, tuple, type, zip,
    )
}  # fmt: skip
"""What a property may be said with."""


def same(expected: Any, got: Any, how: Comparison) -> bool:
    """Return whether `got` is what is expected.

    `equal` wants the same types all through (True, 1 and 1.0 are three values; a dict's order does not count),
    `approx` takes numbers for equal within APPROX_TOLERANCE, `unordered` ignores the order of a list or tuple.
    """
    if how == "approx":
        return _near(expected, got)
    if how == "unordered" and type(expected) is type(got) and isinstance(expected, _IN_ORDER):
        return Counter(map(_canonical, expected)) == Counter(map(_canonical, got))
    return _canonical(expected) == _canonical(got)


def holds(said: str, value: Any) -> bool:
    """Return whether a property, an expression about `value` written by the exercise's author, is True of it.

    The value is plain data, decoded outside the sandbox; one that the expression cannot be asked about has it not.
    """
    if isinstance(value, Unknown):
        return False
    try:
        return eval(said, {"__builtins__": _WITH, "value": value}) is True  # noqa: S307 -- curriculum, not a learner
    except Exception:
        return False


def same_text(expected: str, got: str) -> bool:
    """Return whether two texts are the same but for white space at the ends of lines and of the text."""
    return _lines(expected) == _lines(got)


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().split("\n")]


def _canonical(value: Any) -> Hashable:
    """Return what is equal for equal values alone: Python itself takes True for 1, and nan for nothing."""
    kind = type(value)
    if kind in _IN_ORDER:
        return kind, tuple(map(_canonical, value))
    if kind in (set, frozenset):
        return kind, frozenset(map(_canonical, value))
    if kind is dict:
        return kind, frozenset((_canonical(key), _canonical(item)) for key, item in value.items())
    if kind is complex:
        return kind, _canonical(value.real), _canonical(value.imag)
    if kind is float and value != value:
        return kind, "nan"
    return (kind, id(value)) if kind is Unknown else (kind, value)


def _near(expected: Any, got: Any) -> bool:
    if _is_number(expected) and _is_number(got):
        return _near_numbers(expected, got)
    if type(expected) is not type(got):
        return False
    if isinstance(expected, _IN_ORDER):
        return len(expected) == len(got) and all(map(_near, expected, got))
    if type(expected) is dict:
        mine, theirs = ({_canonical(key): item for key, item in side.items()} for side in (expected, got))
        return set(mine) == set(theirs) and all(_near(mine[key], theirs[key]) for key in mine)
    return _canonical(expected) == _canonical(got)


def _is_number(value: Any) -> bool:
    return type(value) in (int, float)


def _near_numbers(expected: float, got: float) -> bool:
    if expected == got or _canonical(expected) == _canonical(got):
        return True
    try:
        return abs(got - expected) <= APPROX_TOLERANCE * max(1.0, min(abs(expected), 1e308))
    except OverflowError:  # an int that no float can hold
        return False
