"""The routes of questions, and of every request once it is made."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from functions.gateway.commands import (
    RESPONSES,
    RETRY_AFTER,
    Key,
    Wait,
    command_of,
    failed,
    json_only,
    json_response,
    look_at,
    take_on,
)
from functions.gateway.documents import RoutingDocument, TriageQuestion, routing_document
from functions.shared.edge.describing import HEADERS, problems
from functions.shared.edge.documents import Accepted, Question, RequestDocument, link_to
from functions.shared.edge.identity import Asker, Learner, require_self
from functions.shared.edge.parts import TheGateway

ROUTING_SECONDS = 10
"""How long POST /api/triage waits for the routing."""

router = APIRouter(tags=["learning"])


@router.post(
    "/api/v1/query",
    status_code=202,
    response_model=Accepted,
    summary="Ask anything about Python",
    dependencies=[Depends(json_only)],
    responses=RESPONSES,
)
async def query(
    body: Question, request: Request, gateway: TheGateway, learner: Learner, key: Key, wait: Wait
) -> Response:
    """Take a question on. Answers at once with where to look, or, with `Prefer: wait=N`, with the answer itself if it
    comes in time."""
    return await take_on(command_of(request, learner, key, body.asked()), gateway, wait)


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
    return await look_at(request, id, learner, gateway, wait)


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
async def triage(body: TriageQuestion, request: Request, gateway: TheGateway, key: Key, asker: Asker) -> Response:
    """Take a question on and answer with where it was sent, waiting up to 10 s for that. The question is answered
    as any other: GET its request for the answer."""
    require_self(body.student_id, asker)
    command = command_of(request, body.student_id, key, body.asked())
    state = await gateway.ask(command, seconds=ROUTING_SECONDS, enough=lambda seen: seen.is_routed or seen.has_ended)
    location = {"Location": link_to(state.id)}
    if state.status == "failed" and not state.is_routed:
        raise failed(state, {})
    if state.is_routed or state.has_ended:
        return json_response(routing_document(state), 200, location)
    return json_response(routing_document(state), 202, {**location, **RETRY_AFTER})
