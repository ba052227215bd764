"""Counting: how often what was objected to, in Prometheus's terms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from prometheus_client import Counter

from functions.shared.guard.guarding import Objection

OBJECTIONS = Counter(
    "learnflow_guard_objections_total",
    "Objections of the output guard, by whose answer it was: a model's first, its repaired one, the built-in one.",
    ["function", "kind", "answer"],
)


def count(function: str, found: Iterable[Objection], answer: Literal["first", "repaired", "built-in"]) -> None:
    """Count the objections to an answer of a function."""
    for each in found:
        OBJECTIONS.labels(function, each.kind, answer).inc()
