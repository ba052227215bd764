"""Marking: the part of a line that Python marked with carets below it."""

from __future__ import annotations

import ast
import re
import unicodedata
import warnings

_WORD = re.compile(r"\w+")
_TEXT = re.compile(r"\"{3}|'{3}|\"[^\"]*\"|'[^']*'")


def is_marker(line: str) -> bool:
    """Whether a line holds nothing but markers."""
    bare = line.strip()
    return bool(bare) and not bare.strip("^~ ")


def marked(shown: str, markers: str, *, point: bool = False) -> str | None:
    """Return what stands above the markers, None where they cannot have been meant so.

    Both lines are indented as they were shown. A `point` is a single caret that only says where something begins, as
    for a syntax error: the word there is meant. Up to 3.12 a caret counts characters; since 3.13 a wide one takes two.
    """
    if shown[:1] == "\t" or markers[:1] == "\t":  # somebody's editor
        shown, markers = shown.expandtabs(4), markers.expandtabs(4)
    start, end = len(markers) - len(markers.lstrip()), len(markers.rstrip())
    if point and end - start == 1:
        return at_point(shown, start)
    spans = [(start, end)]
    if not shown.isascii():
        spans.append((_index(shown, start), _index(shown, end)))
    parts = [shown[first:last] for first, last in spans if _is_neat(shown, first, last)]
    if len(set(parts)) > 1:
        parts = [part for part in parts if _is_expression(part)] or parts
    return parts[0] if parts else None


def at_point(shown: str, at: int) -> str | None:
    """Return the word or the text that begins or is at a place of a line, else its single character."""
    if at >= len(shown.rstrip()) or shown[at].isspace():
        return None
    if _WORD.match(shown, at):
        return next((word[0] for word in _WORD.finditer(shown) if word.start() <= at < word.end()), None)
    text = _TEXT.match(shown, at)
    return text[0] if text else shown[at]


def _index(shown: str, column: int) -> int:
    """Return where a column of the screen is in the line."""
    width = 0
    for index, character in enumerate(shown):
        if width >= column:
            return index
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return len(shown)


def _is_neat(shown: str, start: int, end: int) -> bool:
    """Whether a span begins and ends where words do."""
    part = shown[start:end]
    return (
        bool(part)
        and part == part.strip()
        and not (_wordy(shown[start - 1 : start]) and _wordy(part[0]))
        and not (_wordy(part[-1]) and _wordy(shown[end : end + 1]))
    )


def _wordy(character: str) -> bool:
    return character == "_" or character.isalnum()


def _is_expression(part: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(part, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
