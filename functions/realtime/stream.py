"""The event stream: what a learner is told, as server-sent events."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from typing import Annotated

import structlog
from fastapi import APIRouter, Header, Response
from fastapi.sse import format_sse_event
from starlette.types import Receive, Scope, Send

from functions.realtime.cursor import Cursor
from functions.realtime.doors import LastId, Listener, StudentId
from functions.realtime.live import ENDED, FRAMES, Live, TheLive
from functions.shared.edge.describing import problems
from functions.shared.edge.tokens import Person

RETRY_MS = 1000
"""When a browser comes again after a stream that broke off."""

router = APIRouter(tags=["live"])
log = structlog.get_logger()


class Stream(Response):
    """An answer that goes on for as long as it may. FastAPI's own event streams wait for a slow client for ever."""

    media_type = "text/event-stream"

    def __init__(self, live: Live, person: Person, learner: str, cursor: Cursor) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._live, self._person, self._learner, self._cursor = live, person, learner, cursor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until it is to end, or the client has left or does not read."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        began = time.monotonic()
        pouring = asyncio.create_task(self._pour(send), name="stream")
        leaving = asyncio.create_task(_left(receive), name="stream-left")
        try:
            await asyncio.wait({pouring, leaving}, return_when=asyncio.FIRST_COMPLETED)
            how = await pouring if pouring.done() else "left"
        finally:
            pouring.cancel()
            leaving.cancel()
            await asyncio.gather(pouring, leaving, return_exceptions=True)
        if how == "slow" and (cut := scope.get("state", {}).get("cut")):
            cut()
        ENDED.labels("stream", how).inc()
        log.info("live.ended", kind="stream", how=how, seconds=round(time.monotonic() - began, 1))

    async def _pour(self, send: Send) -> str:
        """Send frames to the last; return how it ended."""
        with self._live.tabs.opened(self._learner) as tab:
            feed = self._live.feed(self._learner, self._cursor, tab, self._live.stay(self._person), beats=True)
            try:
                await self._write(send, format_sse_event(retry=RETRY_MS))
                async with aclosing(feed.frames()) as frames:
                    async for frame in frames:
                        await self._write(send, frame.event)
                        FRAMES.labels(frame.type).inc()
                await self._write(send, b"", more=False)
            except TimeoutError:
                return "slow"
        return frame.type

    async def _write(self, send: Send, body: bytes, *, more: bool = True) -> None:
        """Send a piece. Raises TimeoutError where the client takes too long."""
        async with asyncio.timeout(self._live.send_seconds):
            await send({"type": "http.response.body", "body": body, "more_body": more})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


@router.get(
    "/api/v1/stream/{student_id}",
    name="stream",
    response_class=Response,
    summary="What you are told, as it happens",
    responses={
        200: {"description": "Server-sent events.", "content": {"text/event-stream": {"schema": {"type": "string"}}}},
        **problems(403, 422, 500, 503),
    },
)
async def stream(
    student_id: StudentId,
    person: Listener,
    live: TheLive,
    last_id: LastId = None,
    last_event_id: Annotated[str | None, Header(description="The same, as browsers send it.")] = None,
) -> Response:
    """Send every message and every notification of yours from now on, or from the last that you saw, and where your
    questions go. The stream ends after some minutes with an event `reconnect`; come again then, as browsers do."""
    return Stream(live, person, student_id, await live.start(student_id, last_event_id or last_id))
