"""`scripts/capacity`: what so many learners need, as a table."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from functions.shared.rates import Rates
from knative.check.manifests import Manifest, Manifests, read
from knative.check.policies.capacity import (
    CONTAINER,
    KEPT_FREE,
    MAX_CONNECTIONS,
    REVISION,
    SCALE,
    max_scale,
    most_connections,
)
from scripts.stack import cli
from scripts.stack.places import ROOT, here
from scripts.stack.retention import RULES, ages
from scripts.stack.sizing import REQUESTS_EACH, THINGS_A_MINUTE, Bounds, Cost, Need, most_learners, needed

MEASURED = ROOT / "knative" / "measured.json"


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/capacity", add_help=False, allow_abbrev=False)
    parser.add_argument("--learners", type=int, nargs="+", default=[100, 1_000, 10_000])
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--measured", type=Path, default=MEASURED)
    options = parser.parse_args()
    cost = cost_of(json.loads(options.measured.read_text()))
    bounds = bounds_of(read([here().manifests]))
    needs = [needed(each, options.hours, cost, bounds, kept_days()) for each in options.learners]
    print("\n".join([*table(options.learners, needs, bounds), *first_bounds(cost, bounds)]))
    return 0


def cost_of(measured: Mapping[str, Any]) -> Cost:
    """Return what one thing done cost, by what `scripts/bench class --json` said."""
    done, usage, counts = measured["things_done"], measured["usage"], measured["counts"]
    return Cost(
        cpu_seconds={name: seconds / done for name, seconds in usage["cpu_seconds"].items()},
        events=counts["events"] / done,
        kafka_bytes=counts["kafka_bytes"] / done,
        table_bytes={name: size / done for name, size in counts["tables"].items() if size > 0},
    )


def bounds_of(manifests: Manifests) -> dict[str, Bounds]:
    """Return what each Service's manifest allows."""
    return {service.name: _bounds(service) for service in manifests.of("Service")}


def _bounds(service: Manifest) -> Bounds:
    annotations = service.mapping("spec.template.metadata.annotations")
    most = max_scale(service)
    return Bounds(
        least=int(annotations[f"{SCALE.rpartition('.annotations.')[2]}min-scale"]),
        most=most,
        cores=float(service.at(f"{CONTAINER}.resources.limits.cpu")),
        connections=most_connections(service) // most,
        sockets=service.at(f"{REVISION}.containerConcurrency") if service.name == "realtime" else 0,
    )


def kept_days() -> dict[str, float]:
    """Return for how many days rows are kept, of each table that schema/retention.toml names without a condition."""
    kept = {RULES[name].table: age for name, age in ages().items() if RULES[name].only == "true"}
    return {table: age.total_seconds() / 86_400 for table, age in kept.items() if age is not None}


def table(learners: Sequence[int], needs: Sequence[Need], bounds: Mapping[str, Bounds]) -> Iterator[str]:
    """Yield the needs as lines, a column for each number of learners; `!` is more than the manifests allow."""

    def row(title: str, *values: str) -> str:
        return f"{title:<34}" + "".join(f"{value:>12}" for value in values)

    free = MAX_CONNECTIONS - KEPT_FREE
    functions = sorted(bounds)
    yield row("learners at the same time", *(f"{number:,}" for number in learners))
    yield row("things done, a second", *(f"{need.things_a_second:,.0f}" for need in needs))
    yield row("requests to the gateway, a minute", *(f"{need.requests_a_minute:,.0f}" for need in needs))
    yield row("events, a second", *(f"{need.events_a_second:,.0f}" for need in needs))
    yield row("cores busy: functions", *(f"{_of(need.cores, functions):.1f}" for need in needs))
    for name in ("postgres", "kafka", "runtime"):
        yield row(f"cores busy: {name}", *(f"{need.cores.get(name, 0):.1f}" for need in needs))
    for name in functions:
        marked = (_marked(need.replicas[name], bounds[name].most) for need in needs)
        yield row(f"replicas: {name} (at most {bounds[name].most})", *marked)
    yield row(f"PostgreSQL connections (of {free})", *(_marked(need.connections, free) for need in needs))
    yield row("Kafka, GB on all brokers", *(f"{need.kafka_gb:,.1f}" for need in needs))
    yield row("database, GB more a day", *(f"{need.database_gb_a_day:,.2f}" for need in needs))
    yield row("database, GB after a year", *(f"{need.database_gb:,.0f}" for need in needs))


def first_bounds(cost: Cost, bounds: Mapping[str, Bounds]) -> Iterator[str]:
    """Yield what ends first as learners grow more."""
    school = int(Rates().address.per_minute / (THINGS_A_MINUTE * REQUESTS_EACH))
    yield f"one address may ask for {school:,} learners at the same time (RATE_ADDRESS); what the manifests allow bears"
    borne = sorted((most_learners(name, cost, each), name) for name, each in bounds.items())
    yield "  " + ", ".join(f"{name} {number:,}" for number, name in borne if number < 10**9)


def _marked(number: int, most: int) -> str:
    return f"{number:,}{'!' if number > most else ''}"


def _of(cores: Mapping[str, float], functions: Sequence[str]) -> float:
    return sum(cores.get(name, 0.0) for name in functions)


if __name__ == "__main__":
    cli.run(main)
