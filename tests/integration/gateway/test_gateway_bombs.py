"""However a body is made to cost or to confuse, no route breaks on it."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator

import httpx
import psycopg
import pytest
from gateway_stage import RecordingBroker, problem, running, settings
from identity_stage import as_person, locked

from functions.gateway.app import create_app
from functions.shared.settings import Settings

pytestmark = pytest.mark.anyio

JSON = {"Content-Type": "application/json"}
DIGITS = b"9" * 100_000
OPENAPI = create_app(settings()).openapi()
SENT = sorted(
    (method.upper(), path)
    for path, methods in OPENAPI["paths"].items()
    for method, operation in methods.items()
    if "requestBody" in operation
)
"""Every operation that takes a body."""

BOMBS = {
    "deep lists": b"[" * 65_000 + b"]" * 65_000,
    "deep objects": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    "open lists": b"[" * 131_000,
    "deep but read": b'{"a":' * 900 + b"1" + b"}" * 900,
    "many keys": json.dumps({f"k{n}": n for n in range(8_000)}).encode(),
    "many items": b"[" + b"1," * 65_000 + b"1]",
    "a huge number": DIGITS,
    "the largest number that is read": b"9" * 4_300,
    "a huge exponent": b"1e999999999",
    "not a number": b"NaN",
    "without end": b"-Infinity",
    "twice the same key": b'{"question":"a","question":"b"}',
    "no UTF-8": b'"\xff\xfe\x80"',
    "half a surrogate pair": b'"\\ud800"',
    "NUL": b'"\\u0000"',
    "UTF-16": '{"question": "why?"}'.encode("utf-16"),
    "a BOM": b'\xef\xbb\xbf{"question": "why?"}',
    "nothing": b"null",
    "blanks": b" " * 131_000,
}

UNUSUAL = {"twice the same key", "UTF-16", "a BOM"}
"""What is JSON all the same, so that a route may find what it needs in it."""


@pytest.fixture
async def client(here: Settings, db: psycopg.AsyncConnection) -> AsyncIterator[httpx.AsyncClient]:
    """A client of somebody who may do everything."""
    await db.execute("INSERT INTO users (id, role) VALUES ('ada', 'admin')")
    async with running(locked(here)) as client:
        client.headers.update(as_person("ada", "admin"))
        yield client


def filled(path: str) -> str:
    """Return a path with something in the place of its parameters."""
    return re.sub(r"{\w+}", "ada", path)


def fields(method: str, path: str) -> list[str]:
    """Return the fields that an operation's body may have."""
    content = OPENAPI["paths"][path][method.lower()]["requestBody"]["content"]["application/json"]
    reference = content["schema"].get("$ref", "").rpartition("/")[2]
    return list(OPENAPI["components"]["schemas"].get(reference, {}).get("properties", {}))


@pytest.mark.parametrize("bomb", BOMBS)
async def test_no_route_breaks_on_a_body_that_is_a_bomb(client: httpx.AsyncClient, broker: RecordingBroker, bomb: str):
    for method, path in SENT:
        response = await client.request(method, filled(path), content=BOMBS[bomb], headers=JSON)

        assert response.status_code < 500, (method, path, response.text[:300])
        assert len(response.content) < 20_000
        if bomb not in UNUSUAL:
            problem(response, response.status_code)
            assert broker.posts == []


@pytest.mark.parametrize("bomb", [name for name, body in BOMBS.items() if len(body) < 130_000])
async def test_no_route_breaks_on_a_field_that_is_a_bomb(client: httpx.AsyncClient, bomb: str):
    for method, path in SENT:
        for field in fields(method, path):
            body = b'{"%s": %s}' % (field.encode(), BOMBS[bomb])
            response = await client.request(method, filled(path), content=body, headers=JSON)

            assert response.status_code < 500, (method, path, field, response.text[:300])


async def test_of_thousands_of_fields_none_is_looked_at(client: httpx.AsyncClient):
    looked_at = 0
    for method, path in SENT:
        response = await client.request(method, filled(path), content=BOMBS["many keys"], headers=JSON)

        if response.status_code != 404:  # no such course, whatever the body says
            looked_at += 1
            assert problem(response, 422)["errors"] == [{"field": "body", "message": "Up to 128 fields"}]
    assert looked_at >= 15


def test_there_are_bodies_to_try():
    assert len(SENT) >= 15
    assert sum(len(fields(method, path)) for method, path in SENT) >= 40
