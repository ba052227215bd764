"""Figures: what was measured of a tutor, as a column that can be kept and laid beside another."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from scripts.stack.errors import StackError

Unit = Literal["share", "score", "seconds", "count", "money"]


@dataclass(frozen=True)
class Figure:
    """A share of `of` things (0 to 1), a score (-1 to 1), or seconds, a count or money."""

    value: float
    unit: Unit
    of: int | None = None


Figures = Mapping[str, Figure]
"""By what they are of, in the order in which they are shown."""


@dataclass(frozen=True)
class Column:
    """All that was measured of one tutor, by part. `limit`: of how many questions a part at most; None: of all."""

    tutor: str
    parts: Mapping[str, Figures]
    limit: int | None = None


def share(held: Sequence[bool]) -> Figure:
    """Return which share of them is true; of nothing 0."""
    return Figure(sum(held) / len(held) if held else 0.0, "share", len(held))


def kept(column: Column) -> str:
    """Return a column as JSON."""
    return json.dumps(as_data(column), indent=2, ensure_ascii=False) + "\n"


def as_data(column: Column) -> dict[str, Any]:
    """Return a column as plain data."""
    return asdict(column)


def read(file: Path) -> Column:
    """Read a column that was kept. Raises StackError for what is none."""
    try:
        data = json.loads(file.read_text("utf-8"))
        parts = {
            str(part): {str(name): _figure(each) for name, each in figures.items()}
            for part, figures in data["parts"].items()
        }
        return Column(str(data["tutor"]), parts, data["limit"])
    except OSError as problem:
        raise StackError(f"{file} cannot be read: {problem.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise StackError(f"{file} holds no figures that --save kept: {problem}") from None


def _figure(data: Mapping[str, Any]) -> Figure:
    figure = Figure(float(data["value"]), data["unit"], data["of"])
    if figure.unit not in get_args(Unit) or not isinstance(figure.of, int | None):
        raise ValueError(f"{figure} is no figure")
    return figure
