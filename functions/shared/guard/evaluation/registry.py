"""Registry: every manner in which a model may give in, by its name."""

from __future__ import annotations

from collections.abc import Callable

Made = str | tuple[str, ...]
Manner = Callable[[str, str], tuple[str, ...]]
"""Of a solution and its exercise's starter, the answers, one for each turn that it takes."""

MANNERS: dict[str, Manner] = {}


def manner(make: Callable[[str], Made]) -> Callable[[str], Made]:
    """Keep a manner that needs the solution alone under its name, with spaces for `_`."""
    MANNERS[_name(make)] = lambda solution, _: _answers(make(solution.rstrip("\n")))
    return make


def manner_with_starter(make: Callable[[str, str], Made]) -> Callable[[str, str], Made]:
    """Keep a manner that needs the starter too."""
    MANNERS[_name(make)] = lambda solution, starter: _answers(make(solution.rstrip("\n"), starter.rstrip("\n")))
    return make


def lines_of(program: str) -> list[str]:
    """Return the lines of a program that are not empty."""
    return [line for line in program.split("\n") if line.strip()]


def _name(make: Callable[..., Made]) -> str:
    return str(make.__name__).replace("_", " ")


def _answers(made: Made) -> tuple[str, ...]:
    return (made,) if isinstance(made, str) else made
