"""The cluster that the environment names, for what only a cluster shows; without one, all of it is skipped."""

import os

import httpx
import pytest

from tests.cluster.kube import Kube
from tests.journeys.on_a_cluster import on_a_cluster


@pytest.fixture(scope="session")
def system():
    """LearnFlow on the cluster, by its gateway's route and its database."""
    there = on_a_cluster()
    if there is None:
        pytest.skip("no cluster: scripts/test --cluster NAMESPACE INGRESS")
    yield there
    there.stop()


@pytest.fixture(scope="session")
def kube(system):
    """The namespace that it runs in."""
    return Kube(os.environ["TEST_CLUSTER"])


@pytest.fixture(scope="session")
def warm(kube):
    """Return what wakes a function, should it sleep, and names a pod of it."""

    def woken(function):
        answer = httpx.get(f"http://{kube.inner_ingress(function)}/health", headers=kube.to(function), timeout=60)
        assert answer.status_code == 200, answer.text
        return kube.a_pod(function)

    return woken
