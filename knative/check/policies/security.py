"""What a Service may do and who reaches it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from knative.check.manifests import Finding, Manifest, Manifests
from knative.check.policies.pods import pods

REVISION = "spec.template.spec"
CONTAINER = "spec.template.spec.containers.0"
EDGE = frozenset({"gateway", "realtime"})
"""Services that people reach."""
FOREIGN = frozenset({"sandbox-runner"})
"""Services that run what others wrote."""
PRIVATE = "networking.knative.dev/visibility"
CONTEXT = {
    "runAsNonRoot": True,
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities.drop": ["ALL"],
    "seccompProfile.type": "RuntimeDefault",
}


def containers_may_do_little(manifests: Manifests) -> Iterator[Finding]:
    """What a program has no use for, whoever breaks into it has none either."""
    for pod in pods(manifests):
        for container in pod.containers:
            for name, wanted in CONTEXT.items():
                path = f"{container}.securityContext.{name}"
                if (given := pod.manifest.at(path)) != wanted:
                    yield pod.manifest.finding(path, f"is {given}, not {wanted}")


def pods_have_no_token(manifests: Manifests) -> Iterator[Finding]:
    """None of our programs speaks to the cluster."""
    for pod in pods(manifests):
        path = f"{pod.path}.automountServiceAccountToken"
        if pod.manifest.at(path) is not False:
            yield pod.manifest.finding(path, "is not false")


def secrets_come_as_files(manifests: Manifests) -> Iterator[Finding]:
    """What is in the environment is inherited by every child, and printed by whoever prints it."""
    for pod in pods(manifests):
        for container in pod.containers:
            for path in (f"{container}.env", f"{container}.envFrom"):
                for number, each in enumerate(pod.manifest.items(path)):
                    if _mentions_secret(each):
                        yield pod.manifest.finding(f"{path}.{number}", "puts a secret into the environment")


def images_are_pinned(manifests: Manifests) -> Iterator[Finding]:
    """`latest` is another image tomorrow."""
    for pod in pods(manifests):
        for container in pod.containers:
            image = str(pod.manifest.at(f"{container}.image"))
            name, _, digest = image.partition("@")
            tag = name.rpartition("/")[2].partition(":")[2]
            if not digest and tag in ("", "latest"):
                yield pod.manifest.finding(f"{container}.image", f"{image} has no tag of its own")


def images_are_ours(manifests: Manifests) -> Iterator[Finding]:
    """What others built was not checked here, and may change where it lies."""
    for pod in pods(manifests):
        name = pod.manifest.name
        for container in pod.containers:
            image = str(pod.manifest.at(f"{container}.image"))
            last = image.partition("@")[0].rpartition("/")[2].partition(":")[0]
            if last != name and not last.endswith(f"-{name}"):
                yield pod.manifest.finding(f"{container}.image", f"{image} is not the image of {name}")


def only_the_edge_is_reached_from_outside(manifests: Manifests) -> Iterator[Finding]:
    """A function believes what the broker brings it."""
    for service in manifests.of("Service"):
        private = service.mapping("metadata.labels").get(PRIVATE) == "cluster-local"
        if private == (service.name in EDGE):
            wanted = "people reach it" if service.name in EDGE else "is not cluster-local"
            yield service.finding(f"metadata.labels.{PRIVATE}", wanted)


def who_runs_foreign_code_holds_no_secret(manifests: Manifests) -> Iterator[Finding]:
    """What is not there cannot be read, whichever wall falls."""
    for service in manifests.of("Service"):
        if service.name in FOREIGN:
            for path in (f"{REVISION}.volumes", f"{CONTAINER}.env", f"{CONTAINER}.envFrom"):
                if _mentions_secret(service.at(path)):
                    yield service.finding(path, "gives a secret to what runs foreign code")


def _mentions_secret(part: Any) -> bool:
    if isinstance(part, list):
        return any(map(_mentions_secret, part))
    return isinstance(part, dict) and any("secret" in str(k).lower() or _mentions_secret(v) for k, v in part.items())


def who_runs_foreign_code_reaches_nobody(manifests: Manifests) -> Iterator[Finding]:
    """A program that breaks out finds nobody to talk to, and only the platform can talk to it."""
    for service in manifests.of("Service"):
        if service.name in FOREIGN:
            policy = manifests.find("NetworkPolicy", service.name)
            if policy is None:
                yield service.finding("metadata.name", "has no NetworkPolicy of its name")
            else:
                yield from _open_doors(policy, service.name)


def _open_doors(policy: Manifest, service: str) -> Iterator[Finding]:
    if policy.at("spec.podSelector") != {"matchLabels": {"serving.knative.dev/service": service}}:
        yield policy.finding("spec.podSelector", f"does not select the pods of {service}")
    if sorted(policy.items("spec.policyTypes")) != ["Egress", "Ingress"]:
        yield policy.finding("spec.policyTypes", "are not Ingress and Egress")
    if policy.items("spec.egress"):
        yield policy.finding("spec.egress", "lets something out")


def who_comes_in_is_named(manifests: Manifests) -> Iterator[Finding]:
    """Only Knative, its ingress and whoever scrapes have business with us, each in a namespace of its own."""
    for policy in manifests.of("NetworkPolicy"):
        rules = policy.items("spec.ingress")
        if not all(rule and rule.get("from") and all(map(_names_namespaces, rule["from"])) for rule in rules):
            yield policy.finding("spec.ingress", "lets in more than namespaces that it names")


def _names_namespaces(peer: Any) -> bool:
    by_name = {"key": "kubernetes.io/metadata.name", "operator": "In"}
    wanted = peer.get("namespaceSelector", {}).get("matchExpressions", []) if isinstance(peer, dict) else []
    return any(each.get("values") and by_name.items() <= each.items() for each in wanted)
