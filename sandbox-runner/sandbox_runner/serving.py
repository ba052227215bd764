"""Serving: an HTTP request of the platform in, what came of it out; as functions-framework's target."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from flask import Request as HttpRequest
from flask import Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from structlog.contextvars import bound_contextvars

from sandbox_runner.answering import REQUESTS, asked, encoded
from sandbox_runner.envelope import NAME, Event, decode, reply_headers
from sandbox_runner.errors import EventError
from sandbox_runner.metrics import EVENTS, REGISTRY, RUNS, SECONDS
from sandbox_runner.running import Sandbox

log = structlog.get_logger()


def utc_now() -> datetime:
    """Return the time of day, aware."""
    return datetime.now(UTC)


class Runner:
    """The sandbox behind one HTTP address. It remembers nothing: an event that comes again is run again, and answered
    with the same id.
    """

    def __init__(self, sandbox: Sandbox, *, now: Callable[[], datetime] = utc_now) -> None:
        self._sandbox, self._now = sandbox, now

    def __call__(self, request: HttpRequest) -> Response:
        """Answer a CloudEvent, or GET /health, /ready and /metrics."""
        if request.method == "POST":
            return self._deliver(request)
        if request.method != "GET" or request.path not in ("/health", "/ready", "/metrics"):
            return _refusal(405 if request.path == "/" else 404, "POST a CloudEvent here")
        if request.path == "/metrics":
            return Response(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)
        return self._report([] if request.path == "/health" else self._sandbox.failures(), request.path)

    def _deliver(self, request: HttpRequest) -> Response:
        """Answer with 200 and the reply, or the status of an error."""
        started = time.perf_counter()
        kind, ids = "unknown", _named_ids(request)
        try:
            event = decode({name.lower(): value for name, value in request.headers.items()}, request.get_data())
            kind = event.type if event.type in REQUESTS else "other"
            ids = {"id": event.id, "type": event.type, "correlation_id": event.correlation_id}
            with bound_contextvars(**ids):
                outcome, response = "replied", self._reply(event)
        except EventError as error:
            outcome, response = type(error).__name__, _refusal(error.status, str(error))
            log.warning("event.refused", reason=str(error), **ids)
        except Exception:
            outcome, response = "bug", _refusal(500, "an unexpected error; the logs say more")
            log.exception("event.failed", **ids)
        seconds = time.perf_counter() - started
        EVENTS.labels(NAME, kind, outcome).inc()
        SECONDS.labels(NAME, kind).observe(seconds)
        status, duration_ms = response.status_code, round(seconds * 1000, 2)
        log.info("event.handled", outcome=outcome, status=status, duration_ms=duration_ms, **ids)
        return response

    def _reply(self, event: Event) -> Response:
        request = asked(event)
        results = self._sandbox.results(request)
        for result in results:
            RUNS.labels(result.outcome.value).inc()
        headers = reply_headers(event, request.ANSWER, self._now(), **request.extensions())
        return Response(encoded(request, results), 200, headers)

    def _report(self, failures: list[str], path: str) -> Response:
        body: dict[str, Any] = {
            "status": "unavailable" if failures else "ok",
            "service": NAME,
            "timestamp": self._now().isoformat(),
            "checks": {"sandbox": "; ".join(failures) or "ok"} if path == "/ready" else {},
        }
        if path == "/ready":
            body["layers"] = self._sandbox.layers()
        return Response(json.dumps(body), 503 if failures else 200, content_type="application/json")


def _refusal(status: int, detail: str) -> Response:
    """Return an error whose text ends up, cut to 1 KiB, in the dead letter's knativeerrordata."""
    return Response(detail + "\n", status, content_type="text/plain; charset=utf-8")


def _named_ids(request: HttpRequest) -> dict[str, Any]:
    """Return the ids of an event that could not be read, as far as its headers name them."""
    headers = {"id": "ce-id", "type": "ce-type", "correlation_id": "ce-correlationid"}
    return {name: request.headers.get(header) for name, header in headers.items()}
