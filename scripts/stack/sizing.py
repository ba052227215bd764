"""What so many learners need: arithmetic over what a class was measured to cost. Pure.

All goes by things done: a learner does one every twelve seconds or so, and on average each costs every function the
same, as long as a class does the same mixture of things (tests/load/mixture.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

THINGS_A_MINUTE = 4.8
"""That one learner does, thinking 5 to 20 seconds before each."""
REQUESTS_EACH = 1.175
"""To the gateway, for one thing done."""
FULL = 0.7
"""How much of what a replica can bear it is given: Knative's own target (container-concurrency-target-percentage)."""
KAFKA_COPIES, KAFKA_DAYS = 3, 7
"""The Broker's replication, and how long its topic and ours keep records."""
YEAR = 365
GB = 1e9


@dataclass(frozen=True)
class Cost:
    """What one thing done costs, on average over the mixture."""

    cpu_seconds: Mapping[str, float]
    """Of each function, of `postgres` and `kafka`, and of the `runtime` that brings events about."""
    events: float
    kafka_bytes: float
    """Of one copy."""
    table_bytes: Mapping[str, float]
    """That stay in each of PostgreSQL's tables, with its indexes."""


@dataclass(frozen=True)
class Bounds:
    """What a Service's manifest allows."""

    least: int
    most: int
    cores: float
    connections: int
    """To PostgreSQL, of one replica."""
    sockets: int = 0
    """That one replica holds; 0 where it holds none."""


@dataclass(frozen=True)
class Need:
    """What so many learners need."""

    things_a_second: float
    events_a_second: float
    requests_a_minute: float
    cores: dict[str, float]
    replicas: dict[str, int]
    connections: int
    kafka_gb: float
    """On all brokers, once the first day is forgotten again."""
    database_gb_a_day: float
    database_gb: float
    """After a year of such days."""


def needed(
    learners: int, hours_a_day: float, cost: Cost, bounds: Mapping[str, Bounds], kept_days: Mapping[str, float]
) -> Need:
    """Return what so many learners at the same time need, each at it for some hours on every day.

    `kept_days` says of each table for how long its rows are kept; those of one that it does not name stay.
    """
    rate, stored = learners * THINGS_A_MINUTE / 60, cost.table_bytes.items()
    daily = rate * 3600 * hours_a_day
    cores = {name: rate * seconds for name, seconds in cost.cpu_seconds.items()}
    replicas = {name: _replicas(cores.get(name, 0.0), learners, each) for name, each in bounds.items()}
    return Need(
        things_a_second=rate,
        events_a_second=rate * cost.events,
        requests_a_minute=rate * 60 * REQUESTS_EACH,
        cores=cores,
        replicas=replicas,
        connections=sum(replicas[name] * each.connections for name, each in bounds.items()),
        kafka_gb=daily * cost.kafka_bytes * KAFKA_COPIES * KAFKA_DAYS / GB,
        database_gb_a_day=daily * sum(cost.table_bytes.values()) / GB,
        database_gb=sum(daily * size * min(kept_days.get(table, YEAR), YEAR) for table, size in stored) / GB,
    )


def _replicas(cores: float, learners: int, bounds: Bounds) -> int:
    busy = math.ceil(cores / (bounds.cores * FULL))
    open_ = math.ceil(learners / (bounds.sockets * FULL)) if bounds.sockets else 0
    return max(bounds.least, busy, open_)


def most_learners(name: str, cost: Cost, bounds: Bounds) -> int:
    """Return how many learners a Service bears at its largest scale."""
    each = cost.cpu_seconds.get(name, 0.0) * THINGS_A_MINUTE / 60
    by_cores = bounds.most * bounds.cores * FULL / each if each else math.inf
    by_sockets = bounds.most * bounds.sockets * FULL if bounds.sockets else math.inf
    return math.floor(min(by_cores, by_sockets, 10**9))
