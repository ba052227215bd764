"""What functions/gateway/API.md says of every route, and schema/openapi.json: from the gateway's own description."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any, Literal, get_args

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from functions.gateway.app import create_app
from functions.shared.edge.identity import Rule, rules_of
from functions.shared.settings import read_settings
from scripts.stack.pages.regions import table
from scripts.stack.places import ROOT

PAGE = Path("functions/gateway/API.md")
OPENAPI = Path("schema/openapi.json")
EXAMPLES = Path("schema/openapi-examples.json")
"""A request of each route, and its answer: `pytest tests/guides/test_api_examples.py --update-examples` records it."""

Document = dict[str, Any]
_WHO: dict[Rule, str] = {
    "anybody": "Anybody.",
    "signed in": "Whoever has logged in, for what is theirs.",
    "oneself": "The person whom the path names.",
    "teacher": "Teachers and admins.",
    "admin": "Admins.",
    "course's teacher": "The course's teacher, and admins.",
    "course's teacher or oneself": "The learner whom the path names, the course's teacher, and admins.",
    "oneself or their teacher": "The person whom the path names, their teachers, and admins.",
}
_WEAKEST_FIRST = ("anybody", "signed in", "oneself", "teacher", "course's teacher")
_ALWAYS = {"401", "403", "410", "408", "429", "400", "413", "415", "422", "500", "503"}
"""Statuses that the page tells of once, above all routes."""


def parts() -> dict[str, str]:
    """Return the generated part of the page."""
    app = _app()
    return {"routes": reference(app, app.openapi(), json.loads((ROOT / EXAMPLES).read_text()))}


def openapi() -> str:
    """Return the gateway's description of itself, as a file."""
    return json.dumps(_app().openapi(), indent=1, ensure_ascii=False) + "\n"


def routes() -> list[str]:
    """Return every route that people are told of, like `GET /api/v1/me`."""
    return [route for route, _ in _operations(_app().openapi())]


def reference(app: FastAPI, document: Document, examples: Document) -> str:
    """Return what is told of every route, by what it is for."""
    rules = _rules(app)
    told: dict[str, list[str]] = {tag["name"]: [] for tag in document["tags"]}
    for route, operation in _operations(document):
        told[operation["tags"][0]].append(_route(route, operation, rules[route], examples.get(route), document))
    heads = {tag["name"]: f"## {tag['name'].capitalize()}\n\n{tag['description']}\n" for tag in document["tags"]}
    return "\n".join("\n".join([heads[tag], *sections]) for tag, sections in told.items())


def _route(route: str, operation: Document, rule: Rule, example: Document | None, document: Document) -> str:
    parts = [f"### {route}\n", _sentences(operation) + "\n", f"**Who:** {_WHO[rule]}\n"]
    if fields := [*_parameters(operation), *_fields(operation, document)]:
        parts.append(table(("Field", "Is", "Means"), *fields))
    answers = {status: told for status, told in operation["responses"].items() if status not in _ALWAYS}
    parts.append("".join(f"* **{status}** {_answer(status, told)}\n" for status, told in sorted(answers.items())))
    if example:
        parts.append(_example(example))
    return "\n".join(parts)


def _sentences(operation: Document) -> str:
    """What a route is for: its summary, unless its description begins with the same words."""
    summary, said = str(operation["summary"]), " ".join(str(operation.get("description", "")).split())
    if said.lower().startswith(summary.lower()):
        return said
    return f"{summary}{'' if summary.endswith('?') else '.'} {said}".strip()


def _answer(status: str, told: Document) -> str:
    """What a status means; where nothing is said, by its name."""
    said = str(told["description"])
    return f"{HTTPStatus(int(status)).phrase}." if said == "Successful Response" else said


def _example(example: Document) -> str:
    request, answer = example["request"], example["answer"]
    sent = [f"{request['method']} {request['path']}", *(f"{k}: {v}" for k, v in request["headers"].items())]
    body = ["", _json(request["body"])] if request["body"] is not None else []
    status = f"{answer['status']} {HTTPStatus(answer['status']).phrase}"
    told = f"Answered {status}" + (":" if answer["body"] is not None else ".")
    shown = "" if answer["body"] is None else f"\n```{_language(answer['body'])}\n{_json(answer['body'])}\n```\n"
    return "```http\n" + "\n".join([*sent, *body]) + f"\n```\n\n{told}\n{shown}"


def _parameters(operation: Document) -> Iterator[tuple[str, str, str]]:
    for each in operation.get("parameters", ()):
        if each["in"] != "header":
            yield (
                f"`{each['name']}` ({each['in']})",
                kind_of(each["schema"]),
                _told(each.get("description"), each["schema"]),
            )


def _fields(operation: Document, document: Document) -> Iterator[tuple[str, str, str]]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return
    schema = _resolved(content["schema"], document)
    for name, field in schema.get("properties", {}).items():
        must = "" if name in schema.get("required", ()) else ", optional"
        yield f"`{name}`", kind_of(field) + must, _told(field.get("description"), field)


def _told(description: str | None, schema: Document) -> str:
    """A description with its bounds, which may stand in one of several alternatives."""
    described = description or next(
        (each["description"] for each in schema.get("anyOf", ()) if "description" in each), ""
    )
    default = f" Else `{json.dumps(schema['default'])}`." if schema.get("default") not in (None, []) else ""
    return (" ".join(described.split()) + default).strip()


def kind_of(schema: Document) -> str:
    """What a field is, in words: text, number, a list of …, one of …"""
    if alternatives := schema.get("anyOf"):
        return " or ".join(kind_of(each) for each in alternatives)
    if allowed := schema.get("enum", [schema["const"]] if "const" in schema else None):
        return " or ".join(f"`{each}`" for each in allowed)
    if "$ref" in schema:
        return f"`{schema['$ref'].rpartition('/')[2]}`"
    if schema.get("type") == "array":
        return f"list of {kind_of(schema['items'])}"
    bounds = [f"{word} {schema[key]}" for key, word in _BOUNDS.items() if key in schema]
    names = {"string": "text", "integer": "whole number", "boolean": "true or false", "object": "object"}
    return ", ".join([names.get(kind := str(schema.get("type", "anything")), kind), *bounds])


_BOUNDS = {"minLength": "from", "maxLength": "up to", "minimum": "from", "maximum": "up to"}


def _rules(app: FastAPI) -> dict[str, Rule]:
    """Return of every route the rule that no other of its rules implies."""
    found: dict[str, Rule] = {}
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, APIRoute) and route.path:
            rules = sorted(rules_of(route), key=_strength)  # type: ignore[arg-type]  # it has what a route has
            for method in route.methods or ():
                found[f"{method} {route.path.replace(':path}', '}')}"] = rules[-1]
    return found


def _strength(rule: Rule) -> int:
    return _WEAKEST_FIRST.index(rule) if rule in _WEAKEST_FIRST else len(_WEAKEST_FIRST)


def _operations(document: Document) -> Iterator[tuple[str, Document]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield f"{method.upper()} {path}", operation


def _resolved(schema: Document, document: Document) -> Document:
    name = schema["$ref"].rpartition("/")[2] if "$ref" in schema else None
    return dict(document["components"]["schemas"][name]) if name else schema


def _app() -> FastAPI:
    """The gateway's application, which connects to nothing before it is started."""
    known = {"DATABASE_URL": "postgresql:///nowhere", "BROKER_URL": "http://127.0.0.1:1/", "AUTH_KEYS": f"k:{'k' * 32}"}
    return create_app(read_settings(environ=known))


def _language(body: object) -> Literal["text", "json"]:
    return "text" if isinstance(body, str) else "json"


def _json(body: object) -> str:
    return "\n".join(body.splitlines()) if isinstance(body, str) else json.dumps(body, indent=1, ensure_ascii=False)


assert set(_WHO) == set(get_args(Rule))
