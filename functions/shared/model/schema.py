"""The JSON Schema that a model's answer has to fit, in the part of the language that every server enforces. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from functions.shared.model.asking import Said

# Bounds of numbers and lengths are not among them: some servers refuse a schema for them. pydantic sees to them later.
_KEPT = {"type", "properties", "items", "enum", "anyOf", "description", "$defs"}


def strict_schema(answer: type[Said]) -> dict[str, Any]:
    """Return the schema of an answer: every field is required, and there are no others."""
    return _strict(answer.model_json_schema())


def in_words(answer: type[Said]) -> str:
    """Return what tells a model of the schema whose server does not enforce any."""
    schema = json.dumps(strict_schema(answer), ensure_ascii=False)
    return f"Answer with one JSON object and nothing else. It has to fit this JSON Schema:\n{schema}"


def _strict(node: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in node:
        return {"$ref": node["$ref"]}  # nothing may stand beside it
    kept = {name: value for name, value in node.items() if name in _KEPT}
    if "const" in node:
        kept["enum"] = [node["const"]]
    if "oneOf" in node:
        kept["anyOf"] = node["oneOf"]
    for name in {"properties", "$defs"} & kept.keys():
        kept[name] = {called: _strict(each) for called, each in kept[name].items()}
    if "items" in kept:
        kept["items"] = _strict(kept["items"])
    if "anyOf" in kept:
        kept["anyOf"] = [_strict(each) for each in kept["anyOf"]]
    if kept.get("type") == "object":
        kept |= {"required": list(kept.get("properties", ())), "additionalProperties": False}
    return kept
