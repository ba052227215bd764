"""Questions may be asked over the socket; what is asked twice is one question, what is no question is told so."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from functions.realtime.conversing import FRAMES_AT_ONCE
from functions.shared.edge.bodies import MAX_BODY_BYTES
from functions.shared.rates import Rate, Rates
from functions.shared.settings import Settings
from tests.integration.gateway.gateway_stage import RecordingBroker, body_of, running
from tests.integration.realtime.live_stage import Replica, World, client, replica

pytestmark = pytest.mark.anyio

ASK: dict[str, Any] = {"type": "ask", "id": "q-1", "question": "Can you explain how Python loops work?"}


async def test_a_question_is_accepted_routed_and_answered(answering: RecordingBroker, live: Replica):
    async with client(live.url("ada")) as ada:
        await ada.says(**ASK, code="for x in y: pass", session_id="monday")
        answer = await ada.hears("message")

    [accepted] = [frame for frame in ada.frames if frame["type"] == "accepted"]
    [routed] = [frame for frame in ada.frames if frame["type"] == "routed"]
    assert (accepted["id"], accepted["status"]) == ("q-1", "pending")
    assert routed == {"type": "routed", "request_id": accepted["request_id"], "routed_to": "concepts"}
    assert answer["request_id"] == accepted["request_id"]
    [(headers, body)] = answering.posts
    assert (headers["ce-source"], headers["ce-subject"]) == ("/learnflow/realtime", "ada")
    assert headers["ce-id"] == headers["ce-correlationid"] == accepted["request_id"]
    assert body_of((headers, body))["code"] == "for x in y: pass"


async def test_a_question_that_is_asked_again_is_one_question(answering: RecordingBroker, live: Replica, world: World):
    async with client(live.url("ada")) as ada:
        await ada.says(**ASK)
        await ada.hears("message")
    async with client(live.url("ada", last_id=ada.last_id)) as again:
        await again.says(**ASK)
        repeated = await again.hears("accepted")
        await again.hears_nothing()

    [accepted] = [frame for frame in ada.frames if frame["type"] == "accepted"]
    assert repeated == {**accepted, "status": "answered"}
    assert len(answering.posts) == 1


async def test_the_same_key_means_the_same_over_http(broker: RecordingBroker, live: Replica, here: Settings):
    async with running(here) as gateway:
        asked = await gateway.post(
            "/api/v1/query",
            json={"question": ASK["question"]},
            headers={"Idempotency-Key": "q-1", "X-Learner-Id": "ada"},
        )
    async with client(live.url("ada")) as ada:
        await ada.says(**ASK)
        assert (await ada.hears("accepted"))["request_id"] == asked.json()["id"]

    assert len(broker.posts) == 1


@pytest.mark.parametrize(
    ("change", "key", "fields"),
    [
        ({"question": None}, "q-1", ["question"]),
        ({"question": 5, "code": []}, "q-1", ["question", "code"]),
        ({"session_id": "x" * 129}, "q-1", ["session_id"]),
        ({"colour": "red"}, "q-1", ["colour"]),
        ({"id": ""}, None, ["id"]),
        ({"id": "a b"}, None, ["id"]),
        ({"id": 7}, None, ["id"]),
    ],
)
async def test_what_is_wrong_with_a_question_is_named(
    broker: RecordingBroker, live: Replica, change: dict[str, Any], key: str | None, fields: list[str]
):
    async with client(live.url("ada")) as ada:
        await ada.says(**{**ASK, **change})
        frame = await ada.hears("problem")
        await ada.hears_nothing()

    assert frame["id"] == key
    assert frame["problem"]["status"] == 422
    assert [each["field"] for each in frame["problem"]["errors"]] == fields
    assert broker.posts == []


async def test_a_key_stands_for_one_question(broker: RecordingBroker, live: Replica):
    async with client(live.url("ada")) as ada:
        await ada.says(**ASK)
        await ada.hears("accepted")
        await ada.says(**{**ASK, "question": "Another one?"})
        frame = await ada.hears("problem")

    assert (frame["id"], frame["problem"]["type"]) == ("q-1", "urn:learnflow:problem:key-reused")


async def test_a_broker_that_is_away_is_told_and_the_question_asked_again_is_the_same(
    broker: RecordingBroker, live: Replica
):
    broker.says = [400]
    async with client(live.url("ada")) as ada:
        await ada.says(**ASK)
        frame = await ada.hears("problem")
        await ada.says(**ASK)
        accepted = await ada.hears("accepted")

    assert (frame["id"], frame["problem"]["status"], frame["problem"]["retry_after"]) == ("q-1", 503, 2)
    assert frame["problem"]["id"] == accepted["request_id"]
    assert broker.ids == [accepted["request_id"]] * 2


async def test_who_asks_too_often_is_told_when_to_go_on(here: Settings, broker: RecordingBroker):
    rates = Rates(person=Rate(per_minute=60, burst=2))
    async with replica(replace(here, rates=rates)) as live, client(live.url("ada")) as ada:
        for number in range(3):
            await ada.says(**{**ASK, "id": f"q-{number}"})
        frame = await ada.hears("problem")

    assert (frame["id"], frame["problem"]["status"], frame["problem"]["retry_after"]) == ("q-2", 429, 1)
    assert len(broker.posts) == 2


@pytest.mark.parametrize(
    ("frame", "status"),
    [
        ("not json", 400),
        ("[]", 400),
        ("[" * 100_000, 400),
        ('{"type": "dance"}', 422),
        ("{}", 422),
        (b"\x00\x01", 415),
        (json.dumps({**ASK, "question": "x" * MAX_BODY_BYTES}), 413),
    ],
    ids=["text", "list", "deep", "type", "empty", "binary", "large"],
)
async def test_junk_is_told_and_when_repeated_ends_the_connection(live: Replica, frame: str | bytes, status: int):
    async with client(live.url("ada")) as ada:
        await ada.socket.send(frame)
        assert (await ada.hears("problem"))["problem"]["status"] == status
        await ada.hears_nothing()
        for _ in range(2):
            await ada.socket.send(frame)
        assert await ada.is_closed() == 1008

    assert [each["type"] for each in ada.frames].count("problem") == 3


async def test_a_frame_beyond_all_bounds_ends_the_connection(live: Replica):
    async with client(live.url("ada")) as ada:
        await ada.socket.send("x" * 1_000_000)
        assert await ada.is_closed() == 1009


async def test_a_flood_ends_the_connection_and_no_other(live: Replica):
    async with client(live.url("ada")) as ada, client(live.url("bo")) as bo:
        for _ in range(2 * FRAMES_AT_ONCE):
            await ada.says(type="ping")
        assert await ada.is_closed() == 1008
        await bo.hears_nothing()


async def test_what_learners_ask_is_not_in_the_logs(live: Replica, capfd: pytest.CaptureFixture[str]):
    async with client(live.url("ada")) as ada:
        await ada.says(**{**ASK, "question": "hunter2"})
        await ada.hears("accepted")
        await ada.socket.send('{"type": "hunter2"}')
        await ada.hears("problem")

    assert "hunter2" not in "".join(capfd.readouterr())


async def test_the_channel_is_described(live: Replica):
    async with httpx.AsyncClient(base_url=live.http) as http:
        document = (await http.get("/openapi.json")).json()
        ready = await http.get("/ready")

    assert list(document["paths"]) == ["/api/v1/stream/{student_id}", "/health", "/ready", "/metrics"]
    assert "text/event-stream" in document["paths"]["/api/v1/stream/{student_id}"]["get"]["responses"]["200"]["content"]
    assert (ready.status_code, ready.json()["service"]) == (200, "realtime")


async def test_who_was_deleted_meanwhile_is_told_so(live: Replica, world: World):
    async with client(live.url("ada")) as ada:
        with world.db.reading() as db:
            db.execute("INSERT INTO erased (id_hash) VALUES (erasure_hash('ada'))")
        await ada.says(**ASK)
        refused = await ada.hears("problem")

    assert (refused["id"], refused["problem"]["status"]) == ("q-1", 410)
