"""Broken programs for tests. They are run, so that messages, lines and what a fix prints are Python's own."""

from __future__ import annotations

import contextlib
import difflib
import io
import sys
import traceback
import types
import warnings
from dataclasses import dataclass

from functions.debug.model import Case, ErrorSeen, Finding

_FILE = "<program>"


@dataclass(frozen=True)
class Broken:
    """A program with one mistake."""

    cause: str
    line: int
    code: str
    prints: str | None = None
    """What it prints once it is corrected; None where no rule may claim to know the correction."""
    stdin: str = ""

    def __str__(self) -> str:
        return f"{self.cause}-{self.code.strip().splitlines()[-1][:40]}"


def case_of(program: Broken, *, marked: bool = True) -> Case:
    """Run a program that must fail; return what a learner would send: the code and the error."""
    error, _ = run(program.code, program.stdin, marked=marked)
    assert error is not None, "the program has no error"
    return Case(program.code, error)


def assert_found(program: Broken, found: Finding | None) -> None:
    """The cause and the line are right, and there is something to say in each step."""
    assert found is not None
    assert (program.cause, program.line) == (found.cause, found.line)
    assert all((found.explanation, found.pointer, found.solution))


def assert_mended(program: Broken, found: Finding | None, *, most_lines: int) -> None:
    """The correction prints what was meant and changes few lines; where none is certain, none is made."""
    assert found is not None
    if program.prints is None:
        assert found.fixed is None
        return
    assert found.fixed is not None
    error, printed = run(found.fixed, program.stdin)
    assert error is None
    assert program.prints == printed
    assert changed_lines(program.code, found.fixed) <= most_lines


def run(code: str, stdin: str = "", *, marked: bool = True) -> tuple[ErrorSeen | None, str]:
    """Run a program of our own; return its error, if any, and what it printed."""
    printed, before, tracer = io.StringIO(), sys.stdin, sys.gettrace()
    sys.stdin = io.StringIO(stdin)
    sys.settrace(None)  # whoever measures coverage takes a part of the stack, and endless recursion ends elsewhere
    module = types.ModuleType("__main__")
    try:
        with contextlib.redirect_stdout(printed), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(code, _FILE, "exec"), module.__dict__)
    except Exception as error:
        return _seen(error, code, marked), printed.getvalue()
    finally:
        sys.settrace(tracer)
        sys.stdin = before
    return None, printed.getvalue()


def _seen(error: Exception, code: str, marked: bool) -> ErrorSeen:
    frames, at = [], error.__traceback__
    while at is not None:
        if at.tb_frame.f_code.co_filename == _FILE:
            frames.append(at)
        at = at.tb_next
    last = frames[-1]
    name = last.tb_frame.f_code.co_name
    positions = list(last.tb_frame.f_code.co_positions())[last.tb_lasti // 2]
    line = code.splitlines()[last.tb_lineno - 1]
    whole = positions[0] == positions[1] and positions[2] is not None
    expression = line.encode()[positions[2] : positions[3]].decode() if whole and marked else None
    return ErrorSeen(
        type=type(error).__name__,
        message=_message(error),
        file="main.py",
        line=last.tb_lineno,
        function=None if name == "<module>" else name,
        source=line.strip(),
        expression=None if expression == line.strip() else expression,
        frames=tuple(
            (None if frame.tb_frame.f_code.co_name == "<module>" else frame.tb_frame.f_code.co_name, frame.tb_lineno)
            for frame in frames
        ),
    )


def _message(error: Exception) -> str:
    """Return the message as a traceback shows it, with what Python thinks was meant."""
    shown = traceback.format_exception_only(error)[-1].strip()
    return shown.partition(": ")[2]


def changed_lines(before: str, after: str) -> int:
    """Return how many lines of a program another one changes, adds or takes away."""
    differing = difflib.ndiff(before.splitlines(), after.splitlines())
    return sum(line.startswith(("+ ", "- ")) for line in differing)
