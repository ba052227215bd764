"""Quality: a mark from 0 to 100 for a program that works."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from functions.review.catalogue import catalogue
from functions.review.finding import Finding
from functions.review.model import Category, Quality
from functions.review.program import Program

MOST: dict[Category, float] = {
    "structure": 30,
    "naming": 25,
    "bug_risk": 20,
    "readability": 20,
    "time": 15,
    "dead_code": 15,
    "style": 8,
    "docstrings": 6,
}
"""The points that a category can take away at most: what hinders a reader more may take more."""
HALF = 4.0
"""The load at which a category takes half of what it can: one finding of middling weight, in a short program."""
SHORT = 10
"""Statements up to which a program counts as short."""


def quality(program: Program, findings: Sequence[Finding]) -> Quality:
    """Return the mark of a program for what our own rules found in it.

    Each category takes `most · load / (load + HALF)` points from 100, where its load is the sum of the weights of its
    findings, times `SHORT / max(SHORT, statements)`, to the power of one half.

    As in pylint's mark, 10 − 10 · (5 errors + warnings + …) / statements, a finding counts by how severe it is, and
    less in a longer program. Other than there, each category is bounded, so that no habit alone makes a program bad,
    and each further finding takes less than the one before, so that the mark never leaves 0 to 100 and always tells
    better from worse; and only the root of the size is divided by, since who reads a program stumbles over everything
    that is in it. What ruff says has no part in it: the mark would depend on whether ruff answered in time.
    """
    size = max(SHORT, len(program.statements))
    loads: dict[Category, float] = defaultdict(float)
    for finding in findings:
        entry = catalogue()[finding.rule]
        loads[entry.category] += entry.weight * (SHORT / size) ** 0.5
    parts = {name: round(MOST[name] * load / (load + HALF), 1) for name, load in sorted(loads.items())}
    return Quality(score=max(0, round(100 - sum(parts.values()))), parts=parts)
