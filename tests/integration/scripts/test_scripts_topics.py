"""Topics on a real Kafka become what their files say, and nothing is ever taken away."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from kafka import KafkaAdminClient

from scripts.stack.errors import StackError
from scripts.stack.ports import free_port
from scripts.stack.topics import Topic, ensure_topics


@pytest.fixture
def topic() -> Topic:
    name = f"test.topics.{uuid.uuid4().hex[:8]}"
    return Topic(name, "A test's own", ("in",), ("*",), False, ("a test",), ("a test",), "none", 2, 3_600_000)


def partitions(bootstrap: str, name: str) -> int:
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        return len(admin.describe_topics([name])[0]["partitions"])
    finally:
        admin.close()


def test_a_missing_topic_is_made_once(kafka_bootstrap: str, topic: Topic) -> None:
    assert ensure_topics(kafka_bootstrap, [topic]) == ([f"{topic.name} made"], [])
    assert ensure_topics(kafka_bootstrap, [topic]) == ([], [])
    assert partitions(kafka_bootstrap, topic.name) == 2


def test_a_topic_grows_and_says_so_but_never_shrinks(kafka_bootstrap: str, topic: Topic) -> None:
    ensure_topics(kafka_bootstrap, [topic])

    done, differs = ensure_topics(kafka_bootstrap, [replace(topic, partitions=4)])
    assert (done, differs) == ([f"{topic.name} grown from 2 to 4 partitions"], [])

    done, differs = ensure_topics(kafka_bootstrap, [replace(topic, partitions=1)])
    assert (done, differs) == ([], [f"{topic.name} has 4 partitions, its file says 1"])
    assert partitions(kafka_bootstrap, topic.name) == 4


def test_another_retention_is_reported_and_left_alone(kafka_bootstrap: str, topic: Topic) -> None:
    ensure_topics(kafka_bootstrap, [topic])

    done, differs = ensure_topics(kafka_bootstrap, [replace(topic, retention_ms=7_200_000)])

    assert (done, differs) == ([], [f"{topic.name} keeps records 1 h, its file says 2 h"])


def test_a_kafka_that_is_not_there_is_named(topic: Topic) -> None:
    address = f"127.0.0.1:{free_port()}"

    with pytest.raises(StackError, match=address):
        ensure_topics(address, [topic], patience_seconds=0.5)
