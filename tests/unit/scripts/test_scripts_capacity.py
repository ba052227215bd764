"""What so many learners need, by what one thing done was measured to cost."""

import json

import pytest

from knative.check.manifests import read
from knative.check.policies.capacity import most_connections
from scripts.stack.capacity import MEASURED, bounds_of, cost_of, first_bounds, kept_days, table
from scripts.stack.places import here
from scripts.stack.sizing import Bounds, Cost, most_learners, needed

COST = Cost({"gateway": 0.1, "realtime": 0.01, "postgres": 0.02}, 4, 1_000, {"events": 2_000, "inbox": 500, "users": 1})
BOUNDS = {"gateway": Bounds(1, 3, 1, 4), "realtime": Bounds(1, 2, 1, 4, sockets=1_000)}
KEPT = {"events": 365.0, "inbox": 30.0}


def need(learners, hours=1.0):
    return needed(learners, hours, COST, BOUNDS, KEPT)


def test_a_hundred_learners_do_eight_things_a_second_and_each_makes_its_events():
    assert (need(100).things_a_second, need(100).events_a_second) == (8, 32)


def test_cores_grow_with_learners():
    assert need(100).cores == {"gateway": pytest.approx(0.8), "realtime": pytest.approx(0.08), "postgres": 0.16}
    assert need(1_000).cores["postgres"] == pytest.approx(1.6)


@pytest.mark.parametrize(("learners", "replicas"), [(1, 1), (87, 1), (88, 2), (1_000, 12)])
def test_a_replica_is_given_seven_tenths_of_its_cores_and_there_is_never_less_than_the_least(learners, replicas):
    assert need(learners).replicas["gateway"] == replicas


@pytest.mark.parametrize(("learners", "replicas"), [(700, 1), (701, 2), (7_000, 10)])
def test_sockets_ask_for_replicas_too(learners, replicas):
    assert need(learners).replicas["realtime"] == replicas


def test_connections_are_those_of_all_replicas():
    assert need(88).connections == 2 * 4 + 1 * 4


def test_kafka_keeps_three_copies_for_a_week():
    assert need(100).kafka_gb == pytest.approx(8 * 3600 * 1_000 * 3 * 7 / 1e9)
    assert need(100, hours=2).kafka_gb == 2 * need(100).kafka_gb


def test_the_database_forgets_what_is_old_and_keeps_what_is_not_named():
    assert need(100).database_gb_a_day == pytest.approx(8 * 3600 * 2_501 / 1e9)
    assert need(100).database_gb == pytest.approx(8 * 3600 * (2_000 * 365 + 500 * 30 + 1 * 365) / 1e9)


def test_the_most_learners_are_those_whose_cores_or_sockets_are_taken():
    assert most_learners("gateway", COST, BOUNDS["gateway"]) == 262  # 3 cores, 7 tenths of each, 0.1 s a thing
    assert most_learners("realtime", COST, BOUNDS["realtime"]) == 1_400
    assert need(262).replicas["gateway"] == 3 < need(263).replicas["gateway"]


def test_what_was_measured_fits_the_manifests():
    measured = json.loads(MEASURED.read_text())
    cost, bounds = cost_of(measured), bounds_of(read([here().manifests]))

    assert measured["errors"] == []
    assert set(bounds) - {"dead-letter"} <= set(cost.cpu_seconds)
    assert sum(each.connections * each.most for each in bounds.values()) == sum(
        most_connections(service) for service in read([here().manifests]).of("Service")
    )
    assert kept_days()["events"] == 365


def test_more_than_the_manifests_allow_is_marked():
    cost, bounds = cost_of(json.loads(MEASURED.read_text())), bounds_of(read([here().manifests]))

    few, many = (list(table([number], [needed(number, 1, cost, bounds, {})], bounds)) for number in (1, 100_000))

    assert not any("!" in line for line in few)
    assert any(line.startswith("replicas: realtime") and line.endswith("!") for line in many)
    assert "realtime 1,400" in list(first_bounds(cost, bounds))[1]
