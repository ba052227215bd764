"""The broker's ingress: what is stored, what is refused, and with which status."""

from __future__ import annotations

import json

import aiohttp
import pytest

from knative.local.log import LogError
from tests.integration.knative_local.stage import Stage, broker, eventually, journal, post, ref, service, sink, trigger

pytestmark = pytest.mark.anyio

CE = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/test", "ce-type": "asked"}


async def status_of(url: str, method: str = "POST", body: bytes = b"{}", **headers: str) -> int:
    async with aiohttp.ClientSession() as http, http.request(method, url, data=body, headers=headers) as response:
        return response.status


async def test_202_means_that_the_event_is_in_the_brokers_topic_under_its_partitionkey(stage: Stage) -> None:
    async with stage.run(broker()) as runtime:
        assert await post(runtime.broker_url, id="7", body=b'{"a":1}', partitionkey="ada", subject="sub") == 202
        (record,) = await stage.records(f"knative-broker-{stage.namespace}-default", 1)
    assert record.key == b"ada"
    assert record.value == b'{"a":1}'
    headers = dict(record.headers)
    assert headers["ce_id"] == b"7"
    assert headers["ce_subject"] == b"sub"
    assert headers["content-type"] == b"application/json"


async def test_structured_events_are_taken_too_and_stored_in_binary_mode(stage: Stage) -> None:
    event = {"specversion": "1.0", "id": "9", "source": "/s", "type": "t", "hops": 3, "data": {"x": "ü"}}
    async with stage.run(broker()) as runtime:
        body = json.dumps(event).encode()
        assert await status_of(runtime.broker_url, body=body, **{"Content-Type": "application/cloudevents+json"}) == 202
        (record,) = await stage.records(f"knative-broker-{stage.namespace}-default", 1)
    assert json.loads(record.value) == {"x": "ü"}
    assert dict(record.headers)["ce_hops"] == b"3"


@pytest.mark.parametrize(
    ("why", "headers"),
    [
        ("no CloudEvent", {"Content-Type": "application/json"}),
        ("no id", {k: v for k, v in CE.items() if k != "ce-id"}),
        ("an empty id", {**CE, "ce-id": ""}),
        ("an extension name with a hyphen", {**CE, "ce-my-extension": "x"}),
        ("an unknown version", {**CE, "ce-specversion": "0.1"}),
        ("a structured body that is no JSON", {"Content-Type": "application/cloudevents+json"}),
        ("a batch", {"Content-Type": "application/cloudevents-batch+json"}),
    ],
)
async def test_what_is_no_well_formed_cloudevent_is_400(memory_stage: Stage, why: str, headers: dict[str, str]) -> None:
    async with memory_stage.run(broker()) as runtime:
        assert await status_of(runtime.broker_url, body=b"nonsense", **headers) == 400, why
        assert not any(memory_stage.memory.topics[f"knative-broker-{memory_stage.namespace}-default"])


async def test_unknown_brokers_are_404_and_other_methods_405(memory_stage: Stage) -> None:
    async with memory_stage.run(broker()) as runtime:
        assert await status_of(f"{runtime.url}/{memory_stage.namespace}/other", **CE) == 404
        assert await status_of(f"{runtime.url}/other/default", **CE) == 404
        assert await status_of(f"{runtime.broker_url}/more", **CE) == 404
        for method in ("GET", "PUT", "DELETE"):
            assert await status_of(runtime.broker_url, method, **CE) == 405


async def test_an_event_of_more_than_1_mib_is_503_and_one_just_below_is_stored(stage: Stage) -> None:
    async with stage.run(broker()) as runtime:
        assert await post(runtime.broker_url, body=b"x" * (1024 * 1024 + 1)) == 503
        assert await post(runtime.broker_url, body=b"x" * (1024 * 1024 - 20)) == 503
        assert await post(runtime.broker_url, body=b"x" * (1000 * 1024)) == 202


async def test_a_log_that_does_not_store_is_503(memory_stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> None:
        raise LogError("the disk is full")

    async with memory_stage.run(broker()) as runtime:
        monkeypatch.setattr(memory_stage.memory, "append", fail)
        assert await post(runtime.broker_url) == 503


async def test_a_sinks_own_ingress_stores_in_its_topic(stage: Stage) -> None:
    async with stage.run(sink("out", stage.topic("out"))) as runtime:
        host = {"Host": "kafka-sink-ingress.knative-eventing.svc.cluster.local"}
        assert await status_of(f"{runtime.url}/{stage.namespace}/out", **CE, **host) == 202
        assert await status_of(f"{runtime.url}/{stage.namespace}/out", **CE) == 404
        (record,) = await stage.records(stage.topic("out"), 1)
    assert dict(record.headers)["ce_type"] == b"asked"


async def test_subscribers_get_the_event_with_the_platforms_headers_and_its_place_in_the_log(stage: Stage) -> None:
    seen = stage.folder / "seen"
    answers = [{"status": 204}]
    async with stage.run(
        broker(), service("reader", journal=seen, answers=answers), trigger("all", ref("Service", "reader", "/events"))
    ) as runtime:
        await post(runtime.broker_url, id="1", body=b'{"n":1}')
        (call,) = await eventually(lambda: journal(seen))
    assert call["path"] == "/events"
    assert call["body"] == '{"n":1}'
    headers = call["headers"]
    assert headers["prefer"] == "reply"
    assert headers["kn-namespace"] == stage.namespace
    assert headers["content-type"] == "application/json"
    assert headers["ce-knativekafkapartition"] == "0"
    assert headers["ce-knativekafkaoffset"] == "0"
    assert headers["host"] == f"reader.{stage.namespace}.svc.cluster.local"
