"""Files of labelled questions or programs: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from scripts.stack.errors import StackError

TEXTS = ("query", "code", "error_message")


def read_lines(file: Path, label: str) -> list[tuple[str, dict[str, Any]]]:
    """Return each line's place and object, with a `query` (or `question`) and a `label`; code and error may be missing.

    Raises StackError that names the line and the field.
    """
    return [(place, _question(entry, place, label)) for place, entry in read_objects(file)]


def read_objects(file: Path, what: str = "questions") -> list[tuple[str, dict[str, Any]]]:
    """Return each line's place and object; `what` is how errors call these. Raises StackError that names the line."""
    try:
        lines = file.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as problem:
        raise StackError(f"{file} cannot be read: {problem}") from problem
    found = [(place, _object(line, place)) for place, line in _placed(file, lines)]
    if not found:
        raise StackError(f"{file} holds no {what}")
    return found


def one_of(entry: dict[str, Any], field: str, allowed: Collection[str], place: str) -> str:
    """Return a field's value. Raises StackError if it is not among those allowed."""
    value = entry[field]
    if value not in allowed:
        raise StackError(f"{place}: {field}: {value!r} is none of {', '.join(sorted(allowed))}")
    return str(value)


def _placed(file: Path, lines: list[str]) -> list[tuple[str, str]]:
    return [(f"{file.name}, line {number}", line) for number, line in enumerate(lines, 1) if line.strip()]


def _object(line: str, place: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError as problem:
        raise StackError(f"{place}: is no JSON: {problem}") from problem
    if not isinstance(entry, dict):
        raise StackError(f"{place}: is no JSON object")
    return entry


def _question(entry: dict[str, Any], place: str, label: str) -> dict[str, Any]:
    entry.setdefault("query", entry.get("question"))
    for field in TEXTS:
        if not isinstance(entry.setdefault(field, None), str | None) or (field == "query" and entry[field] is None):
            raise StackError(f"{place}: {field}: {'is missing' if entry[field] is None else 'is no text'}")
    if label not in entry:
        raise StackError(f"{place}: {label}: is missing")
    return entry
