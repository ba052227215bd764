"""Repairing: which of the repairs that come into question makes Python read the program.

Detectors propose repairs that nobody has tried. They stand in tiers: what a tier finds is preferred to what a later one
finds. A detector proposes the likeliest repair first; of what several detectors of a tier find, the smallest one wins.
A repair after which Python gets further is taken for the first of several.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from functions.debug.model import Finding
from functions.debug.rules.syntax.program import Program, Refusal, refusal

Detector = Callable[[Program], Iterable[Finding]]
"""Proposes what may be wrong; `fixed` of what it finds is None, or code that may or may not be readable."""

MOST_REPAIRS = 3
"""Of mistakes that have nothing to do with each other."""
MOST_TRIES = 120
_MOST_BEGINNINGS = 3
_MOST_CHARACTERS_TRIED = 500_000

_LEXICAL = re.compile(
    "unterminated|was never closed|unmatched|does not match|invalid character|invalid non-printable|leading zeros"
    "|invalid decimal literal|line continuation|unindent|inconsistent use|f-string"
)


class _Trying:
    """What has been tried, and what may still be tried: readings of a long program take their time."""

    def __init__(self, program: Program) -> None:
        self.left = min(MOST_TRIES, _MOST_CHARACTERS_TRIED // (len(program.code) + 1) + MOST_REPAIRS)
        self._known: dict[str, Refusal | None] = {}

    def refused(self, fixed: str) -> Refusal | None:
        if fixed not in self._known:
            self.left -= 1
            self._known[fixed] = refusal(fixed)
        return self._known[fixed]


def repair(program: Program, tiers: Sequence[Sequence[Detector]]) -> Finding | None:
    """Return what is wrong with a program that Python refuses; with `fixed` only if Python reads that."""
    return _repair(program, tiers, MOST_REPAIRS, _Trying(program))


def _repair(program: Program, tiers: Sequence[Sequence[Detector]], repairs: int, trying: _Trying) -> Finding | None:
    started: list[Finding] = []
    seen: Finding | None = None
    for tier in tiers:
        proposed = [list(detector(program)) for detector in tier]
        complete = [finding for findings in proposed if (finding := _first_readable(findings, trying))]
        if complete:
            return min(complete, key=lambda finding: _size(program, finding))
        everything = [finding for findings in proposed for finding in findings]
        started += [finding for finding in everything if _gets_further(program, finding, trying)]
        seen = next((finding for finding in everything if finding.fixed is None), None)
        if seen and not started:
            break
    return _first_of_several(program, tiers, started, repairs, trying) or seen


def _first_readable(findings: list[Finding], trying: _Trying) -> Finding | None:
    for finding in findings:
        if finding.fixed is not None and trying.left > 0 and trying.refused(finding.fixed) is None:
            return finding
    return None


def _first_of_several(
    program: Program, tiers: Sequence[Sequence[Detector]], started: list[Finding], repairs: int, trying: _Trying
) -> Finding | None:
    """Go on from the repairs that help a little; the first one that leads to a readable program is told of."""
    for finding in started[:_MOST_BEGINNINGS] if repairs > 1 else ():
        if finding.fixed is None or trying.left <= 0:
            break
        rest = _repair(Program(finding.fixed, program.first), tiers, repairs - 1, trying)
        if rest and rest.fixed is not None:
            return replace(finding, fixed=rest.fixed)
    return replace(started[0], fixed=None) if started else None


def _gets_further(program: Program, finding: Finding, trying: _Trying) -> bool:
    old, line = program.refusal, (finding.line or 1) - (program.first or 1) + 1
    if finding.fixed is None or old is None or trying.left <= 0:
        return False
    new = trying.refused(finding.fixed)
    if new is None:
        return True
    if new.line > max(old.line, line):
        return True
    first = min(old.line, line)
    earlier = new.line < first or (new.line == first and not _LEXICAL.search(new.message))
    return bool(_LEXICAL.search(old.message)) and earlier


def _size(program: Program, finding: Finding) -> int:
    """Return how many characters lie between the first and the last change of a repair."""
    old, new = program.lines, (finding.fixed or "").split("\n")
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    one, other = ("\n".join(lines[start : len(lines) - end]) for lines in (old, new))
    begin = _alike(one, other)
    return len(one) + len(other) - 2 * (begin + _alike(one[begin:][::-1], other[begin:][::-1]))


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many items two sequences have in common at their beginning."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
