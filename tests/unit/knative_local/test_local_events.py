"""CloudEvents in both modes, over HTTP and in records."""

from __future__ import annotations

import base64
import json

import pytest

from knative.local.events import (
    Event,
    NotACloudEvent,
    Record,
    from_http,
    from_plain_record,
    from_record,
    to_http,
    to_record,
)

CE = [("ce-specversion", "1.0"), ("ce-id", "1"), ("ce-source", "/s"), ("ce-type", "t")]
STRUCTURED = [("Content-Type", "application/cloudevents+json; charset=utf-8")]
FIELDS = {"specversion": "1.0", "id": "1", "source": "/s", "type": "t"}


def structured(**members: object) -> Event:
    return from_http(STRUCTURED, json.dumps({**FIELDS, **members}).encode())


def record(value: bytes | None, headers: list[tuple[str, bytes]], key: bytes | None = None) -> Record:
    return Record("topic", 2, 7, 1_700_000_000_123, key, value, headers)


def test_binary_mode_keeps_attributes_extensions_and_bytes() -> None:
    event = from_http([*CE, ("Ce-Hops", "2"), ("content-type", "application/json"), ("accept", "x")], b"{}")
    assert dict(event.attributes) == {**FIELDS, "hops": "2", "datacontenttype": "application/json"}
    assert to_http(event) == (
        {**dict(CE), "ce-hops": "2", "content-type": "application/json"},
        b"{}",
    )


def test_structured_values_become_strings_and_data_compact_json() -> None:
    event = structured(hops=2, flag=True, gone=None, data={"a": "ü"})
    assert (event["hops"], event["flag"]) == ("2", "true")
    assert "gone" not in event.attributes
    assert event.data == '{"a":"ü"}'.encode()


def test_structured_text_and_base64_are_taken_as_they_are() -> None:
    assert structured(datacontenttype="text/plain", data="hello").data == b"hello"
    assert structured(data="hello").data == b'"hello"'
    assert structured(data_base64=base64.b64encode(b"\x00\xff").decode()).data == b"\x00\xff"
    assert structured().data is None


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ([("content-type", "application/json")], b"{}"),
        ([pair for pair in CE if pair[0] != "ce-type"], b""),
        ([*CE[:1], ("ce-id", ""), *CE[2:]], b""),
        ([*CE, ("ce-my-name", "x")], b""),
        ([*CE, ("ce-my_name", "x")], b""),
        ([("ce-specversion", "0.3"), *CE[1:]], b""),
        (STRUCTURED, b"nonsense"),
        (STRUCTURED, b"[]"),
        (STRUCTURED, b"{}"),
        (STRUCTURED, json.dumps({**FIELDS, "data_base64": "%%%"}).encode()),
        (STRUCTURED, json.dumps({**FIELDS, "subject": "a\r\nb: c"}).encode()),
        ([("content-type", "application/cloudevents-batch+json")], b"[]"),
        ([("content-type", "application/cloudevents+avro")], b""),
    ],
)
def test_what_is_no_well_formed_cloudevent_is_refused(headers: list[tuple[str, str]], body: bytes) -> None:
    with pytest.raises(NotACloudEvent):
        from_http(headers, body)


def test_a_record_in_binary_mode_goes_and_comes_back_the_same() -> None:
    event = Event({**FIELDS, "datacontenttype": "application/json", "partitionkey": "ada"}, b"{}")
    key, value, headers = to_record(event)
    assert (key, value) == (b"ada", b"{}")
    assert ("content-type", b"application/json") in headers
    assert from_record(record(value, headers, key)) == event


@pytest.mark.parametrize(
    ("content_type", "data"), [("application/json", b'{"a": 1}'), ("text/plain", b"a"), ("application/json", b"{oops")]
)
def test_a_record_in_structured_mode_loses_nothing(content_type: str, data: bytes) -> None:
    event = Event({**FIELDS, "datacontenttype": content_type}, data)
    _, value, headers = to_record(event, structured=True)
    back = from_record(record(value, headers))
    assert back.attributes == event.attributes
    assert back.data in {data, b'{"a":1}'}


def test_the_subject_is_never_a_key() -> None:
    assert to_record(Event({**FIELDS, "subject": "ada"}))[0] is None


def test_a_plain_record_says_where_it_came_from_and_when() -> None:
    event = from_plain_record(
        record(b"data", [("X-One", b"1"), ("Content-Type", b"Text/CSV")], b"k"), namespace="shop", name="in"
    )
    assert dict(event.attributes) == {
        "specversion": "1.0",
        "id": "partition:2/offset:7",
        "source": "/apis/v1/namespaces/shop/kafkasources/in#topic",
        "type": "dev.knative.kafka.event",
        "subject": "partition:2#7",
        "time": "2023-11-14T22:13:20.123000Z",
        "key": "k",
        "partitionkey": "k",
        "kafkaheaderxone": "1",
        "datacontenttype": "text/csv",
    }


def test_a_record_that_is_no_cloudevent_is_told_apart() -> None:
    with pytest.raises(NotACloudEvent):
        from_record(record(b"{}", [("content-type", b"application/json")]))
