"""Agreeing: where the statements of a program stand in a text, one name standing for the same all through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from functions.shared.guard.lexing import NAME, NUMBER, STRING, Lexed
from functions.shared.guard.programs import Statement

MOST_PLACES = 12
"""Places where a statement is found that are compared, and names that are tried."""
OTHER_NUMBERS = 1
"""That a program may have and still be the same: another exercise differs by more."""

Names = Mapping[str, str]
"""Which name of a text stands for which name of a solution. Texts in quotes count as names, with a mark before them,
and so does a number that is another: `#0 1` for a 1 where the solution has a 0."""
Found = Mapping[Statement, tuple[Names, ...]]
"""Statements, and each way in which they stand in a text; () for not at all."""

_MARKS = {NAME: "", STRING: '"'}


def places(
    statement: Statement, stream: Lexed, had: frozenset[Lexed] = frozenset(), *, any_numbers: bool = False
) -> tuple[Names, ...]:
    """Return where a statement stands in a text, each time as the names that stand for its names.

    Where it stands word for word as in one of `had`, it is no news. With `any_numbers`, numbers are alike as names are.
    """
    found: dict[tuple[tuple[str, str], ...], Names] = {}
    looked_through = stream.loose if any_numbers else stream.shape
    for form in statement.forms:
        shape = form.loose if any_numbers else form.shape
        place = looked_through.find(shape)
        while place >= 0 and len(found) < MOST_PLACES:
            there = Lexed(stream.shape[place : place + len(shape)], stream.words[place : place + len(shape)])
            names = _standing_for(form, there, shape)
            if names is not None and there not in had:
                found.setdefault(tuple(sorted(names.items())), names)
            place = looked_through.find(shape, place + 1)
    return tuple(found.values())


def _standing_for(form: Lexed, there: Lexed, shape: str) -> Names | None:
    """Return which names stand for a statement's names; None where one would stand for two, or two for one."""
    names: dict[str, str] = {}
    for token, wanted, word in zip(shape, form.words, there.words, strict=True):
        if token == NUMBER and word != wanted:
            names[f"#{wanted} {word}"] = f"#{wanted} {word}"
        elif token in _MARKS and names.setdefault(_MARKS[token] + wanted, _MARKS[token] + word) != _MARKS[token] + word:
            return None
    return names if len(set(names.values())) == len(names) else None


def same_texts(names: Names) -> bool:
    """Whether the texts in quotes are those of the program."""
    return all(word == name for name, word in names.items() if name.startswith(_MARKS[STRING]))


def same(names: Names) -> bool:
    """Whether all names are those of the program."""
    return all(word == name for name, word in names.items())


def weight(statements: Iterable[Statement]) -> float:
    """Return what statements weigh together."""
    return sum(each.weight for each in statements)


def strength(statements: Iterable[Statement]) -> float:
    """Return how much statements say together."""
    return sum(each.strength for each in statements)


def together(wanted: Sequence[Statement], found: Found) -> tuple[Statement, ...]:
    """Return the heaviest of the statements found whose names agree."""
    heaviest = sorted(wanted, key=lambda each: -each.weight)
    seeds = [names for each in heaviest for names in found[each]][:MOST_PLACES]
    tries = (_agreeing(heaviest, found, seed) for seed in ({}, *seeds))
    return max(tries, key=weight, default=())


def _agreeing(wanted: Sequence[Statement], found: Found, seed: Names) -> tuple[Statement, ...]:
    known, shown = dict(seed), []
    for each in wanted:
        fitting = [names for names in found[each] if _agree(known, names)]
        if fitting:
            known |= max(fitting, key=lambda names: len(names.keys() & known.keys()))
            shown.append(each)
    return tuple(shown)


def _agree(known: Names, more: Names) -> bool:
    taken = set(known.values())
    if not all(known[name] == word if name in known else word not in taken for name, word in more.items()):
        return False
    return len({name for names in (known, more) for name in names if name[:1] == "#"}) <= OTHER_NUMBERS
