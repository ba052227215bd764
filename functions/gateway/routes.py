"""The routes that people's programs call."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Request, Response

from functions.gateway.asking import Command
from functions.gateway.documents import (
    Accepted,
    Question,
    RequestDocument,
    RoutingDocument,
    TriageQuestion,
    accepted,
    link_to,
    request_document,
    routing_document,
)
from functions.gateway.idempotency import IDEMPOTENCY_KEY, request_id
from functions.gateway.identity import Learner, LearnerHeader, require_self
from functions.gateway.observing import correlate
from functions.gateway.openapi import HEADERS, problems
from functions.gateway.parts import TheGateway
from functions.gateway.prefer import MAX_WAIT_SECONDS, wait_seconds
from functions.gateway.problems import Problem, invalid, not_found
from functions.gateway.queries import RequestState
from functions.shared.events import QuestionAsked

ROUTING_SECONDS = 10
"""How long POST /api/triage waits for the routing."""
RETRY_AFTER = {"Retry-After": "1"}

_REQUEST_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
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

router = APIRouter(tags=["learning"])


@router.post(
    "/api/v1/query",
    status_code=202,
    response_model=Accepted,
    summary="Ask anything about Python",
    dependencies=[Depends(json_only)],
    responses={
        200: {"model": RequestDocument, "description": "The answer, or why the question was declined."},
        202: {"description": "Taken on; look at its `Location` for the answer.", "headers": HEADERS},
        **problems(400, 413, 415, 422, 500, 502, 503),
    },
)
async def query(
    body: Question, request: Request, gateway: TheGateway, learner: Learner, key: Key, wait: Wait
) -> Response:
    """Take a question on. Answers at once with where to look, or, with `Prefer: wait=N`, with the answer itself if it
    comes in time."""
    command = _command(request, learner, key, body.asked())
    state = await gateway.ask(command, seconds=wait or 0, enough=lambda seen: seen.has_ended)
    applied = _applied(wait)
    if state.status == "failed":
        raise _failed(state, applied)
    if state.has_ended:
        return _json(request_document(state), 200, {"Location": link_to(state.id), **applied})
    return _json(accepted(state), 202, {"Location": link_to(state.id), **RETRY_AFTER, **applied})


@router.get(
    "/api/v1/requests/{id}",
    response_model=RequestDocument,
    summary="How far a request is, and its answer",
    responses=problems(404, 422, 500, 503),
)
@router.get(
    "/api/v1/query/{id}",
    name="look_at_query",
    response_model=RequestDocument,
    summary="The same, for a question",
    responses=problems(404, 422, 500, 503),
)
async def look(
    id: Annotated[str, Path(description="The id that the command was answered with.")],
    request: Request,
    gateway: TheGateway,
    learner: Learner,
    wait: Wait,
) -> Response:
    """Show one of the learner's requests, of every kind. With `Prefer: wait=N` the answer is waited for."""
    state = await gateway.look(id, learner, seconds=wait or 0) if _REQUEST_ID.fullmatch(id) else None
    if state is None:
        raise not_found()
    correlate(request.scope, state.id)
    again = {} if state.has_ended else RETRY_AFTER
    return _json(request_document(state), 200, {**again, **_applied(wait)})


@router.post(
    "/api/triage",
    response_model=RoutingDocument,
    summary="Ask, and see where the question goes",
    dependencies=[Depends(json_only)],
    responses={
        202: {"model": RoutingDocument, "description": "Taken on, but not routed yet.", "headers": HEADERS},
        **problems(400, 403, 413, 415, 422, 500, 502, 503),
    },
)
async def triage(
    body: TriageQuestion, request: Request, gateway: TheGateway, key: Key, x_learner_id: LearnerHeader = None
) -> Response:
    """Take a question on and answer with where it was sent, waiting up to 10 s for that. The question is answered
    as any other: GET its request for the answer."""
    require_self(body.student_id, x_learner_id)
    command = _command(request, body.student_id, key, body.asked())
    state = await gateway.ask(command, seconds=ROUTING_SECONDS, enough=lambda seen: seen.is_routed or seen.has_ended)
    location = {"Location": link_to(state.id)}
    if state.status == "failed" and not state.is_routed:
        raise _failed(state, {})
    if state.is_routed or state.has_ended:
        return _json(routing_document(state), 200, location)
    return _json(routing_document(state), 202, {**location, **RETRY_AFTER})


def _command(request: Request, learner: str, key: str | None, payload: QuestionAsked) -> Command:
    trace = request.headers.get("traceparent", "")
    command = Command(
        id=request_id(learner, key),
        learner=learner,
        kind="question",
        payload=payload,
        traceparent=trace if _TRACEPARENT.fullmatch(trace) else None,
    )
    correlate(request.scope, command.id)
    return command


def _failed(state: RequestState, headers: Mapping[str, str]) -> Problem:
    """Return the problem of a command that a function of ours gave up on."""
    said = (state.answer or {}).get("message") or "Something broke on our side, and there is no answer."
    link = link_to(state.id)
    return Problem(
        502,
        "could-not-answer",
        "The question could not be answered",
        said,
        headers={"Location": link, **headers},
        instance=link,
        id=state.id,
        links={"self": link},
    )


def _applied(wait: int | None) -> dict[str, str]:
    return {} if wait is None else {"Preference-Applied": f"wait={wait}"}


def _json(document: dict[str, Any], status: int, headers: Mapping[str, str]) -> Response:
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(body, status, headers={"Cache-Control": "no-store", **headers}, media_type="application/json")
