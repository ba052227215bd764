"""Checking: what may be wrong with what a model said, told so that it can mend it. Pure.

Every ValueError's message is a sentence or two for the model itself: the objection of its one repair.
"""

from __future__ import annotations

import ast
import re
import warnings

from pydantic import ValidationError

_FENCED = re.compile(r"\A\s*```[^\n`]*\n(.*?)\n?```\s*\Z", re.DOTALL)
_NUMBERED = re.compile(r"^[ \t]*\d*\|[ ]?", re.MULTILINE)


def python_said(what: str, code: str) -> str:
    """Return a program that a model wrote, ending in a line end, without the backticks or the line numbers that small
    models copy. Raises ValueError if Python cannot read it, or there is none."""
    within = _FENCED.match(code)
    plain = within[1] if within else code
    problem = not_python(plain)
    if problem and _every_line_is_numbered(plain):
        plain = _NUMBERED.sub("", plain)
        problem = not_python(plain)
    if problem:
        raise ValueError(f"{what} cannot be read by Python: {problem}. Write it again, correct and complete.")
    if not plain.strip():
        raise ValueError(f"{what} is empty. Write it.")
    return plain.strip("\n") + "\n"


def not_python(code: str) -> str | None:
    """Return why Python cannot read a program, None if it can."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(code)
    except SyntaxError as error:
        return f"{error.msg} in line {error.lineno}"
    except (ValueError, RecursionError, MemoryError) as error:
        return str(error) or type(error).__name__
    return None


def readable(what: str, said: str, most: int) -> str:
    """Return a text that has something to read, and not too much. Raises ValueError."""
    plain = said.strip()
    if not plain:
        raise ValueError(f"The {what} is empty. Write it.")
    if len(plain) > most:
        raise ValueError(f"The {what} has {len(plain)} characters. Write at most {most}.")
    return plain


def objection(what: str, wrong: ValidationError) -> str:
    """Return what a model of ours has against some data, as a sentence."""
    first = wrong.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(map(str, first["loc"]))
    return f"{what}: {f'{place}: ' if place else ''}{first['msg'].removeprefix('Value error, ')}."


def _every_line_is_numbered(code: str) -> bool:
    lines = [line for line in code.split("\n") if line.strip()]
    return bool(lines) and all(_NUMBERED.match(line) for line in lines)
