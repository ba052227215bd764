"""Everything that the manifests ask for is there and Ready, and runs without what they withhold."""

import pytest

from knative.check.manifests import read
from scripts.stack.places import ROOT
from tests.cluster.kube import FUNCTION, condition

BASE = read([ROOT / "knative" / "base"])
FUNCTIONS = sorted(each.name for each in BASE.of("Service"))
IN_THE_KERNEL = {"NoNewPrivs": "1", "Seccomp": "2", "CapEff": "0" * 16, "CapPrm": "0" * 16, "CapBnd": "0" * 16}
"""What the kernel says (proc(5)) of a process that can gain no privilege, is filtered, and has no capability."""


def test_every_function_is_ready(kube):
    def not_ready():
        return {name: condition(each) for name, each in kube.services().items() if condition(each)[0] != "True"}

    assert sorted(kube.services()) == FUNCTIONS
    kube.until(lambda: not not_ready(), "every function is ready")  # one may just have got a new revision


def test_the_broker_and_every_trigger_are_ready(kube):
    found = kube.listed("broker,trigger")

    assert {each["kind"] for each in found} == {"Broker", "Trigger"}
    assert {each["metadata"]["name"]: condition(each) for each in found if condition(each)[0] != "True"} == {}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_s_process_has_no_privilege(kube, warm, function):
    status = kube.inside(warm(function), "cat", "/proc/1/status")
    told = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)

    assert {name: told[name] for name in IN_THE_KERNEL} == IN_THE_KERNEL
    assert set(told["Uid"].split()) == {"65532"}


def test_no_pod_of_a_function_asks_for_more(kube):
    for pod in kube.pods():
        spec = pod["spec"]
        ours = next(each for each in spec["containers"] if each["name"] == FUNCTION)["securityContext"]
        assert not any(spec.get(name) for name in ("hostNetwork", "hostPID", "hostIPC", "initContainers"))
        assert spec["automountServiceAccountToken"] is False
        assert not [volume for volume in spec["volumes"] if "hostPath" in volume]
        assert (ours["allowPrivilegeEscalation"], ours.get("privileged", False)) == (False, False)
        assert (ours["readOnlyRootFilesystem"], ours["runAsNonRoot"]) == (True, True)
        assert (ours["capabilities"], ours["seccompProfile"]) == ({"drop": ["ALL"]}, {"type": "RuntimeDefault"})


def test_a_pod_s_files_are_read_only_but_for_its_tmp(kube, warm):
    pod = warm("triage")

    refused = kube.ask("exec", pod, f"--container={FUNCTION}", "--", "touch", "/app/made-here")
    kube.inside(pod, "sh", "-c", "touch /tmp/made-here && rm /tmp/made-here")

    assert refused.returncode != 0
    assert "Read-only file system" in refused.stderr
