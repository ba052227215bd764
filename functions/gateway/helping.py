"""The routes of help with code: what is wrong with it, and how it could be better."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from functions.gateway.commands import RESPONSES, Key, Wait, command_of, json_only, take_on
from functions.gateway.helping_documents import Trouble, Work
from functions.shared.edge.identity import Learner
from functions.shared.edge.parts import TheGateway

router = APIRouter(tags=["helping"])


@router.post(
    "/api/v1/debug",
    status_code=202,
    summary="Get help with code that does not work",
    dependencies=[Depends(json_only)],
    responses=RESPONSES,
)
async def debug(
    body: Trouble, request: Request, gateway: TheGateway, learner: Learner, key: Key, wait: Wait
) -> Response:
    """Take the trouble on. Answers at once with where to look, or, with `Prefer: wait=N`, with what is wrong if that
    comes in time: three hints from general to the solution, and the corrected program where one was found that works.
    For an exercise that the learner has not passed the last hint is a like mistake elsewhere. In a course that gives
    hints one at a time each further ask about the same program brings one more: `hints_left` says how many more."""
    return await take_on(command_of(request, learner, key, body.requested()), gateway, wait)


@router.post(
    "/api/v1/review",
    status_code=202,
    summary="Get an opinion on code that works",
    dependencies=[Depends(json_only)],
    responses=RESPONSES,
)
async def review(body: Work, request: Request, gateway: TheGateway, learner: Learner, key: Key, wait: Wait) -> Response:
    """Take a program on. Answers at once with where to look, or, with `Prefer: wait=N`, with the review if it comes in
    time: what is good, a mark from 0 to 100, and at most five suggestions, each with its line, before and after."""
    return await take_on(command_of(request, learner, key, body.requested()), gateway, wait)
