"""Finding: what a rule saw, where, and the edits that would mend it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from functions.review.program import Program
from functions.review.source import Edit, Placed


@dataclass(frozen=True)
class Finding:
    """One place where a rule of rules.toml applies."""

    rule: str
    first: int
    """The first line concerned…"""
    last: int
    """…and the last."""
    told: Mapping[str, str | int] = field(default_factory=dict)
    """What stands for the names in braces in the rule's text: pieces of the learner's own code, or numbers."""
    edits: tuple[Edit, ...] = ()
    """Without any, only words help."""
    needs: str = ""
    """A line that the edits want among the imports."""
    same: bool = True
    """Whether a program with the edits does what it did."""


Rule = Callable[[Program], Iterable[Finding]]
"""Looks at a program that Python can read; never runs it, never raises."""


def found(
    rule: str,
    node: Placed,
    *edits: Edit,
    until: Placed | None = None,
    needs: str = "",
    same: bool = True,
    **told: str | int,
) -> Finding:
    """Return a finding about the lines of a node, or those from its first line to the end of `until`."""
    last = (until or node).end_lineno or node.lineno
    return Finding(rule, node.lineno, last, told, edits, needs, same)


def heading(rule: str, node: ast.stmt, *edits: Edit, same: bool = True, **told: str | int) -> Finding:
    """Return a finding about the first line of a compound statement, with what leads on from it only in words."""
    return Finding(rule, node.lineno, node.lineno, told, edits, "", same)
