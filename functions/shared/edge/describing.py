"""How /docs and /openapi.json describe an edge: the problems that its routes tell of, and the answers to requests."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from functions.shared.edge.documents import ProblemDocument
from functions.shared.edge.problems import PROBLEM_JSON
from functions.shared.events import FOR_PEOPLE

HEADERS = {
    "Location": {"description": "The request: how far it is, and its answer.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds after which looking makes sense.", "schema": {"type": "integer"}},
    "Preference-Applied": {"description": "`wait=N` as it was honoured.", "schema": {"type": "string"}},
}

_MEANINGS = {
    400: "The body is not JSON.",
    401: "Not logged in, or no longer.",
    403: "This is for somebody else, or for others than you.",
    404: "There is no such thing, or it is somebody else's.",
    409: "It does not go with what is there already; `detail` says why.",
    408: "The body did not come in time.",
    410: "Whoever asks, or whom it is about, has been deleted.",
    413: "The body is larger than 128 KiB.",
    415: "The body is not said to be JSON.",
    422: "A field is not as it must be; `errors` names it.",
    500: "An unexpected error.",
    429: "Asked too often, or too much. `Retry-After` says when to try again.",
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
            if "RequestDocument" in schemas:
                schemas["RequestDocument"]["properties"]["answer"]["anyOf"] = [*answers, {"type": "null"}]
            _describe_what_all_share(made())
        return made()

    app.openapi = described  # type: ignore[method-assign]  # FastAPI's own way to extend the description


def _describe_what_all_share(document: dict[str, Any]) -> None:
    """Add the problems that come from before a route: of whoever is not logged in, and of whoever asks too often."""
    for path in document["paths"].values():
        for operation in path.values():
            if operation["tags"] == ["operations"]:
                continue
            known = (401, 403, 410) if "security" in operation else ()
            sent = (408,) if "requestBody" in operation else ()
            before = problems(*known, *sent, 429)
            operation["responses"] = {str(k): v for k, v in before.items()} | operation["responses"]


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
