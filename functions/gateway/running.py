"""The route of running code."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from functions.gateway.commands import RESPONSES, Key, Wait, command_of, json_only, take_on
from functions.gateway.exercise_documents import Program
from functions.shared.edge.identity import Learner
from functions.shared.edge.parts import TheGateway

router = APIRouter(tags=["practising"])


@router.post(
    "/api/v1/execute",
    status_code=202,
    summary="Run a Python program",
    dependencies=[Depends(json_only)],
    responses=RESPONSES,
)
async def execute(
    body: Program, request: Request, gateway: TheGateway, learner: Learner, key: Key, wait: Wait
) -> Response:
    """Take a program on; it runs in a sandbox. Answers at once with where to look, or, with `Prefer: wait=N`, with what
    came of it if that comes in time. A program that fails or is stopped is an answer like any other."""
    return await take_on(command_of(request, learner, key, body.submitted()), gateway, wait)
