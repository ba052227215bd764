"""One log line and two metrics a request; paths are told by their template, so no learner's text gets in."""

from __future__ import annotations

import time

import structlog
from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUESTS = Counter("learnflow_http_requests_total", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram(
    "learnflow_http_request_seconds",
    "Time from a request's arrival to the start of its answer, waiting included.",
    ["method", "route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
PROBES = frozenset({"/health", "/ready", "/metrics", "/api/v1/health", "/api/v1/ready", "/api/v1/metrics"})
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

log = structlog.get_logger()


class Observed:
    """ASGI middleware around everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request and note what became of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status, seconds = 0, 0.0  # 0: the client left before there was an answer

        async def watched(message: Message) -> None:
            nonlocal status, seconds
            if message["type"] == "http.response.start":
                status, seconds = message["status"], time.perf_counter() - started
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            _note(scope, status, seconds or time.perf_counter() - started)


def correlate(scope: Scope, request_id: str) -> None:
    """Name the request that an HTTP request is about, for its log line."""
    scope.setdefault("state", {})["correlation_id"] = request_id


def _note(scope: Scope, status: int, seconds: float) -> None:
    route = getattr(scope.get("route"), "path", "other")
    method = scope["method"] if scope["method"] in _METHODS else "other"
    REQUESTS.labels(method, route, str(status)).inc()
    SECONDS.labels(method, route).observe(seconds)
    say = log.debug if route in PROBES and status == 200 else log.info
    correlation_id = scope.get("state", {}).get("correlation_id")
    about = {"correlation_id": correlation_id} if correlation_id else {}
    say("request.served", method=method, route=route, status=status, duration_ms=round(seconds * 1000, 2), **about)
