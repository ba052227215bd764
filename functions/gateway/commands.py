"""What every command's route shares: the headers it understands, how it is taken on, and how that is told."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response

from functions.gateway.prefer import MAX_WAIT_SECONDS, wait_seconds
from functions.shared.edge.asking import Command, Gateway
from functions.shared.edge.describing import HEADERS, problems
from functions.shared.edge.documents import Accepted, RequestDocument, accepted, link_to, request_document
from functions.shared.edge.idempotency import IDEMPOTENCY_KEY, request_id
from functions.shared.edge.observing import correlate
from functions.shared.edge.problems import Problem, invalid, not_found
from functions.shared.edge.requests import RequestState
from functions.shared.payload import Payload

RETRY_AFTER = {"Retry-After": "1"}

_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_REQUEST_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_JSON = re.compile(r"application/(?:[\w.!#$&^-]+\+)?json[ \t]*(?:;.*)?", re.IGNORECASE | re.DOTALL)


async def json_only(request: Request) -> None:
    """Raise Problem 415 unless the body says it is JSON: a page elsewhere can send any other type unasked."""
    if not _JSON.fullmatch(request.headers.get("content-type", "").strip()):
        raise Problem(
            415, "not-json", "Send JSON", "Send the body as JSON, with the header Content-Type: application/json."
        )


async def idempotency_key(
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="1 to 255 visible ASCII characters. The same key with the same body is the same request, "
            "however often it is sent; with another body it is refused.",
        ),
    ] = None,
) -> str | None:
    """Return the key, if one is given. Raises Problem 422 if it is none."""
    if key is not None and not IDEMPOTENCY_KEY.fullmatch(key):
        raise invalid("header.Idempotency-Key", "1 to 255 visible ASCII characters")
    return key


async def wished_wait(
    request: Request,
    _prefer: Annotated[
        str | None,
        Header(
            alias="Prefer",
            description=f"`wait=N` (RFC 7240): wait up to N seconds, at most {MAX_WAIT_SECONDS}, for the answer.",
            examples=["wait=10"],
        ),
    ] = None,
) -> int | None:
    """Return how long the client prefers to wait, in seconds. The header may come several times."""
    return wait_seconds(request.headers.getlist("prefer"))


Key = Annotated[str | None, Depends(idempotency_key)]
Wait = Annotated[int | None, Depends(wished_wait)]

RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"model": RequestDocument, "description": "The answer, or why the question was declined."},
    202: {"model": Accepted, "description": "Taken on; look at its `Location` for the answer.", "headers": HEADERS},
    **problems(400, 413, 415, 422, 500, 502, 503),
}
"""How /docs describes what a command is answered with."""


def command_of(request: Request, learner: str, key: str | None, payload: Payload, *, id: str | None = None) -> Command:
    """Return the command that a learner's request is; its `id` follows from the key unless one is given."""
    trace = request.headers.get("traceparent", "")
    command = Command(
        id=id or request_id(learner, key),
        learner=learner,
        payload=payload,
        traceparent=trace if _TRACEPARENT.fullmatch(trace) else None,
    )
    correlate(request.scope, command.id)
    return command


async def take_on(command: Command, gateway: Gateway, wait: int | None) -> Response:
    """Take a command on; answer with its end if that comes within `wait` seconds, else with where to look.

    Raises Problem where a function gave up on it.
    """
    state = await gateway.ask(command, seconds=wait or 0, enough=lambda seen: seen.has_ended)
    if state.status == "failed":
        raise failed(state, applied(wait))
    headers = {"Location": link_to(state.id), **applied(wait)}
    if state.has_ended:
        return json_response(request_document(state), 200, headers)
    return json_response(accepted(state), 202, {**headers, **RETRY_AFTER})


async def look_at(
    request: Request, request_id: str, learner: str, gateway: Gateway, wait: int | None, *, kind: str | None = None
) -> Response:
    """Answer with how far a learner's request is, once it has ended or after `wait` seconds.

    Raises Problem 404 if the learner has none of this id, or of this kind where one is named.
    """
    known = _REQUEST_ID.fullmatch(request_id)
    state = await gateway.look(request_id, learner, seconds=wait or 0, kind=kind) if known else None
    if state is None:
        raise not_found()
    correlate(request.scope, state.id)
    again = {} if state.has_ended else RETRY_AFTER
    return json_response(request_document(state), 200, {**again, **applied(wait)})


def failed(state: RequestState, headers: Mapping[str, str]) -> Problem:
    """Return the problem of a command that a function of ours gave up on."""
    said = (state.answer or {}).get("message") or "Something broke on our side, and there is no answer."
    link = link_to(state.id)
    return Problem(
        502,
        "could-not-answer",
        "The request could not be answered",
        said,
        headers={"Location": link, **headers},
        instance=link,
        id=state.id,
        links={"self": link},
    )


def applied(wait: int | None) -> dict[str, str]:
    """Return the header that says how long was waited, if the client wished for it."""
    return {} if wait is None else {"Preference-Applied": f"wait={wait}"}


def json_response(document: dict[str, Any], status: int, headers: Mapping[str, str]) -> Response:
    """Return a document as it is sent: never kept by anybody between."""
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(body, status, headers={"Cache-Control": "no-store", **headers}, media_type="application/json")
