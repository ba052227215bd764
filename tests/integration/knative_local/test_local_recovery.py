"""Nothing is lost: over restarts, kills, and a Kafka that goes away and comes back."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import aiohttp
import pytest

from knative.local import runtime as runtime_module
from knative.local.kafka_log import KafkaLog
from scripts.stack import tether
from scripts.stack.errors import NotHereError
from scripts.stack.java import fetch_jars, java
from scripts.stack.kafka_server import SHORT_LIVED, KafkaServer
from scripts.stack.places import ROOT, here
from scripts.stack.ports import free_ports
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


def ids(file: Path) -> set[str]:
    return {call["headers"]["ce-id"] for call in journal(file)}


async def test_what_was_delivered_is_not_delivered_again_after_a_restart_and_what_came_meanwhile_is(
    stage: Stage,
) -> None:
    seen = stage.folder / "seen"
    documents = (broker(), service("reader", journal=seen), trigger("all", ref("Service", "reader")))
    async with stage.run(*documents) as runtime:
        for number in range(5):
            await post(runtime.broker_url, id=str(number))
        await eventually(lambda: runtime.status()["triggers"]["all"]["delivered"] == 5)
    event = {"ce_specversion": b"1.0", "ce_id": b"meanwhile", "ce_source": b"/s", "ce_type": b"asked"}
    await stage.produce(f"knative-broker-{stage.namespace}-default", b"{}", **event)
    async with stage.run() as runtime:
        await post(runtime.broker_url, id="after")
        await eventually(lambda: len(journal(seen)) == 7)
    assert ids(seen) == {"0", "1", "2", "3", "4", "meanwhile", "after"}


async def test_the_first_start_of_a_broker_begins_with_what_comes_after_it(stage: Stage) -> None:
    seen = stage.folder / "seen"
    topic = f"knative-broker-{stage.namespace}-default"
    host = {"Host": "kafka-sink-ingress"}
    async with stage.run(sink("early", topic)) as runtime, aiohttp.ClientSession(headers=host) as http:
        assert await post(f"{runtime.url}/{stage.namespace}/early", id="old", http=http) == 202
    async with stage.run(
        broker(), service("reader", journal=seen), trigger("all", ref("Service", "reader"))
    ) as runtime:
        await post(runtime.broker_url, id="new")
        await eventually(lambda: journal(seen))
    assert ids(seen) == {"new"}


async def test_offsets_are_committed_up_to_the_oldest_delivery_still_open(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime_module, "DRAIN_SECONDS", 0.1)
    seen, slow = stage.folder / "seen", stage.folder / "slow"
    documents = (
        broker(),
        service("reader", journal=seen),
        service("slow", journal=slow, answers=[{"status": 204, "delay": 30}], spec={"timeoutSeconds": 1}),
        trigger("read", ref("Service", "reader"), type="quick"),
        trigger("slow", ref("Service", "slow"), type="slow", delivery=delivery(retry=100)),
    )
    async with stage.run(*documents) as runtime:
        await post(runtime.broker_url, id="before", type="quick")
        await eventually(lambda: runtime.status()["triggers"]["read"]["delivered"] == 1)
        await post(runtime.broker_url, id="open", type="slow")
        await post(runtime.broker_url, id="behind", type="quick")
        await eventually(lambda: ids(slow) == {"open"} and ids(seen) == {"before", "behind"})
    seen.unlink()
    slow.unlink()
    async with stage.run():
        await eventually(lambda: ids(slow) == {"open"} and ids(seen) == {"behind"})


async def test_a_backlog_larger_than_what_may_be_open_waits_in_the_log_and_is_delivered_whole(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knative.local.log.MAX_OPEN", 5)
    seen, most = stage.folder / "seen", 0
    documents = (
        broker(),
        service("reader", journal=seen, answers=[{"status": 204, "delay": 0.01}], spec={"containerConcurrency": 2}),
        trigger("all", ref("Service", "reader")),
    )
    async with stage.run(*documents) as runtime, aiohttp.ClientSession() as http:

        def all_delivered() -> bool:
            nonlocal most
            counts = runtime.status()["triggers"]["all"]
            most = max(most, counts["open"])
            return counts["delivered"] == 100

        await asyncio.gather(*(post(runtime.broker_url, id=str(number), http=http) for number in range(100)))
        await eventually(all_delivered)
    assert len(ids(seen)) == 100
    assert stage.kind == "kafka" or most == 5, "one batch of Kafka's may come on top"


async def test_an_event_is_not_done_before_its_reply_is_stored(
    memory_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from knative.local.log import LogError

    documents = (
        broker(),
        service("asker", answers=[reply("answered")]),
        trigger("ask", ref("Service", "asker"), type="asked"),
    )
    append, fail = memory_stage.memory.append, True

    async def sometimes(topic: str, key: bytes, value: bytes, headers: list) -> None:
        if fail and ("ce_type", b"answered") in headers:
            raise LogError("not now")
        await append(topic, key, value, headers)

    monkeypatch.setattr(memory_stage.memory, "append", sometimes)
    async with memory_stage.run(*documents) as runtime:
        await post(runtime.broker_url)
        await eventually(lambda: runtime.status()["services"]["asker"]["replicas"] == 1)
        assert runtime.status()["triggers"]["ask"]["open"] == 1
        fail = False
        await eventually(lambda: runtime.status()["triggers"]["ask"]["delivered"] == 1)
    records = memory_stage.memory.topics[f"knative-broker-{memory_stage.namespace}-default"][0]
    assert [dict(record.headers)["ce_type"] for record in records] == [b"asked", b"answered"]


@asynccontextmanager
async def command_line(stage: Stage, port: int) -> AsyncIterator[subprocess.Popen[bytes]]:
    """The runtime as a process of its own, ready."""
    command = [sys.executable, "-m", "knative.local", "--manifests", str(stage.manifests), "--no-table"]
    command += ["--port", str(port), "--state", str(stage.folder / "state"), "--namespace", stage.namespace]
    env = {**os.environ, "KAFKA_BOOTSTRAP_SERVERS": stage.bootstrap_servers}
    with (stage.folder / "output").open("ab") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=output)
    try:
        async with aiohttp.ClientSession() as http:
            for _ in range(1500):
                try:
                    async with http.get(f"http://127.0.0.1:{port}/-/status") as response:
                        if (await response.json())["ready"]:
                            break
                except aiohttp.ClientError:
                    assert process.poll() is None, (stage.folder / "output").read_text()
                await asyncio.sleep(0.01)
        yield process
    finally:
        process.kill()
        process.wait()


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def test_kill_9_in_mid_flight_loses_nothing_and_leaves_no_process_behind(kafka_stage: Stage) -> None:
    stage, seen, answered = kafka_stage, kafka_stage.folder / "seen", kafka_stage.folder / "answered"
    settings = {"answers": [{**reply("answered"), "delay": 0.02}], "spec": {"containerConcurrency": 4}}
    stage.write(
        broker(),
        service("asker", journal=seen, **settings),
        service("reader", journal=answered),
        trigger("ask", ref("Service", "asker"), type="asked", delivery=delivery(retry=3)),
        trigger("read", ref("Service", "reader"), type="answered", delivery=delivery(retry=3)),
    )
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}/{stage.namespace}/default"
    async with command_line(stage, port) as process, aiohttp.ClientSession() as http:
        statuses = await asyncio.gather(*(post(url, id=str(number), http=http) for number in range(150)))
        assert statuses == [202] * 150
        await eventually(lambda: len(journal(seen)) > 40)
        process.send_signal(signal.SIGKILL)
        process.wait()
        pids = {call["pid"] for call in journal(seen) + journal(answered)}
        await eventually(lambda: not any(map(is_alive, pids)))
    assert len(ids(seen)) < 150
    async with command_line(stage, port) as process:
        await eventually(lambda: len(ids(seen)) == 150)
        await eventually(lambda: len(journal(answered)) >= 150)
        process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(process.wait, 20) == 0


@pytest.fixture
def mortal_kafka(tmp_path: Path) -> KafkaServer:
    """A Kafka of this test's own, not running yet."""
    try:
        command = java()
        fetch_jars(here().kafka_libs)
    except NotHereError as why:
        pytest.skip(str(why))
    server = KafkaServer(tmp_path / "kafka", here().kafka_libs, command, *free_ports(2))
    server.prepare()
    return server


@contextmanager
def running(server: KafkaServer) -> Iterator[None]:
    command = [sys.executable, str(tether.__file__), "--", *server.command(*SHORT_LIVED)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert process.stdin
    try:
        yield
    finally:
        process.stdin.close()
        process.wait(30)


async def test_a_kafka_that_goes_away_and_comes_back_costs_503_meanwhile_and_no_event(
    tmp_path: Path, mortal_kafka: KafkaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knative.local.kafka_log.STORE_SECONDS", 2)
    stage = Stage(tmp_path, "kafka", mortal_kafka.bootstrap)
    seen = stage.folder / "seen"
    stage.write(
        broker(),
        service("asker", answers=[{**reply("answered"), "delay": 1}]),
        service("reader", journal=seen),
        trigger("ask", ref("Service", "asker"), type="asked"),
        trigger("read", ref("Service", "reader"), type="answered"),
    )
    with running(mortal_kafka):
        await eventually(mortal_kafka.is_ready, seconds=60)
        leave = asyncio.Event()
        task = asyncio.create_task(play(stage, leave, ready := asyncio.get_running_loop().create_future()))
        runtime = await ready
        assert await post(runtime.broker_url, id="before", type="asked") == 202
        await eventually(lambda: runtime.status()["triggers"]["ask"]["open"] == 1)
    assert await post(runtime.broker_url, id="during", type="asked") == 503
    with running(mortal_kafka):
        await eventually(mortal_kafka.is_ready, seconds=60)

        async def stored() -> bool:
            return await post(runtime.broker_url, id="after", type="asked") == 202

        for _ in range(30):
            if await stored():
                break
        await eventually(lambda: len(journal(seen)) >= 2, seconds=30)
        await eventually(lambda: runtime.status()["triggers"]["ask"]["delivered"] >= 2)
        leave.set()
        await task


async def play(stage: Stage, leave: asyncio.Event, ready: asyncio.Future) -> None:
    async with stage.run() as runtime:
        ready.set_result(runtime)
        await leave.wait()


async def test_a_kafka_that_does_not_answer_at_start_is_named(
    memory_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from knative.local.log import LogError

    monkeypatch.setattr("knative.local.kafka_log.START_SECONDS", 0.2)
    (port,) = free_ports(1)
    with pytest.raises(LogError, match=f"Kafka at 127.0.0.1:{port}"):
        await KafkaLog(f"127.0.0.1:{port}").open({})
