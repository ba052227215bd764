"""Audit: keep every event once, whatever it is."""

from __future__ import annotations

from functions.audit.queries import record_event
from functions.shared.database import Connection
from functions.shared.envelope import as_received
from functions.shared.events import Event
from functions.shared.payload import Anything
from functions.shared.serving import Handler, Handlers

_BROKERS_OWN = ("knativekafkapartition", "knativekafkaoffset")


def record(event: Event[Anything], db: Connection, _found: None) -> None:
    """Store the event as it was received; answer nothing."""
    record_event(db, event, as_received(event, without=_BROKERS_OWN))


HANDLERS: Handlers = {Anything: Handler(record)}
