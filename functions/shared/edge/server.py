"""uvicorn, set up: uvloop and httptools, our log lines instead of its own, a graceful end."""

from __future__ import annotations

import logging
import signal
import socket
import sys

import structlog
import uvicorn
from fastapi import FastAPI

from functions.shared.logs import configure_logs
from functions.shared.settings import KEEP_ALIVE_SECONDS, Settings

_GRACE_SECONDS = 10
"""For requests that are being answered when the end is near."""


class Server(uvicorn.Server):
    """A server that, before it ends, answers those who wait with what is known."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more requests, answer those there are, end."""
        app = self.config.app
        assert isinstance(app, FastAPI)
        app.state.parts.waiters.close()
        await super().shutdown(sockets)


class _Forward(logging.Handler):
    """Turns the libraries' warnings into log lines like ours, without tracebacks, which may quote a learner."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        # uvicorn formats a traceback into the message itself
        message = record.getMessage().partition("\n")[0]
        structlog.get_logger().warning("library.warning", library=record.name, said=message, error=error)


def serve(app: FastAPI, settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; to be told to end is no failure."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))  # uvicorn raises it once more when all is answered
    configure_logs(app.state.parts.service, settings.log_level)
    logging.basicConfig(handlers=[_Forward()], level=logging.WARNING)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
    )
    Server(config).run()
