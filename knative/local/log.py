"""The log that brokers, sources and sinks live on: topics of records, groups that remember how far they have come.

Two implementations: Kafka (kafka_log), and memory, which is lost with the process.
"""

from __future__ import annotations

import asyncio
import logging
import time
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from zlib import crc32

from knative.local.events import Headers, Record

log = logging.getLogger(__name__)

Partition = tuple[str, int]
Initial = Literal["earliest", "latest"]

MAX_RECORD_BYTES = 1024 * 1024
MAX_OPEN = 1000  # records of one group being delivered; more wait in the log
COMMIT_SECONDS = 0.2


class LogError(Exception):
    """The log did not store a record, or does not answer."""


class TooLargeError(LogError):
    """A record of more than 1 MiB: no log will ever take it."""


@dataclass(frozen=True, slots=True)
class Topic:
    """How to make a topic that is missing."""

    partitions: int = 1
    replication: int = 1


class Subscription:
    """One group's way through its topics: what comes next, what is still open, what may be committed."""

    def __init__(self, group: str, start: Mapping[Partition, int], receive: Callable[[Record], None]) -> None:
        self.group, self.next, self.committed = group, dict(start), dict(start)
        self.open: dict[Partition, OrderedDict[int, None]] = {partition: OrderedDict() for partition in start}
        self._receive = receive

    def offer(self, record: Record) -> None:
        """Take a record, unless it was seen before; it is open until `done`."""
        partition = (record.topic, record.partition)
        if record.offset >= self.next[partition]:
            self.next[partition] = record.offset + 1
            self.open[partition][record.offset] = None
            self._receive(record)

    def done(self, record: Record) -> None:
        """Say that nothing more will be done about a record."""
        self.open[record.topic, record.partition].pop(record.offset, None)

    def commits(self) -> dict[Partition, int]:
        """Return the offsets that have moved: those of the oldest open record, else of the next one."""
        oldest = {part: next(iter(opened), self.next[part]) for part, opened in self.open.items()}
        return {partition: offset for partition, offset in oldest.items() if offset != self.committed[partition]}

    @property
    def full(self) -> bool:
        """Whether records should wait in the log for now."""
        return sum(map(len, self.open.values())) >= MAX_OPEN


class Log(ABC):
    """What is common to both logs: subscriptions, and committing as they move on. All methods may raise LogError."""

    kind: str

    def __init__(self) -> None:
        self.subscriptions: list[Subscription] = []

    @abstractmethod
    async def open(self, topics: Mapping[str, Topic]) -> None:
        """Connect, and make the topics that are missing."""

    @abstractmethod
    async def append(self, topic: str, key: bytes | None, value: bytes | None, headers: Headers) -> None:
        """Return when the record is stored."""

    @abstractmethod
    async def position(self, group: str, topics: Sequence[str], initial: Initial) -> dict[Partition, int]:
        """Return where a group goes on; on its first start commit `initial` for it."""

    @abstractmethod
    async def commit(self, group: str, offsets: Mapping[Partition, int]) -> None:
        """Remember how far a group has come."""

    @abstractmethod
    def start(self) -> None:
        """Begin to offer records to the subscriptions, on the running loop."""

    @abstractmethod
    async def stop(self) -> None:
        """Offer no more records; storing and committing go on."""

    @abstractmethod
    async def close(self) -> None:
        """Let go of everything."""

    async def subscribe(
        self, group: str, topics: Sequence[str], initial: Initial, receive: Callable[[Record], None]
    ) -> Subscription:
        """Add a group; its records come once the log is started."""
        self.subscriptions.append(Subscription(group, await self.position(group, topics, initial), receive))
        return self.subscriptions[-1]

    async def keep_committing(self) -> None:
        """Commit what has moved, now and then, until cancelled."""
        while True:
            await asyncio.sleep(COMMIT_SECONDS)
            await self.commit_all()

    async def commit_all(self) -> None:
        """Commit what has moved. A log that does not answer is asked again the next time."""
        for subscription in self.subscriptions:
            if offsets := subscription.commits():
                try:
                    await self.commit(subscription.group, offsets)
                    subscription.committed.update(offsets)
                except LogError as why:
                    log.warning("offsets of %s are not committed yet: %s", subscription.group, why)


class MemoryLog(Log):
    """Topics in memory, with Kafka's meaning of offsets and groups. It may outlive a runtime."""

    kind = "memory"

    def __init__(self) -> None:
        super().__init__()
        self.topics: dict[str, list[list[Record]]] = {}
        self.groups: dict[str, dict[Partition, int]] = {}
        self._moved = asyncio.Event()

    async def open(self, topics: Mapping[str, Topic]) -> None:
        for name, topic in topics.items():
            self.topics.setdefault(name, [[] for _ in range(topic.partitions)])

    async def append(self, topic: str, key: bytes | None, value: bytes | None, headers: Headers) -> None:
        check_size(key, value, headers)
        partitions = self.topics[topic]
        number = (time.monotonic_ns() if key is None else crc32(key)) % len(partitions)
        records = partitions[number]
        records.append(Record(topic, number, len(records), time.time_ns() // 10**6, key, value, headers))
        self._moved.set()

    async def position(self, group: str, topics: Sequence[str], initial: Initial) -> dict[Partition, int]:
        committed = self.groups.setdefault(group, {})
        for topic in topics:
            for number, records in enumerate(self.topics[topic]):
                committed.setdefault((topic, number), len(records) if initial == "latest" else 0)
        return {partition: offset for partition, offset in committed.items() if partition[0] in topics}

    async def commit(self, group: str, offsets: Mapping[Partition, int]) -> None:
        self.groups[group].update(offsets)

    def start(self) -> None:
        self._reader = asyncio.create_task(self._read())

    async def stop(self) -> None:
        self._reader.cancel()

    async def close(self) -> None:
        self.subscriptions.clear()

    async def _read(self) -> None:
        while True:
            self._moved.clear()
            for subscription in self.subscriptions:
                for topic, number in subscription.next:
                    for record in self.topics[topic][number][subscription.next[topic, number] :]:
                        if not subscription.full:
                            subscription.offer(record)
            if any(subscription.full for subscription in self.subscriptions):
                asyncio.get_running_loop().call_later(0.05, self._moved.set)
            await self._moved.wait()


def check_size(key: bytes | None, value: bytes | None, headers: Headers) -> None:
    """Raise TooLargeError over 1 MiB."""
    if len(key or b"") + len(value or b"") + sum(len(n) + len(v) for n, v in headers) > MAX_RECORD_BYTES:
        raise TooLargeError("an event of more than 1 MiB")
