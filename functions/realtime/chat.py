"""The WebSocket: what a learner is told, and a way to ask."""

from __future__ import annotations

import structlog
from fastapi import APIRouter, WebSocket

from functions.realtime import frames
from functions.realtime.channel import Channel, Gone
from functions.realtime.conversing import Conversation
from functions.realtime.doors import AtTheDoor, LastId, Visitor
from functions.realtime.frames import Close
from functions.realtime.live import Live, TheLive
from functions.realtime.received import Auth, Junk, Unfit, read
from functions.shared.edge.bodies import whereabouts
from functions.shared.edge.identity import unknown
from functions.shared.edge.problems import Problem, unavailable
from functions.shared.edge.tokens import Person
from functions.shared.errors import TryAgainLater

_CODES = {401: Close.NOT_LOGGED_IN, 403: Close.NOT_YOURS, 429: Close.TRY_LATER, 503: Close.TRY_LATER}

router = APIRouter()
log = structlog.get_logger()


@router.websocket("/ws/chat/{student_id}")
async def chat(websocket: WebSocket, visitor: AtTheDoor, live: TheLive, last_id: LastId = None) -> None:
    """Tell a learner what there is to tell, and take their questions. Whoever is known is refused before the WebSocket
    is there; who has yet to show a token, by a problem and the close code that goes with it."""
    channel = Channel(websocket, live.send_seconds)
    if visitor.person:
        cursor = await live.start(visitor.learner, last_id)
        await channel.open()
        await _converse(Conversation(live, channel, visitor, visitor.person, cursor), channel)
        return
    await channel.open()
    try:
        person = await _introduced(channel, visitor, live)
        await channel.send(frames.authenticated())
        cursor = await live.start(visitor.learner, last_id)
    except Problem as problem:
        await channel.end(frames.problem(problem), _CODES.get(problem.status, Close.STRANGE))
    except TryAgainLater:
        await channel.end(frames.problem(unavailable()), Close.TRY_LATER)
    except Gone:
        return
    else:
        await _converse(Conversation(live, channel, visitor, person, cursor), channel)


async def _introduced(channel: Channel, visitor: Visitor, live: Live) -> Person:
    """Return who is there, by their first message. Raises Problem, TryAgainLater or Gone."""
    try:
        said = read(await channel.receive(within_seconds=live.auth_seconds))
    except TimeoutError:
        said = None
    except (Junk, Unfit) as wrong:
        raise wrong.problem from wrong
    if not isinstance(said, Auth):
        raise unknown("Send your access token as `?token=`, or at once as the first message, of type auth.")
    return await visitor.known_by(said.token)


async def _converse(conversation: Conversation, channel: Channel) -> None:
    """Talk until either side ends it."""
    try:
        await conversation.run()
    except Gone:
        return
    except Exception as error:
        log.error("live.failed", error=type(error).__name__, at=whereabouts(error))
        await channel.close(Close.BUG)
