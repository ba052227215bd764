"""What the pages tell operators to type works on a cluster, in their order, in whichever namespace it is."""

import subprocess
import tomllib

import pytest

from scripts.stack.places import ROOT
from tests.cluster.kube import name_of

COMMANDS = tomllib.loads((ROOT / "tests" / "guides" / "inline.toml").read_text())["cluster"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_pages_works(kube, warm, command):
    warm("triage")
    oldest = min(kube.listed("revisions", "--selector=serving.knative.dev/service=triage"), key=made_at)
    here = (COMMANDS[command] or command).replace("-n learnflow ", f"-n {kube.namespace} ")

    done = subprocess.run(
        ["sh", "-c", here.replace("triage-00001", name_of(oldest))], capture_output=True, text=True, timeout=60
    )

    assert (done.returncode, bool(done.stdout)) == (0, True), done.stderr


def made_at(revision):
    """When a revision was made."""
    return revision["metadata"]["creationTimestamp"]
