"""Whom the gateway takes a request to come from, on the way it takes through the cluster."""

import uuid

import httpx
import pytest

from functions.shared.edge.addresses import ELSEWHERE
from functions.shared.edge.limits import limits_of
from functions.shared.rates import Rates

WAYS = "serverlessservices.networking.internal.knative.dev"
PATH = "/api/v1/topics"


@pytest.fixture(scope="module")
def hops(kube):
    """How many proxies the gateway is told of."""
    told = kube.listed("configmaps", "--field-selector=metadata.name=learnflow-config")[0]["data"]
    return int(told.get("FORWARDED_HOPS", 0))


def is_counted(system, address):
    """Whether requests of an address were counted."""
    (limit,) = limits_of(Rates(), None, address, PATH)
    return system.row("SELECT count(*) FROM rates WHERE key = %s", limit.key) == (1,)


def test_the_gateway_is_reached_by_the_ingress_and_knative_s_proxy_alone(kube, hops):
    """Serve: straight to its pods. Proxy: by the activator, which would be a third."""
    revision = kube.services()["gateway"]["status"]["latestReadyRevisionName"]
    ways = kube.listed(WAYS, f"--selector=serving.knative.dev/revision={revision}")

    assert hops == 2
    assert [each["spec"]["mode"] for each in ways] == ["Serve"]


def test_requests_count_for_one_address_whatever_they_say_of_it_and_for_no_proxy_s(system, kube, hops):
    if hops == 0:
        pytest.skip("the overlay takes the peer's address")
    system.db.execute("DELETE FROM rates")
    said = f"203.0.113.{uuid.uuid4().int % 250}"

    for header in ({}, {"X-Forwarded-For": said}, {"X-Forwarded-For": f"{said}, {said}"}):
        httpx.get(f"{system.gateway_url}{PATH}", headers=header)

    assert system.row("SELECT count(*) FROM rates") == (1,)
    pods = kube.listed("pods", "--all-namespaces", "--field-selector=spec.hostNetwork=false")
    proxies = {pod["status"]["podIP"] for pod in pods if "podIP" in pod["status"]}
    assert len(proxies) > 3
    assert not [address for address in {said, "127.0.0.1", ELSEWHERE, *proxies} if is_counted(system, address)]
