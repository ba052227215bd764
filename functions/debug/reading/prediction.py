"""Prediction: what this Python says of a program that it cannot read, before anybody runs it."""

from __future__ import annotations

import warnings

from functions.debug.model import ErrorSeen
from functions.debug.reading.marking import at_point

_FILE = "<program>"


def predict_syntax_error(code: str) -> ErrorSeen | None:
    """Return the error that stops Python from reading the program; None where it reads it, or gives it up.

    The program is compiled and never run. The message is worded as this Python words it.
    """
    code = code.removeprefix("\ufeff")  # which a file may begin with
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(code, _FILE, "exec", dont_inherit=True)
    except SyntaxError as error:
        return _seen(error, code)
    except (ValueError, OverflowError, RecursionError, MemoryError):  # a NUL, half a character, nesting without an end
        return None
    return None


def _seen(error: SyntaxError, code: str) -> ErrorSeen:
    line, shown = error.lineno or None, (error.text or "").rstrip()
    if error.filename != _FILE:  # it is of an f-string, whose lines are counted apart
        line = line_of_replacement(shown, code)
    written = "".join(code.splitlines()[line - 1 : line]) if line else ""
    shown = shown or written  # the compiler tells no line of a program that is no file
    expression = _expression(error, shown)
    if expression == ")" and shown.strip() not in written:  # Python puts an f-string's expression in parentheses
        expression = None
    return ErrorSeen(
        type=type(error).__name__,
        message=error.msg or "invalid syntax",
        line=line,
        source=shown.strip() or None,
        expression=expression,
    )


def line_of_replacement(source: str, code: str) -> int | None:
    """Return the only line with an f-string that holds what stands in these parentheses, as Python shows it."""
    inner = source.strip().removeprefix("(").removesuffix(")").strip()
    found = [number for number, line in enumerate(code.splitlines(), 1) if inner and "{" in line and inner in line]
    return found[0] if len(found) == 1 else None


def _expression(error: SyntaxError, shown: str) -> str | None:
    if isinstance(error, IndentationError) or not error.offset or error.offset < 1:
        return None
    start = error.offset - 1
    one_line = error.end_lineno in (None, error.lineno)
    end = (error.end_offset or 0) - 1 if one_line else len(shown)
    if end - start > 1:
        return shown[start:end].strip() or None
    return at_point(shown, start)
