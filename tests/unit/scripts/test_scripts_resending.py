"""Of what the broker's topic holds, what came from without is told from what functions answered."""

from __future__ import annotations

import json
from typing import Any

import pytest

from knative.local.events import Record
from scripts.stack.resending import read

ASKED = "org.learnflow.question.asked.v1"
PLAIN = "dev.knative.kafka.event"
AT_MS = 1_774_000_000_000


def record(data: Any = None, **attributes: str) -> Record:
    """A record of the broker's topic; an event in binary mode where it has attributes."""
    headers = [(f"ce_{name}", value.encode()) for name, value in attributes.items()]
    if attributes:
        headers.append(("content-type", b"application/json"))
    return Record("knative-broker-learnflow-default", 0, 7, AT_MS, b"ada", json.dumps(data).encode(), headers)


def event(source: str, type: str = ASKED, data: Any = None, **attributes: str) -> Record:
    given = {"specversion": "1.0", "id": "e-1", "source": source, "type": type, "subject": "ada", **attributes}
    return record(data or {"question": "Why?"}, **given)


@pytest.mark.parametrize("source", ["/learnflow/gateway", "/learnflow/realtime", "/my/classroom"])
def test_what_people_and_other_systems_sent_is_sent_again_as_it_was(source: str):
    sent = read(event(source, correlationid="r-1", traceparent="00-1-2-01"))

    assert sent is not None
    assert (sent.event.id, sent.event.learner, sent.kind, sent.is_answered) == ("e-1", "ada", ASKED, True)
    assert json.loads(sent.body) == {"question": "Why?"}
    assert sent.headers["ce-traceparent"] == "00-1-2-01"
    assert sent.at.timestamp() == AT_MS / 1000


def test_only_ours_name_the_request_that_they_belong_to():
    ours, theirs = read(event("/learnflow/gateway")), read(event("/my/classroom", correlationid="r-1"))

    assert ours is not None
    assert theirs is not None
    assert ours.event.correlation_id == "e-1"
    assert theirs.event.correlation_id not in {"e-1", "r-1"}


@pytest.mark.parametrize("more", [{}, {"ingress": "progress.events"}], ids=["answered", "come round by a topic"])
def test_what_a_function_answered_is_not_as_it_follows_anew(more: dict[str, str]):
    assert read(event("/learnflow/progress", "org.learnflow.progress.updated.v1", **more)) is None


def test_a_plain_record_is_what_its_topic_makes_of_it():
    source = "/apis/v1/namespaces/learnflow/kafkasources/learning-requests#learning.requests"
    sent = read(event(source, PLAIN, {"student_id": "bob", "question": "Why?"}))

    assert sent is not None
    assert (sent.kind, sent.event.learner, sent.is_answered) == (ASKED, "bob", True)


@pytest.mark.parametrize("kind", ["org.learnflow.activity.recorded.v1", "org.example.mark"])
def test_nobody_waits_for_an_answer_to_what_has_none(kind: str):
    sent = read(event("/my/classroom", kind))

    assert sent is not None
    assert not sent.is_answered


def test_what_is_no_event_is_left_alone():
    assert read(record("nonsense")) is None
