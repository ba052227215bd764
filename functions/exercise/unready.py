"""Unready: what is seen of a submission before it is tried, without running any of it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Literal

from functions.curriculum.constructs import Construct, calls_in, constructs_in
from functions.curriculum.practice import Exercise
from functions.shared.running import takes


@dataclass(frozen=True)
class NotReadable:
    """Why Python cannot read a program, and where."""

    message: str
    line: int | None
    text: str = ""


def nothing_to_try(code: str) -> Literal["empty", "too_large"] | None:
    """Return why there is nothing to try; None if there is something. Comments alone are nothing."""
    if not takes(code):
        return "too_large"
    lines = (line.strip() for line in code.splitlines())
    return None if any(line and not line.startswith("#") for line in lines) else "empty"


def not_readable(code: str) -> NotReadable | None:
    """Return why Python cannot read the program; None if it can."""
    try:
        ast.parse(code)
    except SyntaxError as error:
        text = (error.text or "").strip()
        return NotReadable(error.msg, error.lineno, text)
    except (RecursionError, MemoryError):
        return NotReadable("the program is nested too deeply", None)
    except ValueError as error:
        return NotReadable(str(error), None)
    return None


def missing_constructs(exercise: Exercise, code: str) -> tuple[Construct, ...]:
    """Return what the exercise requires and the code has not. Raises SyntaxError."""
    return tuple(sorted(set(exercise.requires) - constructs_in(code)))


def forbidden_calls(exercise: Exercise, code: str) -> tuple[str, ...]:
    """Return what the exercise forbids and the code calls. Raises SyntaxError."""
    return tuple(sorted(set(exercise.forbids) & calls_in(code)))
