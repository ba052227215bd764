"""The table: a column for each tutor, a line for each figure. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from scripts.stack.evaluating.tutor.figures import Column, Figure

NOT_MEASURED = "·"


def table(columns: Sequence[Column]) -> str:
    """Return the table; a figure that one of the tutors has and another has not is a dot there."""
    rows = list(_rows(columns))
    names = max(len(name) for name, _ in rows)
    widths = [
        max(len(column.tutor), *(len(cells[place]) for _, cells in rows if cells))
        for place, column in enumerate(columns)
    ]
    head = ("", [column.tutor for column in columns])
    return "\n".join(_line(name, cells, names, widths) for name, cells in (head, *rows))


def told_apart(columns: Sequence[Column]) -> list[Column]:
    """Return the columns, those of one name numbered."""
    names = [column.tutor for column in columns]
    return [
        replace(each, tutor=f"{each.tutor} ({names[: place + 1].count(each.tutor)})")
        if names.count(each.tutor) > 1
        else each
        for place, each in enumerate(columns)
    ]


def notes(columns: Sequence[Column]) -> str:
    """Say what the figures are of, and what they are not."""
    limited = [f"{each.tutor}: {each.limit}" for each in columns if each.limit is not None]
    told = [
        "Figures of one run each; a model that is asked above temperature 0 gives others another time.",
        "“of” is how many there were to be right in: figures of few say little.",
        f"An even sample, always the same one; so many a part: {', '.join(limited)}." if limited else "",
    ]
    return "\n".join(filter(None, told))


def _rows(columns: Sequence[Column]) -> Iterator[tuple[str, list[str]]]:
    """Yield each part's title, without cells, and the lines below it."""
    for part in _merged([list(column.parts) for column in columns]):
        yield part, []
        figures = [column.parts.get(part, {}) for column in columns]
        for name in _merged([list(each) for each in figures]):
            yield f"  {name}", [_cell(each.get(name)) for each in figures]


def _merged(orders: Sequence[Sequence[str]]) -> list[str]:
    """Return all names once, in the order of the longest list, what only others have after it."""
    return list(dict.fromkeys(name for order in sorted(orders, key=len, reverse=True) for name in order))


def _cell(figure: Figure | None) -> str:
    if figure is None or figure.of == 0:
        return NOT_MEASURED
    match figure.unit:
        case "share":
            return f"{figure.value:.1%} of {figure.of:>3}"
        case "score":
            return f"{figure.value:.3f}"
        case "seconds":
            return f"{figure.value:.2f} s"
        case "money":
            return f"{figure.value:.4f}"
        case "count":
            return f"{figure.value:,.0f}"


def _line(name: str, cells: Sequence[str], names: int, widths: Sequence[int]) -> str:
    told = (f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=False))
    return "   ".join((f"{name:<{names}}", *told)).rstrip()
