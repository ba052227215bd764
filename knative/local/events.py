"""CloudEvents 1.0 as they travel: binary and structured, over HTTP and as records of a log. No I/O here."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Headers = list[tuple[str, bytes]]

STRUCTURED = "application/cloudevents"
_NAME = re.compile(r"[a-z0-9]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class NotACloudEvent(ValueError):
    """Neither a binary nor a structured CloudEvent 1.0 that is well formed."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a topic. `timestamp` is in milliseconds since 1970."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Headers


@dataclass(frozen=True, slots=True)
class Event:
    """A CloudEvent. `attributes` holds extensions too, all as strings; `data` is None where there is none."""

    attributes: Mapping[str, str]
    data: bytes | None = None

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    def __str__(self) -> str:
        return f"{self['id']} ({self['type']} from {self['source']})"

    def extended(self, **extensions: str) -> Event:
        """Return a copy with these attributes added or replaced."""
        return Event({**self.attributes, **extensions}, self.data)


def from_http(headers: Iterable[tuple[str, str]], body: bytes) -> Event:
    """Read a request or a response. Raises NotACloudEvent."""
    return _decode(headers, "ce-", body)


def to_http(event: Event) -> tuple[dict[str, str], bytes]:
    """Return headers and body in binary mode, with no content type where the event has none."""
    return _headers(event, "ce-"), event.data or b""


def from_record(record: Record) -> Event:
    """Read a record in either mode. Raises NotACloudEvent."""
    return _decode(((name, value.decode(errors="replace")) for name, value in record.headers), "ce_", record.value)


def to_record(event: Event, *, structured: bool = False) -> tuple[bytes | None, bytes | None, Headers]:
    """Return key, value and headers; the key is the partitionkey extension."""
    key = event["partitionkey"].encode() or None
    if structured:
        return key, _to_json(event), [("content-type", f"{STRUCTURED}+json; charset=UTF-8".encode())]
    return key, event.data, [(name, value.encode()) for name, value in _headers(event, "ce_").items()]


def from_plain_record(record: Record, *, namespace: str, name: str) -> Event:
    """Wrap a record that is no CloudEvent as the KafkaSource `namespace`/`name` does."""
    attributes = {
        "specversion": "1.0",
        "id": f"partition:{record.partition}/offset:{record.offset}",
        "source": f"/apis/v1/namespaces/{namespace}/kafkasources/{name}#{record.topic}",
        "type": "dev.knative.kafka.event",
        "subject": f"partition:{record.partition}#{record.offset}",
        "time": datetime.fromtimestamp(record.timestamp / 1000, UTC).isoformat().replace("+00:00", "Z"),
    }
    if record.key is not None:
        attributes["partitionkey"] = attributes["key"] = record.key.decode(errors="replace")
    for header, value in record.headers:
        text, kept = value.decode(errors="replace"), re.sub(r"[^a-z0-9]", "", header.lower())
        if header.lower() == "content-type":
            attributes["datacontenttype"] = text.lower()
        else:
            attributes[f"kafkaheader{kept}"] = text
    return Event(attributes, record.value)


def _decode(headers: Iterable[tuple[str, str]], prefix: str, body: bytes | None) -> Event:
    content_type, attributes = "", {}
    for name, value in headers:
        lower = name.lower()
        if lower.startswith(prefix):
            attributes[lower[3:]] = value
        elif lower == "content-type":
            content_type = value
    if content_type.lower().startswith(STRUCTURED):
        return _from_json(content_type, body or b"")
    if "specversion" not in attributes:
        raise NotACloudEvent("neither a ce-specversion header nor a structured CloudEvent")
    return Event(_checked({**attributes, **({"datacontenttype": content_type} if content_type else {})}), body)


def _headers(event: Event, prefix: str) -> dict[str, str]:
    names = {"datacontenttype": "content-type"}
    return {names.get(name, prefix + name): value for name, value in event.attributes.items()}


def _from_json(content_type: str, body: bytes) -> Event:
    if content_type.lower().split(";")[0].strip() != f"{STRUCTURED}+json":
        raise NotACloudEvent(f"only {STRUCTURED}+json is understood, one event at a time")
    try:
        members: dict[str, Any] = json.loads(body)
        data, encoded = members.pop("data", None), members.pop("data_base64", None)
        given = {name: value for name, value in members.items() if value is not None}
        attributes = _checked({k: v if isinstance(v, str) else json.dumps(v) for k, v in given.items()})
        if encoded is not None:
            return Event(attributes, base64.b64decode(encoded, validate=True))
    except (ValueError, TypeError, AttributeError) as why:
        raise NotACloudEvent(f"not a structured CloudEvent: {why}") from None
    if isinstance(data, str) and "json" not in attributes.get("datacontenttype", "json").lower():
        return Event(attributes, data.encode())
    return Event(attributes, None if data is None else _compact(data))


def _to_json(event: Event) -> bytes:
    members: dict[str, Any] = dict(event.attributes)
    if event.data is not None:
        try:
            members["data"] = json.loads(event.data if "json" in members.get("datacontenttype", "json") else "")
        except ValueError:
            members["data_base64"] = base64.b64encode(event.data).decode()
    return _compact(members)


def _compact(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _checked(attributes: dict[str, str]) -> dict[str, str]:
    if attributes.get("specversion") != "1.0":
        raise NotACloudEvent("specversion must be 1.0")
    if missing := [name for name in ("id", "source", "type") if not attributes.get(name)]:
        raise NotACloudEvent(f"attribute {missing[0]} is missing or empty")
    for name, value in attributes.items():
        if not _NAME.fullmatch(name) or _CONTROL.search(value):
            raise NotACloudEvent(f"attribute {name!r}: names are made of a-z0-9, values hold no control characters")
    return attributes
