"""What runs in pods, whoever makes them: Knative's Services, and Kubernetes' own Deployments, Jobs and CronJobs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from knative.check.manifests import Finding, Manifest, Manifests

SPECS = {
    "Service": "spec.template.spec",
    "Deployment": "spec.template.spec",
    "Job": "spec.template.spec",
    "CronJob": "spec.jobTemplate.spec.template.spec",
}
"""Where each kind says what its pods are."""
JOBS = {"Job": "spec", "CronJob": "spec.jobTemplate.spec"}
OF_THE_NODE = ("hostNetwork", "hostPID", "hostIPC")


@dataclass(frozen=True)
class Pod:
    """What a manifest says of its pods, at a dotted path."""

    manifest: Manifest
    path: str

    @property
    def containers(self) -> list[str]:
        """The dotted path of every container."""
        lists = (f"{self.path}.{name}" for name in ("initContainers", "containers"))
        return [f"{path}.{number}" for path in lists for number, _ in enumerate(self.manifest.items(path))]


def pods(manifests: Manifests) -> Iterator[Pod]:
    """Yield what each manifest that makes pods says of them."""
    for kind, path in SPECS.items():
        for manifest in manifests.of(kind):
            yield Pod(manifest, path)


def pods_are_apart_from_their_node(manifests: Manifests) -> Iterator[Finding]:
    """Of Services Knative's types see to it; nobody but us does of jobs."""
    for pod in pods(manifests):
        if pod.manifest.kind == "Service":
            continue
        for name in OF_THE_NODE:
            if pod.manifest.at(f"{pod.path}.{name}"):
                yield pod.manifest.finding(f"{pod.path}.{name}", "shares something of the node's")
        for number, volume in enumerate(pod.manifest.items(f"{pod.path}.volumes")):
            if isinstance(volume, dict) and "hostPath" in volume:
                yield pod.manifest.finding(f"{pod.path}.volumes.{number}.hostPath", "shares something of the node's")


def jobs_end(manifests: Manifests) -> Iterator[Finding]:
    """A job that hangs holds its connection, and keeps the next one from starting."""
    for kind, path in JOBS.items():
        for job in manifests.of(kind):
            if not job.at(f"{path}.activeDeadlineSeconds"):
                yield job.finding(f"{path}.activeDeadlineSeconds", "is not stated")
    for job in manifests.of("CronJob"):
        if job.at("spec.concurrencyPolicy") != "Forbid":
            yield job.finding("spec.concurrencyPolicy", "is not Forbid: a slow one meets the next")
