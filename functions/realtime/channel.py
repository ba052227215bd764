"""One WebSocket: frames out, text in, and an end for whoever does not read."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from fastapi import WebSocket, WebSocketDisconnect

from functions.realtime.frames import Close, Frame
from functions.realtime.live import FRAMES


class Gone(Exception):
    """The client has left, or was left because it did not read."""


class Channel:
    """A WebSocket. `how` says how it ended, once it has."""

    def __init__(self, websocket: WebSocket, send_seconds: float) -> None:
        self._websocket = websocket
        self._send_seconds = send_seconds
        self.how = ""

    async def open(self) -> None:
        """Accept it."""
        await self._websocket.accept()

    async def send(self, frame: Frame) -> None:
        """Send a frame. Raises Gone; of a client that takes too long the connection is cut."""
        try:
            async with asyncio.timeout(self._send_seconds):
                await self._websocket.send_text(frame.text)
        except TimeoutError:
            self._cut()
            raise Gone from None
        except (WebSocketDisconnect, RuntimeError):  # the second where it was closed meanwhile
            self.how = self.how or "left"
            raise Gone from None
        FRAMES.labels(frame.type).inc()

    async def receive(self, *, within_seconds: float | None = None) -> str | bytes:
        """Return what the client sends next. Raises Gone, TimeoutError."""
        async with asyncio.timeout(within_seconds):
            message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            self.how = self.how or "left"
            raise Gone
        text = message.get("text")
        return message["bytes"] if text is None else str(text)

    async def end(self, frame: Frame, code: Close) -> None:
        """Send a last frame and close."""
        with suppress(Gone):
            await self.send(frame)
            await self.close(code)

    async def close(self, code: Close) -> None:
        """Close, unless it is closed."""
        self.how = self.how or code.name.lower()
        with suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
            async with asyncio.timeout(self._send_seconds):
                await self._websocket.close(code)

    def _cut(self) -> None:
        """End the connection without another word: what was sent before will not be read either."""
        self.how = "slow"
        cut = getattr(self._websocket.state, "cut", None)
        if cut:
            cut()
