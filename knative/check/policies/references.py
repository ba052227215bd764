"""What manifests say of each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from functions.shared.events import CONTRACTS
from knative.check.manifests import Finding, Manifest, Manifests

REFERENCES = {
    "Broker": ("spec.config", "spec.delivery.deadLetterSink.ref"),
    "Trigger": ("spec.subscriber.ref", "spec.delivery.deadLetterSink.ref"),
    "KafkaSource": ("spec.sink.ref", "spec.delivery.deadLetterSink.ref"),
    "EventType": ("spec.reference",),
}
CONTAINER = "spec.template.spec.containers.0"
MODULES = {"sandbox-runner": "sandbox_runner"}
"""What a Service runs whose package is not among functions."""


def what_is_referred_to_exists(manifests: Manifests) -> Iterator[Finding]:
    """Knative takes a reference to nothing, and waits for it for ever."""
    for manifest in manifests.all:
        for path, api_version, kind, name in _references(manifest):
            target = manifests.find(kind, name)
            if target is None:
                yield manifest.finding(path, f"there is no {kind} {name}")
            elif api_version not in ("", target.api_version):
                yield manifest.finding(f"{path}.apiVersion", f"{kind} {name} is of {target.api_version}")


def _references(manifest: Manifest) -> Iterator[tuple[str, str, str, str]]:
    """Path, apiVersion (perhaps empty), kind and name of each reference."""
    for path in REFERENCES.get(manifest.kind, ()):
        ref = manifest.mapping(path)
        if ref and "namespace" not in ref:  # what is in another one is not ours to see
            yield path, str(ref.get("apiVersion", "")), *manifest.refers_to(path)
    if manifest.kind == "Trigger":
        yield "spec.broker", "", "Broker", str(manifest.at("spec.broker"))
    if manifest.kind == "Service":
        for number, _ in enumerate(manifest.items(f"{CONTAINER}.envFrom")):
            path = f"{CONTAINER}.envFrom.{number}.configMapRef"
            if name := manifest.at(f"{path}.name"):
                yield path, "", "ConfigMap", str(name)


def topics_lead_in_or_out(manifests: Manifests) -> Iterator[Finding]:
    """A topic that is not made stops a source or sink; one that nobody reads or writes was forgotten."""
    used = set()
    for source in manifests.of("KafkaSource"):
        used |= set(source.items("spec.topics"))
        for topic in sorted(set(source.items("spec.topics")) - manifests.topics):
            yield source.finding("spec.topics", f"there is no kafka/topics/{topic}.yaml")
    for sink in manifests.of("KafkaSink"):
        used.add(topic := sink.at("spec.topic"))
        if topic not in manifests.topics:
            yield sink.finding("spec.topic", f"there is no kafka/topics/{topic}.yaml")
    for topic in sorted(manifests.topics - used if manifests.on_kafka else ()):
        yield Finding("topic", topic, "", "no KafkaSource reads it and no KafkaSink writes it")
    groups = Counter(source.at("spec.consumerGroup") for source in manifests.of("KafkaSource"))
    for source in manifests.of("KafkaSource"):
        if groups[group := source.at("spec.consumerGroup")] > 1 or not group:
            yield source.finding("spec.consumerGroup", "each source names a group that no other has")


def every_function_is_a_service(manifests: Manifests) -> Iterator[Finding]:
    """A Service runs the function it is named after."""
    services = manifests.of("Service")
    for name in sorted(set(CONTRACTS) - {service.name for service in services}):
        yield Finding("Service", name, "", "is missing, and functions/shared/events.py has its contract")
    for service in services:
        command = [*service.items(f"{CONTAINER}.command"), *service.items(f"{CONTAINER}.args")]
        if service.name not in CONTRACTS:
            yield service.finding("metadata.name", "has no contract in functions/shared/events.py")
            continue
        module = MODULES.get(service.name, f"functions.{service.name.replace('-', '_')}")
        if command != (wanted := ["python", "-m", module]):
            yield service.finding(f"{CONTAINER}.command", f"runs {command}, not {wanted}")
