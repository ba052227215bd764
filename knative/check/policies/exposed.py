"""What is asked of manifests that people reach by a name of their own, over TLS: they are for more than trying."""

from __future__ import annotations

from collections.abc import Iterator

from knative.check.manifests import Finding, Manifest, Manifests
from knative.check.policies.security import EDGE

CONFIG = ("ConfigMap", "learnflow-config")
BROKER = ("ConfigMap", "learnflow-broker")
DENIED = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
FOR_TRYING = {"PROFILE": "dev", "DATABASE_TLS": "false", "RATE_LIMITS": "false", "AUTH_REQUIRED": "false"}
"""Settings that have no place where people are."""


def the_edge_is_reached_over_tls(manifests: Manifests) -> Iterator[Finding]:
    """Whoever listens on the way would log in as those who did."""
    led_to = set()
    for domain in manifests.of("DomainMapping"):
        led_to.add(domain.refers_to("spec.ref")[1])
        if not domain.at("spec.tls.secretName"):
            yield domain.finding("spec.tls.secretName", "is not stated")
        if domain.refers_to("spec.ref")[1] not in EDGE:
            yield domain.finding("spec.ref", f"leads to what people have no business with: {', '.join(sorted(EDGE))}")
    for name in sorted(EDGE - led_to if led_to else ()):
        yield Finding("DomainMapping", name, "", f"is missing: nobody gets to {name}")


def everything_is_denied_first(manifests: Manifests) -> Iterator[Finding]:
    """What no NetworkPolicy is about, everybody reaches, and it everybody."""
    for policy in _all_of(manifests, "NetworkPolicy", "default-deny"):
        if policy.mapping("spec") != DENIED:
            yield policy.finding("spec", "does not deny everything to everybody")
    if manifests.of("DomainMapping") and manifests.find("NetworkPolicy", "default-deny") is None:
        yield Finding("NetworkPolicy", "default-deny", "", "is missing: what no other is about is open")


def kafka_is_told_who_asks(manifests: Manifests) -> Iterator[Finding]:
    """A Kafka that takes anybody's records takes forged answers, and lets everybody's questions be read."""
    if not manifests.of("DomainMapping"):
        return
    for config in _all_of(manifests, *BROKER):
        if not config.mapping("data").get("auth.secret.ref.name"):
            yield config.finding("data", "auth.secret.ref.name is not stated: Kafka is not told who asks")
    for sink in manifests.of("KafkaSink"):
        if not sink.at("spec.auth.secret.ref.name"):
            yield sink.finding("spec.auth.secret.ref.name", "is not stated: Kafka is not told who asks")
    for source in manifests.of("KafkaSource"):
        for wall in ("sasl", "tls"):
            if source.at(f"spec.net.{wall}.enable") is not True:
                yield source.finding(f"spec.net.{wall}.enable", "is not true: Kafka is not told who asks")


def nothing_is_for_trying(manifests: Manifests) -> Iterator[Finding]:
    """What makes trying easy makes breaking in easy."""
    if not manifests.of("DomainMapping"):
        return
    for config in _all_of(manifests, *CONFIG):
        for name, value in FOR_TRYING.items():
            if str(config.mapping("data").get(name, "")).lower() == value:
                yield config.finding(f"data.{name}", f"is {value}, where people are")


def _all_of(manifests: Manifests, kind: str, name: str) -> list[Manifest]:
    return [manifest for manifest in manifests.of(kind) if manifest.name == name]
