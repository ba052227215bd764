"""What every answer tells browsers, and by which names nobody is served."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

import httpx
import pytest
from gateway_stage import QUESTION, RecordingBroker, problem, running, settings
from identity_stage import locked

from functions.shared.edge.headers import HEADERS

pytestmark = pytest.mark.anyio

NOWHERE = settings(database_url="postgresql://127.0.0.1:1/nowhere")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/health", 200),
        ("GET", "/openapi.json", 200),
        ("GET", "/nowhere", 404),
        ("PUT", "/api/v1/query", 405),
        ("POST", "/api/v1/query", 415),
    ],
)
async def test_every_answer_tells_browsers_to_do_nothing_with_it(
    doorstep: httpx.AsyncClient, method: str, path: str, status: int
):
    response = await doorstep.request(method, path)

    assert response.status_code == status
    told = {name: response.headers.get(name) for name in HEADERS}
    assert told == HEADERS
    assert "server" not in response.headers
    assert "x-powered-by" not in response.headers


async def test_answers_from_before_and_behind_the_routes_tell_the_same(
    doorstep: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    async def broken(*_: object, **__: object) -> None:
        raise ValueError

    monkeypatch.setattr(doorstep.app.state.parts.gateway, "ask", broken)
    answers = [
        await doorstep.post("/api/v1/query", json=QUESTION),
        await doorstep.post("/api/v1/query", content=b"x" * 200_000),
        await doorstep.get("/health", headers={"Host": "example.org"}),
        await doorstep.options(
            "/api/v1/query", headers={"Origin": "http://localhost:3000", "Access-Control-Request-Method": "POST"}
        ),
    ]

    assert [answer.status_code for answer in answers] == [500, 413, 421, 200]
    for answer in answers:
        assert answer.headers["content-security-policy"] == HEADERS["content-security-policy"]
        assert len(answer.headers.get_list("cache-control")) == 1


async def test_the_page_of_docs_may_load_what_it_needs_and_nothing_else(doorstep: httpx.AsyncClient):
    page = await doorstep.get("/docs")
    policy = {
        name: value.split()
        for name, _, value in (part.partition(" ") for part in page.headers["content-security-policy"].split("; "))
    }

    assert page.status_code == 200
    assert "swagger-ui" in page.text
    scripts = re.findall(r'<script src="([^"]+)"', page.text)
    inline = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    styles = re.findall(r'<link[^>]+rel="stylesheet"[^>]+href="([^"]+)"', page.text)
    assert (len(scripts), len(inline), len(styles)) == (1, 1, 1)
    hashed = base64.b64encode(hashlib.sha256(inline[0].encode()).digest()).decode()
    assert policy["script-src"] == [*scripts, f"'sha256-{hashed}'"]
    assert set(styles) < set(policy["style-src"])
    assert policy["default-src"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["connect-src"] == ["'self'"]
    assert not re.search(r"\son\w+=", page.text)


@pytest.mark.parametrize(
    ("hops", "forwarded", "expected"), [(0, "https", False), (1, "https", True), (1, "http", False), (1, None, False)]
)
async def test_https_is_asked_for_where_it_is_spoken(hops: int, forwarded: str | None, expected: bool):
    async with running(replace(NOWHERE, forwarded_hops=hops)) as client:
        headers = {"X-Forwarded-Proto": forwarded} if forwarded else {}
        response = await client.get("/health", headers=headers)

    assert ("strict-transport-security" in response.headers) is expected


@pytest.mark.parametrize("host", ["example.org", "localhost.example.org", "192.168.1.2:8080", ""])
@pytest.mark.parametrize(("method", "path"), [("POST", "/api/v1/query"), ("GET", "/docs"), ("GET", "/metrics")])
async def test_where_nobody_logs_in_only_this_machine_is_served(
    doorstep: httpx.AsyncClient, broker: RecordingBroker, host: str, method: str, path: str
):
    response = await doorstep.request(method, path, headers={"Host": host})

    assert "localhost" in problem(response, 421)["detail"]
    assert broker.posts == []


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1:1", "[::1]:8080", "gateway.learnflow.localhost"])
async def test_this_machine_is_served_by_all_its_names(doorstep: httpx.AsyncClient, host: str):
    assert (await doorstep.get("/health", headers={"Host": host})).status_code == 200


async def test_where_people_log_in_any_name_is_served():
    async with running(locked(NOWHERE)) as client:
        assert (await client.get("/health", headers={"Host": "learn.example.org"})).status_code == 200
