"""A WebSocket that may not be opened is refused before it is, with the answer that a request would get."""

import json
from typing import Any

import pytest

from functions.shared.edge.hosts import HereOnly
from functions.shared.edge.identity import Doorman
from functions.shared.edge.limiting import Limited, Limiter, Refusal
from functions.shared.edge.limits import Limit
from functions.shared.rates import Rate, Rates
from functions.shared.settings import AuthSettings, Settings

SETTINGS = Settings("dev", "127.0.0.1", 0, "INFO", "", "", 8, (), auth=AuthSettings(required=False))
RATE = Rate(2, 1)

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """The loop the gateway runs on."""
    return "asyncio"


class Full:
    """A limiter that notes what it should count, and lets nothing through."""

    rates = Rates()

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def count(self, limits: tuple[Limit, ...]) -> Refusal:
        """Refuse."""
        self.asked += [limit.whose for limit in limits]
        return Refusal(Limit("address", RATE, "k"), 29.4)


async def nobody(*_: object) -> None:
    raise AssertionError("opened all the same")


async def opened(app: Any, host: str) -> list[dict[str, Any]]:
    """Try to open a WebSocket; return what is answered."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(b"host", host.encode()), (b"x-learner-id", b"ada")]
    scope = {"type": "websocket", "path": "/ws/chat/ada", "headers": headers, "client": ("127.0.0.1", 1),
             "extensions": {"websocket.http.response": {}}}  # fmt: skip
    await app(scope, receive, send)
    return sent


async def test_from_a_page_elsewhere_none_is_opened():
    start, body = await opened(HereOnly(nobody), "example.org")

    assert (start["type"], start["status"]) == ("websocket.http.response.start", 421)
    assert json.loads(body["body"])["type"] == "urn:learnflow:problem:not-here"


async def test_too_many_openings_count_against_the_address():
    full: Any = Full()
    start, body = await opened(Limited(nobody, limiter=full, doorman=Doorman(SETTINGS), settings=SETTINGS), "localhost")

    assert (start["type"], start["status"]) == ("websocket.http.response.start", 429)
    assert (b"retry-after", b"30") in start["headers"]
    assert json.loads(body["body"])["limit"] == "address"
    assert full.asked == ["address"]


async def test_where_nobody_is_limited_nothing_is_counted():
    served = []

    async def app(scope: Any, *_: object) -> None:
        served.append(scope["path"])

    nothing: Any = None
    limiter = Limiter(nothing, None)
    await opened(Limited(app, limiter=limiter, doorman=Doorman(SETTINGS), settings=SETTINGS), "localhost")

    assert served == ["/ws/chat/ada"]
