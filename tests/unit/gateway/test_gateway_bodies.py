"""The guard counts what arrives rather than what is announced, and answers for what breaks behind it."""

import asyncio
import json
from typing import Any

import pytest

from functions.shared.edge.bodies import Guard

pytestmark = pytest.mark.anyio

LIMIT = 10


@pytest.fixture
def anyio_backend() -> str:
    """The loop the gateway runs on."""
    return "asyncio"


class App:
    """An application that remembers what it was given, and answers or breaks."""

    def __init__(self, breaks: Exception | None = None, *, starts: bool = False) -> None:
        self.seen: list[dict[str, Any]] = []
        self._breaks = breaks
        self._starts = starts

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Take the body and answer."""
        self.seen += [await receive(), await receive()]
        if self._starts or self._breaks is None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        if self._breaks:
            raise self._breaks
        await send({"type": "http.response.body", "body": b"ok"})


async def call(
    app: App, *chunks: bytes | None, length: int | None = None, method: str = "POST"
) -> list[dict[str, Any]]:
    """Send a body in pieces, None for a client that leaves; return what is answered."""
    headers = [] if length is None else [(b"content-length", str(length).encode())]
    messages: list[dict[str, Any]] = [
        {"type": "http.disconnect"} if chunk is None
        else {"type": "http.request", "body": chunk, "more_body": i < len(chunks) - 1}
        for i, chunk in enumerate(chunks)
    ]  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await Guard(app, LIMIT)({"type": "http", "method": method, "headers": headers}, receive, send)
    return sent


async def test_a_body_arrives_whole_and_then_what_comes_after_it():
    app = App()
    sent = await call(app, b"12345", b"", b"67890")

    assert app.seen == [
        {"type": "http.request", "body": b"1234567890", "more_body": False},
        {"type": "http.disconnect"},
    ]
    assert sent[0]["status"] == 200


async def test_a_body_that_is_announced_too_large_is_not_even_read():
    app = App()
    sent = await call(app, None, length=LIMIT + 1)

    assert sent[0]["status"] == 413
    assert app.seen == []


@pytest.mark.parametrize("length", [None, 3, 0])
async def test_a_body_that_grows_too_large_is_cut_off_whatever_was_announced(length: int | None):
    app = App()
    sent = await call(app, b"123456", b"789012", b"never read", length=length)

    assert sent[0]["status"] == 413
    assert json.loads(sent[1]["body"])["type"] == "urn:learnflow:problem:too-large"
    assert app.seen == []


async def test_a_body_that_never_ends_is_not_waited_for():
    app, sent = App(), []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"", "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    await Guard(app, LIMIT, seconds=0.05)({"type": "http", "method": "POST", "headers": []}, receive, send)

    assert sent[0]["status"] == 408
    assert (b"connection", b"close") in sent[0]["headers"]
    assert json.loads(sent[1]["body"])["type"] == "urn:learnflow:problem:too-slow"
    assert app.seen == []


async def test_a_client_that_leaves_in_the_middle_is_forgotten():
    app = App()

    assert await call(app, b"123", None) == []
    assert app.seen == []


async def test_a_request_without_a_body_is_not_waited_for():
    app = App()
    await call(app, b"x" * 100, method="GET")

    assert app.seen[0]["body"] == b"x" * 100


async def test_what_breaks_is_a_problem_that_tells_nothing():
    sent = await call(App(ValueError("hunter2")), b"")

    assert sent[0]["status"] == 500
    assert b"hunter2" not in sent[1]["body"]


async def test_what_breaks_in_the_middle_of_an_answer_ends_it():
    sent = await call(App(ValueError("hunter2"), starts=True), b"")

    assert [message["type"] for message in sent] == ["http.response.start"]
