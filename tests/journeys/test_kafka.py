"""Whoever speaks Kafka can ask and listen without the gateway."""

import json
import uuid

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from functions.shared.envelope import cloud_event, to_json
from functions.shared.events import CodeExecuted, QuestionAsked
from functions.shared.explaining import ConceptExplained
from functions.shared.testing import NOON

QUESTION = "Can you explain how Python loops work?"


@pytest.fixture
def producer(system):
    producer = KafkaProducer(bootstrap_servers=system.bootstrap)
    yield producer
    producer.close()


@pytest.fixture
def responses(system):
    """What arrives at learning.responses from now on: a function that waits for the answer to a learner."""
    consumer = KafkaConsumer(bootstrap_servers=system.bootstrap, consumer_timeout_ms=200)
    partitions = [TopicPartition("learning.responses", p) for p in consumer.partitions_for_topic("learning.responses")]
    consumer.assign(partitions)
    for partition, end in consumer.end_offsets(partitions).items():
        consumer.seek(partition, end)

    def answer_to(learner):
        found = system.until(lambda: [r for r in consumer if r.key == learner.encode()], f"{learner} is answered")
        headers = {name: value.decode() for name, value in found[0].headers}
        return headers, json.loads(found[0].value)

    yield answer_to
    consumer.close()


def fresh_learner():
    return f"kafka-{uuid.uuid4().hex[:8]}"


def event_of(learner):
    return cloud_event(QuestionAsked(question=QUESTION), learner=learner, now=NOON, id=str(uuid.uuid4()), source="/lms")


def binary(learner):
    event = to_json(event_of(learner))
    attributes = {k: v for k, v in event.items() if k not in ("data", "datacontenttype")}
    headers = [(f"ce_{k}", v.encode()) for k, v in attributes.items()]
    return {"value": json.dumps(event["data"]).encode(), "headers": [*headers, ("content-type", b"application/json")]}


def structured(learner):
    headers = [("content-type", b"application/cloudevents+json; charset=UTF-8")]
    return {"value": json.dumps(to_json(event_of(learner))).encode(), "headers": headers}


def plain(learner):
    return {"value": json.dumps({"student_id": learner, "question": QUESTION}).encode()}


@pytest.mark.parametrize("form", [binary, structured, plain], ids=lambda form: form.__name__)
def test_a_question_produced_to_kafka_is_answered_on_kafka(system, producer, responses, form):
    learner = fresh_learner()
    producer.send("learning.requests", **form(learner)).get(10)

    headers, answer = responses(learner)

    assert (headers["ce_type"], headers["ce_subject"]) == (ConceptExplained.TYPE, learner)
    assert answer["topic"] == "loops"
    stored = system.until(
        lambda: system.row("SELECT type FROM messages WHERE learner_id = %s", learner), "the answer is kept too"
    )
    assert stored == (ConceptExplained.TYPE,)


def test_an_explanation_can_be_requested_directly_with_topic_and_level(system, producer, responses):
    learner = fresh_learner()
    record = {"student_id": learner, "topic": "async", "level": "advanced"}
    producer.send("concepts.requests", json.dumps(record).encode()).get(10)

    _, answer = responses(learner)

    assert (answer["topic"], answer["level"]) == ("async", "advanced")


@pytest.mark.parametrize("value", [b"not json", b"[1, 2]", b'{"question": "who am I?"}', None])
def test_a_record_nobody_understands_becomes_a_dead_letter_and_stops_nothing(system, producer, responses, value):
    before = system.row("SELECT count(*) FROM dead_letters")[0]
    producer.send("learning.requests", value, key=b"nobody").get(10)
    learner = fresh_learner()
    producer.send("learning.requests", **plain(learner)).get(10)

    assert responses(learner)[1]["topic"] == "loops"
    both = before + 2  # triage's, which would have routed it, and progress's, which would have counted it
    system.until(lambda: system.row("SELECT count(*) FROM dead_letters")[0] == both, "it is a dead letter of each")
    latest = system.db.execute(
        "SELECT function, error_code FROM dead_letters ORDER BY first_seen DESC LIMIT 2"
    ).fetchall()
    assert {function for function, _ in latest} == {"triage", "progress"}
    assert {code for _, code in latest} <= {400, 422}


def test_a_program_produced_to_kafka_is_run_and_what_came_of_it_told_on_kafka(system, producer, responses):
    learner = fresh_learner()

    producer.send("code.submissions", value=json.dumps({"user_id": learner, "code": "print(6 * 7)"}).encode())

    headers, data = responses(learner)
    assert headers["ce_type"] == CodeExecuted.TYPE
    assert (data["outcome"], data["stdout"]) == ("ok", "42\n")
    assert system.until(
        lambda: system.row("SELECT type FROM messages WHERE learner_id = %s", learner), "it is delivered"
    ) == (CodeExecuted.TYPE,)
