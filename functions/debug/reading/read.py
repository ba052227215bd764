"""Read: from pasted text to the error it tells of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from functions.debug.model import ErrorSeen
from functions.debug.reading.lines import plain
from functions.debug.reading.marking import marked
from functions.debug.reading.naming import named_place
from functions.debug.reading.outcomes import outcome
from functions.debug.reading.placing import Program, function_of, guilty, own_frames
from functions.debug.reading.prediction import line_of_replacement, predict_syntax_error
from functions.debug.reading.pytests import failures
from functions.debug.reading.sentences import ending, said
from functions.debug.reading.tracebacks import Frame, Trace, traces

UNREADABLE = ("SyntaxError", "IndentationError", "TabError")
"""The errors that come before a program runs."""
_OF_SPACES = ("IndentationError", "TabError")
"""Those whose caret is below nothing that can be named."""

_OF_SKULPT = ("ParseError", "bad input")
"""What a Python for browsers says of a program that it cannot read."""

_CLASS = re.compile(r"^[ \t]{0,40}class (\w{1,80})", re.MULTILINE)
_LINE = re.compile(
    r"\b(?:lines?|Ln|Zeile|ligne|línea|linea|linha|regel|строк[аеиу])\s?(?:number|no\.?|nr\.?|#|:)?\s?(?P<line>\d{1,7})\b"
    r"|^\S{1,300}\.pyw?:(?P<after>\d{1,7})\b",
    re.IGNORECASE | re.MULTILINE,
)
_OF_THE_MESSAGE = re.compile(r"(?:detected at|statement on|definition on|block on|'[\[({]' on|string:?) line \d{1,7}")
_DETECTED = re.compile(r"unterminated (?:f-|t-)?string literal \(detected at line (\d{1,9})\)")


def read_error(text: str, code: str = "") -> ErrorSeen | None:
    """Return the error that a message or traceback tells of, None where it tells of none.

    `text` is as a learner pasted it; `code`, if given, is the program it is about: a line that is not told, or is of
    another count, is then looked for in it. A `line` that the program does not have is left as it was told.
    """
    lines = plain(text)
    program = Program(code)
    own = frozenset(_CLASS.findall(code))
    reported = failures(lines)
    placed = [failure for failure in reported if failure.frames]
    chain = _chain(placed) or _chain(traces(lines, own)) or _chain(reported)
    found = chain[-1] if chain else _without_frames(lines, own)
    if found is None:
        return None
    error = _seen(found, program)
    earlier = tuple(_seen(trace, program) for trace in chain[:-1] if trace.type)
    if error.line is None and not found.frames:
        error = replace(error, line=_told_line(lines, error.message))
    return replace(_located(error, program), earlier=earlier)


def _chain(found: Sequence[Trace]) -> list[Trace]:
    """Return the last error with what led to it before it; an exception group comes after what it holds."""
    errors = [trace for trace in found if trace.type]
    if any(not trace.is_warning for trace in errors):
        errors = [trace for trace in errors if not trace.is_warning]
    chain: list[Trace] = []
    parts: list[Trace] = []
    for trace in errors:
        if trace.part:
            parts.append(trace)
        else:
            chain, parts = ([*chain, *parts] if trace.linked else []) + [trace], []
    return [*chain[:-1], *parts, *chain[-1:]]


def _without_frames(lines: list[str], own: frozenset[str]) -> Trace | None:
    """Return what the lines say where no traceback has its last line: in a sentence, alone, cut off."""
    frames = next((trace.frames for trace in reversed(traces(lines, own)) if trace.frames), [])
    found = said(lines, own)
    if found is None and frames and frames[-1].is_block:
        found = Trace("SyntaxError")
    found = found or outcome("\n".join(lines))
    return replace(found, frames=frames) if found and not found.frames else found


def _seen(trace: Trace, program: Program) -> ErrorSeen:
    message, file, line = ending(_straight(trace.message))
    type = "SyntaxError" if (trace.type, message) == _OF_SKULPT else trace.type
    own = own_frames(trace.frames)
    frame = guilty(own, program)
    last = frame or (trace.frames[-1] if trace.frames else None)
    return ErrorSeen(
        type=type,
        message=message,
        file=file or (last.file if last else None),
        line=line or (_line(frame, program) if frame else None),
        function=function_of(own, frame) if frame else None,
        source=frame.source[0].strip() or None if frame and frame.source else None,
        expression=_expression(frame, type) if frame else None,
        frames=tuple((function_of(own, one), number) for one in own if (number := _line(one, program))),
    )


def _straight(message: str) -> str:
    """Return a message with Python's own quotes, where a word processor bent them."""
    if "'" not in message:
        message = message.replace("‘", "'").replace("’", "'")
    return message if '"' in message or "(U+" in message else message.replace("“", '"').replace("”", '"')


def _line(frame: Frame, program: Program) -> int | None:
    if frame.file == "<fstring>":
        return line_of_replacement(frame.source[0], program.code) if frame.source else None
    return program.line_of(frame) if program else frame.line


def _expression(frame: Frame, type: str) -> str | None:
    """Return what is marked; over several lines all of it, unless some were left out."""
    if not frame.markers or type in _OF_SPACES or any(line.strip().startswith("...<") for line in frame.source):
        return None
    if frame.indent == 0 and all(line[:1] in "^~" for line in frame.markers.values()):
        return None  # the indentation was lost, and with it what a marker is below of
    parts = [marked(frame.source[at], line, point=type == "SyntaxError") for at, line in frame.markers.items()]
    return "\n".join(part for part in parts if part) or None if all(parts) else None


def _located(error: ErrorSeen, program: Program) -> ErrorSeen:
    """Look for the line in the program where nothing tells it."""
    if not program or error.line is not None:
        return error
    if error.type in UNREADABLE:
        predicted = predict_syntax_error(program.code)
        if predicted is None:
            return error
        return replace(error, line=predicted.line, source=predicted.source, expression=predicted.expression)
    place = named_place(program.code, error.type, error.message)
    return replace(error, line=place.line, function=place.function) if place else error


def _told_line(lines: list[str], message: str) -> int | None:
    """Return the line that is told in words, the message's own words aside."""
    if detected := _DETECTED.match(message):
        return int(detected[1])
    text = "\n".join(lines)
    if message:
        text = text.replace(message, " ")
    found = _LINE.search(_OF_THE_MESSAGE.sub(" ", text))
    return int(found["line"] or found["after"]) if found else None
