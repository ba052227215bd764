"""The manifests keep every policy, are what Knative takes, and run on the local runtime."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from knative.check import layers, schemas
from knative.check.manifests import read
from knative.check.policies import POLICIES
from knative.local.manifests import ManifestError, load

BASE = Path("knative/base")
MANIFESTS = read([BASE])


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.__name__)
def test_the_manifests_keep_every_policy(policy):
    assert policy.__doc__
    assert list(map(str, policy(MANIFESTS))) == []


@pytest.mark.timeout(900)  # the first build
def test_the_crds_of_a_cluster_take_the_manifests(without_go):
    result = layers.crd(MANIFESTS, without_go)

    assert list(map(str, result.findings)) == []
    kinds = {"Service", "Broker", "Trigger", "EventType"} if not without_go else set()
    kinds |= {"KafkaSource", "KafkaSink"} if schemas.KAFKAS.is_dir() else set()
    assert bool(result.skipped) == (len(kinds) < 6)
    assert result.checked == sum(len(MANIFESTS.of(kind)) for kind in kinds)


@pytest.mark.timeout(900)
def test_knatives_own_types_take_the_manifests(without_go):
    if without_go:
        pytest.skip(without_go)

    result = layers.types(MANIFESTS)

    assert list(map(str, result.findings)) == []
    assert result.checked == sum(len(MANIFESTS.of(kind)) for kind in ("Service", "Broker", "Trigger", "EventType"))


def test_the_local_runtime_understands_every_manifest(tmp_path):
    for name, key in (("learnflow-database", "DATABASE_URL"), ("learnflow-auth", "AUTH_KEYS")):
        secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": {key: "its value"}}
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(secret))

    assert load(BASE, tmp_path, namespace="learnflow")


@pytest.mark.parametrize(
    ("file", "right", "wrong"),
    [
        ("triage/service.yaml", "containerConcurrency", "containerConcurency"),
        ("triage/triggers.yaml", "deadLetterSink", "deadLetter"),
        ("triage/triggers.yaml", "exact:", "cesql:"),
        ("sources/learning.requests.yaml", "ordering: unordered", "ordering: ordered"),
        ("sinks/dead-letters.yaml", "eventing.knative.dev/v1alpha1", "eventing.knative.dev/v1"),
        ("broker.yaml", "broker.class: Kafka", "broker.class: kafka"),
    ],
)
def test_the_local_runtime_refuses_a_wrong_manifest(tmp_path, file, right, wrong):
    shutil.copytree(BASE, tmp_path / "base")
    broken = tmp_path / "base" / file
    assert right in broken.read_text()
    broken.write_text(broken.read_text().replace(right, wrong))

    with pytest.raises(ManifestError, match=re.escape(Path(file).name)):
        load(tmp_path / "base", None, namespace="learnflow")
