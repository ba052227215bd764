"""From the wire to an `Event` and back: CloudEvents in both modes, plain Kafka records, and what is filled in."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from cloudevents.conversion import to_binary, to_structured
from cloudevents.exceptions import GenericException
from cloudevents.http import CloudEvent, from_http
from pydantic import ValidationError

from functions.shared.errors import MalformedEvent, RejectedEvent
from functions.shared.events import LEARNER_ID, MAX_HOPS, NAMESPACE, PLAIN_RECORDS, Event
from functions.shared.payload import Anything, Payload
from functions.shared.text import storable

PLAIN_RECORD = "dev.knative.kafka.event"
EDGE_SOURCES = frozenset({"/learnflow/gateway", "/learnflow/realtime"})
OUR_SOURCES = "/learnflow/"
MAX_NAME = 512
"""Characters of an id or source that are kept as they are; a longer one is known by its hash."""


def decode(headers: Mapping[str, str], body: bytes, accepts: Mapping[str, type[Payload]]) -> Event[Payload]:
    """Return the event of an HTTP request, its data validated as one of `accepts` (type → payload class).

    `accepts` with the key `*` takes every type unread and, as it must see what is broken, checks neither schema
    nor hops nor learner. Raises MalformedEvent (400) or RejectedEvent (422).
    """
    attributes, data = _read(headers, body)
    kind = attributes["type"]
    if kind == PLAIN_RECORD:
        return _plain_record(attributes, data, accepts)
    event = _normalised(attributes, kind, attributes.get("subject"), attributes["id"], data)
    return _validated(event, data, accepts)


def reply_to(event: Event[Any], payload: Payload, *, function: str, now: datetime) -> CloudEvent:
    """Return the event that answers `event`: the same id on every redelivery, the asker's key carried on."""
    attributes = {
        "id": str(uuid.uuid5(NAMESPACE, f"{function}:{event.origin}:{event.id}")),
        "source": f"{OUR_SOURCES}{function}",
        "correlationid": event.correlation_id,
        "hops": str(event.hops + 1),
    }
    if "traceparent" in event.attributes:
        attributes["traceparent"] = event.attributes["traceparent"]
    return cloud_event(payload, learner=event.learner, now=now, **attributes)


def cloud_event(payload: Payload, *, learner: str | None, now: datetime, **attributes: str) -> CloudEvent:
    """Return a CloudEvent about `learner` with the attributes every event of ours has."""
    owner = {"subject": learner, "partitionkey": learner} if learner else {}
    return CloudEvent(
        {
            **attributes,
            **owner,
            **payload.extensions(),
            "type": payload.TYPE,
            "time": now.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "datacontenttype": "application/json",
            "dataschema": schema_uri(payload.TYPE),
        },
        payload.model_dump(mode="json"),
    )


def schema_uri(event_type: str) -> str:
    """Return the `dataschema` of a type, which ends in the name of its file under schema/events/."""
    return f"urn:learnflow:schema:events:{event_type.removeprefix('org.learnflow.')}.schema.json"


def to_http(event: CloudEvent) -> tuple[dict[str, str], bytes]:
    """Return headers and body of an event in binary mode."""
    headers, body = to_binary(event, data_marshaller=_encode)
    return dict(headers), body


def to_json(event: CloudEvent) -> dict[str, Any]:
    """Return an event in structured mode, as a JSON object."""
    _, body = to_structured(event)
    document: dict[str, Any] = json.loads(body)
    return document


def from_json(document: Mapping[str, Any]) -> CloudEvent:
    """Return the event of a structured-mode JSON object."""
    attributes = {name: value for name, value in document.items() if name not in {"data", "data_base64"}}
    return CloudEvent(attributes, document.get("data"))


def as_received(event: Event[Any], *, without: Iterable[str] = ()) -> dict[str, Any]:
    """Return what was received as a structured-mode JSON object, without the named attributes."""
    document: dict[str, Any] = {k: v for k, v in event.attributes.items() if k not in set(without)}
    if isinstance(event.data, Anything) and event.data.body is not None:
        document["data"] = event.data.body
    elif event.body:
        document["data_base64"] = base64.b64encode(event.body).decode()
    return document


def _encode(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def _read(headers: Mapping[str, str], body: bytes) -> tuple[dict[str, str], Any]:
    """Return the CloudEvents attributes, as text, and the data, decoded where it is JSON, else as bytes."""
    if headers.get("content-type", "").startswith("application/cloudevents"):
        body = _utf8(body)
    try:
        event = from_http(dict(headers), body, data_unmarshaller=lambda data: data)
    except (GenericException, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        reason = str(error).partition(". The following")[0]  # what follows quotes the body, and logs must not
        raise MalformedEvent(f"not a CloudEvent: {reason}") from error
    attributes = {name: storable(str(value)) for name, value in event.get_attributes().items() if value is not None}
    if not attributes["id"]:
        raise MalformedEvent("not a CloudEvent: its id is empty")
    return attributes, _decoded(event.get_data())


def _utf8(body: bytes) -> bytes:
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise MalformedEvent("not a CloudEvent: a structured event must be UTF-8") from error
    return body


def _decoded(data: Any) -> Any:
    """Return data as JSON that can be stored; what is none, or nested absurdly, stays bytes."""
    try:
        return storable(json.loads(data) if isinstance(data, str | bytes) else data)
    except (ValueError, RecursionError):
        return data.encode() if isinstance(data, str) else data if isinstance(data, bytes) else _encode(data)


def _normalised(attributes: dict[str, str], kind: str, learner: str | None, identity: str, data: Any) -> Event[Payload]:
    return Event(
        id=_delivery_id(attributes, identity),
        source=_indexable(attributes["source"]),
        type=kind,
        time=_time(attributes.get("time", "")) or datetime.now(UTC),
        learner=learner if learner and LEARNER_ID.fullmatch(learner) else None,
        correlation_id=_correlation_id(attributes, identity),
        hops=_hops(attributes.get("hops", "")) or 0,
        data=Anything(body=None if isinstance(data, bytes) else data),
        attributes=attributes,
        body=data if isinstance(data, bytes) else b"",
    )


def _delivery_id(attributes: Mapping[str, str], identity: str) -> str:
    """Return what a delivery is known by: one event may fail at several functions, each a dead letter of its own."""
    destination = attributes.get("knativeerrordest")
    return _indexable(f"{identity}@{destination}" if destination else identity)


def _indexable(text: str) -> str:
    """Return a name as it can be a key: PostgreSQL indexes no text beyond some 2,700 bytes."""
    return text if len(text) <= MAX_NAME else str(uuid.uuid5(NAMESPACE, text))


def _correlation_id(attributes: Mapping[str, str], identity: str) -> str:
    """Return the request's id: carried, or the edge's own event id, or one no outside producer can choose."""
    source = attributes["source"]
    if source.startswith(OUR_SOURCES) and "ingress" not in attributes:
        if "correlationid" in attributes:
            return attributes["correlationid"]
        if source in EDGE_SOURCES:
            return attributes["id"]
    return str(uuid.uuid5(NAMESPACE, f"{source}|{identity}"))


def _plain_record(attributes: dict[str, str], data: Any, accepts: Mapping[str, type[Payload]]) -> Event[Payload]:
    """Return what a record that is no CloudEvent means: its topic gives the type, its data the learner."""
    topic = attributes["source"].rpartition("#")[2]
    named = data.get("student_id") or data.get("user_id") if isinstance(data, dict) else None
    learner = str(named) if isinstance(named, str | int) else None
    # Partition and offset come back when a topic is made anew; the record's time does not.
    identity = f"{attributes['id']}@{attributes.get('time', '')}"
    if Anything.TYPE in accepts:
        return _normalised(attributes, PLAIN_RECORD, learner, identity, data)
    if topic not in PLAIN_RECORDS:
        raise RejectedEvent(f"records of topic {topic} must be CloudEvents")
    if not isinstance(data, dict):
        raise MalformedEvent("the record is not a JSON object")
    kind = PLAIN_RECORDS[topic].TYPE
    return _validated(_normalised(attributes, kind, learner, identity, data), data, accepts)


def _validated(event: Event[Payload], data: Any, accepts: Mapping[str, type[Payload]]) -> Event[Payload]:
    if Anything.TYPE in accepts:
        return event
    if event.type not in accepts:
        raise RejectedEvent(f"type {event.type} is not handled here")
    for name, read in (("time", _time), ("hops", _hops)):
        if name in event.attributes and read(event.attributes[name]) is None:
            raise MalformedEvent(f"{name}: not what CloudEvents or LearnFlow put there")
    if event.hops > MAX_HOPS:
        raise RejectedEvent(f"{event.hops} replies in a row: this event goes round")
    if event.learner is None:
        raise RejectedEvent("subject: a learner's id is 1 to 64 of letters, digits and . _ : -")
    if not isinstance(data, dict):
        raise MalformedEvent("data: not a JSON object")
    try:
        payload = accepts[event.type].model_validate(data)
    except ValidationError as error:
        raise MalformedEvent(f"data: {_sentences(error)}") from error
    return Event(**{**event.__dict__, "data": payload})


def _sentences(error: ValidationError) -> str:
    """Return what is wrong field by field, without the learner's text."""
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(f"{'.'.join(map(str, p['loc'])) or 'object'}: {p['msg']}" for p in problems)


def _time(text: str) -> datetime | None:
    """Return an RFC 3339 time, taken for UTC if it names no zone; None if it is none."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _hops(text: str) -> int | None:
    """Return a whole number; None if it is none."""
    return int(text) if text.isdecimal() and len(text) < 10 else None
