"""Whatever is sent, the answer is JSON that says what is wrong; nothing sent breaks anything."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from gateway_stage import QUESTION, RecordingBroker, body_of, fields, problem
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.anyio

JSON = {"Content-Type": "application/json"}
LIMIT = 128 * 1024


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{'question': 'why'}",
        b'{"question": "\xff\xfe"}',
        b"[" * 60_000,
        b'{"question": ' + b"9" * 5000 + b"}",
        b"\x00",
    ],
    ids=["nothing", "half", "quotes", "no utf-8", "deep", "huge number", "nul"],
)
async def test_what_is_no_json_is_refused(doorstep: httpx.AsyncClient, body: bytes):
    response = await doorstep.post("/api/v1/query", content=body, headers=JSON)

    if body:
        assert fields(response, 400) == ["body"]
    else:
        assert fields(response, 422) == ["body"]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, ["body.question"]),
        ([], ["body"]),
        (None, ["body"]),
        ("why?", ["body"]),
        ({"question": None}, ["body.question"]),
        ({"question": 7}, ["body.question"]),
        ({"question": {"a": [1]}}, ["body.question"]),
        ({"question": "why?", "code": 1}, ["body.code"]),
        ({"question": "why?", "error_message": []}, ["body.error_message"]),
        ({"question": "why?", "session_id": "s" * 129}, ["body.session_id"]),
        ({"question": "why?", "qestion": "why?"}, ["body.qestion"]),
        ({"code": 1, "extra": 2}, ["body.question", "body.code", "body.extra"]),
    ],
)
async def test_what_is_wrong_is_named_by_field(
    doorstep: httpx.AsyncClient, broker: RecordingBroker, body: Any, named: list[str]
):
    assert fields(await doorstep.post("/api/v1/query", content=json.dumps(body), headers=JSON)) == named
    assert broker.posts == []


@pytest.mark.parametrize("depth", [100, 400, 900])
async def test_however_deep_a_wrong_value_goes_its_field_is_named(doorstep: httpx.AsyncClient, depth: int):
    nested = b'{"question": "", "code": ' + b'{"a": [' * depth + b"]}" * depth + b"}"
    response = await doorstep.post("/api/v1/query", content=nested, headers=JSON)

    assert response.status_code in {400, 422}
    assert fields(response, response.status_code) == [{400: "body", 422: "body.code"}[response.status_code]]


async def test_no_more_fields_are_named_than_anybody_reads(doorstep: httpx.AsyncClient):
    response = await doorstep.post("/api/v1/query", json={**QUESTION, **{f"f{i}" * 200: i for i in range(100)}})

    assert 1 < len(fields(response)) <= 20
    assert len(response.content) < 10_000


async def test_a_problem_never_repeats_what_was_sent(doorstep: httpx.AsyncClient):
    secret = "hunter2 is my password"
    response = await doorstep.post("/api/v1/query", json={"question": [secret], "session_id": secret * 9})

    problem(response, 422)
    assert "hunter2" not in response.text


async def test_an_empty_question_is_taken(client: httpx.AsyncClient):
    assert (await client.post("/api/v1/query", json={"question": ""})).status_code == 202


async def test_text_that_cannot_be_stored_is_made_storable(client: httpx.AsyncClient, broker: RecordingBroker):
    response = await client.post(
        "/api/v1/query", content=b'{"question": "a\\u0000b\\ud800c", "code": "\\udfff"}', headers=JSON
    )

    assert response.status_code == 202
    assert (body_of(broker.posts[0])["question"], body_of(broker.posts[0])["code"]) == ("a�b�c", "�")


async def test_an_unknown_field_that_cannot_be_stored_is_named_all_the_same(doorstep: httpx.AsyncClient):
    response = await doorstep.post("/api/v1/query", content=b'{"question": "", "x\\ud800": 1}', headers=JSON)

    assert fields(response) == ["body.x�"]


@pytest.mark.parametrize(
    "kind", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "json"]
)
async def test_only_what_says_it_is_json_is_read(
    doorstep: httpx.AsyncClient, broker: RecordingBroker, kind: str | None
):
    headers = {} if kind is None else {"Content-Type": kind}
    response = await doorstep.post("/api/v1/query", content=json.dumps(QUESTION), headers=headers)

    assert "Content-Type: application/json" in problem(response, 415)["detail"]
    assert broker.posts == []


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON", "application/ld+json"])
async def test_json_by_any_of_its_names_is_read(client: httpx.AsyncClient, kind: str):
    response = await client.post("/api/v1/query", content=json.dumps(QUESTION), headers={"Content-Type": kind})

    assert response.status_code == 202


async def chunks(size: int) -> AsyncIterator[bytes]:
    """Yield a question of exactly `size` bytes, in pieces."""
    yield b'{"question": "'
    left = size - 16
    while left:
        piece = min(left, 5000)
        yield b"x" * piece
        left -= piece
    yield b'"}'


@pytest.mark.parametrize("path", ["/api/v1/query", "/api/triage", "/nowhere"])
async def test_a_body_over_the_limit_is_refused_with_and_without_a_length(
    doorstep: httpx.AsyncClient, broker: RecordingBroker, path: str
):
    announced = await doorstep.post(path, content=b"x" * (LIMIT + 1), headers=JSON)
    chunked = await doorstep.post(path, content=chunks(LIMIT + 1), headers=JSON)

    assert "131,072" in problem(announced, 413)["detail"]
    problem(chunked, 413)
    assert broker.posts == []


async def test_a_body_of_just_the_limit_is_taken(client: httpx.AsyncClient):
    assert (await client.post("/api/v1/query", content=chunks(LIMIT), headers=JSON)).status_code == 202


async def test_a_path_that_is_not_there_is_a_problem(doorstep: httpx.AsyncClient):
    for path in ("/", "/api/v1/query/", "/api/v2/query", "/%00", "/<script>"):
        assert "/docs" in problem(await doorstep.get(path), 404)["detail"]


async def test_a_method_that_is_not_there_is_a_problem(doorstep: httpx.AsyncClient):
    response = await doorstep.put("/api/v1/query", json=QUESTION)

    problem(response, 405)
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize("learner", ["", "a da", "x" * 65, "../x", "ada\u00e9".encode()])
async def test_a_learner_that_cannot_be_is_refused(
    doorstep: httpx.AsyncClient, broker: RecordingBroker, learner: str | bytes
):
    response = await doorstep.post("/api/v1/query", json=QUESTION, headers={"X-Learner-Id": learner})

    assert fields(response) == ["header.X-Learner-Id"]
    assert broker.posts == []


async def test_a_bug_is_a_problem_without_a_trace_of_what_was_asked(
    doorstep: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    async def broken(*_: object, **__: object) -> None:
        raise ValueError("the learner said: hunter2")

    monkeypatch.setattr(doorstep.app.state.parts.gateway, "ask", broken)
    response = await doorstep.post("/api/v1/query", json={"question": "hunter2"})

    problem(response, 500)
    assert "hunter2" not in response.text
    logged = capsys.readouterr().out
    assert "request.failed" in logged
    assert "ValueError" in logged
    assert "hunter2" not in logged


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(st.characters(codec=None), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec=None)), inner, max_size=4),
    max_leaves=8,
)
LIKELY = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("question", "code", "error_message", "session_id", "student_id", "query", "x"), ANYTHING),
        "stdin": ANYTHING,
        "topic": ANYTHING | st.just("loops"),
        "difficulty": ANYTHING | st.just("easy"),
        "exercise_id": ANYTHING | st.just("loops/countdown"),
    },
)
BODIES = st.binary(max_size=200) | (LIKELY | ANYTHING).map(lambda value: json.dumps(value).encode())


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=BODIES,
    path=st.sampled_from(
        [
            "/api/v1/query",
            "/api/triage",
            "/api/v1/execute",
            "/api/v1/exercises/generate",
            "/api/v1/exercises/submit",
            "/api/v1/exercises/loops/countdown/submissions",
        ]
    ),
    prefer=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20),
    key=st.none() | st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20),
)
async def test_no_body_and_no_header_breaks_anything(
    answering: RecordingBroker, client: httpx.AsyncClient, body: bytes, path: str, prefer: str, key: str | None
):
    headers = [("Content-Type", "application/json"), ("Prefer", prefer.encode("latin-1"))]
    if key is not None:
        headers.append(("Idempotency-Key", key.encode("latin-1")))
    response = await client.post(path, content=body, headers=headers)

    assert response.status_code in {200, 202, 400, 422}
    if response.status_code >= 400:
        problem(response, response.status_code)
    else:
        assert response.json()["id"] in answering.ids
