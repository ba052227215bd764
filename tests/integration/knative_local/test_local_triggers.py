"""Triggers: who gets an event, what is tried again, what becomes a dead letter, and where replies go."""

from __future__ import annotations

import base64
from itertools import pairwise

import pytest

from tests.integration.knative_local.stage import (
    Stage,
    broker,
    delivery,
    eventually,
    journal,
    post,
    ref,
    reply,
    service,
    sink,
    trigger,
)

pytestmark = pytest.mark.anyio

RETRIED = [404, 408, 409, 429, 500, 501, 502, 503, 504]
FINAL = [300, 302, 304, 400, 401, 403, 405, 410, 413, 415, 422, 423, 425]


async def test_one_record_goes_to_every_trigger_whose_filters_it_passes(stage: Stage) -> None:
    seen = stage.folder / "seen"
    filters = {
        "exact": [{"exact": {"type": "org.asked"}}],
        "prefix": [{"prefix": {"type": "org."}}],
        "suffix": [{"suffix": {"source": "st"}}],
        "nested": [{"any": [{"exact": {"type": "x"}}, {"all": [{"not": {"exact": {"id": "2"}}}]}]}],
        "other": [{"exact": {"type": "other"}}],
    }
    triggers = [trigger(name, ref("Service", "reader", f"/{name}"), filters=given) for name, given in filters.items()]
    attributes = trigger("attributes", ref("Service", "reader", "/attributes"), type="org.asked")
    async with stage.run(broker(), service("reader", journal=seen), attributes, *triggers) as runtime:
        await post(runtime.broker_url, type="org.asked")
        await eventually(lambda: runtime.status()["services"]["reader"]["requests"] == 5)
        assert {call["path"] for call in journal(seen)} <= {"/exact", "/prefix", "/suffix", "/nested", "/attributes"}
        await eventually(lambda: len(journal(seen)) == 5)
        assert runtime.status()["triggers"]["other"]["delivered"] == 0


async def test_each_status_is_retried_or_final_as_the_data_plane_has_it(stage: Stage) -> None:
    seen, graves = stage.folder / "seen", stage.folder / "graves"
    documents = [broker(), service("picky", journal=seen), service("graveyard", journal=graves)]
    for status in RETRIED + FINAL:
        to = ref("Service", "picky", f"/status/{status}")
        spec = delivery(retry=2, dead_letters=ref("Service", "graveyard"))
        documents.append(trigger(f"s{status}", to, type="asked", delivery=spec))
    async with stage.run(*documents) as runtime:
        await post(runtime.broker_url)
        letters = await eventually(lambda: len(journal(graves)) == len(RETRIED + FINAL) and journal(graves))
        tries = [call["path"] for call in journal(seen)]
        assert {s: tries.count(f"/status/{s}") for s in RETRIED} == dict.fromkeys(RETRIED, 3)
        assert {s: tries.count(f"/status/{s}") for s in FINAL} == dict.fromkeys(FINAL, 1)
        codes = {letter["headers"]["ce-knativeerrorcode"] for letter in letters}
        assert codes == {str(status) for status in RETRIED + FINAL}
        counted = {"delivered": 0, "retried": 2, "dead_lettered": 1, "dropped": 0, "open": 0}
        await eventually(lambda: runtime.status()["triggers"]["s503"] == counted)


async def test_a_failure_that_passes_is_delivered_in_the_end(stage: Stage) -> None:
    seen = stage.folder / "seen"
    answers = [{"status": 503}, {"status": 500}, {"status": 204}]
    shaky = service("shaky", journal=seen, answers=answers)
    async with stage.run(
        broker(), shaky, trigger("all", ref("Service", "shaky"), delivery=delivery(retry=5))
    ) as runtime:
        await post(runtime.broker_url)
        await eventually(lambda: runtime.status()["triggers"]["all"]["delivered"] == 1)
    assert len(journal(seen)) == 3


@pytest.mark.parametrize(
    ("policy", "expected"), [("exponential", [0.2, 0.4, 0.8]), ("linear", [0.1, 0.2, 0.3])], ids=["2ⁿ·delay", "n·delay"]
)
async def test_gaps_between_tries_grow_as_the_policy_says(
    memory_stage: Stage, policy: str, expected: list[float]
) -> None:
    seen = memory_stage.folder / "seen"
    spec = {"retry": 3, "backoffPolicy": policy, "backoffDelay": "PT0.1S"}
    failing = service("failing", journal=seen, answers=[{"status": 503}])
    async with memory_stage.run(broker(), failing, trigger("all", ref("Service", "failing"), delivery=spec)) as runtime:
        await post(runtime.broker_url)
        times = [call["at"] for call in await eventually(lambda: len(journal(seen)) == 4 and journal(seen))]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert all(gap > least - 0.02 for gap, least in zip(gaps, expected, strict=True))
    assert sum(gaps) < sum(expected) + 0.7


async def test_retry_without_backoff_delay_retries_nothing(memory_stage: Stage) -> None:
    seen, graves = memory_stage.folder / "seen", memory_stage.folder / "graves"
    spec = {"retry": 3, "deadLetterSink": ref("Service", "graveyard")}
    failing = service("failing", journal=seen, answers=[{"status": 503}])
    documents = (broker(), failing, service("graveyard", journal=graves))
    async with memory_stage.run(*documents, trigger("all", ref("Service", "failing"), delivery=spec)) as runtime:
        await post(runtime.broker_url)
        await eventually(lambda: journal(graves))
    assert len(journal(seen)) == 1


async def test_no_answer_within_the_timeout_is_retried_and_leaves_no_code(stage: Stage) -> None:
    seen, graves = stage.folder / "seen", stage.folder / "graves"
    slow = service("slow", journal=seen, answers=[{"status": 204, "delay": 2}], annotations={"min-scale": "1"})
    spec = delivery(retry=1, dead_letters=ref("Service", "graveyard"), timeout="PT0.3S")
    grave = service("graveyard", journal=graves, annotations={"min-scale": "1"})
    async with stage.run(broker(), slow, grave, trigger("all", ref("Service", "slow"), delivery=spec)) as runtime:
        await eventually(lambda: runtime.status()["ready"])
        await post(runtime.broker_url)
        (letter,) = await eventually(lambda: journal(graves))
    assert len(journal(seen)) == 2
    assert letter["headers"]["ce-knativeerrordest"] == f"http://slow.{stage.namespace}.svc.cluster.local"
    assert "ce-knativeerrorcode" not in letter["headers"]
    assert "ce-knativeerrordata" not in letter["headers"]


async def test_a_process_that_dies_while_serving_counts_as_502_and_is_tried_again(stage: Stage) -> None:
    seen = stage.folder / "seen"
    dying = service("dying", journal=seen, answers=[{"exit": 3}])
    graves = stage.folder / "graves"
    documents = (broker(), dying, service("graveyard", journal=graves))
    spec = delivery(retry=1, dead_letters=ref("Service", "graveyard"))
    async with stage.run(*documents, trigger("all", ref("Service", "dying"), delivery=spec)) as runtime:
        await post(runtime.broker_url)
        (letter,) = await eventually(lambda: journal(graves))
        await eventually(lambda: runtime.status()["services"]["dying"]["failures"] == 2)
    assert len(journal(seen)) == 2
    assert letter["headers"]["ce-knativeerrorcode"] == "502"


async def test_a_dead_letter_says_where_it_failed_with_what_and_the_first_1024_bytes(stage: Stage) -> None:
    graves = stage.folder / "graves"
    failing = service("failing", answers=[{"status": 422, "body": "no" * 1000}])
    spec = delivery(dead_letters=ref("Service", "graveyard", "/here"))
    documents = (broker(), failing, service("graveyard", journal=graves))
    async with stage.run(*documents, trigger("all", ref("Service", "failing", "/events"), delivery=spec)) as runtime:
        await post(runtime.broker_url, id="5", body=b'{"kept":true}', hops="3")
        (letter,) = await eventually(lambda: journal(graves))
    headers = letter["headers"]
    assert letter["path"] == "/here"
    assert letter["body"] == '{"kept":true}'
    assert (headers["ce-id"], headers["ce-hops"]) == ("5", "3")
    assert headers["ce-knativeerrordest"] == f"http://failing.{stage.namespace}.svc.cluster.local/events"
    assert headers["ce-knativeerrorcode"] == "422"
    assert base64.b64decode(headers["ce-knativeerrordata"]) == b"no" * 512


async def test_2xx_with_a_body_that_is_no_cloudevent_goes_to_the_dead_letters_at_once(stage: Stage) -> None:
    seen, graves = stage.folder / "seen", stage.folder / "graves"
    chatty = service("chatty", journal=seen, answers=[{"status": 200, "body": "OK"}])
    spec = delivery(retry=3, dead_letters=ref("Service", "graveyard"))
    documents = (broker(), chatty, service("graveyard", journal=graves))
    async with stage.run(*documents, trigger("all", ref("Service", "chatty"), delivery=spec)) as runtime:
        await post(runtime.broker_url)
        (letter,) = await eventually(lambda: journal(graves))
    assert len(journal(seen)) == 1
    assert {name for name in letter["headers"] if name.startswith("ce-knativeerror")} == {"ce-knativeerrordest"}


@pytest.mark.parametrize("status", [200, 202, 204])
async def test_2xx_with_an_empty_body_is_done(memory_stage: Stage, status: int) -> None:
    quiet = service("quiet", answers=[{"status": status}])
    async with memory_stage.run(broker(), quiet, trigger("all", ref("Service", "quiet"))) as runtime:
        await post(runtime.broker_url)
        await eventually(lambda: runtime.status()["triggers"]["all"]["delivered"] == 1)
        assert runtime.status()["triggers"]["all"]["dropped"] == 0


async def test_a_triggers_delivery_replaces_the_brokers_dead_letters_and_all(stage: Stage) -> None:
    seen, graves = stage.folder / "seen", stage.folder / "graves"
    failing = service("failing", journal=seen, answers=[{"status": 503}])
    brokers = delivery(retry=2, dead_letters=ref("Service", "graveyard"))
    documents = (
        broker(delivery=brokers),
        failing,
        service("graveyard", journal=graves),
        trigger("inherits", ref("Service", "failing", "/inherits")),
        trigger("replaces", ref("Service", "failing", "/replaces"), delivery=delivery(retry=1)),
    )
    async with stage.run(*documents) as runtime:
        await post(runtime.broker_url)
        await eventually(lambda: runtime.status()["triggers"]["replaces"]["dropped"] == 1)
        await eventually(lambda: runtime.status()["triggers"]["inherits"]["dead_lettered"] == 1)
    tries = [call["path"] for call in journal(seen)]
    assert (tries.count("/inherits"), tries.count("/replaces")) == (3, 2)
    assert len(journal(graves)) == 1


async def test_a_failing_dead_letter_sink_is_retried_by_the_same_policy_then_the_event_is_gone_and_said_so(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    graves = stage.folder / "graves"
    failing = service("failing", answers=[{"status": 500}])
    graveyard = service("graveyard", journal=graves, answers=[{"status": 503}])
    spec = delivery(retry=2, dead_letters=ref("Service", "graveyard"))
    async with stage.run(
        broker(), failing, graveyard, trigger("all", ref("Service", "failing"), delivery=spec)
    ) as runtime:
        await post(runtime.broker_url, id="the-lost-one")
        await eventually(lambda: runtime.status()["triggers"]["all"]["dropped"] == 1)
    assert len(journal(graves)) == 3
    lost = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert any("LOST" in line and "the-lost-one" in line and "all" in line for line in lost)


async def test_a_reply_goes_to_the_topic_under_its_own_key_and_to_the_triggers_that_want_it(stage: Stage) -> None:
    seen = stage.folder / "seen"
    answers = [reply("answered", id="r1", body='{"reply":1}', partitionkey="ada")]
    documents = (
        broker(),
        service("asker", answers=answers),
        service("reader", journal=seen),
        trigger("ask", ref("Service", "asker"), type="asked"),
        trigger("read", ref("Service", "reader"), type="answered"),
    )
    async with stage.run(*documents) as runtime:
        await post(runtime.broker_url)
        (call,) = await eventually(lambda: journal(seen))
        records = await stage.records(f"knative-broker-{stage.namespace}-default", 2)
    assert call["headers"]["ce-id"] == "r1"
    assert call["body"] == '{"reply":1}'
    (record,) = [record for record in records if dict(record.headers)["ce_id"] == b"r1"]
    assert record.key == b"ada"
    assert b"ce_knativekafkaoffset" not in dict(record.headers)


async def test_a_structured_reply_and_one_without_data_are_replies_too(memory_stage: Stage) -> None:
    seen = memory_stage.folder / "seen"
    structured = {
        "status": 200,
        "headers": {"Content-Type": "application/cloudevents+json"},
        "body": '{"specversion":"1.0","id":"s","source":"/s","type":"answered","data":{"b":2}}',
    }
    documents = (
        broker(),
        service("asker", answers=[structured, reply("answered", id="bare", body="")]),
        service("reader", journal=seen),
        trigger("ask", ref("Service", "asker"), type="asked"),
        trigger("read", ref("Service", "reader"), type="answered"),
    )
    async with memory_stage.run(*documents) as runtime:
        await post(runtime.broker_url)
        await eventually(lambda: len(journal(seen)) == 1)
        await post(runtime.broker_url)
        calls = await eventually(lambda: len(journal(seen)) == 2 and journal(seen))
    assert [(call["headers"]["ce-id"], call["body"]) for call in calls] == [("s", '{"b":2}'), ("bare", "")]


async def test_a_reply_of_the_dead_letter_sink_enters_the_broker_again(stage: Stage) -> None:
    seen = stage.folder / "seen"
    spec = delivery(dead_letters=ref("Service", "mourner"))
    documents = (
        broker(),
        service("failing", answers=[{"status": 422}]),
        service("mourner", answers=[reply("mourned")]),
        service("reader", journal=seen),
        trigger("ask", ref("Service", "failing"), type="asked", delivery=spec),
        trigger("read", ref("Service", "reader"), type="mourned"),
    )
    async with stage.run(*documents) as runtime:
        await post(runtime.broker_url)
        (call,) = await eventually(lambda: journal(seen))
    assert call["headers"]["ce-type"] == "mourned"


async def test_a_slow_event_holds_up_nobody_behind_it(stage: Stage) -> None:
    seen = stage.folder / "seen"
    documents = (
        broker(),
        service("slow", answers=[{"status": 204, "delay": 30}]),
        service("reader", journal=seen),
        trigger("slow", ref("Service", "slow"), type="slow"),
        trigger("read", ref("Service", "reader"), type="asked"),
    )
    async with stage.run(*documents) as runtime:
        await post(runtime.broker_url, id="first", type="slow", partitionkey="ada")
        await post(runtime.broker_url, id="second", type="asked", partitionkey="ada")
        (call,) = await eventually(lambda: journal(seen))
        assert call["headers"]["ce-id"] == "second"
        assert runtime.status()["triggers"]["slow"]["open"] == 1


async def test_a_kafkasink_serves_as_subscriber_and_as_dead_letter_sink(stage: Stage) -> None:
    spec = delivery(dead_letters=ref("KafkaSink", "graves"))
    documents = (
        broker(),
        service("failing", answers=[{"status": 400, "body": "no"}]),
        sink("out", stage.topic("out")),
        sink("graves", stage.topic("graves"), contentMode="structured"),
        trigger("out", ref("KafkaSink", "out"), type="asked"),
        trigger("fail", ref("Service", "failing"), type="asked", delivery=spec),
    )
    async with stage.run(*documents) as runtime:
        await post(runtime.broker_url, id="1", body=b'{"a":1}', partitionkey="ada")
        (out,) = await stage.records(stage.topic("out"), 1)
        (grave,) = await stage.records(stage.topic("graves"), 1)
    assert (out.key, out.value) == (b"ada", b'{"a":1}')
    assert dict(out.headers)["ce_type"] == b"asked"
    assert grave.key == b"ada"
    assert dict(grave.headers)["content-type"].startswith(b"application/cloudevents+json")
    assert b'"knativeerrorcode":"400"' in grave.value
    assert b'"data":{"a":1}' in grave.value


async def test_a_failed_event_is_logged_with_its_id_type_and_trigger(
    memory_stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    failing = service("failing", answers=[{"status": 422}])
    async with memory_stage.run(broker(), failing, trigger("the-trigger", ref("Service", "failing"))) as runtime:
        await post(runtime.broker_url, id="the-id", type="the-type")
        await eventually(lambda: runtime.status()["triggers"]["the-trigger"]["dropped"] == 1)
    warnings = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert any(all(part in line for part in ("the-id", "the-type", "the-trigger", "422")) for line in warnings)
