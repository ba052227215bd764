"""One group's way through its topics: which offset may be committed when."""

from __future__ import annotations

from knative.local.events import Record
from knative.local.log import MAX_OPEN, Subscription


def record(offset: int, partition: int = 0) -> Record:
    return Record("t", partition, offset, 0, None, b"", [])


def subscription(start: int = 0) -> tuple[Subscription, list[Record]]:
    received: list[Record] = []
    return Subscription("g", {("t", 0): start, ("t", 1): 0}, received.append), received


def test_nothing_new_is_nothing_to_commit() -> None:
    assert subscription(5)[0].commits() == {}


def test_the_oldest_open_record_holds_the_offset() -> None:
    reading, _ = subscription()
    for offset in range(4):
        reading.offer(record(offset))
    for offset in (0, 2, 3):
        reading.done(record(offset))
    assert reading.commits() == {("t", 0): 1}
    reading.done(record(1))
    assert reading.commits() == {("t", 0): 4}


def test_partitions_move_on_their_own() -> None:
    reading, _ = subscription()
    reading.offer(record(0))
    reading.offer(record(0, partition=1))
    reading.done(record(0, partition=1))
    assert reading.commits() == {("t", 1): 1}


def test_a_record_seen_before_is_not_taken_again() -> None:
    reading, received = subscription(2)
    for offset in (0, 1, 2, 2, 3):
        reading.offer(record(offset))
    assert [one.offset for one in received] == [2, 3]


def test_offsets_that_are_missing_in_a_topic_do_no_harm() -> None:
    reading, _ = subscription()
    reading.offer(record(3))
    reading.offer(record(9))
    reading.done(record(3))
    assert reading.commits() == {("t", 0): 9}


def test_it_is_full_while_too_many_records_are_open() -> None:
    reading, _ = subscription()
    for offset in range(MAX_OPEN):
        assert not reading.full
        reading.offer(record(offset))
    assert reading.full
    reading.done(record(500))
    assert not reading.full
