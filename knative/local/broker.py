"""Brokers, sinks and sources: what is stored in the log, and what of it is delivered to whom."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from knative.local.delivery import Answer, Destination, Policy, UndeliverableError, dead_letter, deliver
from knative.local.events import Event, NotACloudEvent, Record, from_plain_record, from_record, to_record
from knative.local.filters import Matcher
from knative.local.log import Log, LogError, Subscription, TooLargeError, Topic

log = logging.getLogger(__name__)

LOG_PAUSE_SECONDS = 0.25  # between tries to store what must not be lost
BROKER_HOST = "kafka-broker-ingress.knative-eventing.svc.cluster.local"
SINK_HOST = "kafka-sink-ingress.knative-eventing.svc.cluster.local"
ONE_PARTITION = Topic()
COUNTS = ("delivered", "retried", "dead_lettered", "dropped", "open")


@dataclass(frozen=True)
class Target:
    """A topic that takes events: a Broker's or a KafkaSink's. `address` is its URL on a cluster."""

    address: str
    topic: str
    log: Log
    structured: bool = False
    size: Topic = ONE_PARTITION

    async def store(self, event: Event) -> None:
        """Return when the event is in the log. Raises LogError."""
        await self.log.append(self.topic, *to_record(event, structured=self.structured))

    async def send(self, event: Event, **_: object) -> Answer:
        """Store a delivery. While the log does not answer this waits: nobody may lose the event for that."""
        while True:
            try:
                await self.store(event)
                return Answer(202)
            except TooLargeError as why:
                return Answer(503, body=str(why).encode())
            except LogError as why:
                log.warning("event %s is not stored yet: %s", event, why)
                await asyncio.sleep(LOG_PAUSE_SECONDS)


@dataclass(frozen=True)
class Receiver:
    """A Destination, and the path below it."""

    destination: Destination
    path: str = ""

    @property
    def address(self) -> str:
        return self.destination.address + self.path


@dataclass
class Route:
    """Where the events of one Trigger or KafkaSource go, and how that went so far."""

    name: str
    namespace: str
    matches: Matcher
    subscriber: Receiver
    policy: Policy
    dead_letters: Receiver | None
    replies: Target | None  # None: replies are discarded
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))

    async def carry(self, event: Event) -> None:
        """Deliver, or dead-letter, or drop: return when nothing more will be done."""
        self.counts["open"] += 1
        try:
            await self._deliver(event, self.subscriber)
            self._count("delivered")
        except UndeliverableError as failure:
            log.warning("%s: %s %s: %s", self.name, self.subscriber.address, failure, event)
            await self._bury(event, failure)
        finally:
            self.counts["open"] -= 1

    async def _bury(self, event: Event, failure: UndeliverableError) -> None:
        try:
            if self.dead_letters is None:
                raise UndeliverableError("there is no dead-letter sink")
            await self._deliver(dead_letter(event, self.subscriber.address, failure.answer), self.dead_letters)
            self._count("dead_lettered")
        except UndeliverableError as why:
            self._count("dropped")
            log.error("%s: event is LOST, dead-letter sink: %s: %s", self.name, why, event)

    async def _deliver(self, event: Event, to: Receiver) -> None:
        async def send(timeout: float) -> Answer | None:
            return await to.destination.send(event, timeout=timeout, path=to.path, namespace=self.namespace)

        reply = await deliver(self.policy, send, sleep=asyncio.sleep, on_retry=lambda: self._count("retried"))
        if reply is not None and self.replies is not None:
            answer = await self.replies.send(reply)
            if answer.status != 202:
                raise UndeliverableError(f"replied with {answer.body.decode()}")

    def _count(self, what: str) -> None:
        self.counts[what] += 1


class Dispatcher:
    """Hands each record of one group to the routes that want it, all at once."""

    def __init__(self, routes: Sequence[Route], read: Callable[[Record], Event]) -> None:
        self._routes, self._read = routes, read
        self._tasks: set[asyncio.Task[None]] = set()
        self.subscription: Subscription | None = None

    def receive(self, record: Record) -> None:
        """Start all deliveries of a record; its offset is free when the last one ends."""
        routes: list[Route] = []
        try:
            event = self._read(record)
            routes = [route for route in self._routes if route.matches(event.attributes)]
        except NotACloudEvent as why:
            log.warning("record %d/%d of %s is skipped: %s", record.partition, record.offset, record.topic, why)
        if not routes:
            self._done(record)
            return
        place = {"knativekafkapartition": str(record.partition), "knativekafkaoffset": str(record.offset)}
        task = asyncio.create_task(self._carry(record, event.extended(**place), routes))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, record: Record, event: Event, routes: Sequence[Route]) -> None:
        await asyncio.gather(*(route.carry(event) for route in routes))
        self._done(record)

    def _done(self, record: Record) -> None:
        assert self.subscription
        self.subscription.done(record)

    async def stop(self, seconds: float) -> None:
        """Give open deliveries some time; what is cut off comes again at the next start."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


def source_reader(namespace: str, name: str, overrides: dict[str, str]) -> Callable[[Record], Event]:
    """Return how a KafkaSource reads records: whatever is no CloudEvent is wrapped in one."""

    def read(record: Record) -> Event:
        try:
            return from_record(record).extended(**overrides)
        except NotACloudEvent:
            return from_plain_record(record, namespace=namespace, name=name).extended(**overrides)

    return read
