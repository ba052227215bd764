"""Serving: an HTTP request from the platform in, a handler's reply out, as functions-framework's target.

functions-framework's own CloudEvent signature cannot answer with an event, so functions are its HTTP kind.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from cloudevents.http import CloudEvent
from flask import Request, Response
from structlog.contextvars import bound_contextvars

from functions.shared import inbox
from functions.shared.database import Connection, Database, PostgreSQL
from functions.shared.envelope import decode, from_json, reply_to, to_http, to_json
from functions.shared.errors import EventError
from functions.shared.events import MAX_EVENT_BYTES, Event
from functions.shared.metrics import EVENTS, SECONDS
from functions.shared.payload import Payload
from functions.shared.probes import PROBES

log = structlog.get_logger()

Clock = Callable[[], datetime]
Reply = CloudEvent | None


@dataclass(frozen=True)
class Handler:
    """How one type of event is handled.

    `handle(event, db, found)` runs inside the transaction that also remembers the event; it returns the payload to
    answer with, or None. `before(event, database)` runs first and holds neither transaction nor connection: slow
    things such as a model's answer belong there, and what it returns is `found`. `after(event, reply, database)`
    runs when all is committed, and again should the event come again, and takes the reply over: nothing is answered
    then.
    """

    handle: Callable[[Event[Any], Connection, Any], Payload | None]
    before: Callable[[Event[Any], Database], Any] | None = None
    after: Callable[[Event[Any], CloudEvent, Database], None] | None = None


Handlers = Mapping[type[Payload], Handler]


def utc_now() -> datetime:
    """Return the time of day, aware."""
    return datetime.now(UTC)


class Function:
    """One function: a table of handlers behind one HTTP address.

    `remembers` is False for a function whose every statement is already harmless the second time: it needs neither
    inbox nor transaction.
    """

    def __init__(
        self,
        name: str,
        handlers: Handlers,
        *,
        db: Database | None = None,
        remembers: bool = True,
        now: Clock = utc_now,
    ) -> None:
        self.name = name
        self.handlers = {payload.TYPE: handler for payload, handler in handlers.items()}
        self.accepts = {payload.TYPE: payload for payload in handlers}
        self.db = db or PostgreSQL()
        self._remembers = remembers
        self._now = now

    def __call__(self, request: Request) -> Response:
        """Answer a CloudEvent, or GET /health, /ready and /metrics."""
        if request.method == "POST":
            return self._deliver(request)
        if request.path in PROBES and request.method == "GET":
            return PROBES[request.path](self.name, self.db)
        return _refusal(405 if request.path == "/" else 404, "POST a CloudEvent here")

    def _deliver(self, request: Request) -> Response:
        """Answer with 200 and the reply, 204 for nothing to say, or the status of an error."""
        started = time.perf_counter()
        kind, ids = "unknown", _named_ids(request)
        try:
            event = decode({k.lower(): v for k, v in request.headers.items()}, request.get_data(), self.accepts)
            kind = event.type if event.type in self.accepts else "other"
            ids = {"id": event.id, "type": event.type, "correlation_id": event.correlation_id}
            with bound_contextvars(**ids):
                reply = self.answer(event)
            outcome, response = "replied" if reply else "done", _response(reply)
        except EventError as error:
            outcome, response = type(error).__name__, _refusal(error.status, str(error))
            log.warning("event.refused", reason=str(error), **ids)
        except Exception:
            outcome, response = "bug", _refusal(500, "an unexpected error; the logs say more")
            log.exception("event.failed", **ids)
        seconds = time.perf_counter() - started
        EVENTS.labels(self.name, kind, outcome).inc()
        SECONDS.labels(self.name, kind).observe(seconds)
        status, duration_ms = response.status_code, round(seconds * 1000, 2)
        log.info("event.handled", outcome=outcome, status=status, duration_ms=duration_ms, **ids)
        return response

    def answer(self, event: Event[Payload]) -> Reply:
        """Return the reply to a decoded event, handling it at most once however often it arrives."""
        handler = self.handlers.get(event.type) or self.handlers["*"]
        try:
            found = self._prepare(handler, event)
            reply = self._settle(handler, event, found)
        except inbox.Seen as seen:
            log.info("event.seen_before")
            reply = from_json(seen.reply) if seen.reply else None
        if handler.after and reply is not None:
            handler.after(event, reply, self.db)
            return None
        return reply

    def _prepare(self, handler: Handler, event: Event[Payload]) -> Any:
        if handler.before is None:
            return None
        with self.db.reading() as db:
            inbox.raise_if_seen(db, self.name, event)
        return handler.before(event, self.db)

    def _settle(self, handler: Handler, event: Event[Payload], found: Any) -> Reply:
        if not self._remembers:
            with self.db.reading() as db:
                return self._reply(event, handler.handle(event, db, found))
        with self.db.transaction() as db:
            inbox.claim(db, self.name, event)
            reply = self._reply(event, handler.handle(event, db, found))
            if reply is not None:
                inbox.remember(db, self.name, event, to_json(reply))
        return reply

    def _reply(self, event: Event[Payload], payload: Payload | None) -> Reply:
        return None if payload is None else reply_to(event, payload, function=self.name, now=self._now())


def _response(reply: Reply) -> Response:
    if reply is None:
        return Response(status=204)
    headers, body = to_http(reply)
    if len(body) > MAX_EVENT_BYTES:
        raise ValueError(f"the reply has {len(body)} bytes, more than an event may")
    return Response(body, 200, headers)


def _refusal(status: int, detail: str) -> Response:
    """Return an error whose text ends up, cut to 1 KiB, in the dead letter's knativeerrordata."""
    return Response(detail + "\n", status, content_type="text/plain; charset=utf-8")


def _named_ids(request: Request) -> dict[str, Any]:
    """Return the ids of an event that could not be handled, as far as its headers name them."""
    headers = {"id": "ce-id", "type": "ce-type", "correlation_id": "ce-correlationid"}
    return {name: request.headers.get(header) for name, header in headers.items()}
