"""The event stream tells the same as the socket does, to whoever reads server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from functions.shared.settings import Settings
from tests.integration.gateway.gateway_stage import RecordingBroker, problem
from tests.integration.realtime.live_stage import PATIENCE, Replica, World, client, locked, replica, token, until

pytestmark = pytest.mark.anyio


@dataclass
class Reader:
    """Reads server-sent events as a browser does: fields by line, an event by an empty one, comments passed over."""

    response: httpx.Response
    events: list[dict[str, Any]] = field(default_factory=list)
    comments: int = 0
    retry_ms: int | None = None
    last_id: str | None = None

    def __post_init__(self) -> None:
        self._lines = self.response.aiter_lines()

    async def hears(self, type: str = "message") -> dict[str, Any]:
        """Return the next event of a type."""
        async with asyncio.timeout(PATIENCE):
            while (event := await self._event()) is None or event["type"] != type:
                pass
            return event

    async def is_over(self) -> None:
        """Read to the end."""
        async with asyncio.timeout(PATIENCE):
            with suppress(StopAsyncIteration):
                while True:
                    await self._event()

    async def _event(self) -> dict[str, Any] | None:
        fields: dict[str, str] = {}
        while line := await anext(self._lines):
            name, _, value = line.partition(": ")
            self.comments += line.startswith(":")
            fields[name] = value
        self.retry_ms = int(fields.get("retry", self.retry_ms or 0))
        self.last_id = fields.get("id", self.last_id)
        if "data" not in fields:
            return None
        event: dict[str, Any] = json.loads(fields["data"])
        assert event["type"] == fields["event"]
        assert event.get("id") == fields.get("id")
        self.events.append(event)
        return event


@asynccontextmanager
async def reader(live: Replica, learner: str = "ada", query: str = "", **headers: str) -> AsyncIterator[Reader]:
    """Open a stream and hear the hello."""
    async with (
        httpx.AsyncClient(base_url=live.http, timeout=None) as http,
        http.stream("GET", f"/api/v1/stream/{learner}{query}", headers=headers) as response,
    ):
        assert response.status_code == 200, await response.aread()
        reading = Reader(response)
        await reading.hears("hello")
        yield reading


async def test_it_tells_what_the_socket_tells(live: Replica, world: World):
    async with reader(live) as stream, client(live.url("ada")) as socket:
        await world.tells("ada")
        await socket.hears()
        await stream.hears()
        await world.alerts("ada")
        await socket.hears("alert")
        await stream.hears("alert")

    assert stream.events == socket.frames
    assert stream.response.headers["content-type"].startswith("text/event-stream")
    assert stream.response.headers["cache-control"] == "no-store"
    assert stream.retry_ms == 1000


async def test_it_tells_where_a_question_goes(answering: RecordingBroker, live: Replica):
    async with reader(live) as stream, client(live.url("ada")) as socket:
        await socket.says(type="ask", id="q-1", question="Can you explain how Python loops work?")
        routed = await stream.hears("routed")
        answer = await stream.hears("message")

    assert routed["routed_to"] == "concepts"
    assert routed["request_id"] == answer["request_id"]


@pytest.mark.parametrize("by_header", [True, False], ids=["Last-Event-ID", "last_id"])
async def test_whoever_comes_back_is_told_what_they_missed(live: Replica, world: World, by_header: bool):
    async with reader(live) as stream:
        await world.tells("ada", "seen")
        await stream.hears()
    for text in ("missed", "missed too"):
        await world.tells("ada", text)

    assert stream.last_id
    if by_header:  # the browser's own, which is later than the one that its address began with
        again = reader(live, query="?last_id=0.0", **{"Last-Event-ID": stream.last_id})
    else:
        again = reader(live, query=f"?last_id={stream.last_id}")
    async with again as stream:
        assert [(await stream.hears())["message"]["explanation"] for _ in range(2)] == ["missed", "missed too"]


async def test_a_stream_is_never_silent_for_long(here: Settings):
    async with replica(here, quiet_seconds=0.05) as live, reader(live) as stream:
        async with asyncio.timeout(PATIENCE):
            while stream.comments < 3:
                assert await stream._event() is None


async def test_before_its_time_is_over_it_ends_and_says_when_to_come_again(here: Settings, world: World):
    async with replica(replace(here, stream_seconds=1)) as live, reader(live) as stream:
        await world.tells("ada")
        await stream.is_over()

    assert stream.events[-1]["type"] == "reconnect"
    assert stream.events[-1]["last_id"] == stream.last_id
    assert stream.retry_ms == stream.events[-1]["after_ms"]


async def test_a_replica_that_ends_ends_its_streams_first(here: Settings):
    async with replica(here) as live, reader(live) as stream:
        live.server.should_exit = True
        await stream.is_over()

    assert stream.events[-1]["type"] == "reconnect"


async def test_a_reader_that_leaves_is_forgotten(live: Replica):
    async with reader(live):
        assert live.connected == 1
    await until(lambda: live.connected == 0)


@pytest.mark.parametrize("how", ["header", "query"])
async def test_ones_own_token_opens_ones_own_stream(guarded: Replica, how: str):
    held = token("ada")
    headers = {"Authorization": f"Bearer {held}"} if how == "header" else {}
    async with reader(guarded, query=f"?token={held}" if how == "query" else "", **headers):
        pass


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 401), (f"?token={token('bo')}", 403), ("?token=nonsense", 401), (f"?token={token('ada')}&last_id=x", 422)],
    ids=["no-token", "somebody-else", "nonsense", "no-id"],
)
async def test_nobody_else_is_let_in(guarded: Replica, query: str, status: int):
    async with httpx.AsyncClient(base_url=guarded.http) as http:
        response = await http.get(f"/api/v1/stream/ada{query}")

    assert problem(response, status)


async def test_a_login_that_ends_ends_the_stream(here: Settings):
    ending = token("ada", at=datetime.now(UTC) - timedelta(minutes=14, seconds=59))
    async with replica(locked(here)) as guarded, reader(guarded, query=f"?token={ending}") as stream:
        await stream.is_over()

    assert (stream.events[-1]["type"], stream.events[-1]["in_ms"]) == ("login-again", 0)
