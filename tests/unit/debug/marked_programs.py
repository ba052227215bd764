"""Marked programs: broken ones that Python cannot read, each with its repair marked in it."""

from __future__ import annotations

import re
from typing import NamedTuple

from functions.debug.diagnose import diagnose
from functions.debug.model import Case, ErrorSeen, Finding
from functions.debug.rules.syntax.program import refusal

_MARK = re.compile(r"⟨(.*?)→(.*?)⟩", re.DOTALL)


class Marked(NamedTuple):
    """A broken program: the cause, the guilty line, and its text, in which `⟨wrong→right⟩` marks what is to be changed.

    Without any mark there is nothing that a rule could change without guessing.
    """

    cause: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.cause}: {self.code[:40]}"

    @property
    def code(self) -> str:
        return _MARK.sub(r"\1", self.text)

    @property
    def fixed(self) -> str | None:
        return _MARK.sub(r"\2", self.text) if _MARK.search(self.text) else None


def found_in(code: str) -> Finding:
    """Return what is found in a program with the error that this Python reports; its texts are all there."""
    stopped = refusal(code)
    assert stopped is not None, "Python reads this program"
    found = diagnose(Case(code, ErrorSeen(stopped.type, stopped.message, line=stopped.line)))
    assert found is not None
    assert all((found.explanation, found.pointer, found.solution))
    return found


def told(program: Marked) -> tuple[str, int | None, str | None]:
    """Return the cause, the line and the repaired program."""
    found = found_in(program.code)
    return found.cause, found.line, found.fixed
