"""KafkaSources: records of a topic become events, whatever they were before."""

from __future__ import annotations

import json
import re

import pytest

from tests.integration.knative_local.stage import (
    Stage,
    broker,
    delivery,
    eventually,
    journal,
    ref,
    reply,
    service,
    source,
    trigger,
)

pytestmark = pytest.mark.anyio

BINARY = {"ce_specversion": b"1.0", "ce_id": b"1", "ce_source": b"/client", "ce_type": b"asked"}


async def test_binary_and_structured_records_pass_unchanged_but_for_ce_overrides(stage: Stage) -> None:
    seen, topic = stage.folder / "seen", stage.topic("in")
    documents = (
        broker(),
        service("reader", journal=seen),
        source("in", topic, ref("Broker", "default"), ceOverrides={"extensions": {"ingress": topic, "subject": "new"}}),
        trigger("read", ref("Service", "reader"), type="asked"),
    )
    structured = {"specversion": "1.0", "id": "2", "source": "/client", "type": "asked", "hops": 1, "data": [1]}
    async with stage.run(*documents):
        more = {"ce_subject": b"old", "content__type": b"application/json"}
        await stage.produce(topic, b'{"a":1}', key=b"ada", **BINARY, **more)
        body = json.dumps(structured).encode()
        await stage.produce(topic, body, content__type=b"application/cloudevents+json; charset=utf-8")
        calls = await eventually(lambda: len(journal(seen)) == 2 and journal(seen))
    first, second = sorted(calls, key=lambda call: call["headers"]["ce-id"])
    assert first["body"] == '{"a":1}'
    assert first["headers"]["content-type"] == "application/json"
    assert (first["headers"]["ce-ingress"], first["headers"]["ce-subject"]) == (topic, "new")
    assert "ce-key" not in first["headers"], "the key of a CloudEvent is not copied"
    assert "ce-partitionkey" not in first["headers"]
    assert second["body"] == "[1]"
    assert (second["headers"]["ce-hops"], second["headers"]["ce-ingress"]) == ("1", topic)


async def test_a_plain_record_becomes_a_kafka_event(stage: Stage) -> None:
    seen, topic = stage.folder / "seen", stage.topic("in")
    documents = (
        broker(),
        service("reader", journal=seen),
        source("in", topic, ref("Broker", "default")),
        trigger("read", ref("Service", "reader"), filters=[{"suffix": {"source": f"#{topic}"}}]),
    )
    async with stage.run(*documents):
        await stage.produce(topic, b'{"student_id":"ada"}', key=b"ada", X__Trace_Id=b"77")
        (call,) = await eventually(lambda: journal(seen))
    headers = call["headers"]
    assert headers["ce-type"] == "dev.knative.kafka.event"
    assert headers["ce-source"] == f"/apis/v1/namespaces/{stage.namespace}/kafkasources/in#{topic}"
    assert headers["ce-id"] == "partition:0/offset:0"
    assert headers["ce-subject"] == "partition:0#0"
    assert (headers["ce-key"], headers["ce-partitionkey"]) == ("ada", "ada")
    assert headers["ce-kafkaheaderxtraceid"] == "77"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", headers["ce-time"])
    assert "content-type" not in headers
    assert call["body"] == '{"student_id":"ada"}'


async def test_a_plain_record_keeps_its_content_type_and_a_tombstone_has_an_empty_body(stage: Stage) -> None:
    seen, topic = stage.folder / "seen", stage.topic("in")
    async with stage.run(service("reader", journal=seen), source("in", topic, ref("Service", "reader"))):
        await stage.produce(topic, b"hello", content__type=b"Text/Plain")
        await stage.produce(topic, None, key=b"ada")
        calls = await eventually(lambda: len(journal(seen)) == 2 and journal(seen))
    text, tombstone = sorted(calls, key=lambda call: call["headers"]["ce-id"])
    assert text["headers"]["content-type"] == "text/plain"
    assert "ce-kafkaheadercontenttype" not in text["headers"]
    assert (tombstone["body"], tombstone["headers"]["ce-key"]) == ("", "ada")
    assert "content-type" not in tombstone["headers"]


async def test_a_source_discards_replies(stage: Stage) -> None:
    topic, seen = stage.topic("in"), stage.folder / "seen"
    documents = (
        broker(),
        service("replier", journal=seen, answers=[reply("answered")]),
        source("in", topic, ref("Service", "replier")),
    )
    async with stage.run(*documents) as runtime:
        await stage.produce(topic, b"{}", **BINARY)
        await eventually(lambda: runtime.status()["sources"]["in"]["delivered"] == 1)
        await stage.produce(f"knative-broker-{stage.namespace}-default", b"{}", **BINARY)
        records = await stage.records(f"knative-broker-{stage.namespace}-default", 1)
    assert [dict(record.headers)["ce_type"] for record in records] == [b"asked"]


async def test_a_source_that_says_nothing_about_delivery_retries(stage: Stage) -> None:
    topic, seen = stage.topic("in"), stage.folder / "seen"
    shaky = service("shaky", journal=seen, answers=[{"status": 503}, {"status": 204}])
    async with stage.run(shaky, source("in", topic, ref("Service", "shaky"))) as runtime:
        await stage.produce(topic, b"{}", **BINARY)
        await eventually(lambda: runtime.status()["sources"]["in"]["delivered"] == 1)
    first, second = journal(seen)
    assert 0.58 < second["at"] - first["at"] < 1.5, "twice 0.3 s, and what the machine needs"


async def test_a_sources_dead_letters_name_its_sink(stage: Stage) -> None:
    topic, graves = stage.topic("in"), stage.folder / "graves"
    spec = delivery(dead_letters=ref("Service", "graveyard"))
    documents = (
        service("failing", answers=[{"status": 400}]),
        service("graveyard", journal=graves),
        source("in", topic, ref("Service", "failing"), delivery=spec),
    )
    async with stage.run(*documents):
        await stage.produce(topic, b"{}", **BINARY)
        (letter,) = await eventually(lambda: journal(graves))
    assert letter["headers"]["ce-knativeerrordest"] == f"http://failing.{stage.namespace}.svc.cluster.local"


@pytest.mark.parametrize(("initial", "expected"), [("earliest", ["old", "new"]), ("latest", ["new"])])
async def test_the_first_start_begins_at_the_initial_offset(stage: Stage, initial: str, expected: list[str]) -> None:
    topic, seen = stage.topic("in"), stage.folder / "seen"
    async with stage.run(service("other"), source("other", topic, ref("Service", "other"))):
        await stage.produce(topic, b"old", **BINARY)
    documents = (service("reader", journal=seen), source("in", topic, ref("Service", "reader"), initialOffset=initial))
    async with stage.run(*documents):
        await stage.produce(topic, b"new", **BINARY)
        await eventually(lambda: any(call["body"] == "new" for call in journal(seen)))
        await eventually(lambda: len(journal(seen)) == len(expected))
    assert sorted(call["body"] for call in journal(seen)) == sorted(expected)


async def test_two_sources_read_one_topic_each_in_its_own_group(stage: Stage) -> None:
    topic, first, second = stage.topic("in"), stage.folder / "first", stage.folder / "second"
    documents = (
        service("one", journal=first),
        service("two", journal=second),
        source("one", topic, ref("Service", "one"), consumerGroup=f"{stage.namespace}-one"),
        source("two", topic, ref("Service", "two"), consumerGroup=f"{stage.namespace}-two"),
    )
    async with stage.run(*documents):
        await stage.produce(topic, b"{}", **BINARY)
        await eventually(lambda: len(journal(first)) == len(journal(second)) == 1)
    assert journal(first)[0]["headers"]["ce-id"] == journal(second)[0]["headers"]["ce-id"] == "1"
