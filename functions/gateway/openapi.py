"""How /docs and /openapi.json describe the API."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from functions.gateway.documents import ProblemDocument
from functions.gateway.problems import PROBLEM_JSON
from functions.shared.events import FOR_PEOPLE

TITLE = "LearnFlow"
DESCRIPTION = """
The tutor for people who learn Python.

* **Ask** with `POST /api/v1/query`.
* **Get help** with `POST /api/v1/debug`, and an opinion with `POST /api/v1/review`.
* **Run** a program with `POST /api/v1/execute`.
* **Practise** with `GET /api/v1/exercises` and `POST /api/v1/exercises/submit`.
* **Be asked** with `POST /api/v1/quizzes/next`, and answer with `POST /api/v1/quizzes/{id}/answers`.
* **See how far you are** with `GET /api/v1/progress/{user_id}`.
* **See what you are told** with `GET /api/v1/notifications/{user_id}`.
* **Look** with `GET /api/v1/requests/{id}`.
* **Wait** with the header `Prefer: wait=10`: the answer to a command is 202 and a place to look, or, if it comes in
  time, the answer itself.
* **Repeat safely** with the header `Idempotency-Key`.

Whatever goes wrong is told as an RFC 9457 problem (`application/problem+json`) that names the field.
"""
TAGS = [
    {"name": "learning", "description": "Questions and their answers, and how far they have brought you."},
    {"name": "helping", "description": "Code that does not work, and code that could be better."},
    {"name": "practising", "description": "Running code, exercises, handing them in, and quizzes."},
    {"name": "notifications", "description": "What people are told, and what they want to be told of."},
    {"name": "operations", "description": "For whoever runs it."},
]

HEADERS = {
    "Location": {"description": "The request: how far it is, and its answer.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds after which looking makes sense.", "schema": {"type": "integer"}},
    "Preference-Applied": {"description": "`wait=N` as it was honoured.", "schema": {"type": "string"}},
}

_MEANINGS = {
    400: "The body is not JSON.",
    403: "Asked in somebody else's name.",
    404: "There is no such thing, or it is somebody else's.",
    413: "The body is larger than 128 KiB.",
    415: "The body is not said to be JSON.",
    422: "A field is not as it must be; `errors` names it.",
    500: "An unexpected error.",
    502: "A function of ours gave up on the request.",
    503: "The database or the broker does not answer. `Retry-After` says when to try again.",
}
_REF = "#/components/schemas/{model}"
_PROBLEM = {"$ref": _REF.format(model="ProblemDocument")}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the description of a route's problems, for its `responses`."""
    return {
        status: {"description": _MEANINGS[status], "content": {PROBLEM_JSON: {"schema": _PROBLEM}}}
        for status in statuses
    }


def describe(app: FastAPI) -> None:
    """Make the application's description know problems and answers too. It is built when first asked for."""
    made = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            schemas = made().setdefault("components", {}).setdefault("schemas", {})
            schemas.update(_problem_schemas(), **_answer_schemas())
            answers = [{"$ref": _REF.format(model=payload.__name__)} for payload in FOR_PEOPLE]
            schemas["RequestDocument"]["properties"]["answer"]["anyOf"] = [*answers, {"type": "null"}]
        return made()

    app.openapi = described  # type: ignore[method-assign]  # FastAPI's own way to extend the description


def _problem_schemas() -> dict[str, Any]:
    schema = ProblemDocument.model_json_schema(ref_template=_REF)
    return {**schema.pop("$defs", {}), "ProblemDocument": schema}


def _answer_schemas() -> dict[str, Any]:
    """Return a schema for every payload that can end a request, with the `type` it has as an answer."""
    schemas: dict[str, Any] = {}
    for payload in FOR_PEOPLE:
        schema = payload.model_json_schema(mode="serialization", ref_template=_REF)
        schemas.update(schema.pop("$defs", {}))
        schema["properties"] = {"type": {"const": payload.TYPE}, **schema["properties"]}
        schemas[payload.__name__] = {**schema, "required": ["type", *schema.get("required", [])]}
    return schemas
