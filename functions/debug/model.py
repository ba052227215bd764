"""What debugging reasons about: the error that was seen, the program it is of, and what a rule found.

All of it is pure data. A rule looks at one `Case` and says what it found, or None; it never runs a learner's program.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class ErrorSeen:
    """An error as its message tells of it. What the message does not tell is None."""

    type: str
    """The name of its class, without a module: `NameError`, `JSONDecodeError`, or a learner's own."""
    message: str = ""
    file: str | None = None
    """As it was written, of any platform."""
    line: int | None = None
    """In the learner's own program, from 1."""
    function: str | None = None
    """The function that line is in; None at the level of the module."""
    source: str | None = None
    """The line as the traceback shows it, stripped."""
    expression: str | None = None
    """The part of it that Python marked (`^^^^`), else None."""
    earlier: tuple[ErrorSeen, ...] = ()
    """The errors that led to it, the first one first: chained exceptions."""
    frames: tuple[tuple[str | None, int], ...] = ()
    """(function, line) of each frame in the learner's own program, the outermost first."""


@dataclass(frozen=True)
class Case:
    """One program, as far as there is one, and the error it came with, as far as there was one."""

    code: str = ""
    error: ErrorSeen | None = None

    @cached_property
    def tree(self) -> ast.Module | None:
        """The syntax tree; None where Python cannot read the program."""
        try:
            return ast.parse(self.code)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    @cached_property
    def lines(self) -> list[str]:
        """The program's lines; the first one is `lines[0]`."""
        return self.code.splitlines()

    def line(self, number: int | None) -> str:
        """Return a line by its number from 1, "" where there is none."""
        return self.lines[number - 1] if number and 0 < number <= len(self.lines) else ""


@dataclass(frozen=True)
class Finding:
    """What is wrong, and how it is told in steps. Texts are Markdown; they name the learner's own names and line."""

    cause: str
    """An id of causes.toml, e.g. `misspelt_name`."""
    line: int | None = None
    expression: str | None = None
    """The guilty part of the line."""
    explanation: str = ""
    """What happened, one to three sentences."""
    pointer: str = ""
    """The second hint: where to look and what to think about, without the answer."""
    solution: str = ""
    """The third hint: what to change, in words and at most one line of code."""
    fixed: str | None = None
    """The whole corrected program, which nobody has run yet; None where no rule can make it."""


Rule = Callable[[Case], Finding | None]


@dataclass(frozen=True)
class Cause:
    """What is the same for everybody who meets a cause. The texts are in causes.toml."""

    id: str
    title: str
    """A few words, e.g. `A name is misspelt`."""
    topic: str | None
    """The id of the curriculum's topic that teaches it."""
    general: str
    """The first hint: the kind of mistake, and a question to think about, naming nothing of the program."""
    tips: tuple[str, ...] = field(default=())
    """One to three habits for finding or avoiding it next time."""
    wrong: str = ""
    """An analogous example: a small program with the same mistake…"""
    right: str = ""
    """…and the same program without it."""
