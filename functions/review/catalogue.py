"""Catalogue: what is said of each thing that is found, and what it is worth."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from functions.review.finding import Finding
from functions.review.model import Category
from functions.shared.markdown import code, cut

_FILE = Path(__file__).with_name("rules.toml")


@dataclass(frozen=True)
class Entry:
    """What is the same wherever a rule applies."""

    category: Category
    weight: float
    """0 to 10."""
    reason: str
    """Markdown, with the names of what a finding tells in braces."""
    ruff: tuple[str, ...] = ()
    """The codes under which ruff finds it; none for a rule of our own."""


@cache
def catalogue() -> dict[str, Entry]:
    """Read rules.toml."""
    held = tomllib.loads(_FILE.read_text("utf-8"))
    return {name: Entry(**{**entry, "ruff": tuple(entry.get("ruff", ()))}) for name, entry in held.items()}


@cache
def rules_of_ruff() -> dict[str, str]:
    """Return the rule of each of ruff's codes that we listen to."""
    return {code: name for name, entry in catalogue().items() for code in entry.ruff}


def reason(finding: Finding) -> str:
    """Return what is said of a finding, with what it tells of the learner's program made safe to show."""
    shown = {name: value if isinstance(value, int) else _shown(value) for name, value in finding.told.items()}
    return catalogue()[finding.rule].reason.format_map(shown)


def _shown(text: str) -> str:
    return code(cut(" ".join(text.split())))
