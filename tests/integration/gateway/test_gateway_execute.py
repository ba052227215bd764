"""Running code: a program of up to 64 KiB is taken on, and what came of it is shown."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from gateway_stage import RecordingBroker, body_of, fields

pytestmark = pytest.mark.anyio

PATH = "/api/v1/execute"
LIMIT = 64 * 1024


async def test_a_program_goes_to_the_sandbox_with_what_it_reads(client: httpx.AsyncClient, broker: RecordingBroker):
    await client.post(PATH, json={"code": "print(input())", "stdin": "Ada\n", "session_id": "s-1"})

    assert body_of(broker.posts[0]) == {"code": "print(input())", "stdin": "Ada\n", "session_id": "s-1"}


async def test_a_program_reads_nothing_unless_it_is_said_what(client: httpx.AsyncClient, broker: RecordingBroker):
    await client.post(PATH, json={"code": "print(1)"})

    assert body_of(broker.posts[0])["stdin"] == ""


async def test_a_program_that_fails_is_an_answer(client: httpx.AsyncClient, answering: RecordingBroker):
    response = await client.post(PATH, json={"code": "print(6)\nprint(x)"}, headers={"Prefer": "wait=20"})

    answer = response.json()["answer"]
    assert (response.status_code, response.json()["status"]) == (200, "answered")
    assert (answer["outcome"], answer["stdout"], answer["exit_status"]) == ("error", "6\n", 1)
    assert (answer["error"]["type"], answer["error"]["line"]) == ("NameError", 2)
    assert answer["layers"] == ["rlimits", "seccomp"]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, ["body.code"]),
        ([], ["body"]),
        ({"code": None}, ["body.code"]),
        ({"code": 7}, ["body.code"]),
        ({"code": ""}, ["body.code"]),
        ({"code": " \n\t\n"}, ["body.code"]),
        ({"code": "x" * (LIMIT + 1)}, ["body.code"]),
        ({"code": "é" * (LIMIT // 2 + 1)}, ["body.code"]),
        ({"code": "1", "stdin": 7}, ["body.stdin"]),
        ({"code": "1", "stdin": None}, ["body.stdin"]),
        ({"code": "1", "stdin": "€" * (LIMIT // 3 + 1)}, ["body.stdin"]),
        ({"code": "1", "session_id": "s" * 129}, ["body.session_id"]),
        ({"code": "1", "sdtin": "x"}, ["body.sdtin"]),
        ({"code": "", "stdin": 1, "input": 2}, ["body.code", "body.stdin", "body.input"]),
    ],
)
async def test_what_cannot_be_run_is_refused_by_field(
    doorstep: httpx.AsyncClient, broker: RecordingBroker, body: Any, named: list[str]
):
    assert fields(await doorstep.post(PATH, json=body)) == named
    assert broker.posts == []


@pytest.mark.parametrize("character", ["x", "é", "\N{SNAKE}"])
async def test_a_program_of_just_the_limit_is_taken(client: httpx.AsyncClient, broker: RecordingBroker, character: str):
    code = character * (LIMIT // len(character.encode()))
    response = await client.post(PATH, content=f'{{"code": "{code}"}}', headers={"Content-Type": "application/json"})

    assert response.status_code == 202
    assert body_of(broker.posts[0])["code"] == code


async def test_a_refusal_is_told_in_plain_words(doorstep: httpx.AsyncClient):
    empty = await doorstep.post(PATH, json={"code": ""})
    long = await doorstep.post(PATH, json={"code": "x" * 70_000})

    assert empty.json()["errors"] == [{"field": "body.code", "message": "There is no code in it"}]
    assert long.json()["errors"] == [{"field": "body.code", "message": "At most 65,536 bytes as UTF-8"}]


async def test_text_that_cannot_be_stored_is_made_storable(client: httpx.AsyncClient, broker: RecordingBroker):
    response = await client.post(
        PATH, content=b'{"code": "a\\u0000b", "stdin": "\\udfff"}', headers={"Content-Type": "application/json"}
    )

    assert response.status_code == 202
    assert (body_of(broker.posts[0])["code"], body_of(broker.posts[0])["stdin"]) == ("a\ufffdb", "\ufffd")
