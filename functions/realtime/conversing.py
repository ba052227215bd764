"""A conversation over a WebSocket: telling and listening, each at its own pace."""

from __future__ import annotations

import asyncio
import math
import time
from contextlib import aclosing

import structlog

from functions.realtime import frames
from functions.realtime.bucket import Bucket
from functions.realtime.channel import Channel, Gone
from functions.realtime.cursor import Cursor
from functions.realtime.doors import Visitor
from functions.realtime.frames import Close, Frame
from functions.realtime.live import ENDED, Live, known_until
from functions.realtime.received import Ask, Auth, Junk, Ping, Said, Unfit, read
from functions.realtime.tabs import Tab
from functions.shared.edge.asking import Command
from functions.shared.edge.bodies import whereabouts
from functions.shared.edge.idempotency import request_id
from functions.shared.edge.problems import Problem, deleted, unavailable
from functions.shared.edge.tokens import Person
from functions.shared.errors import Erased, TryAgainLater

STRIKES = 3
"""Frames that no client of ours sends, after which the connection is closed."""
FRAMES_AT_ONCE, FRAMES_A_SECOND = 60, 10
"""What a connection may send, whatever it is; how often somebody may ask is counted over all that they have."""

log = structlog.get_logger()


class Conversation:
    """One learner's connection, from the hello to its end."""

    def __init__(self, live: Live, channel: Channel, visitor: Visitor, person: Person, cursor: Cursor) -> None:
        self._live = live
        self._channel = channel
        self._visitor = visitor
        self._learner = visitor.learner
        self._person = person
        self._cursor = cursor
        self._stay = live.stay(person)
        self._strikes = 0
        self._frames = Bucket(FRAMES_AT_ONCE, FRAMES_A_SECOND, time.monotonic())

    async def run(self) -> None:
        """Tell and listen until one of both ends. Raises Gone where the client ended it."""
        began = time.monotonic()
        with self._live.tabs.opened(self._learner) as tab:
            telling = asyncio.create_task(self._tell(tab), name="telling")
            try:
                await self._listen(tab)  # closing the channel ends this too
            finally:
                telling.cancel()
                await asyncio.gather(telling, return_exceptions=True)
                how = self._channel.how or "failed"
                ENDED.labels("socket", how).inc()
                log.info("live.ended", kind="socket", how=how, seconds=round(time.monotonic() - began, 1))

    async def _tell(self, tab: Tab) -> None:
        """Send the feed to its end."""
        feed = self._live.feed(self._learner, self._cursor, tab, self._stay, beats=False)
        try:
            async with aclosing(feed.frames()) as told:
                async for frame in told:
                    await self._channel.send(frame)
                    if frame.close:
                        await self._channel.close(frame.close)
        except Gone:
            return
        except Exception as error:
            log.error("live.failed", error=type(error).__name__, at=whereabouts(error))
            await self._channel.close(Close.BUG)

    async def _listen(self, tab: Tab) -> None:
        """Answer what the client sends, one thing after the other, until the channel ends."""
        while self._strikes < STRIKES:
            frame = await self._channel.receive()
            await self._channel.send(await self._answer(frame, tab))
        await self._channel.close(Close.STRANGE)

    async def _answer(self, frame: str | bytes, tab: Tab) -> Frame:
        key = None
        try:
            if seconds := self._frames.take(time.monotonic()):
                raise Junk(_too_much(seconds))
            said = read(frame)
            key = said.key if isinstance(said, Ask) else None
            return await self._done(said, tab)
        except Junk as junk:
            self._strikes += 1
            return frames.problem(junk.problem)
        except Unfit as unfit:
            return frames.problem(unfit.problem, unfit.key)
        except Problem as problem:
            return frames.problem(problem, key)
        except TryAgainLater:
            return frames.problem(unavailable(), key)
        except Erased:
            return frames.problem(deleted(), key)

    async def _done(self, said: Said, tab: Tab) -> Frame:
        """Do what the client wants and return what to say. Raises Problem, TryAgainLater."""
        match said:
            case Ping():
                return frames.pong()
            case Auth(token):
                self._stay.prolong(known_until(await self._visitor.known_by(token)))
                tab.bell.ring()
                return frames.authenticated()
            case Ask():
                return await self._ask(said)

    async def _ask(self, ask: Ask) -> Frame:
        """Take a question on, as POST /api/v1/query does under the same key."""
        if refusal := await self._live.parts.limiter.of_person(self._person):
            raise refusal.problem()
        command = Command(request_id(self._learner, ask.key), self._learner, ask.question.asked())
        state = await self._live.parts.gateway.ask(command, seconds=0, enough=lambda _: True)
        log.info("live.asked", correlation_id=state.id)
        return frames.accepted(ask.key, state.id, state.status)


def _too_much(seconds: float) -> Problem:
    return Problem(
        429,
        "too-often",
        "Too many frames",
        f"Up to {FRAMES_AT_ONCE} frames at once and {FRAMES_A_SECOND} a second.",
        headers={"Retry-After": str(math.ceil(seconds))},
    )
