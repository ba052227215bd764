"""Record what a function gave up on and, where a person waits for it, say that it failed."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import urlsplit

import structlog
from cloudevents.http import CloudEvent
from prometheus_client import Counter
from pydantic import ValidationError

from functions.dead_letter.queries import DeadLetter, fail_request, record_dead_letter
from functions.shared.database import Connection, Database, gone_means
from functions.shared.envelope import OUR_SOURCES, as_received
from functions.shared.errors import Erased
from functions.shared.events import ANSWER_PATH, UNASKED, Event, RequestFailed
from functions.shared.payload import Anything
from functions.shared.running import CheckExecuted, CheckRequested
from functions.shared.serving import Handler, Handlers

DEAD_LETTERS = Counter("learnflow_dead_letters_total", "Events given up on.", ["function", "type"])
DROPPED = Counter("learnflow_dead_letters_dropped_total", "Those about people who are deleted.", ["function", "type"])
_ERROR_ATTRIBUTES = ("knativeerrordest", "knativeerrorcode", "knativeerrordata")
_UNASKED = {(function, payload.TYPE) for function, payload in UNASKED}
_ADDED = (*_ERROR_ATTRIBUTES, "knativekafkapartition", "knativekafkaoffset")

log = structlog.get_logger()


def bury(event: Event[Anything], db: Connection, _found: None) -> RequestFailed | CheckExecuted | None:
    """Keep the dead letter; answer RequestFailed if its asker has to be told.

    A check that nobody could run is no failure: whoever asked for it answers without. What is about a person who is
    deleted is dropped: nobody waits for it, and nothing of theirs is kept.
    """
    letter = read_dead_letter(event)
    try:
        with gone_means(Erased()):
            record_dead_letter(db, letter)
    except Erased:
        DROPPED.labels(letter.function, letter.type).inc()
        log.info("event.dropped", function=letter.function)
        return None
    DEAD_LETTERS.labels(letter.function, letter.type).inc()
    log.error("event.dead", function=letter.function, error_code=letter.error_code, error=letter.error_data)
    if letter.function == "delivery" and event.learner:
        fail_request(db, letter)
    if letter.function not in ANSWER_PATH or (letter.function, letter.type) in _UNASKED or event.learner is None:
        return None
    return _unchecked(event, letter) or RequestFailed(
        function=letter.function,
        message="Something broke on our side, and I could not answer. It is kept, and will be looked at. "
        "Please ask again in a while.",
    )


def _unchecked(event: Event[Anything], letter: DeadLetter) -> CheckExecuted | None:
    """Return the word that a check could not be run; None if the letter asks for none, or comes from outside."""
    if letter.type != CheckRequested.TYPE or not event.origin.startswith(OUR_SOURCES):
        return None
    try:
        asked = CheckRequested.model_validate(letter.event.get("data"))
    except ValidationError:
        return None
    return CheckExecuted(requester=asked.requester, draft_id=asked.draft_id, outcome="unavailable")


def read_dead_letter(event: Event[Anything]) -> DeadLetter:
    """Return the dead letter as it is kept: the original event, and what the platform says of its failure."""
    attributes = event.attributes
    destination = attributes.get("knativeerrordest", "")
    code = attributes.get("knativeerrorcode", "")
    return DeadLetter(
        source=event.source,
        id=event.id.removesuffix(f"@{destination}"),
        destination=destination,
        function=function_at(destination),
        type=attributes["type"],
        learner_id=event.learner,
        correlation_id=event.correlation_id,
        event=as_received(event, without=_ADDED),
        error_code=int(code) if code.isdigit() else None,
        error_data=_decoded(attributes.get("knativeerrordata")),
    )


def function_at(destination: str) -> str:
    """Return the Service or KafkaSink an address is of: the host's first label, or a sink's name in the path."""
    address = urlsplit(destination)
    host = (address.hostname or "").partition(".")[0]
    return address.path.rpartition("/")[2] if host == "kafka-sink-ingress" else host


def tell(_event: Event[Any], reply: CloudEvent, _database: Database) -> None:
    """Post the failure to the broker: a KafkaSource, which brings dead letters here, discards replies."""
    from functions.shared import broker  # a tenth of a second that only a letter somebody waits for has to pay

    broker.post(reply)


def _decoded(data: str | None) -> str | None:
    if not data:
        return None
    try:
        return base64.b64decode(data).decode(errors="replace").replace("\x00", "")
    except (binascii.Error, ValueError):
        return data


HANDLERS: Handlers = {Anything: Handler(bury, after=tell)}
