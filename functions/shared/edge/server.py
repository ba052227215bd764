"""uvicorn, set up: uvloop and httptools, our log lines instead of its own, a graceful end."""

from __future__ import annotations

import logging
import signal
import socket
import sys
from asyncio import BaseTransport
from collections.abc import Awaitable, Callable

import structlog
import uvicorn
from fastapi import FastAPI

from functions.shared.edge.bodies import MAX_BODY_BYTES
from functions.shared.edge.connections import Bounded, allow_files
from functions.shared.logs import configure_logs
from functions.shared.settings import KEEP_ALIVE_SECONDS, Settings

_GRACE_SECONDS = 10
"""For requests that are being answered when the end is near."""
_MAX_FRAME_BYTES = 2 * MAX_BODY_BYTES
"""Of a WebSocket, whose route says that a frame is too large; one that is larger still ends the connection (1009)."""
_PING_SECONDS = 20.0
"""Between a WebSocket's pings; a client that does not answer within as long is gone."""

Farewell = Callable[[], Awaitable[None]]


class Server(uvicorn.Server):
    """A server that, before it ends, answers those who wait with what is known, and those who would go on listening
    with a farewell."""

    def __init__(self, config: uvicorn.Config, farewell: Farewell | None = None) -> None:
        super().__init__(config)
        self._farewell = farewell

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more requests, answer those there are, end."""
        app = self.config.app
        assert isinstance(app, FastAPI)
        app.state.parts.waiters.close()
        if self._farewell:
            await self._farewell()
        await super().shutdown(sockets)


class Severable(Bounded):
    """A connection that can be cut, by the `cut` in its scope's state: a close waits until all that was written is
    sent, which whoever does not read prevents for ever."""

    def connection_made(self, transport: BaseTransport) -> None:
        """Begin a connection."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "cut": self.transport.abort}


class _Forward(logging.Handler):
    """Turns the libraries' warnings into log lines like ours, without tracebacks, which may quote a learner."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        # uvicorn formats a traceback into the message itself
        message = record.getMessage().partition("\n")[0]
        structlog.get_logger().warning("library.warning", library=record.name, said=message, error=error)


def serve(app: FastAPI, settings: Settings, *, sockets: bool = False, farewell: Farewell | None = None) -> None:
    """Serve until SIGTERM or SIGINT; to be told to end is no failure. `sockets`: WebSockets too."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))  # uvicorn raises it once more when all is answered
    configure_logs(app.state.parts.service, settings.log_level)
    logging.basicConfig(handlers=[_Forward()], level=logging.WARNING)
    allow_files(settings)
    make_server(app, settings, sockets=sockets, farewell=farewell).run()


def make_server(app: FastAPI, settings: Settings, *, sockets: bool = False, farewell: Farewell | None = None) -> Server:
    """Return the server, which does not run yet."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=Severable.within(settings),
        ws="websockets-sansio" if sockets else "none",
        ws_max_size=_MAX_FRAME_BYTES,
        ws_ping_interval=_PING_SECONDS,
        ws_ping_timeout=_PING_SECONDS,
        ws_per_message_deflate=False,  # what is said is a few kilobytes: a window for each connection costs more
        lifespan="on",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
    )
    return Server(config, farewell)
