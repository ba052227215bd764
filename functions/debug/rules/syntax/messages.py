"""Messages: what Python's message says of a program that is not there to be looked at, of any version of Python."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from functions.debug.model import Finding
from functions.debug.rules.syntax.program import Program
from functions.debug.rules.syntax.telling import found, shown


class _Said(NamedTuple):
    """A cause that a message tells of; `{0}` stands for what the pattern's first group matched."""

    pattern: re.Pattern[str]
    cause: str
    explanation: str
    pointer: str
    solution: str


@cache
def _said() -> tuple[_Said, ...]:
    text = files(__package__).joinpath("messages.toml").read_text(encoding="utf-8")
    return tuple(_Said(**{**said, "pattern": re.compile(said["pattern"])}) for said in tomllib.loads(text)["message"])


def by_message(message: str, line: int | None) -> Finding | None:
    """Return what a message says on its own; None where it says no more than that the syntax is invalid."""
    for said in _said():
        if match := said.pattern.search(message):
            word = shown(next((group for group in match.groups() if group), ""))
            place = f" Python points at line {line}." if line else ""
            told = (f"{said.explanation}{place}", said.pointer, said.solution)
            texts = (text.replace("{0}", word) for text in told)
            return _told(said.cause, line, *texts)
    return None


def on_syntax(message: str, line: int | None, text: str) -> Finding:
    """Return what can be said where neither the program nor the message tells more."""
    quoted = f", which reads {shown(text)}" if text.strip() else ""
    where = f" in line {line}{quoted}" if line else ""
    said = f" It says: {shown(message)}." if message and message != "invalid syntax" else ""
    return _told(
        "syntax_other",
        line,
        f"Python stops reading the program{where}, before it runs any of it.{said}",
        "Look at that line and at the one above it: a bracket, a quote, a colon or a comma is often what is missing, "
        "and Python notices that only a little later.",
        "Take the line apart: leave half of it out, see whether Python reads the rest, and so find the part that is "
        "not right.",
    )


def _told(cause: str, line: int | None, explanation: str, pointer: str, solution: str) -> Finding:
    return found(Program("", line), cause, 1, explanation, pointer, solution=solution)
