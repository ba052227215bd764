"""Metrics of every function, in Prometheus's terms."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

EVENTS = Counter("learnflow_events_total", "Events handled, by what became of them.", ["function", "type", "outcome"])
SECONDS = Histogram(
    "learnflow_event_seconds",
    "Time from an event's arrival to its reply.",
    ["function", "type"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
