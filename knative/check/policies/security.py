"""What a Service may do and who reaches it."""

from __future__ import annotations

from collections.abc import Iterator

from knative.check.manifests import Finding, Manifests

REVISION = "spec.template.spec"
CONTAINER = "spec.template.spec.containers.0"
EDGE = frozenset({"gateway"})
"""Services that people reach."""
PRIVATE = "networking.knative.dev/visibility"
CONTEXT = {
    "runAsNonRoot": True,
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities.drop": ["ALL"],
    "seccompProfile.type": "RuntimeDefault",
}


def containers_may_do_little(manifests: Manifests) -> Iterator[Finding]:
    """What a function has no use for, whoever breaks into it has none either."""
    for service in manifests.of("Service"):
        for name, wanted in CONTEXT.items():
            path = f"{CONTAINER}.securityContext.{name}"
            if (given := service.at(path)) != wanted:
                yield service.finding(path, f"is {given}, not {wanted}")


def pods_have_no_token(manifests: Manifests) -> Iterator[Finding]:
    """No function speaks to the cluster."""
    for service in manifests.of("Service"):
        path = f"{REVISION}.automountServiceAccountToken"
        if service.at(path) is not False:
            yield service.finding(path, "is not false")


def images_are_pinned(manifests: Manifests) -> Iterator[Finding]:
    """`latest` is another image tomorrow."""
    for service in manifests.of("Service"):
        image = str(service.at(f"{CONTAINER}.image"))
        name, _, digest = image.partition("@")
        tag = name.rpartition("/")[2].partition(":")[2]
        if not digest and tag in ("", "latest"):
            yield service.finding(f"{CONTAINER}.image", f"{image} has no tag of its own")


def only_the_edge_is_reached_from_outside(manifests: Manifests) -> Iterator[Finding]:
    """A function believes what the broker brings it."""
    for service in manifests.of("Service"):
        private = service.mapping("metadata.labels").get(PRIVATE) == "cluster-local"
        if private == (service.name in EDGE):
            wanted = "people reach it" if service.name in EDGE else "is not cluster-local"
            yield service.finding(f"metadata.labels.{PRIVATE}", wanted)
