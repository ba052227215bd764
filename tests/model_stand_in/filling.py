"""What fits a schema, made of what a prompt says: the same for the same prompt. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

WHO = "(A stand-in says this, no language model.)"
SHORT = "From a stand-in for a model"
"""Where a title is wanted, or a label."""
PROGRAM = 'print("from the stand-in")\n'
_LONGEST = 400
_SHORT = ("title", "label", "wants", "name", "id")
_NO_PROSE = re.compile(r"^\s*(<|`|#|-{3}|\||def |for |while |if |import |print|\w+ ?=|Traceback|File )")


def filled(schema: Mapping[str, Any], prompt: str) -> Any:
    """Return a value that fits the schema: of several it may be, the one that the prompt names first."""
    return _fill(schema, "", schema, prompt)


def _fill(node: Mapping[str, Any], name: str, root: Mapping[str, Any], prompt: str) -> Any:
    if "$ref" in node:
        return _fill(root["$defs"][node["$ref"].rpartition("/")[2]], name, root, prompt)
    if "enum" in node:
        return min(node["enum"], key=lambda value: _place(str(value), prompt))
    if "anyOf" in node:
        return None if {"type": "null"} in node["anyOf"] else _fill(node["anyOf"][0], name, root, prompt)
    match node.get("type"):
        case "object":
            return {called: _fill(each, called, root, prompt) for called, each in node["properties"].items()}
        case "array":
            return [_fill(node["items"], name, root, prompt)]
        case "boolean":
            return True
        case "integer" | "number":
            return 1
        case "null":
            return None
    if any(word in name for word in ("code", "program", "solution")):
        return PROGRAM
    return SHORT if name in _SHORT else _text(name, prompt)


def _place(value: str, prompt: str) -> int:
    found = re.search(rf"\b{re.escape(value)}\b", prompt)
    return found.start() if found else len(prompt)


def _text(name: str, prompt: str) -> str:
    """Return who says it, as what, and the longest that the prompt says in plain words: no two fields say the same."""
    prose = [line.strip() for line in prompt.splitlines() if not _NO_PROSE.match(line)]
    longest = max(prose, key=len, default="")
    return f"{WHO} {name.replace('_', ' ').capitalize()}: {longest[:_LONGEST]}".strip()
