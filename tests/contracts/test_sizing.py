"""The page that says why Services have their values says the manifests' own, and they cover what was measured."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from knative.check.manifests import read
from knative.check.policies import capacity

PAGE = Path("knative/SIZING.md").read_text()
SERVICES = {service.name: service for service in read([Path("knative/base")]).of("Service")}
ROWS = {cells[0].strip("`"): cells[1:] for cells in (
    [cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| `")
) if cells[0].strip("`") in SERVICES}  # fmt: skip
MIB = 1.048576
"""Megabytes."""


def megabytes(quantity):
    return int(quantity.removesuffix("Mi")) * MIB


def resources(service, bound):
    given = service.mapping(f"{capacity.CONTAINER}.resources.{bound}")
    return f"{given['cpu']}, {given['memory']}"


def test_every_service_has_its_row():
    assert set(ROWS) == set(SERVICES)


@pytest.mark.parametrize("name", SERVICES)
def test_a_row_says_what_the_manifest_says(name):
    service = SERVICES[name]
    fewest = service.mapping(f"{capacity.TEMPLATE}.metadata.annotations")["autoscaling.knative.dev/min-scale"]

    assert ROWS[name][3:9] == [
        resources(service, "requests"),
        resources(service, "limits"),
        str(service.at(f"{capacity.REVISION}.containerConcurrency")),
        str(service.at(f"{capacity.REVISION}.timeoutSeconds")),
        f"{fewest}–{capacity.max_scale(service)}",
        str(capacity.most_connections(service)),
    ]
    assert ROWS[name][9]


@pytest.mark.parametrize("name", SERVICES)
def test_what_is_requested_covers_what_was_held(name):
    at_rest, at_most = (float(cell) for cell in ROWS[name][:2])
    memory = SERVICES[name].mapping(f"{capacity.CONTAINER}.resources")

    assert 0 < at_rest <= at_most <= megabytes(memory["requests"]["memory"])
    assert 2 * at_most <= megabytes(memory["limits"]["memory"])


def test_the_page_counts_the_connections_as_the_policy_does():
    taken = sum(capacity.most_connections(service) for service in SERVICES.values())

    assert f"all replicas hold {taken} connections, of PostgreSQL's {capacity.MAX_CONNECTIONS} " in PAGE
    assert taken == sum(int(cells[8]) for cells in ROWS.values())


def test_what_is_said_of_all_is_so_of_all():
    for service in SERVICES.values():
        stays = service.mapping(f"{capacity.TEMPLATE}.metadata.annotations")
        probes = [service.mapping(f"{capacity.CONTAINER}.{name}") for name in ("readinessProbe", "livenessProbe")]

        assert stays["autoscaling.knative.dev/scale-to-zero-pod-retention-period"] == "5m"
        assert [(probe["periodSeconds"], probe["timeoutSeconds"]) for probe in probes] == [(2, 3), (15, 5)]
    said = re.findall(r"every (\d+) s, up to (\d+) s", PAGE)
    assert said == [("2", "3"), ("15", "5")]
