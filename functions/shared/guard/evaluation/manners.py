"""Manners: what a model that always gives in would answer, made from a solution; each in one or several answers."""

from __future__ import annotations

from functions.shared.guard.evaluation import encoded, retold, shown
from functions.shared.guard.evaluation.registry import MANNERS, lines_of

MODULES = (shown, encoded, retold)
"""Each adds its own to MANNERS."""

__all__ = ["MANNERS", "MODULES", "lines_of"]
