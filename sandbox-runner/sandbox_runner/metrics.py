"""Metrics, named as every function's are; in a registry of their own, so that both fit into one process."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, GCCollector, Histogram, PlatformCollector, ProcessCollector

REGISTRY = CollectorRegistry()
EVENTS = Counter(
    "learnflow_events_total",
    "Events handled, by what became of them.",
    ["function", "type", "outcome"],
    registry=REGISTRY,
)
SECONDS = Histogram(
    "learnflow_event_seconds",
    "Time from an event's arrival to its reply.",
    ["function", "type"],
    buckets=(0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20),
    registry=REGISTRY,
)
RUNS = Counter("learnflow_sandbox_runs_total", "Programs run, by how they ended.", ["outcome"], registry=REGISTRY)

for collector in (ProcessCollector, PlatformCollector, GCCollector):
    collector(registry=REGISTRY)
