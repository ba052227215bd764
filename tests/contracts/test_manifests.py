"""The manifests say what the contracts say, and keep our own rules."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from functions.shared.database import POOL_MAX
from functions.shared.events import CONTRACTS, FOR_PEOPLE, PAYLOADS, PLAIN_RECORDS, Anything
from knative.local.manifests import ManifestError, load

BASE = Path("knative/base")
MAX_CONNECTIONS = 100
"""PostgreSQL's own default."""
KEPT_FREE = 20
"""For migrations, scripts and people."""


def manifests(root=BASE):
    for path in sorted(root.rglob("*.yaml")):
        for document in yaml.safe_load_all(path.read_text()):
            yield path, document


def of_kind(kind):
    return [document for _, document in manifests() if document["kind"] == kind]


SERVICES = of_kind("Service")
TRIGGERS = of_kind("Trigger")
SOURCES = of_kind("KafkaSource")
SINKS = of_kind("KafkaSink")


def named(document):
    return document["metadata"]["name"]


def exact_values(condition, attribute):
    """Every value that a filter compares the attribute with exactly, at any depth."""
    if isinstance(condition, dict):
        own = [condition["exact"][attribute]] if attribute in condition.get("exact", {}) else []
        return own + [value for part in condition.values() for value in exact_values(part, attribute)]
    if isinstance(condition, list):
        return [value for part in condition for value in exact_values(part, attribute)]
    return []


def types_of(trigger):
    spec = trigger["spec"]
    one = spec.get("filter", {}).get("attributes", {}).get("type")
    return {one} if one else set(exact_values(spec.get("filters", []), "type"))


def plain_topics_of(trigger):
    return re.findall(r"'source': '#([^']+)'", str(trigger["spec"].get("filters", "")))


def test_the_folder_lists_every_manifest_it_holds():
    listed = yaml.safe_load((BASE / "kustomization.yaml").read_text())["resources"]
    held = {str(path.relative_to(BASE)) for path in BASE.rglob("*.yaml")} - {"kustomization.yaml"}

    assert set(listed) == held
    assert len(listed) == len(set(listed))


def test_the_local_runtime_understands_every_manifest(tmp_path):
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "learnflow-database"}}
    (tmp_path / "secret.yaml").write_text(yaml.safe_dump({**secret, "stringData": {"DATABASE_URL": "postgresql:///"}}))

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
def test_a_wrong_manifest_is_refused(tmp_path, file, right, wrong):
    shutil.copytree(BASE, tmp_path / "base")
    broken = tmp_path / "base" / file
    assert right in broken.read_text()
    broken.write_text(broken.read_text().replace(right, wrong))

    with pytest.raises(ManifestError, match=re.escape(Path(file).name)):
        load(tmp_path / "base", None, namespace="learnflow")


def test_every_function_is_a_service_that_runs_it():
    assert {named(service) for service in SERVICES} == set(CONTRACTS)
    for service in SERVICES:
        (container,) = service["spec"]["template"]["spec"]["containers"]
        assert container["command"] == ["python"]
        assert container["args"] == ["-m", f"functions.{named(service).replace('-', '_')}"]


@pytest.mark.parametrize("function", [name for name, contract in CONTRACTS.items() if contract.accepts])
def test_a_functions_triggers_bring_exactly_what_it_accepts(function):
    triggers = [t for t in TRIGGERS if t["spec"]["subscriber"]["ref"]["name"] == function]
    brought = set().union(*(types_of(t) for t in triggers)) if triggers else set()
    accepts = CONTRACTS[function].accepts

    if function == "dead-letter":
        assert triggers == []
    elif Anything in accepts:
        assert brought == set()
        assert len(triggers) == 1
    else:
        assert brought - {"dev.knative.kafka.event"} == {payload.TYPE for payload in accepts}


def test_plain_records_go_to_the_function_that_accepts_what_they_mean():
    taken = {
        topic: trigger["spec"]["subscriber"]["ref"]["name"]
        for trigger in TRIGGERS
        for topic in plain_topics_of(trigger)
    }

    assert set(taken) == set(PLAIN_RECORDS)
    for topic, function in taken.items():
        assert PLAIN_RECORDS[topic] in CONTRACTS[function].accepts


@pytest.mark.parametrize("trigger", TRIGGERS, ids=named)
def test_a_trigger_filters_known_types_and_states_its_own_delivery(trigger):
    assert types_of(trigger) <= set(PAYLOADS) | {"dev.knative.kafka.event"}
    delivery = trigger["spec"]["delivery"]
    assert set(delivery) == {"retry", "backoffPolicy", "backoffDelay", "timeout", "deadLetterSink"}
    assert delivery["deadLetterSink"]["ref"]["name"] == "dead-letters"
    assert "kafka.eventing.knative.dev/delivery.order" not in trigger["metadata"].get("annotations", {})


def test_everything_meant_for_people_leaves_through_the_responses_sink():
    (egress,) = [t for t in TRIGGERS if t["spec"]["subscriber"]["ref"]["kind"] == "KafkaSink"]

    assert types_of(egress) == {payload.TYPE for payload in FOR_PEOPLE}


@pytest.mark.parametrize("service", SERVICES, ids=named)
def test_a_service_states_its_limits(service):
    template = service["spec"]["template"]
    (container,) = template["spec"]["containers"]
    annotations = template["metadata"]["annotations"]

    assert template["spec"]["containerConcurrency"] > 0
    assert int(annotations["autoscaling.knative.dev/max-scale"]) > 0
    assert set(container["resources"]) == {"requests", "limits"}
    assert not container["image"].endswith(":latest")
    assert ":" in container["image"]
    assert {"readinessProbe", "livenessProbe"} <= set(container)
    private = service["metadata"].get("labels", {}).get("networking.knative.dev/visibility") == "cluster-local"
    assert private == (named(service) != "gateway")


@pytest.mark.parametrize("service", [s for s in SERVICES if named(s) != "gateway"], ids=named)
def test_a_process_has_a_thread_for_every_event_it_is_sent(service):
    spec = service["spec"]["template"]["spec"]
    threads = [e["value"] for e in spec["containers"][0]["env"] if e["name"] == "THREADS"]

    assert threads == [str(spec["containerConcurrency"])]


def test_the_pools_of_all_replicas_fit_into_postgresql():
    scales = {
        named(s): int(s["spec"]["template"]["metadata"]["annotations"]["autoscaling.knative.dev/max-scale"])
        for s in SERVICES
    }
    listening = scales["gateway"]

    assert sum(scales.values()) * POOL_MAX + listening <= MAX_CONNECTIONS - KEPT_FREE


def test_no_secret_is_in_the_manifests():
    assert of_kind("Secret") == []
    for path in BASE.rglob("*.yaml"):
        assert "postgresql://" not in path.read_text()


def topic_files():
    return {path.stem: yaml.safe_load(path.read_text()) for path in Path("kafka/topics").glob("*.yaml")}


def test_topics_sources_and_sinks_agree():
    sources = {topic for source in SOURCES for topic in source["spec"]["topics"]}
    sinks = {sink["spec"]["topic"] for sink in SINKS}

    assert sources | sinks == set(topic_files())
    for source in SOURCES:
        (topic,) = source["spec"]["topics"]
        assert source["spec"]["ordering"] == "unordered"
        override = source["spec"].get("ceOverrides", {}).get("extensions", {}).get("ingress")
        assert override == (None if topic == "learnflow.dead-letters" else topic)


def test_what_leaves_by_a_topic_does_not_come_in_by_it():
    round_trip = {t for source in SOURCES for t in source["spec"]["topics"]} & {s["spec"]["topic"] for s in SINKS}

    assert round_trip == {"learnflow.dead-letters"}
    (back,) = [s for s in SOURCES if s["spec"]["topics"] == ["learnflow.dead-letters"]]
    assert back["spec"]["sink"]["ref"]["kind"] == "Service"
