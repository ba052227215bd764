"""Reviewing: from a program to all that is said of it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from functions.review.complexity import complexity, tangled
from functions.review.finding import Finding
from functions.review.linting import lint
from functions.review.model import Review, Unreadable
from functions.review.praising import praise
from functions.review.program import Program, read
from functions.review.quality import quality
from functions.review.rules import RULES
from functions.review.suggesting import most_useful, suggested

MOST_OF_A_RULE = 40
"""Findings of one rule that are looked for: nobody reads more, and a program made to take long takes no longer."""
Linter = Callable[[Program], list[Finding] | None]
"""Returns what it found, None if it could not look."""


def review(code: str, linter: Linter = lint) -> Review | Unreadable:
    """Return the review of a program, or why Python cannot read it. Nothing of it is run."""
    program = read(code)
    if isinstance(program, Unreadable):
        return program
    measured = complexity(program)
    own = [*tangled(measured), *(finding for rule in RULES for finding in islice(rule(program), MOST_OF_A_RULE))]
    linted = linter(program)
    findings = [*own, *(linted or ())]
    chosen = most_useful(findings)
    return Review(
        quality=quality(program, own),
        complexity=measured,
        praise=praise(program, own, measured),
        suggestions=tuple(suggested(program, finding) for finding in chosen),
        more=len(findings) - len(chosen),
        linted=linted is not None,
    )
