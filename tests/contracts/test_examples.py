"""The examples of what LearnFlow stands on are what their operators take, and what our manifests look for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from knative.check import go, layers, operators, schemas
from knative.check.manifests import Manifests, read
from knative.check.policies import capacity
from scripts.stack.topics import read_topics

EXAMPLES = Path("knative/examples")
KAFKA = read([EXAMPLES / "kafka-strimzi"])
POSTGRES = read([EXAMPLES / "postgres-cnpg"])
TOPICS = read_topics(Path("kafka/topics"))
COMPONENT = Path("knative/overlays/components")
ACLS = KAFKA.find("KafkaUser", "learnflow").items("spec.authorization.acls")


def crds_of(group):
    """Where the CRDs of an operator are, or a reason to skip."""
    try:
        return operators.CRDS[group]()
    except go.NotHereError as why:
        return pytest.skip(str(why))


def changed(manifest, path, value):
    """The manifest with another value at a dotted path."""
    document = yaml.safe_load(yaml.safe_dump(dict(manifest.document)))
    *way, last = path.split(".")
    inner = document
    for part in way:
        inner = inner[int(part) if isinstance(inner, list) else part]
    inner[last] = value
    return replace(manifest, document=document)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("example", "group", "kinds"),
    [
        (KAFKA, "kafka.strimzi.io", {"Kafka", "KafkaNodePool", "KafkaTopic", "KafkaUser"}),
        (POSTGRES, "postgresql.cnpg.io", {"Cluster", "ScheduledBackup"}),
    ],
    ids=["strimzi", "cnpg"],
)
def test_an_operators_crds_take_the_example(example, group, kinds):
    crds_of(group)

    result = layers.crd(example)

    assert list(map(str, result.findings)) == []
    assert result.skipped == ""
    assert result.checked == sum(len(example.of(kind)) for kind in kinds)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("manifest", "path", "value"),
    [
        (KAFKA.find("Kafka", "learnflow"), "spec.kafka.listeners.0.authentication.type", "scram-sha-1024"),
        (KAFKA.find("Kafka", "learnflow"), "spec.kafka.listener", []),
        (KAFKA.find("KafkaUser", "learnflow"), "spec.authorization.acls.0.operations", ["Reed"]),
        (KAFKA.find("KafkaNodePool", "dual"), "spec.replicas", "three"),
        (KAFKA.of("KafkaTopic")[0], "spec.partitions", "3"),
        (POSTGRES.find("Cluster", "learnflow"), "spec.instances", "three"),
        (POSTGRES.find("Cluster", "learnflow"), "spec.postgresql.parameters.max_connections", 100),
        (POSTGRES.find("Cluster", "learnflow"), "spec.postgresql.hba", []),
        (POSTGRES.find("ScheduledBackup", "learnflow"), "spec.method", "wishful"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_an_operators_crds_refuse_what_is_wrong(manifest, path, value):
    crds_of(manifest.group)

    assert len(layers.crd(Manifests((changed(manifest, path, value),))).findings) == 1


@pytest.mark.timeout(600)
def test_the_object_store_is_configured_as_the_operator_itself_would_have_it():
    """The plugin is no module to be had; its configuration has the format of the operator's own of old."""
    folder = crds_of("postgresql.cnpg.io")
    cluster = POSTGRES.find("Cluster", "learnflow")
    (store,) = POSTGRES.of("ObjectStore")
    within = changed(cluster, "spec.backup", {"barmanObjectStore": dict(store.mapping("spec.configuration"))})

    known = schemas.of_folder(folder, ["Cluster"])

    assert store.mapping("spec.configuration")["destinationPath"].startswith("s3://")
    assert list(map(str, schemas.check([within], known))) == []


def test_a_topic_is_made_of_every_file_of_kafka_topics():
    wanted = [
        {
            "apiVersion": "kafka.strimzi.io/v1beta2",
            "kind": "KafkaTopic",
            "metadata": {"name": topic.name, "labels": {"strimzi.io/cluster": "learnflow"}},
            "spec": {"partitions": topic.partitions, "replicas": 3, "config": {"retention.ms": topic.retention_ms}},
        }
        for topic in TOPICS
    ]

    assert len(wanted) > 10
    assert [dict(each.document) for each in KAFKA.of("KafkaTopic")] == wanted


def test_the_user_may_use_every_topic_and_group_of_ours_and_nothing_else():
    literal = {rule["resource"]["name"] for rule in ACLS if rule["resource"].get("patternType") == "literal"}
    groups = [rule["resource"]["name"] for rule in ACLS if rule["resource"]["type"] == "group"]
    sources = read([Path("knative/base")]).of("KafkaSource")

    assert literal == {topic.name for topic in TOPICS}
    assert all(any(str(each.at("spec.consumerGroup")).startswith(name) for name in groups) for each in sources)
    assert not any(rule["resource"]["name"] in {"", "*"} for rule in ACLS)


def test_overlays_look_for_kafka_where_the_example_listens():
    component = (COMPONENT / "kafka-sasl-tls" / "kustomization.yaml").read_text()
    (listener,) = KAFKA.find("Kafka", "learnflow").items("spec.kafka.listeners")

    assert component.count(f"learnflow-kafka-bootstrap.kafka.svc:{listener['port']}") == 3
    assert (listener["tls"], listener["authentication"]["type"]) == (True, "scram-sha-512")


def test_the_database_takes_as_many_connections_as_the_functions_are_counted_with():
    cluster = POSTGRES.find("Cluster", "learnflow")

    assert cluster.at("spec.postgresql.parameters.max_connections") == str(capacity.MAX_CONNECTIONS)


def test_the_backup_is_of_this_cluster_into_this_store():
    cluster = POSTGRES.find("Cluster", "learnflow")
    (backup,), (store,) = POSTGRES.of("ScheduledBackup"), POSTGRES.of("ObjectStore")
    (plugin,) = cluster.items("spec.plugins")

    assert backup.at("spec.cluster.name") == cluster.name
    assert backup.at("spec.pluginConfiguration.name") == plugin["name"]
    assert plugin["parameters"] == {"barmanObjectName": store.name}
    assert plugin["isWALArchiver"] is True
    assert len(backup.at("spec.schedule").split()) == 6  # seconds first


@pytest.mark.parametrize(("example", "namespace"), [("kafka-strimzi", "kafka"), ("postgres-cnpg", "postgres")])
def test_an_example_is_in_the_namespace_that_we_look_for_it_in(example, namespace):
    kustomization = yaml.safe_load((EXAMPLES / example / "kustomization.yaml").read_text())
    files = {path.name for path in (EXAMPLES / example).glob("*.yaml")} - {"kustomization.yaml"}

    assert kustomization["namespace"] == namespace
    assert set(kustomization["resources"]) == files
