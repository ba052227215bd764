"""Connections are bounded: how many there are, how long a request may take to come, and how much may come with it.

uvicorn bounds none of it: whoever sends a byte a second would hold a connection for as long as they like.
"""

from __future__ import annotations

import json
import resource
from asyncio import BaseTransport, TimerHandle, Transport
from typing import Any, ClassVar, Self, cast

import structlog
from prometheus_client import Counter
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from functions.shared.edge.problems import PROBLEM_JSON, unavailable
from functions.shared.settings import Settings

CUT = Counter("learnflow_connections_cut_total", "Connections that were ended from our side, by why.", ["why"])

MAX_HEAD_BYTES = 64 * 1024
"""What may come with a request without being its body: its head, what follows its body, and what parts a body."""
GRACE_SECONDS = 3
"""Beyond the time that a body may take: until then whoever reads it says that it did not come (408)."""
_OWN_FILES = 200
"""Open files that are not clients' connections: the database's, the broker's, the process's own."""

log = structlog.get_logger()


class Bounded(HttpToolsProtocol):
    """One client's connection. `within` makes the class for a server's settings.

    Where there are as many as there may be, a new one takes the place of the one that has waited longest for a whole
    request; only where all are being answered, or are WebSockets, it is refused.
    """

    seconds: ClassVar[int]
    most: ClassVar[int]
    waiting: ClassVar[dict[Bounded, None]]
    """The connections that are not being answered, the one that waits longest first."""

    @classmethod
    def within(cls, settings: Settings) -> type[Self]:
        """Return the class for the connections of one server."""
        bounds = {"seconds": settings.request_seconds, "most": settings.max_connections, "waiting": {}}
        return type(cls.__name__, (cls,), bounds)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._patience: TimerHandle | None = None
        self._bodiless = 0
        """Bytes that came since the last one of a body, or since the last whole request."""

    def connection_made(self, transport: BaseTransport) -> None:
        """Begin a connection; for its first byte there is as much time as between two requests."""
        super().connection_made(cast(Transport, transport))
        if len(self.connections) > self.most and not self._make_room():
            self._refuse()
            return
        self.waiting[self] = None
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def connection_lost(self, exc: Exception | None) -> None:
        """End a connection."""
        self._forget()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what comes. The first byte of a request starts the time that its head may take."""
        if self._patience is None:
            self._wait(self.seconds)
        self._bodiless += len(data)
        super().data_received(data)
        if self._bodiless > MAX_HEAD_BYTES:
            self._cut("too much")

    def on_message_begin(self) -> None:
        """Begin a request, which may follow the one before in the same piece."""
        super().on_message_begin()
        self._wait(self.seconds)

    def on_headers_complete(self) -> None:
        """Take the head of a request. What is left of it has as much time again."""
        self._wait(self.seconds + GRACE_SECONDS)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a piece of a body, which is bounded where it is read."""
        self._bodiless = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Take the end of a request: from now on it is for us to be quick."""
        super().on_message_complete()
        self._bodiless = 0
        self._stop_waiting()
        if self.cycle is not None and not self.cycle.response_complete:
            self.waiting.pop(self, None)

    def on_response_complete(self) -> None:
        """Wait for the next request, unless there is one."""
        super().on_response_complete()
        if not self.pipeline:
            self.waiting[self] = None

    def handle_websocket_upgrade(self) -> None:
        """Leave the connection to its WebSocket, which is asked by pings whether it is alive."""
        self._forget()
        super().handle_websocket_upgrade()

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._patience = self.loop.call_later(seconds, self._lose_patience)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _lose_patience(self) -> None:
        """Cut a connection whose request is not whole, unless it is we who let it wait for the one before."""
        cycle = self.cycle
        is_ours = cycle is not None and not cycle.response_complete and not cycle.more_body
        if is_ours or self.flow.read_paused:
            self._wait(self.seconds)
        else:
            self._cut("too slow")

    def _make_room(self) -> bool:
        """Cut the connection that waits longest for a whole request; False if there is none."""
        longest = next(iter(self.waiting), None)
        if longest is not None:
            longest._cut("crowded out")
        return longest is not None

    def _refuse(self) -> None:
        problem = unavailable()
        body = json.dumps(problem.document).encode()
        headers = {**problem.headers, "Content-Type": PROBLEM_JSON, "Content-Length": len(body), "Connection": "close"}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        CUT.labels("refused").inc()
        self.transport.write(f"HTTP/1.1 503 Service Unavailable\r\n{head}\r\n".encode() + body)
        self.transport.close()

    def _cut(self, why: str) -> None:
        """End the connection now: a close would wait until all that was written is read."""
        CUT.labels(why).inc()
        self._forget()
        self.transport.abort()

    def _forget(self) -> None:
        self._stop_waiting()
        self.waiting.pop(self, None)


def allow_files(settings: Settings) -> None:
    """Let this process open as many files as it may have connections, as far as it may decide that itself."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = settings.max_connections + _OWN_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
        if allowed < wanted:
            log.warning("files.few", allowed=allowed, wanted=wanted)
