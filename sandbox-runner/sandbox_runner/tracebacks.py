"""Errors as their author should see them: their own lines, nobody else's frames, causes kept."""

from __future__ import annotations

import traceback

from sandbox_runner.policy import PROGRAM
from sandbox_runner.values import presentable

Told = dict[str, str | int | None]
"""The fields of ErrorInfo."""

_NOT_INSTALLED = "only Python's standard library is installed here"
_CUT = "\n… cut here …\n"


def told(problem: BaseException, most_bytes: int) -> Told:
    """Return an exception as type, message, line and traceback, of about so many bytes at most."""
    told = traceback.TracebackException.from_exception(problem, compact=True)
    _keep_own_frames(told)
    name = type(problem).__name__
    message = _message(problem)
    text = "".join(told.format())
    if isinstance(problem, ModuleNotFoundError):
        text = text.rstrip("\n") + f" ({_NOT_INSTALLED})\n"
        message = f"{message} ({_NOT_INSTALLED})"
    return {
        "type": presentable(name)[:200],
        "message": presentable(_cut(message, most_bytes // 4)),
        "line": _line(problem),
        "traceback": presentable(_cut(text, most_bytes // 2)),
    }


def _message(problem: BaseException) -> str:
    if isinstance(problem, SyntaxError):
        return problem.msg or "invalid syntax"
    return "".join(traceback.format_exception_only(problem)).strip().partition(": ")[2]


def _line(problem: BaseException) -> int | None:
    if isinstance(problem, SyntaxError) and problem.filename == PROGRAM:
        return problem.lineno
    lines = [line for frame, line in traceback.walk_tb(problem.__traceback__) if frame.f_code.co_filename == PROGRAM]
    return lines[-1] if lines else None


def _keep_own_frames(told: traceback.TracebackException) -> None:
    """Drop every frame that is not the learner's, here and in what caused this."""
    waiting, seen = [told], set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        one.stack = traceback.StackSummary.from_list([frame for frame in one.stack if frame.filename == PROGRAM])
        related = (one.__cause__, one.__context__, *(getattr(one, "exceptions", None) or ()))
        waiting.extend(other for other in related if other is not None)


def _cut(text: str, most: int) -> str:
    """Return the text's beginning and end, where a traceback says what matters."""
    if len(text) <= most:
        return text
    keep = (most - len(_CUT)) // 2
    return text[:keep] + _CUT + text[-keep:]
