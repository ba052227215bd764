"""A namespace of a cluster, as kubectl tells of it and changes it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from typing import Any

from scripts.stack.processes import wait_until

Document = dict[str, Any]

FUNCTION = "user-container"
"""What Knative calls the container that is ours; beside it runs its proxy."""
PATIENCE_SECONDS = 240
_POLL_SECONDS = 0.5
"""Between two looks: each is a kubectl, which takes a tenth of a second of processor time."""


class Kube:
    """One namespace of the cluster that kubectl speaks to."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace

    def ask(self, *words: str, given: str | None = None, namespace: str | None = None) -> subprocess.CompletedProcess:
        """Run kubectl in the namespace and return what came of it."""
        command = ["kubectl", "--namespace", namespace or self.namespace, *words]
        return subprocess.run(command, input=given, capture_output=True, text=True, timeout=PATIENCE_SECONDS)

    def told(self, *words: str, given: str | None = None, namespace: str | None = None) -> str:
        """Return what kubectl prints. Raises RuntimeError, with what it says, where it fails."""
        done = self.ask(*words, given=given, namespace=namespace)
        if done.returncode != 0:
            raise RuntimeError(f"kubectl {' '.join(words[:4])}: {done.stderr.strip()[-2000:]}")
        return done.stdout

    def listed(self, kinds: str, *words: str) -> list[Document]:
        """Return every object of kinds, as the API has it."""
        return json.loads(self.told("get", kinds, "--output=json", *words))["items"]

    def services(self) -> dict[str, Document]:
        """Return the Knative Services by name."""
        return {each["metadata"]["name"]: each for each in self.listed("ksvc")}

    def pods(self, service: str = "") -> list[Document]:
        """Return the pods of a Knative Service, of all functions without a name, that are not about to go."""
        selector = f"serving.knative.dev/service={service}" if service else "serving.knative.dev/service"
        found = self.listed("pods", f"--selector={selector}")
        return [pod for pod in found if "deletionTimestamp" not in pod["metadata"]]

    def a_pod(self, service: str) -> str:
        """Return the name of a pod of a Knative Service that is ready, once there is one."""
        names = self.until(lambda: [name_of(pod) for pod in self.pods(service) if is_ready(pod)], f"{service} runs")
        return names[0]

    def inside(self, pod: str, *command: str, container: str = FUNCTION) -> str:
        """Run a command in a pod and return what it prints."""
        return self.told("exec", pod, f"--container={container}", "--", *command)

    def annotate(self, service: str, annotations: Mapping[str, str | None]) -> None:
        """Make a new revision of a Knative Service, annotated so; None takes an annotation away."""
        self.patch(service, {"template": {"metadata": {"annotations": dict(annotations)}}})

    def patch(self, service: str, spec: Document) -> None:
        """Change the spec of a Knative Service."""
        self.told("patch", "ksvc", service, "--type=merge", f"--patch={json.dumps({'spec': spec})}")

    def address(self, service: str, namespace: str | None = None) -> str:
        """Return the cluster IP of a Kubernetes Service."""
        return self.told("get", "service", service, "--output=jsonpath={.spec.clusterIP}", namespace=namespace)

    def inner_ingress(self, function: str) -> str:
        """Return the address at which a function answers to those in the cluster, by its host name."""
        name = self.told("get", "service", function, "--output=jsonpath={.spec.externalName}")
        service, namespace = name.split(".")[:2]
        return self.address(service, namespace)

    def to(self, function: str) -> dict[str, str]:
        """Return the header that has an ingress lead a request of somebody in the cluster to a function."""
        return {"Host": f"{function}.{self.namespace}.svc.cluster.local"}

    def until(self, condition: Callable[[], Any], what: str, seconds: float = PATIENCE_SECONDS) -> Any:
        """Wait until the condition holds and return what it gave."""
        held: list[Any] = []

        def holds() -> bool:
            held[:] = [condition()]
            return bool(held[0])

        in_time = wait_until(holds, timeout_seconds=seconds, poll_seconds=_POLL_SECONDS)
        assert in_time, f"waited {seconds} s in vain until {what}"
        return held[0]


def name_of(document: Document) -> str:
    """Return an object's name."""
    return str(document["metadata"]["name"])


def condition(document: Document, kind: str = "Ready") -> tuple[str, str]:
    """Return the status of one of an object's conditions, and what is said about it."""
    for each in document.get("status", {}).get("conditions", ()):
        if each["type"] == kind:
            return each["status"], each.get("message", "")
    return "Unknown", "nothing is said about it"


def is_ready(document: Document) -> bool:
    """Whether an object says that it is ready, in this generation of its spec."""
    seen = document.get("status", {}).get("observedGeneration", document["metadata"].get("generation"))
    return condition(document)[0] == "True" and seen == document["metadata"].get("generation", seen)
