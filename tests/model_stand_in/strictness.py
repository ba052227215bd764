"""What OpenAI refuses of a `response_format`, so that a schema it would not take fails here too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

ALLOWED = {
    "type", "properties", "required", "additionalProperties", "items", "enum", "anyOf", "description", "$defs", "$ref",
}  # fmt: skip


def what_is_wrong(form: Mapping[str, Any]) -> str | None:
    """Return what is wrong with a format that asks for a strict schema; None for any other, and for a good one."""
    named = form.get("json_schema")
    if form.get("type") != "json_schema" or not named or not named.get("strict"):
        return None
    if not str(named.get("name", "")).replace("_", "").replace("-", "").isalnum():
        return "The schema has no name."
    if named["schema"].get("type") != "object":
        return "The schema is no object's."
    return next(_mistakes(named["schema"], "the schema"), None)


def _mistakes(node: Mapping[str, Any], where: str) -> Iterator[str]:
    for name in node.keys() - ALLOWED:
        yield f"In {where}, '{name}' is not permitted."
    if "$ref" in node and len(node) > 1:
        yield f"In {where}, '$ref' has siblings."
    if node.get("type") == "object":
        if node.get("additionalProperties") is not False:
            yield f"In {where}, 'additionalProperties' has to be false."
        if set(node.get("required", ())) != set(node.get("properties", {})):
            yield f"In {where}, 'required' has to name every property."
    for part in ("properties", "$defs"):
        for name, each in node.get(part, {}).items():
            yield from _mistakes(each, f"{where}.{name}")
    if "items" in node:
        yield from _mistakes(node["items"], f"{where}[]")
    for each in node.get("anyOf", ()):
        yield from _mistakes(each, where)
