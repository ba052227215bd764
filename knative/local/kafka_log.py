"""The log on a real Kafka: kafka-python's threads behind asyncio.

One consumer reads all partitions of all groups, assigned by hand: no group to join means that starting takes no
time, also after a crash. Offsets are committed for each group as its consumer group would.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, OffsetAndMetadata, TopicPartition
from kafka.errors import KafkaError, NoError, TopicAlreadyExistsError

from knative.local.events import Headers, Record
from knative.local.log import Initial, Log, LogError, Partition, Topic, check_size

log = logging.getLogger(__name__)
T = TypeVar("T")

START_SECONDS = 15  # in which a Kafka must answer
STORE_SECONDS = 8  # after which a record that is not acknowledged counts as not stored
POLL_SECONDS = 0.1  # after which pauses take effect; records wake the poll at once


class KafkaLog(Log):
    """Topics on the Kafka at `bootstrap_servers` (host:port, commas between)."""

    kind = "kafka"

    def __init__(self, bootstrap_servers: str) -> None:
        super().__init__()
        self.bootstrap_servers = bootstrap_servers
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._read, name="kafka reader", daemon=True)

    async def open(self, topics: Mapping[str, Topic]) -> None:
        self._loop = asyncio.get_running_loop()
        await self._patiently(self._connect)
        await self._patiently(lambda: self._create(topics))

    def _connect(self) -> None:
        common = {"bootstrap_servers": self.bootstrap_servers.split(","), "reconnect_backoff_max_ms": 500}
        self._admin = KafkaAdminClient(**common, bootstrap_timeout_ms=2000, request_timeout_ms=5000)
        self._producer = KafkaProducer(
            **common,
            acks="all",
            enable_idempotence=False,  # every delivery is at least once, and a lost batch needs no repair
            request_timeout_ms=STORE_SECONDS * 500,
            delivery_timeout_ms=STORE_SECONDS * 1000,
            max_block_ms=100,  # sending happens on the loop: topics are known by then
            metrics_enabled=False,
        )
        reading = {"auto_offset_reset": "earliest", "enable_auto_commit": False, "max_poll_records": 200}
        self._consumer = KafkaConsumer(**common, **reading, metrics_enabled=False)

    def _create(self, topics: Mapping[str, Topic]) -> None:
        nodes = len(self._admin.describe_cluster()["brokers"])
        for name in set(topics) - set(self._admin.list_topics()):
            replication = min(topics[name].replication, nodes)  # three on a cluster, on one machine what there is
            wanted = {"num_partitions": topics[name].partitions, "replication_factor": replication}
            try:
                self._admin.create_topics({name: wanted}, wait_for_metadata=True)
            except TopicAlreadyExistsError:
                log.debug("topic %s was made by somebody else meanwhile", name)
        for name in topics:
            self._producer.partitions_for(name)

    async def append(self, topic: str, key: bytes | None, value: bytes | None, headers: Headers) -> None:
        check_size(key, value, headers)
        stored = self._loop.create_future()

        def settle(error: BaseException | None) -> None:
            if not stored.done():
                stored.set_exception(LogError(str(error))) if error else stored.set_result(None)

        try:
            sending = self._producer.send(topic, b"" if key is value is None else value, key, headers)
        except KafkaError as why:
            raise LogError(str(why)) from None
        sending.add_callback(lambda _: self._loop.call_soon_threadsafe(settle, None))
        sending.add_errback(lambda error: self._loop.call_soon_threadsafe(settle, error))
        await stored

    async def position(self, group: str, topics: Sequence[str], initial: Initial) -> dict[Partition, int]:
        def find() -> dict[Partition, int]:
            parts = [TopicPartition(topic, n) for topic in topics for n in self._producer.partitions_for(topic)]
            ends = self._consumer.end_offsets(parts, timeout_ms=5000)
            known = self._admin.list_group_offsets({group: parts})[group]
            start = {part: known[part].offset for part in parts if part in known and known[part].offset >= 0}
            fresh = {part: ends[part] if initial == "latest" else 0 for part in parts if part not in start}
            self._store(group, fresh)
            return {(part.topic, part.partition): offset for part, offset in {**start, **fresh}.items()}

        return await self._patiently(find)

    async def commit(self, group: str, offsets: Mapping[Partition, int]) -> None:
        try:
            await asyncio.to_thread(self._store, group, {TopicPartition(*part): at for part, at in offsets.items()})
        except Exception as why:  # whatever it is, it must not end the committing
            raise LogError(repr(why)) from why

    def _store(self, group: str, offsets: Mapping[Any, int]) -> None:
        wanted = {part: OffsetAndMetadata(offset, "", -1) for part, offset in offsets.items()}
        for error in self._admin.alter_group_offsets(group, wanted).values():
            if error is not NoError:
                raise error()

    def start(self) -> None:
        starts: dict[Partition, int] = {}
        for subscription in self.subscriptions:
            for partition, offset in subscription.next.items():
                starts[partition] = min(offset, starts.get(partition, offset))
        self._consumer.assign([TopicPartition(*partition) for partition in starts])
        for partition, offset in starts.items():
            self._consumer.seek(TopicPartition(*partition), offset)
        self._thread.start()

    async def stop(self) -> None:
        self._stopping.set()
        await asyncio.to_thread(self._thread.join, 2)

    async def close(self) -> None:
        def let_go() -> None:
            self._producer.close(timeout=1)
            self._consumer.close(autocommit=False, timeout_ms=1000)
            self._admin.close()

        await asyncio.to_thread(let_go)

    def _read(self) -> None:
        """Run in a thread of its own: hand what comes to the loop."""
        while not self._stopping.is_set():
            try:
                full = {TopicPartition(*part) for one in self.subscriptions if one.full for part in one.next}
                self._consumer.resume(*(self._consumer.paused() - full))
                self._consumer.pause(*full)
                if batches := self._consumer.poll(timeout_ms=POLL_SECONDS * 1000):
                    self._loop.call_soon_threadsafe(self._received, batches)
            except Exception as why:
                log.warning("reading from Kafka failed, trying again: %r", why)
                self._stopping.wait(0.5)

    def _received(self, batches: Mapping[Any, list[Any]]) -> None:
        for (topic, number), messages in batches.items() if not self._stopping.is_set() else ():
            subscriptions = [one for one in self.subscriptions if (topic, number) in one.next]
            for message in messages:
                headers = [(name, value or b"") for name, value in message.headers]
                record = Record(topic, number, message.offset, message.timestamp, message.key, message.value, headers)
                for subscription in subscriptions:
                    subscription.offer(record)

    async def _patiently(self, call: Callable[[], T]) -> T:
        """Call in a thread, again and again while Kafka is not there yet. Raises LogError."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return await asyncio.to_thread(call)
            except KafkaError as why:
                if time.monotonic() > deadline:
                    raise LogError(f"Kafka at {self.bootstrap_servers}: {why}") from None
                log.debug("Kafka is not ready yet: %r", why)
                await asyncio.sleep(0.05)
