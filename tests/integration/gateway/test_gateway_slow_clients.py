"""Clients that take for ever hold nothing for ever, and others are served meanwhile."""

from __future__ import annotations

import asyncio
import json
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
from gateway_process_stage import served
from gateway_stage import QUESTION, RecordingBroker

from functions.shared.edge.connections import MAX_HEAD_BYTES

pytestmark = pytest.mark.anyio

HEAD = b"POST /api/v1/query HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
PATIENT = {"REQUEST_SECONDS": "300"}
"""What ends a connection then is something else than its slowness."""
DEADLINE = 30.0


@asynccontextmanager
async def connected(client: httpx.AsyncClient) -> AsyncIterator[tuple[StreamReader, StreamWriter]]:
    """Open a connection of our own to the gateway that a client asks."""
    reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def dripped(writer: StreamWriter, rest: bytes) -> None:
    """Send a byte at a time, for as long as the other side takes it."""
    with suppress(OSError):
        for place in range(len(rest)):
            writer.write(rest[place : place + 1])
            await writer.drain()
            await asyncio.sleep(0.02)


async def until_ended(reader: StreamReader) -> bytes:
    """Return all that is answered until the connection is ended from the other side."""
    answered = b""
    async with asyncio.timeout(DEADLINE):
        with suppress(OSError):
            while piece := await reader.read(65_536):
                answered += piece
    return answered


async def is_served(client: httpx.AsyncClient) -> bool:
    """Whether somebody who asks properly is answered."""
    async with asyncio.timeout(DEADLINE):
        return (await client.post("/api/v1/query", json=QUESTION)).status_code == 202


async def cut(client: httpx.AsyncClient, why: str) -> float:
    """Return how many connections were cut for a reason."""
    name = f'learnflow_connections_cut_total{{why="{why}"}} '
    text = (await client.get("/metrics")).text
    return sum(float(line.removeprefix(name)) for line in text.splitlines() if line.startswith(name))


async def test_a_head_that_comes_a_byte_at_a_time_is_not_waited_for(broker: RecordingBroker, database_url: str):
    async with served(broker, database_url, REQUEST_SECONDS="1") as (client, _), connected(client) as (reader, writer):
        dripping = asyncio.create_task(dripped(writer, HEAD + b"X: y\r\n" * 10_000))
        assert await is_served(client)
        assert await until_ended(reader) == b""
        dripping.cancel()
        assert await is_served(client)
        assert await cut(client, "too slow") == 1


async def test_a_body_that_comes_a_byte_at_a_time_is_not_waited_for(broker: RecordingBroker, database_url: str):
    async with served(broker, database_url, REQUEST_SECONDS="1") as (client, _), connected(client) as (reader, writer):
        writer.write(HEAD + b"Content-Length: 100000\r\n\r\n")
        dripping = asyncio.create_task(dripped(writer, b"x" * 100_000))
        assert await is_served(client)
        await until_ended(reader)
        dripping.cancel()
        assert await is_served(client)
    assert len(broker.posts) == 2


async def test_a_body_that_does_not_come_is_answered_with_why(broker: RecordingBroker, database_url: str):
    async with served(broker, database_url, REQUEST_SECONDS="1") as (client, _), connected(client) as (reader, writer):
        writer.write(HEAD + b'Content-Length: 100\r\n\r\n{"question"')
        answered = await until_ended(reader)

    head, _, body = answered.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in head.lower()
    assert b"strict-transport" not in head.lower()
    assert json.loads(body)["type"] == "urn:learnflow:problem:too-slow"


async def test_a_body_that_nobody_asked_for_is_not_taken_for_ever(broker: RecordingBroker, database_url: str):
    async with served(broker, database_url, REQUEST_SECONDS="1") as (client, _), connected(client) as (reader, writer):
        writer.write(b"GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n")
        dripping = asyncio.create_task(dripped(writer, b"x" * 100_000))
        answered = await until_ended(reader)
        dripping.cancel()
        assert await cut(client, "too slow") == 1
    assert answered.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "endless",
    [
        b"GET /health HTTP/1.1\r\nX: ",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: ",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;",
    ],
    ids=["head", "trailer", "chunk extension"],
)
async def test_what_comes_beside_a_body_is_bounded(broker: RecordingBroker, database_url: str, endless: bytes):
    async with served(broker, database_url, **PATIENT) as (client, _), connected(client) as (reader, writer):
        writer.write(endless + b"x" * 3 * MAX_HEAD_BYTES)
        await until_ended(reader)
        assert await cut(client, "too much") == 1
        assert await is_served(client)


async def test_whoever_waits_for_an_answer_is_not_taken_for_slow(answering: RecordingBroker, database_url: str):
    answering.on_post = None
    async with (
        served(answering, database_url, REQUEST_SECONDS="1") as (client, _),
        connected(client) as (reader, writer),
    ):
        body = json.dumps(QUESTION).encode()
        asked = HEAD + b"Prefer: wait=6\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        writer.write(asked + b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answered = await until_ended(reader)

    assert answered.startswith(b"HTTP/1.1 202 ")
    assert answered.count(b"HTTP/1.1 200 ") == 1


async def test_where_slow_clients_take_every_place_a_good_one_is_served_all_the_same(
    broker: RecordingBroker, database_url: str
):
    async with served(broker, database_url, MAX_CONNECTIONS="20", **PATIENT) as (client, _):
        readers: list[StreamReader] = []
        writers: list[StreamWriter] = []
        for number in range(40):
            reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
            writer.write(HEAD + (b"Content-Length: 9\r\n\r\n" if number % 2 else b""))
            readers.append(reader)
            writers.append(writer)
        async with httpx.AsyncClient(base_url=client.base_url) as fresh:
            assert await is_served(fresh)
        assert await is_served(client)
        for reader in readers[:20]:
            assert await until_ended(reader) == b""
        assert await cut(client, "crowded out") >= 20
        for writer in writers:
            writer.close()


async def test_where_all_are_being_answered_a_new_one_is_told_to_come_again(
    answering: RecordingBroker, database_url: str
):
    answering.on_post = None
    body = json.dumps(QUESTION).encode()
    async with served(answering, database_url, MAX_CONNECTIONS="5") as (client, _):
        before = len(answering.posts)
        waiting = [await asyncio.open_connection(client.base_url.host, client.base_url.port) for _ in range(5)]
        for _, writer in waiting:
            writer.write(HEAD + b"Prefer: wait=30\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        async with asyncio.timeout(DEADLINE):
            while len(answering.posts) < before + 5:
                await asyncio.sleep(0.02)
        async with connected(client) as (reader, _):
            answered = await until_ended(reader)
        waiting[0][1].close()
        async with asyncio.timeout(DEADLINE):
            while not await _is_let_in(client):
                await asyncio.sleep(0.02)
        for _, writer in waiting:
            writer.close()

    head, _, document = answered.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503 ")
    assert b"Retry-After: " in head
    assert json.loads(document)["status"] == 503


async def _is_let_in(client: httpx.AsyncClient) -> bool:
    async with httpx.AsyncClient(base_url=client.base_url) as fresh:
        with suppress(httpx.TransportError):
            return (await fresh.get("/health")).status_code == 200
    return False


async def test_nothing_says_what_serves(broker: RecordingBroker, database_url: str):
    async with served(broker, database_url) as (client, _), connected(client) as (reader, writer):
        response = await client.get("/health")
        writer.write(b"nonsense\r\n\r\n")
        refused = await until_ended(reader)

    assert "server" not in response.headers
    assert refused.startswith(b"HTTP/1.1 400 ")
    assert b"uvicorn" not in refused.lower()
