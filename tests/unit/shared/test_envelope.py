"""What arrives is normalised the same way everywhere, and what leaves can be recognised when it comes again."""

import base64
import json
import uuid
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.envelope import (
    PLAIN_RECORD,
    as_received,
    cloud_event,
    decode,
    from_json,
    reply_to,
    to_http,
    to_json,
)
from functions.shared.errors import MalformedEvent, RejectedEvent
from functions.shared.events import MAX_HOPS, NAMESPACE, ExplanationRequested, QuestionAsked, RequestFailed
from functions.shared.payload import Anything
from functions.shared.testing import NOON, arriving, received

QUESTIONS = {QuestionAsked.TYPE: QuestionAsked}
ALL = {Anything.TYPE: Anything}
QUESTION = QuestionAsked(question="what is a loop?")


def plain(data, *, time="2026-03-20T12:00:00Z", topic="learning.requests", **more):
    source = f"/apis/v1/namespaces/learnflow/kafkasources/learning-requests#{topic}"
    headers = {"ce-specversion": "1.0", "ce-id": "partition:0/offset:7", "ce-type": PLAIN_RECORD, "ce-source": source}
    return {**headers, "ce-time": time, "ce-subject": "partition:0#7", **more}, json.dumps(data).encode()


def test_binary_and_structured_mode_mean_the_same_event():
    event = cloud_event(QUESTION, learner="ada", now=NOON, id="e1", source="/learnflow/gateway")
    structured = {"content-type": "application/cloudevents+json"}, json.dumps(to_json(event)).encode()

    assert decode(*to_http(event), QUESTIONS) == decode(*structured, QUESTIONS)


def test_a_question_from_the_edge_is_known_by_its_own_id():
    event = received(QUESTION, id="r1", source="/learnflow/gateway")

    assert (event.correlation_id, event.learner, event.hops) == ("r1", "ada", 0)


def test_an_outside_producer_cannot_choose_a_correlation_id():
    event = received(QUESTION, id="r1", source="/school", correlationid="somebody-elses-request")

    assert event.correlation_id == str(uuid.uuid5(NAMESPACE, "/school|r1"))


def test_what_came_in_through_kafka_cannot_pass_for_the_edge():
    event = received(QUESTION, id="r1", source="/learnflow/gateway", correlationid="r1", ingress="learning.requests")

    assert event.correlation_id == str(uuid.uuid5(NAMESPACE, "/learnflow/gateway|r1"))
    assert event.origin != received(QUESTION, id="r1", source="/learnflow/gateway").origin


def test_a_reply_keeps_its_id_and_counts_the_hop():
    event = received(QUESTION, id="r1", hops="3", traceparent="00-1-2-01")
    first = to_json(reply_to(event, RequestFailed(function="x", message="y"), function="triage", now=NOON))
    again = to_json(reply_to(event, RequestFailed(function="x", message="y"), function="triage", now=NOON))

    assert first == again
    assert first["id"] == str(uuid.uuid5(NAMESPACE, "triage:/learnflow/gateway:r1"))
    assert {name: first[name] for name in ("hops", "partitionkey", "subject", "correlationid", "traceparent")} == {
        "hops": "4",
        "partitionkey": "ada",
        "subject": "ada",
        "correlationid": "r1",
        "traceparent": "00-1-2-01",
    }


def test_a_stored_reply_goes_out_exactly_as_the_first_time():
    reply = reply_to(received(QUESTION), RequestFailed(function="x", message="é"), function="triage", now=NOON)

    assert to_http(from_json(to_json(reply))) == to_http(reply)


def test_an_event_that_goes_round_is_rejected():
    assert received(QUESTION, hops=str(MAX_HOPS)).hops == MAX_HOPS
    with pytest.raises(RejectedEvent, match="goes round"):
        received(QUESTION, hops=str(MAX_HOPS + 1))


@pytest.mark.parametrize("learner", ["", "a b", "x" * 65, "ada/../bob", "ada\n"])
def test_a_subject_that_is_no_learners_id_is_rejected(learner):
    with pytest.raises(RejectedEvent, match="subject"):
        received(QUESTION, learner=learner)


def test_a_broken_field_is_named_without_its_value():
    headers, _ = arriving(QUESTION)
    with pytest.raises(MalformedEvent, match=r"data: code: Input should be a valid string") as error:
        decode(headers, b'{"question": "q", "code": 4711}', QUESTIONS)
    assert "4711" not in str(error.value)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, b""),
        ({"content-type": "application/cloudevents+json"}, b"{"),
        ({"content-type": "application/cloudevents+json"}, b"\xff\xfe"),
        ({"content-type": "application/cloudevents+json"}, b"[]"),
        ({"ce-specversion": "1.0", "ce-id": "", "ce-type": "t", "ce-source": "s"}, b"{}"),
        ({"ce-specversion": "1.0", "ce-type": "t", "ce-source": "s"}, b"{}"),
        ({"ce-specversion": "9", "ce-id": "1", "ce-type": "t", "ce-source": "s"}, b"{}"),
    ],
)
def test_what_is_no_cloudevent_is_malformed_even_for_audit(headers, body):
    with pytest.raises(MalformedEvent):
        decode(headers, body, ALL)


@pytest.mark.parametrize("body", [b"", b"null", b"[1]", b"\xff", b'"text"', b"{"])
def test_data_that_is_no_object_is_malformed(body):
    headers, _ = arriving(QUESTION)
    with pytest.raises(MalformedEvent):
        decode(headers, body, QUESTIONS)


def test_a_type_without_a_handler_is_rejected():
    with pytest.raises(RejectedEvent, match="not handled here"):
        decode(*arriving(QUESTION), {ExplanationRequested.TYPE: ExplanationRequested})


def test_a_plain_record_is_a_question_of_the_student_it_names():
    event = decode(*plain({"student_id": "bo", "question": "what is a loop?"}), QUESTIONS)

    assert (event.type, event.learner, event.data.question) == (QuestionAsked.TYPE, "bo", "what is a loop?")


def test_a_plain_record_may_call_the_learner_user_id():
    assert decode(*plain({"user_id": 7, "question": "q"}), QUESTIONS).learner == "7"


def test_partition_and_offset_of_a_topic_made_anew_are_another_event():
    data = {"student_id": "bo", "question": "q"}
    first = decode(*plain(data, time="2026-03-20T12:00:00Z"), QUESTIONS)
    later = decode(*plain(data, time="2026-03-21T12:00:00Z"), QUESTIONS)

    assert first.id != later.id
    assert first.correlation_id != later.correlation_id


def test_a_plain_record_without_a_learner_is_rejected():
    with pytest.raises(RejectedEvent, match="subject"):
        decode(*plain({"question": "q"}), QUESTIONS)


def test_a_tombstone_is_malformed():
    headers, _ = plain({})
    with pytest.raises(MalformedEvent):
        decode(headers, b"", QUESTIONS)


def test_a_plain_record_of_another_topic_is_rejected():
    with pytest.raises(RejectedEvent, match="must be CloudEvents"):
        decode(*plain({"student_id": "bo"}, topic="learning.responses"), QUESTIONS)


def test_the_wildcard_takes_what_is_broken_and_keeps_it_as_received():
    headers, _ = arriving(QUESTION, hops="99", learner="not a learner")
    event = decode(headers, b"\xff\x00", ALL)

    assert event.learner is None
    assert base64.b64decode(as_received(event)["data_base64"]) == b"\xff\x00"


def test_one_event_given_up_on_by_two_functions_is_two_dead_letters_of_one_request():
    first = received(QUESTION, knativeerrordest="http://triage.learnflow.svc.cluster.local")
    second = received(QUESTION, knativeerrordest="http://audit.learnflow.svc.cluster.local")

    assert first.id != second.id
    assert first.correlation_id == second.correlation_id == received(QUESTION).correlation_id


@given(st.text())
def test_any_text_comes_out_as_text_postgresql_takes(text):
    body = json.dumps({"question": text, "code": f"{text}\x00\ud800"}).encode()
    event = decode(arriving(QUESTION)[0], body, QUESTIONS)

    assert "\x00" not in event.data.code
    assert event.data.model_dump_json().encode("utf-8")


@given(st.binary(max_size=200), st.sampled_from(["application/json", "application/cloudevents+json", "text/plain"]))
def test_no_body_whatever_is_a_bug(body, content_type):
    headers = {**arriving(QUESTION)[0], "content-type": content_type}
    with suppress(MalformedEvent, RejectedEvent):
        assert isinstance(decode(headers, body, QUESTIONS).data, QuestionAsked)


def test_a_time_without_a_zone_is_utc():
    event = received(QUESTION)
    headers, body = arriving(QUESTION)

    assert event.time == NOON
    assert decode({**headers, "ce-time": "2026-03-20T12:00:00"}, body, QUESTIONS).time == datetime(
        2026, 3, 20, 12, tzinfo=UTC
    )


@pytest.mark.parametrize("depth", [129, 300, 100_000])
def test_data_nested_absurdly_is_malformed_and_audit_keeps_it_as_bytes(depth):
    headers, _ = arriving(QUESTION)
    body = b'{"question": "q", "more": ' + b"[" * depth + b"]" * depth + b"}"

    with pytest.raises(MalformedEvent):
        decode(headers, body, QUESTIONS)
    assert base64.b64decode(as_received(decode(headers, body, ALL))["data_base64"]) == body


@pytest.mark.parametrize(("name", "value"), [("time", "noon"), ("hops", "two"), ("hops", "-1"), ("hops", "9" * 5000)])
def test_a_strange_attribute_is_malformed_but_audit_and_dead_letter_take_it(name, value):
    headers, body = arriving(QUESTION)
    headers[f"ce-{name}"] = value

    with pytest.raises(MalformedEvent, match=name):
        decode(headers, body, QUESTIONS)
    assert decode(headers, body, ALL).learner == "ada"


def test_a_name_too_long_to_be_a_key_is_known_by_its_hash():
    event = received(QUESTION, id="x" * 5000, source="/" + "y" * 5000)
    other = received(QUESTION, id="x" * 5001, source="/" + "y" * 5000)

    assert len(event.id) == len(event.source) == 36
    assert event.id != other.id
