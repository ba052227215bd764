"""How much a Service takes, at its most."""

from __future__ import annotations

import re
from collections.abc import Iterator

from functions.shared.database import EDGE_POOL_MAX, POOL_MAX
from knative.check.manifests import Finding, Manifest, Manifests
from knative.check.policies.pods import pods

TEMPLATE = "spec.template"
REVISION = "spec.template.spec"
CONTAINER = "spec.template.spec.containers.0"
SCALE = "spec.template.metadata.annotations.autoscaling.knative.dev/"
ASYNCHRONOUS = frozenset({"gateway", "realtime"})
"""Services that need no thread for each request."""
LISTENING = frozenset({"gateway", "realtime"})
"""Services of the edge, each of whose processes keeps one connection more, to LISTEN."""
MAX_CONNECTIONS = 100
"""PostgreSQL's own default."""
KEPT_FREE = 20
"""For migrations, scripts and people."""


def requests_are_bounded(manifests: Manifests) -> Iterator[Finding]:
    """The dispatcher sends some 82 events at once, and 0 means no limit."""
    for service in manifests.of("Service"):
        yield from _within(service, f"{REVISION}.containerConcurrency", 1, 1000)
        yield from _within(service, f"{REVISION}.timeoutSeconds", 1, 600)
        if max_scale(service) < 1:
            yield service.finding(f"{SCALE}max-scale", "is not stated, or 0, which is without end")


def _within(service: Manifest, path: str, least: int, most: int) -> Iterator[Finding]:
    given = service.at(path)
    if not isinstance(given, int) or not least <= given <= most:
        yield service.finding(path, f"{given} is not from {least} to {most}")


def scale_is_stated(manifests: Manifests) -> Iterator[Finding]:
    """What ends with its last request begins with the next one's cold start."""
    for service in manifests.of("Service"):
        stated = service.mapping(f"{TEMPLATE}.metadata.annotations")
        for name in ("min-scale", "scale-to-zero-pod-retention-period"):
            if not stated.get(f"autoscaling.knative.dev/{name}"):
                yield service.finding(f"{SCALE}{name}", "is not stated")


def a_trigger_gives_up_first(manifests: Manifests) -> Iterator[Finding]:
    """Whoever waits longer than the platform lets a request live is told of a broken connection, not of a reason."""
    for trigger in manifests.of("Trigger"):
        service = manifests.find(*trigger.refers_to("spec.subscriber.ref"))
        waits = re.fullmatch(r"PT(\d+(?:\.\d+)?)S", str(trigger.at("spec.delivery.timeout")))
        lives = service.at(f"{REVISION}.timeoutSeconds") if service else None
        if waits and isinstance(lives, int) and float(waits[1]) >= lives:
            yield trigger.finding("spec.delivery.timeout", f"is {waits[1]} s, and a request lives {lives} s")


def resources_are_bounded(manifests: Manifests) -> Iterator[Finding]:
    """Without a request a pod is placed anywhere, without a limit it takes all there is."""
    for pod in pods(manifests):
        for container in pod.containers:
            for bound in ("requests", "limits"):
                for resource in ("cpu", "memory"):
                    path = f"{container}.resources.{bound}.{resource}"
                    if not pod.manifest.at(path):
                        yield pod.manifest.finding(path, "is not stated")


def probes_tell_who_is_ready(manifests: Manifests) -> Iterator[Finding]:
    """Knative's default probe asks for an open port only."""
    for service in manifests.of("Service"):
        for probe in ("readinessProbe", "livenessProbe"):
            if not service.at(f"{CONTAINER}.{probe}.httpGet.path"):
                yield service.finding(f"{CONTAINER}.{probe}", "asks for no path")


def threads_are_as_many_as_requests(manifests: Manifests) -> Iterator[Finding]:
    """A request without a thread waits inside the process, where the autoscaler does not see it."""
    for service in manifests.of("Service"):
        threads = [env.get("value") for env in service.items(f"{CONTAINER}.env") if env.get("name") == "THREADS"]
        concurrency = service.at(f"{REVISION}.containerConcurrency")
        if service.name not in ASYNCHRONOUS and threads != [str(concurrency)]:
            yield service.finding(f"{CONTAINER}.env", f"THREADS is not containerConcurrency, {concurrency}")


def pools_fit_into_the_database(manifests: Manifests) -> Iterator[Finding]:
    """PostgreSQL refuses whoever comes after its last connection is taken."""
    taken = {service.name: most_connections(service) for service in manifests.of("Service")}
    most = MAX_CONNECTIONS - KEPT_FREE
    if sum(taken.values()) > most:
        greediest = max(manifests.of("Service"), key=most_connections)
        shares = ", ".join(f"{name} {number}" for name, number in taken.items() if number)
        yield greediest.finding(f"{SCALE}max-scale", f"{sum(taken.values())} connections of {most}: {shares}")


def most_connections(service: Manifest) -> int:
    """Connections to PostgreSQL that all replicas of a Service may hold at once."""
    secrets = {volume.get("secret", {}).get("secretName") for volume in service.items(f"{REVISION}.volumes")}
    if "learnflow-database" not in secrets:
        return 0
    return max_scale(service) * (EDGE_POOL_MAX + 1 if service.name in LISTENING else POOL_MAX)


def max_scale(service: Manifest) -> int:
    """Return the most replicas there may be; 0 if that is not stated."""
    given = str(service.mapping(f"{TEMPLATE}.metadata.annotations").get("autoscaling.knative.dev/max-scale", ""))
    return int(given) if given.isdecimal() else 0
