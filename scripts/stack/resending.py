"""What people and other systems had sent since a moment, to the broker again, as Kafka still has it.

Only that: what functions answered follows from it anew, with the same ids. To have everything delivered once more would
bring results before what they are the results of, and those would be given up on. Each person's events go one after the
other, as they came.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from threading import Lock
from typing import Any

import httpx
import psycopg

from functions.shared.envelope import EDGE_SOURCES, OUR_SOURCES, PLAIN_RECORD, decode
from functions.shared.errors import EventError
from functions.shared.events import PAYLOADS, PLAIN_RECORDS, Event
from functions.shared.payload import Anything
from functions.shared.progressing import ActivityRecorded
from knative.local.events import NotACloudEvent, Record, from_record, to_http
from scripts.stack.errors import StackError

AT_ONCE = 4
"""People whose events are under way at once."""
PATIENCE_SECONDS = 20.0
"""How long the next event of a person waits for the answer to the one before."""
POLL_SECONDS = 0.05
READ_SECONDS = 30.0
POST_SECONDS = 10

IS_ERASED = "SELECT EXISTS (SELECT FROM erased WHERE id_hash = erasure_hash(%(learner)s))"
IS_ANSWERED = """
    SELECT EXISTS (SELECT FROM messages WHERE request_id = %(request)s)
        OR EXISTS (SELECT FROM discarded_requests WHERE request_id = %(request)s)
"""


@dataclass(frozen=True)
class Sent:
    """An event as the broker was sent it, and what we read in it."""

    headers: Mapping[str, str]
    body: bytes
    event: Event[Any]
    at: datetime

    @property
    def kind(self) -> str:
        """Its type, or what a record that is no event is taken for."""
        if self.event.type != PLAIN_RECORD:
            return self.event.type
        meant = PLAIN_RECORDS.get(self.event.source.rpartition("#")[2])
        return meant.TYPE if meant else PLAIN_RECORD

    @property
    def is_answered(self) -> bool:
        """Whether something is said to its person."""
        return self.event.learner is not None and self.kind in PAYLOADS and self.kind != ActivityRecorded.TYPE

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}  {self.kind.removeprefix('org.learnflow.'):<28} {self.event.id}"


@dataclass(frozen=True)
class Resent:
    """How many events went out again, were kept back as their people are deleted, and saw no answer in time."""

    sent: int = 0
    kept_back: int = 0
    unanswered: int = 0

    def __add__(self, other: Resent) -> Resent:
        return Resent(self.sent + other.sent, self.kept_back + other.kept_back, self.unanswered + other.unanswered)


def sent_since(bootstrap: str, topic: str, since: datetime) -> list[Sent]:
    """Return what came from without since then and is still in the broker's topic, in its order.

    Raises StackError where Kafka does not answer, or has no such topic.
    """
    from kafka.errors import KafkaError

    try:
        found = [sent for record in _records(bootstrap, topic, since) if (sent := read(record))]
    except (KafkaError, OSError, ValueError) as why:
        raise StackError(f"Kafka at {bootstrap} could not be read: {why}") from why
    return sorted(found, key=lambda sent: sent.at)


def read(record: Record) -> Sent | None:
    """Return what came from without; None for what a function answered, and what is no event."""
    try:
        received = from_record(record)
        headers, body = to_http(received)
        event = decode(headers, body, {Anything.TYPE: Anything})
    except (NotACloudEvent, EventError):
        return None
    # Also what comes round: progress.events goes out and in.
    if event.source.startswith(OUR_SOURCES) and event.source not in EDGE_SOURCES:
        return None
    return Sent(headers, body, event, datetime.fromtimestamp(record.timestamp / 1000).astimezone())


def resend(database_url: str, broker_url: str, found: Iterable[Sent]) -> Resent:
    """Post them again, each person's in their order. Raises StackError where the broker does not take one."""
    by_person: dict[str, list[Sent]] = {}
    for sent in found:
        by_person.setdefault(sent.event.learner or sent.event.id, []).append(sent)
    lock = Lock()
    with (
        psycopg.connect(database_url, autocommit=True) as db,
        httpx.Client(timeout=POST_SECONDS, trust_env=False) as http,
        ThreadPoolExecutor(AT_ONCE) as threads,
    ):
        one = partial(_resend_ones, db, lock, http, broker_url)
        return sum(threads.map(one, by_person.values()), Resent())


def _resend_ones(
    db: psycopg.Connection[Any], lock: Lock, http: httpx.Client, broker_url: str, theirs: list[Sent]
) -> Resent:
    def holds(query: str, sent: Sent) -> bool:
        with lock:
            row = db.execute(query, {"learner": sent.event.learner, "request": sent.event.correlation_id}).fetchone()
        return row == (True,)

    done = Resent()
    for sent in theirs:
        if sent.event.learner and holds(IS_ERASED, sent):
            done += Resent(kept_back=1)
            continue
        _post(http, broker_url, sent)
        done += Resent(sent=1)
        if sent.is_answered and not _in_time(partial(holds, IS_ANSWERED, sent)):
            done += Resent(unanswered=1)
    return done


def _in_time(holds: partial[bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _post(http: httpx.Client, broker_url: str, sent: Sent) -> None:
    try:
        status = http.post(broker_url, headers=dict(sent.headers), content=sent.body).status_code
    except httpx.HTTPError as error:
        raise StackError(f"The broker {broker_url} does not answer: {error}. Run it again when it does.") from error
    if status != httpx.codes.ACCEPTED:
        raise StackError(f"The broker answers {status} to event {sent.event.id}. Run it again after mending it.")


def _records(bootstrap: str, topic: str, since: datetime) -> Iterator[Record]:
    """What a topic holds since then, up to now."""
    from kafka import KafkaConsumer, TopicPartition

    milliseconds = int(READ_SECONDS * 1000)
    consumer = KafkaConsumer(
        bootstrap_servers=bootstrap.split(","), enable_auto_commit=False, bootstrap_timeout_ms=milliseconds
    )
    try:
        numbers = consumer.partitions_for_topic(topic)
        if not numbers:
            raise StackError(f"Kafka at {bootstrap} has no topic {topic}.")
        parts = [TopicPartition(topic, number) for number in numbers]
        consumer.assign(parts)
        ends = consumer.end_offsets(parts)
        starts = consumer.offsets_for_times({part: int(since.timestamp() * 1000) for part in parts})
        for part in parts:
            consumer.seek(part, starts[part].offset if starts.get(part) else ends[part])
        deadline = time.monotonic() + READ_SECONDS
        while any(consumer.position(part) < ends[part] for part in parts):
            batches = consumer.poll(timeout_ms=1000)
            if not batches and time.monotonic() > deadline:
                raise StackError(f"Kafka at {bootstrap} does not hand out what {topic} holds.")
            deadline = time.monotonic() + READ_SECONDS if batches else deadline
            for part, messages in batches.items():
                yield from (_record(message) for message in messages if message.offset < ends[part])
    finally:
        consumer.close(autocommit=False)


def _record(message: Any) -> Record:
    headers = [(name, value or b"") for name, value in message.headers]
    return Record(
        message.topic, message.partition, message.offset, message.timestamp, message.key, message.value, headers
    )
