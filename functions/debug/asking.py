"""Asking: what a learner who wants help has given us, as a case; and which exercise their program is for."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import replace

from functions.curriculum.models import Topic
from functions.curriculum.practice import Exercise
from functions.debug.model import Case, ErrorSeen
from functions.debug.reading import predict_syntax_error, read_error
from functions.shared.events import DebuggingRequested
from functions.shared.pasted import program_of
from functions.shared.running import Ran

INPUT = "3"
"""What input() reads in a run of ours: a number is taken by programs that want one, and by those that want a text."""
INPUTS = 20
NO_MORE_INPUT = "EOFError"
UNAWAITED = "was never awaited"
"""What Python says, only on stderr, of a program that did not do what it was to do."""

Practice = tuple[Topic, Exercise]

_BARE_NAME = re.compile(r"^((?:name|local variable|No module named) )(?!')(\w[\w.]*)(?=$| is not defined| referenced)")
_AS_ERRORS = {
    "timeout": ErrorSeen("TimeoutError", "the program did not end in time"),
    "output_limit": ErrorSeen("TimeoutError", "the program printed without an end"),
    "out_of_memory": ErrorSeen("MemoryError"),
}


def case_of(asked: DebuggingRequested, ran: Ran | None = None) -> Case:
    """Return the program and its error: of the message, of the question's words, of the compiler, or of our own run."""
    code = program_of(asked.code, asked.question)
    error = read_error(asked.error_message, code) if asked.error_message else None
    error = _quoted(error or _in_words(asked.question, code))
    if error is None and code:
        error = predict_syntax_error(code) or (error_of(ran, Case(code)) if ran else None)
    return Case(code, error)


def _quoted(error: ErrorSeen | None) -> ErrorSeen | None:
    """Return the error with the quotes around a name that whoever copied a message by hand leaves out."""
    return replace(error, message=_BARE_NAME.sub(r"\1'\2'", error.message)) if error else None


def _in_words(question: str, code: str) -> ErrorSeen | None:
    """Return the error that a question tells of. One that is only named may be what it asks about, if code can tell."""
    error = read_error(question, code)
    return None if error and code and not error.message else error


def error_of(ran: Ran, case: Case) -> ErrorSeen | None:
    """Return the error that a run of ours ended with; none if all it lacked was more input."""
    if ran.outcome != "error" or ran.error is None:
        return read_error(ran.stderr, case.code) if UNAWAITED in ran.stderr else _AS_ERRORS.get(ran.outcome)
    if ran.error.type in (NO_MORE_INPUT, "SystemExit"):
        return None
    line = ran.error.line if case.line(ran.error.line) else None
    return read_error(ran.error.traceback) or ErrorSeen(ran.error.type, ran.error.message, line=line)


def may_be_run(case: Case) -> bool:
    """Whether running the program could tell more: Python can read it, and nobody has said yet what it does wrong."""
    return case.error is None and case.tree is not None and bool(case.tree.body)


def exercise_of(case: Case, candidates: Sequence[Practice], named: str | None = None) -> Practice | None:
    """Return the exercise among the candidates that the program is for: the one named, or whose names it defines."""
    own = _defined(case.code)
    return next(
        (found for found in candidates if f"{found[0].id}/{found[1].id}" == named),
        next((found for found in candidates if own & _defined(found[1].solution)), None),
    )


def _defined(code: str) -> set[str]:
    """Return the functions and classes that a program defines at its top, as far as it can be read."""
    try:
        body = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        found = (line.split() for line in code.splitlines() if line.startswith(("def ", "class ")))
        return {words[1].partition("(")[0].rstrip(":") for words in found if len(words) > 1}
    return {node.name for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)}
