"""What the conformance tests play on: small manifests, a runtime over them, events, and journals to read."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import yaml

from knative.local.log import Log, MemoryLog
from knative.local.runtime import Runtime

SERVICES = Path(__file__).parent / "services"
PATIENCE = 15.0
KINDS = {
    "Service": "serving.knative.dev/v1",
    "KafkaSink": "eventing.knative.dev/v1alpha1",
    "Broker": "eventing.knative.dev/v1",
}

Manifest = dict[str, Any]


def manifest(api_version: str, kind: str, name: str, spec: Any = None, **metadata: Any) -> Manifest:
    document: Manifest = {"apiVersion": api_version, "kind": kind, "metadata": {"name": name, **metadata}}
    return document if spec is None else {**document, "spec": spec}


def ref(kind: str, name: str, uri: str = "") -> Manifest:
    to: Manifest = {"ref": {"apiVersion": KINDS[kind], "kind": kind, "name": name}}
    return {**to, "uri": uri} if uri else to


def broker(name: str = "default", **spec: Any) -> Manifest:
    return manifest(
        "eventing.knative.dev/v1", "Broker", name, spec, annotations={"eventing.knative.dev/broker.class": "Kafka"}
    )


def trigger(name: str, subscriber: Manifest, *, broker: str = "default", **spec: Any) -> Manifest:
    if "type" in spec:
        spec["filter"] = {"attributes": {"type": spec.pop("type")}}
    return manifest("eventing.knative.dev/v1", "Trigger", name, {"broker": broker, "subscriber": subscriber, **spec})


def source(name: str, topic: str, sink: Manifest, **spec: Any) -> Manifest:
    fields = {"bootstrapServers": ["kafka:9092"], "topics": [topic], "ordering": "unordered", "sink": sink, **spec}
    return manifest("sources.knative.dev/v1", "KafkaSource", name, fields)


def sink(name: str, topic: str, **spec: Any) -> Manifest:
    fields = {"bootstrapServers": ["kafka:9092"], "topic": topic, **spec}
    return manifest("eventing.knative.dev/v1alpha1", "KafkaSink", name, fields)


def config_map(name: str, **data: str) -> Manifest:
    return {**manifest("v1", "ConfigMap", name), "data": data}


def secret(name: str, **data: str) -> Manifest:
    return {**manifest("v1", "Secret", name), "stringData": data}


def delivery(retry: int = 0, dead_letters: Manifest | None = None, **fields: str) -> Manifest:
    """Retries that a test can wait for."""
    spec: Manifest = {"retry": retry, "backoffPolicy": "linear", "backoffDelay": "PT0.01S", **fields}
    return {**spec, "deadLetterSink": dead_letters} if dead_letters else spec


def service(
    name: str,
    *,
    journal: Path | None = None,
    answers: list[Manifest] | None = None,
    program: str = "scripted.py",
    env: dict[str, str] | None = None,
    annotations: dict[str, str] | None = None,
    spec: Manifest | None = None,
    **container: Any,
) -> Manifest:
    """A Service that runs one of the programs in `services`."""
    variables = dict(env or {})
    if journal:
        variables["JOURNAL"] = str(journal)
    if answers:
        variables["ANSWERS"] = json.dumps(answers)
    box = {
        "image": "example/image",
        "command": ["python"],
        "args": [str(SERVICES / program)],
        "env": [{"name": key, "value": value} for key, value in variables.items()],
        **container,
    }
    scale = {f"autoscaling.knative.dev/{key}": value for key, value in (annotations or {}).items()}
    template = {"metadata": {"annotations": scale}, "spec": {"containers": [box], **(spec or {})}}
    return manifest("serving.knative.dev/v1", "Service", name, {"template": template})


def reply(kind: str, *, id: str = "reply", body: str = "{}", **extensions: str) -> Manifest:
    """An answer that is a CloudEvent."""
    headers = {"ce-specversion": "1.0", "ce-id": id, "ce-source": "/replier", "ce-type": kind}
    headers |= {f"ce-{name}": value for name, value in extensions.items()}
    return {"status": 200, "headers": {**headers, "Content-Type": "application/json"}, "body": body}


class Stage:
    """A folder of manifests and how to run them. One namespace, and so one set of topics, for each test."""

    def __init__(self, folder: Path, kind: str, bootstrap_servers: str) -> None:
        self.folder = folder
        self.kind = kind
        self.bootstrap_servers = bootstrap_servers
        self.namespace = f"n{uuid.uuid4().hex[:10]}"
        self.memory = MemoryLog()
        self.manifests = folder / "manifests"
        self.manifests.mkdir()

    def topic(self, name: str) -> str:
        return f"{self.namespace}.{name}"

    def write(self, *documents: Manifest) -> None:
        (self.manifests / "all.yaml").write_text(yaml.safe_dump_all(documents))

    @property
    def log(self) -> Log | str:
        """What Runtime.from_folder takes: a memory that outlives it, as a Kafka does."""
        return self.memory if self.kind == "memory" else "kafka"

    @asynccontextmanager
    async def run(self, *documents: Manifest, **options: Any) -> AsyncIterator[Runtime]:
        if documents:
            self.write(*documents)
        runtime = Runtime.from_folder(
            self.manifests,
            log=self.log,
            bootstrap_servers=self.bootstrap_servers,
            namespace=self.namespace,
            state=self.folder / "state",
            **options,
        )
        async with runtime:
            yield runtime

    async def produce(self, topic: str, value: bytes | None, *, key: bytes | None = None, **headers: bytes) -> None:
        """Put a record into a topic as any client does. `__` in a header's name stands for `-`."""
        pairs = [(name.replace("__", "-"), content) for name, content in headers.items()]
        if self.kind == "memory":
            await self.memory.append(topic, key, value, pairs)
            return

        def send() -> None:
            from kafka import KafkaProducer

            with KafkaProducer(bootstrap_servers=self.bootstrap_servers) as producer:
                producer.send(topic, value, key=key, headers=pairs).get(10)

        await asyncio.to_thread(send)

    async def records(self, topic: str, count: int) -> list[Any]:
        """Return the first `count` records (key, value, headers) of a topic once they are there."""
        if self.kind == "memory":
            await eventually(lambda: sum(map(len, self.memory.topics[topic])) >= count)
            return [record for partition in self.memory.topics[topic] for record in partition]

        def read() -> list[Any]:
            from kafka import KafkaConsumer, TopicPartition

            consumer = KafkaConsumer(bootstrap_servers=self.bootstrap_servers, auto_offset_reset="earliest")
            parts = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
            consumer.assign(parts)
            consumer.seek_to_beginning(*parts)
            found: list[Any] = []
            deadline = time.monotonic() + PATIENCE
            while len(found) < count and time.monotonic() < deadline:
                found += [record for batch in consumer.poll(200).values() for record in batch]
            consumer.close()
            return found

        found = await asyncio.to_thread(read)
        assert len(found) >= count, f"{len(found)} records in {topic}"
        return found


async def eventually(condition: Callable[[], Any], *, seconds: float = PATIENCE) -> Any:
    """Return what the condition yields as soon as it is true."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not come to pass"
        await asyncio.sleep(0.01)
    return found


def journal(file: Path) -> list[Manifest]:
    """Return what a scripted service was sent."""
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text().splitlines()]


async def post(
    url: str,
    *,
    id: str = "1",
    type: str = "asked",
    body: bytes = b"{}",
    http: aiohttp.ClientSession | None = None,
    **ext: str,
) -> int:
    """Send a binary CloudEvent and return the status."""
    headers = {"ce-specversion": "1.0", "ce-id": id, "ce-source": "/test", "ce-type": type}
    headers |= {f"ce-{name}": value for name, value in ext.items()}
    if http is None:
        async with aiohttp.ClientSession() as own:
            return await post(url, id=id, type=type, body=body, http=own, **ext)
    async with http.post(url, data=body, headers={**headers, "Content-Type": "application/json"}) as response:
        return response.status
