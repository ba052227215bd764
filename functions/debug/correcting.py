"""Correcting: a program made right, one mistake after the other, by what the rules mend and what runs of it tell.

Beginners make a mistake more than once. What is mended in one place is mended wherever the same rule finds the same,
and where a correction brings the next error to light, that is mended too, a few times over.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from functions.debug.asking import UNAWAITED, error_of
from functions.debug.diagnose import diagnose
from functions.debug.model import Case, Finding
from functions.shared.running import Ran

MOST_TRIES = 3
_MOST_PLACES = 5


class Correction(NamedTuple):
    """A corrected program, and whether it was run and ended as a program should; None where the rules have none."""

    code: str | None
    works: bool = False


def correction(found: Finding | None, tries: Sequence[Ran]) -> Correction:
    """Return the correction as far as it has come: of `tries`, each is a run of what the one before led to."""
    code = _throughout(found)
    for ran in tries:
        if code is None or works(ran):
            return Correction(code, works=code is not None)
        tried = Case(code)
        error = error_of(ran, tried)
        code = _throughout(diagnose(Case(code, error))) if error else None
    return Correction(code if len(tries) < MOST_TRIES else None)


def works(ran: Ran) -> bool:
    """Whether a program ended as one should."""
    return ran.outcome == "ok" and UNAWAITED not in ran.stderr


def _throughout(found: Finding | None) -> str | None:
    """Return what a finding makes of the program, the same mistake mended in every place that needs no run to see."""
    if found is None or found.fixed is None:
        return None
    code = found.fixed
    for _ in range(_MOST_PLACES):
        again = diagnose(Case(code))
        if again is None or again.cause != found.cause or again.fixed is None:
            break
        code = again.fixed
    return code
