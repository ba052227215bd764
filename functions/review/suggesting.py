"""Suggesting: which findings are most useful now, and what each looks like before and after."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from functions.review.catalogue import catalogue, reason
from functions.review.finding import Finding
from functions.review.model import Suggestion
from functions.review.program import Program

MOST = 5
"""Suggestions at once: more are not read."""


def most_useful(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that are most useful together, by weight and then by line.

    One after the other is chosen that is worth most, and it counts half for each one before it that is of the same
    category, of the same rule, or about the same lines: five words on five things teach more than five on one.
    """
    chosen: list[Finding] = []
    left = sorted(findings, key=_by_weight)
    while left and len(chosen) < MOST:
        best = max(left, key=lambda finding: _worth(finding, chosen))  # the first of equals
        left.remove(best)
        chosen.append(best)
    return sorted(chosen, key=_by_weight)


def _by_weight(finding: Finding) -> tuple[float, int, str]:
    return -catalogue()[finding.rule].weight, finding.first, finding.rule


def _worth(finding: Finding, chosen: Sequence[Finding]) -> float:
    entry, alike = catalogue()[finding.rule], 0
    for each in chosen:
        alike += catalogue()[each.rule].category == entry.category
        alike += each.rule == finding.rule
        alike += (each.first, each.last) == (finding.first, finding.last)
    return float(entry.weight / 2**alike)


def suggested(program: Program, finding: Finding) -> Suggestion:
    """Return a finding as a learner sees it. An `after` that Python could not read is left out."""
    entry = catalogue()[finding.rule]
    after, rewritten = changed(program, finding)
    if not (after is not None and _reads(_put_in(program, finding, after)) and rewritten and _reads(rewritten)):
        after = rewritten = None
    why = reason(finding)
    if after is not None and finding.needs and program.importing(finding.needs):
        why += f" It needs `{finding.needs}` at the top."
    return Suggestion(
        rule=finding.rule,
        category=entry.category,
        line=finding.first,
        reason=why,
        before=program.lines(finding.first, finding.last),
        after=after,
        weight=entry.weight,
        rewritten=rewritten if finding.same else None,
    )


def changed(program: Program, finding: Finding) -> tuple[str | None, str | None]:
    """Return the lines of a finding, and the whole program, with its edits; None where there are none, or where they
    change nothing."""
    if not finding.edits:
        return None, None
    start, end = program.line_start(finding.first), program.line_start(finding.last + 1)
    after = program.edited(finding.edits, start, end)
    imports = program.importing(finding.needs) if finding.needs else ()
    rewritten = program.edited((*imports, *finding.edits))
    if after is None or rewritten in (None, program.code):
        return None, None
    return after.rstrip("\r\n"), rewritten


def _put_in(program: Program, finding: Finding, after: str) -> str:
    """Return the program with the lines of a finding replaced."""
    start, end = program.line_start(finding.first), program.line_start(finding.last + 1)
    ending = program.newline if program.data[start:end].endswith((b"\r", b"\n")) else ""
    return program.data[:start].decode() + after + ending + program.data[end:].decode()


def _reads(code: str) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
