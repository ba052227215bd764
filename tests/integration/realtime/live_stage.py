"""What the live channel plays against: replicas that really serve, clients that really listen, and what is told."""

from __future__ import annotations

import asyncio
import json
import socket
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import websockets
from fastapi import FastAPI
from websockets.asyncio.client import ClientConnection

from functions.delivery.handler import HANDLERS as DELIVERY
from functions.notification.queries import know_users, save_alerts
from functions.notification.recipients import message_alerts
from functions.realtime.app import create_app
from functions.shared.alerting import AlertRequested
from functions.shared.database import PostgreSQL
from functions.shared.edge.server import Server, make_server
from functions.shared.edge.tokens import Person, Role, Tokens
from functions.shared.envelope import cloud_event, decode, to_http
from functions.shared.events import PAYLOADS, Event, QuestionAsked
from functions.shared.explaining import ConceptExplained
from functions.shared.model.stages import tell_stage
from functions.shared.serving import Function
from functions.shared.settings import AuthSettings, Settings

KEYS = {"k1": b"k" * 32}
PATIENCE = 10.0


@dataclass
class Replica:
    """A running realtime."""

    app: FastAPI
    server: Server
    port: int

    def url(self, learner: str, *, token: str | None = None, last_id: str | None = None) -> str:
        """Return where a learner's WebSocket is."""
        asked = {"token": token, "last_id": last_id}
        query = "&".join(f"{name}={value}" for name, value in asked.items() if value is not None)
        return f"ws://127.0.0.1:{self.port}/ws/chat/{learner}?{query}"

    @property
    def http(self) -> str:
        """Return where it serves HTTP."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def connected(self) -> int:
        """How many connections it has."""
        return len(self.app.state.live.tabs)


@asynccontextmanager
async def replica(settings: Settings, **changes: Any) -> AsyncIterator[Replica]:
    """Run a replica on a free port; `changes` are those of its Live."""
    app = create_app(settings)
    app.state.live = replace(app.state.live, **changes)
    server = make_server(app, settings, sockets=True, farewell=app.state.live.tabs.leave)
    serving = asyncio.create_task(server.serve())
    try:
        await until(lambda: server.started or serving.done())
        yield Replica(app, server, server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        await serving


@dataclass
class Client:
    """A client's end of a WebSocket; `frames` is everything it was sent."""

    socket: ClientConnection
    frames: list[dict[str, Any]] = field(default_factory=list)

    async def hears(self, type: str = "message") -> dict[str, Any]:
        """Return the next frame of a type, whatever comes before it."""
        async with asyncio.timeout(PATIENCE):
            while True:
                frame: dict[str, Any] = json.loads(await self.socket.recv())
                self.frames.append(frame)
                if frame["type"] == type:
                    return frame

    async def hears_nothing(self) -> None:
        """Assert that there is nothing between what was heard last and the answer to a ping."""
        heard = len(self.frames)
        await self.says(type="ping")
        await self.hears("pong")
        assert self.frames[heard:] == [{"type": "pong"}]

    async def says(self, **frame: Any) -> None:
        """Send a frame."""
        await self.socket.send(json.dumps(frame))

    async def is_closed(self) -> int:
        """Return the code that the socket is closed with, having heard what came before."""
        async with asyncio.timeout(PATIENCE):
            try:
                while True:
                    self.frames.append(json.loads(await self.socket.recv()))
            except websockets.ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else 1006

    @property
    def last_id(self) -> str:
        """The last id that it received."""
        return [frame["id"] for frame in self.frames if "id" in frame][-1]


@asynccontextmanager
async def client(url: str, **options: Any) -> AsyncIterator[Client]:
    """Connect, and hear the hello."""
    async with websockets.connect(url, compression=None, **options) as socket:
        connected = Client(socket)
        await connected.hears("hello")
        yield connected


async def refusal(url: str, **options: Any) -> tuple[int, dict[str, Any]]:
    """Try to connect; return the status and the problem of the refusal."""
    try:
        async with websockets.connect(url, **options):
            raise AssertionError("it was accepted")
    except websockets.InvalidStatus as refused:
        response = refused.response
        assert response.headers["content-type"] == "application/problem+json"
        return response.status_code, json.loads(response.body or b"{}")


class World:
    """What happens elsewhere: answers are delivered and alerts kept, by those who do so, on the test's database."""

    def __init__(self, database_url: str) -> None:
        self.db = PostgreSQL(database_url)
        self.delivery = Function("delivery", DELIVERY, db=self.db)

    async def tells(self, learner: str, text: str = "A loop repeats.", *, request: str = "r-1") -> None:
        """Deliver a message to a learner."""
        payload = ConceptExplained(
            topic="loops", title="Loops", level="beginner", explanation=text, answered_by="built-in"
        )
        await asyncio.to_thread(self.delivery.answer, _event(payload, learner, request))

    async def works_on(self, learner: str, request: str) -> None:
        """Have a learner ask, and a language model write an answer."""
        asked = "INSERT INTO requests (id, user_id, kind, body, body_hash) VALUES (%s, %s, 'question', '{}', '')"

        def work() -> None:
            event = _event(QuestionAsked(question="What is a loop?"), learner, request)
            with self.db.reading() as db:
                db.execute("INSERT INTO users (id) VALUES (%s) ON CONFLICT DO NOTHING", [learner])
                db.execute(asked, [request, learner])
                tell_stage(db, event, "writing")
                tell_stage(db, event, "checking")

        await asyncio.to_thread(work)

    async def alerts(self, *learners: str, title: str = "Remember") -> None:
        """Keep an alert for each learner."""
        asked = AlertRequested(title=title, message="On Friday.", recipients=learners)

        def keep() -> None:
            event = _event(asked, learners[0], str(uuid.uuid4()))
            with self.db.transaction() as db:
                know_users(db, learners)
                save_alerts(db, event, message_alerts(learners[0], asked, []), datetime.now(UTC))

        await asyncio.to_thread(keep)

    def close(self) -> None:
        """Give the connections back."""
        self.db.close()


def _event(payload: Any, learner: str, request: str) -> Event[Any]:
    event = cloud_event(
        payload, learner=learner, now=datetime.now(UTC), id=str(uuid.uuid4()), source="/learnflow/concepts",
        correlationid=request, hops="1",
    )  # fmt: skip
    return decode(*to_http(event), PAYLOADS)


def locked(here: Settings) -> Settings:
    """Return settings of a realtime to which everybody has to show a token."""
    return replace(here, auth=AuthSettings(keys=KEYS))


def token(user: str, role: Role = "learner", *, at: datetime | None = None) -> str:
    """Return somebody's access token, made now or `at` another time."""
    return Tokens(AuthSettings(keys=KEYS)).make(Person(user, role), at or datetime.now(UTC))


def texts(frames: list[dict[str, Any]]) -> list[str]:
    """Return the texts of the messages among frames."""
    return [frame["message"]["explanation"] for frame in frames if frame["type"] == "message"]


async def until(condition: Callable[[], Any]) -> Any:
    """Return the first true value of `condition`, looked at again and again; fail if there is none for long."""
    async with asyncio.timeout(PATIENCE):
        while not (value := condition()):
            await asyncio.sleep(0.01)
    return value


@asynccontextmanager
async def listener_that_does_not_read(live: Replica, path: str, *, websocket: bool) -> AsyncIterator[None]:
    """Open a connection, and read nothing of what comes over it."""
    upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + (
        "c2xvdyBidXQgc3RlYWR5IQ==\r\n"
    )
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.setblocking(False)
        before, loop = live.connected, asyncio.get_running_loop()
        await loop.sock_connect(deaf, ("127.0.0.1", live.port))
        request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{upgrade if websocket else ''}\r\n"
        await loop.sock_sendall(deaf, request.encode())
        await until(lambda: live.connected == before + 1)
        yield
