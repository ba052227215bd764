"""What Knative's webhooks and the API server let in and keep out, asked in earnest but for the keeping (a dry run).

They are shown the wrong manifests that the proof without a cluster refuses, and every overlay. Kafka's kinds are left
out where the cluster has none, and so is what Prometheus's operator brings.
"""

import re
import sys
import uuid

import pytest
import yaml

from knative.check import go
from knative.check.manifests import documents
from scripts.stack.places import ROOT
from tests.cluster.kube import Kube
from tests.contracts.test_wrong_manifests import WRONG, wrong

OVERLAYS = sorted(path.parent for path in ROOT.glob("knative/overlays/*/kustomization.yaml"))
APPLIED = [file for file in WRONG if "\nkind: Kustomization" not in file.read_text()]
KAFKAS = {"KafkaSource", "KafkaSink"}
BY_US_ALONE = {"policies"}
UNSEEN = {"an-event-type-without-an-id"}
"""What Knative's types refuse and its webhook lets in: of an EventType it knows v1beta2 alone (eventing 0.50,
cmd/webhook), into which a newer one is turned, and which has no attributes that might be missing."""
OTHER_WORDS = {"a-field-in-the-wrong-case": "Absolute URI is not allowed when Ref"}
"""What the webhook has against a manifest where Knative's types name another fault: it reads names in any case."""
REFUSED_FIRST_BY = re.compile(r"unknown field|cannot unmarshal|no matches for kind|unrecognized format|Invalid value")
"""What kubectl and the API server say of a manifest by its schema, before any webhook of Knative's is asked."""


@pytest.fixture(scope="module")
def has_kafka(kube):
    return bool(kube.ask("get", "crd", "kafkasources.sources.knative.dev").returncode == 0)


@pytest.fixture(scope="module")
def has_prometheus(kube):
    return bool(kube.ask("get", "crd", "podmonitors.monitoring.coreos.com").returncode == 0)


@pytest.fixture(scope="module")
def empty(kube):
    """A namespace where nothing is yet that what is shown would change."""
    name = f"{kube.namespace}-{uuid.uuid4().hex[:8]}"
    kube.told("create", "namespace", name)
    yield Kube(name)
    kube.told("delete", "namespace", name, "--wait=false")


def told_of(kube, shown):
    """Return why the cluster would refuse documents; empty where it would take them."""
    kept = [{**each, "metadata": {**each["metadata"], "namespace": kube.namespace}} for each in shown]
    done = kube.ask("apply", "--dry-run=server", "--filename=-", given=yaml.safe_dump_all(kept))
    return done.stderr if done.returncode else ""


@pytest.mark.parametrize("file", APPLIED, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_wrong_manifest_is_refused_unless_only_our_policies_know_it_for_wrong(file, empty, has_kafka):
    it = wrong(file)
    shown = [each.document for each in it.alone]
    if not shown:
        pytest.skip("it is wrong by what is left out")
    if not has_kafka and KAFKAS & {each["kind"] for each in shown}:
        pytest.skip("the cluster has no Kafka's kinds")

    said = told_of(empty, shown)

    if set(it.layers) == BY_US_ALONE or file.stem in UNSEEN:
        assert said == ""
    else:
        reason = OTHER_WORDS.get(file.stem, it.reason.split(".")[-1])
        assert reason in said or REFUSED_FIRST_BY.search(said), said


@pytest.mark.parametrize("overlay", OVERLAYS, ids=lambda overlay: overlay.name)
def test_every_overlay_is_let_in(overlay, empty, has_kafka, has_prometheus):
    try:
        go.build(sys.stderr, go.KUSTOMIZE)
    except go.NotHereError as why:
        pytest.skip(str(why))
    apart = {"Namespace"} | (set() if has_kafka else KAFKAS) | (set() if has_prometheus else {"PodMonitor"})

    shown = [each for each in documents(go.rendered(overlay)) if each["kind"] not in apart]

    assert len(shown) > 50
    assert told_of(empty, shown) == ""
