"""From the wire to an `Event` and back: CloudEvents in both modes, plain Kafka records, and what is filled in.

The rules are those of every function of LearnFlow (design of events: one id for one answer however often it is asked,
a learner on every event, an end to what goes round), kept here without a line of theirs: this package runs alone.
"""

from __future__ import annotations

import base64
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sandbox_runner.errors import MalformedEvent, RejectedEvent

NAME = "sandbox-runner"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "learnflow.org")
TYPES = "org.learnflow."
OURS = "/learnflow/"
EDGE = ("/learnflow/gateway", "/learnflow/realtime")
LEARNER = re.compile(r"[A-Za-z0-9._:-]{1,64}")
MAX_HOPS = 16
"""Replies in a row after which an event is taken for one that goes round; the Kafka broker has no such guard."""

PLAIN_RECORD = "dev.knative.kafka.event"
PLAIN_TOPIC = "code.submissions"
PLAIN_TYPE = "org.learnflow.code.submitted.v1"
"""What a record of that topic means that is no CloudEvent."""

_REQUIRED = ("specversion", "id", "source", "type")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Event:
    """A delivered event, checked but for its data, which is a JSON object."""

    id: str
    source: str
    type: str
    learner: str
    correlation_id: str
    hops: int
    data: Mapping[str, Any]
    ingress: str = ""
    """The topic by which it came in; empty for what a function of ours answered."""
    traceparent: str = field(default="", repr=False)


def storable(text: str) -> str:
    """Return the text as PostgreSQL takes it: what it does not, NUL and half a surrogate pair, as U+FFFD."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def decode(headers: Mapping[str, str], body: bytes) -> Event:
    """Return the event of an HTTP request; header names are in lower case. Raises MalformedEvent, RejectedEvent."""
    attributes, data = _read(headers, body)
    if attributes["type"] == PLAIN_RECORD:
        return _checked(*_meant(attributes, data))
    return _checked(attributes, attributes["id"], data)


def reply_headers(event: Event, answer_type: str, now: datetime, **extensions: str) -> dict[str, str]:
    """Return the HTTP headers of what answers `event`: the same id on every redelivery, the asker's key carried on."""
    origin = f"{event.ingress}!{event.source}" if event.ingress else event.source
    attributes = {
        "specversion": "1.0",
        "id": str(uuid.uuid5(NAMESPACE, f"{NAME}:{origin}:{event.id}")),
        "source": OURS + NAME,
        "type": answer_type,
        "time": now.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "dataschema": f"urn:learnflow:schema:events:{answer_type.removeprefix(TYPES)}.schema.json",
        "subject": event.learner,
        "partitionkey": event.learner,
        "correlationid": event.correlation_id,
        "hops": str(event.hops + 1),
        **({"traceparent": event.traceparent} if event.traceparent else {}),
        **extensions,
    }
    return {"content-type": "application/json", **{f"ce-{name}": value for name, value in attributes.items()}}


def _read(headers: Mapping[str, str], body: bytes) -> tuple[dict[str, str], Any]:
    """Return the attributes, as text, and the data, decoded where it is JSON, else None."""
    if headers.get("content-type", "").startswith("application/cloudevents"):
        document = _json(body)
        if not isinstance(document, dict):
            raise MalformedEvent("not a CloudEvent: a structured event is a JSON object")
        encoded = document.pop("data_base64", None)
        data = document.pop("data", None) if encoded is None else _json(_from_base64(encoded))
        given = {name: str(value) for name, value in document.items() if value is not None}
    else:
        data = _json(body)
        given = {name.removeprefix("ce-"): value for name, value in headers.items() if name.startswith("ce-")}
    attributes = {name: storable(value) for name, value in given.items()}
    if missing := [name for name in _REQUIRED if not attributes.get(name)]:
        raise MalformedEvent(f"not a CloudEvent: it has no {', '.join(missing)}")
    if attributes["specversion"] != "1.0":
        raise MalformedEvent("not a CloudEvent 1.0")
    return attributes, data


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _from_base64(text: object) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except ValueError:
        return b""


def _meant(attributes: dict[str, str], data: Any) -> tuple[dict[str, str], str, Any]:
    """Return what a record that is no CloudEvent stands for: its topic gives the type, its data the learner."""
    topic = attributes["source"].rpartition("#")[2]
    if topic != PLAIN_TOPIC:
        raise RejectedEvent(f"records of topic {topic} must be CloudEvents")
    if not isinstance(data, dict):
        raise MalformedEvent("the record is not a JSON object")
    named = data.get("student_id") or data.get("user_id")
    learner = storable(str(named)) if isinstance(named, str | int) else ""
    # Partition and offset come back when a topic is made anew; the record's time does not.
    return (
        {**attributes, "type": PLAIN_TYPE, "subject": learner},
        f"{attributes['id']}@{attributes.get('time', '')}",
        data,
    )


def _checked(attributes: Mapping[str, str], identity: str, data: Any) -> Event:
    if not _is_time(attributes.get("time")):
        raise MalformedEvent("time: not what CloudEvents put there")
    hops = attributes.get("hops", "0")
    if not hops.isdecimal() or len(hops) > 9:
        raise MalformedEvent("hops: not a whole number")
    if int(hops) > MAX_HOPS:
        raise RejectedEvent(f"{hops} replies in a row: this event goes round")
    learner = attributes.get("subject", "")
    if not LEARNER.fullmatch(learner):
        raise RejectedEvent("subject: a learner's id is 1 to 64 of letters, digits and . _ : -")
    if not isinstance(data, dict):
        raise MalformedEvent("data: not a JSON object")
    return Event(
        id=identity,
        source=attributes["source"],
        type=attributes["type"],
        learner=learner,
        correlation_id=_correlation_id(attributes, identity),
        hops=int(hops),
        data=data,
        ingress=attributes.get("ingress", ""),
        traceparent=attributes.get("traceparent", ""),
    )


def _is_time(text: str | None) -> bool:
    """Say whether this is an RFC 3339 time, or none is given."""
    try:
        return text is None or bool(datetime.fromisoformat(text))
    except ValueError:
        return False


def _correlation_id(attributes: Mapping[str, str], identity: str) -> str:
    """Return the request's id: carried, or the edge's own event id, or one that no outside producer can choose."""
    source = attributes["source"]
    if source.startswith(OURS) and "ingress" not in attributes:
        if "correlationid" in attributes:
            return attributes["correlationid"]
        if source in EDGE:
            return attributes["id"]
    return str(uuid.uuid5(NAMESPACE, f"{source}|{identity}"))
