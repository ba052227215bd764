"""Rules: what a learner's program could do better, each found in its tree, with the change where that is mechanical."""

from __future__ import annotations

from functions.review.finding import Rule
from functions.review.rules import (
    bugs,
    conditions,
    dead_code,
    dictionaries,
    docstrings,
    expressions,
    loops,
    naming,
    repeating,
    repetition,
    searching,
    structure,
    writing,
)

RULES: tuple[Rule, ...] = (
    *searching.RULES,
    *repeating.RULES,
    *loops.RULES,
    *conditions.RULES,
    *dictionaries.RULES,
    *naming.RULES,
    *structure.RULES,
    *repetition.RULES,
    *expressions.RULES,
    *bugs.RULES,
    *dead_code.RULES,
    *docstrings.RULES,
    *writing.RULES,
)
