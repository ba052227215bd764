"""Bodies are bounded whether or not their length is announced, and no error leaves us but as a problem."""

from __future__ import annotations

import asyncio
import traceback
from pathlib import Path

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from functions.shared.edge.problems import Problem, too_large, too_slow, unexpected

MAX_BODY_BYTES = 128 * 1024
_BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})

log = structlog.get_logger()


class _Gone(Exception):
    """The client left before its body was complete."""


class Guard:
    """ASGI middleware: reads the body, up to the limit and for so many seconds, before the application sees the
    request."""

    def __init__(self, app: ASGIApp, max_bytes: int = MAX_BODY_BYTES, *, seconds: float = 20) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; answer 413 to a body that is too large, 408 to one that does not come, 500 to a bug."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            if scope["method"] not in _BODILESS:
                receive = _replayed(await self._read_in_time(scope, receive), receive)
            await self._app(scope, receive, watched)
        except Problem as problem:
            await problem.response()(scope, receive, send)
        except _Gone:
            return
        except Exception as error:
            log.error("request.failed", error=type(error).__name__, at=whereabouts(error))
            if not started:
                await unexpected().response()(scope, receive, send)

    async def _read_in_time(self, scope: Scope, receive: Receive) -> bytes:
        """Return the whole body. Raises Problem 408 if it takes too long, however steadily it comes."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._read(scope, receive)
        except TimeoutError as error:
            raise too_slow(self._seconds) from error

    async def _read(self, scope: Scope, receive: Receive) -> bytes:
        """Return the whole body. Raises Problem 413, as early as it can be known."""
        if _announced_bytes(scope) > self._max_bytes:
            raise too_large(self._max_bytes)
        parts: list[bytes] = []
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _Gone
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > self._max_bytes:
                raise too_large(self._max_bytes)
            more = message.get("more_body", False)
        return b"".join(parts)


def whereabouts(error: BaseException) -> list[str]:
    """Return where an error came from, innermost last, without its text, which may quote a learner."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]


def _announced_bytes(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value[:12])
    return 0


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body that was read, then whatever else comes."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
