"""Deliver an answer: keep it as a message, end the request it answers, wake whoever waits."""

from __future__ import annotations

import uuid

from functions.delivery.queries import announce, end_request, save_message
from functions.shared.database import Connection
from functions.shared.events import ANSWERS, FOR_PEOPLE, NAMESPACE, Event
from functions.shared.payload import Payload
from functions.shared.serving import Handler, Handlers


def deliver(event: Event[Payload], db: Connection, _found: None) -> None:
    """Store what is said to the learner and what it means for the request; answer nothing."""
    message_id = str(uuid.uuid5(NAMESPACE, f"message:{event.origin}:{event.id}"))
    statuses = {kind: answers[type(event.data)] for kind, answers in ANSWERS.items() if type(event.data) in answers}
    save_message(db, message_id, event)
    end_request(db, event.correlation_id, event.learner_id, message_id, statuses)
    announce(db, event.correlation_id, event.learner_id, message_id)


HANDLERS: Handlers = {payload: Handler(deliver) for payload in FOR_PEOPLE}
