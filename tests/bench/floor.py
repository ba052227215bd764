"""The Kafka floor: what the same number of produce → consume hops costs with a bare client and nothing else."""

from __future__ import annotations

import threading
import time
import uuid

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition

from tests.bench.figures import Spread

HOPS = 3
"""question.asked, explanation.requested, concept.explained: each is produced once and consumed once."""


def kafka_floor(bootstrap: str, rounds: int) -> Spread:
    """Return the time of `rounds` messages over HOPS topics, one after the other."""
    topics = [f"bench-{uuid.uuid4().hex[:8]}-{hop}" for hop in range(HOPS)]
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    admin.create_topics({topic: {"num_partitions": 1} for topic in topics}, wait_for_metadata=True)
    producer = KafkaProducer(bootstrap_servers=bootstrap, linger_ms=0)
    consumers = [_tail(bootstrap, topic) for topic in topics]
    relays = [
        threading.Thread(target=_relay, args=(consumer, producer, following, rounds), daemon=True)
        for consumer, following in zip(consumers[:-1], topics[1:], strict=True)
    ]
    for relay in relays:
        relay.start()
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        producer.send(topics[0], b"{}").get(10)
        next(consumers[-1])
        times.append(time.perf_counter() - started)
    for relay in relays:
        relay.join(10)
    for client in (*consumers, producer):
        client.close()
    admin.delete_topics(topics)
    admin.close()
    return Spread.of(times[rounds // 10 :])


def _tail(bootstrap: str, topic: str) -> KafkaConsumer:
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, fetch_min_bytes=1)
    partition = TopicPartition(topic, 0)
    consumer.assign([partition])
    consumer.seek(partition, 0)
    return consumer


def _relay(consumer: KafkaConsumer, producer: KafkaProducer, following: str, rounds: int) -> None:
    for _, record in zip(range(rounds), consumer, strict=False):
        producer.send(following, record.value)
