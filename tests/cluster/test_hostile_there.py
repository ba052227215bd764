"""The hostile programs of tests/sandbox, sent to the sandbox-runner in its pod: no effect, nobody left, an answer.

What a program is told to attack is there: the runner's processes, its files, its port and that of Knative's proxy.
"""

import json
import uuid

import httpx
import pytest

from functions.shared.envelope import cloud_event, to_http
from functions.shared.running import CodeSubmitted, GradingRequested, Trial
from functions.shared.testing import NOON
from tests.sandbox.programs import HOSTILE, INNOCENT, Case

WALL_MS = 5_000
GRACE_MS = 1_000
LAYERS = {"rlimits", "no capabilities", "landlock", "seccomp"}
LOOK = """
import json, os
seen = {}
for pid in filter(str.isdigit, os.listdir("/proc")):
    try:
        parent = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[1]
        if int(pid) != os.getpid():
            seen[pid] = [parent, open(f"/proc/{pid}/cmdline").read()]
    except FileNotFoundError:
        pass
print(json.dumps([seen, sorted(os.listdir("/tmp"))]))
"""


class Runner:
    """The sandbox-runner's pod: what it answers, and what is in it."""

    def __init__(self, kube, pod):
        self._kube, self.pod = kube, pod
        self._http = httpx.Client(base_url=f"http://{kube.inner_ingress('sandbox-runner')}", timeout=60)
        self._to = kube.to("sandbox-runner")

    def seen(self):
        """Return the processes by pid, each its parent's pid and its command, and what lies in /tmp."""
        return json.loads(self._kube.inside(self.pod, "python", "-c", LOOK))

    def report(self):
        """Return what the runner says of itself."""
        return self._http.get("/ready", headers=self._to).json()

    def run(self, program):
        """Send a program as an event and return its result."""
        headers, body = to_http(
            cloud_event(event_of(program), learner="mallory", now=NOON, id=str(uuid.uuid4()), source="/t", hops="0")
        )
        answer = self._http.post("/", headers={**headers, **self._to}, content=body)
        assert answer.status_code == 200, answer.text
        data = answer.json()
        return data["results"][0] if "results" in data else data


def event_of(program):
    if program.call is None and not program.before:
        return CodeSubmitted(code=program.source, stdin=program.stdin)
    trial = Trial(call=program.call, before=program.before, stdin=program.stdin)
    return GradingRequested(submission_id="s", code=program.source, trials=(trial,))


@pytest.fixture(scope="module")
def runner(kube, warm):
    return Runner(kube, warm("sandbox-runner"))


@pytest.fixture(scope="module")
def told(runner):
    """What a program reads on its stdin."""
    processes, _ = runner.seen()
    children = sorted((int(pid) for pid, (parent, _) in processes.items() if parent != "0"), reverse=True)
    paths = {"outside": "/tmp", "secret": "/app/sandbox_runner/limits.toml", "repository": "/app"}
    ports = {"tcp": 8012, "udp": 8080, "abstract": "nobody"}
    return json.dumps({"runner": 1, "zygote": children[0], **paths, **ports})


def test_the_runner_s_own_test_of_its_walls_passed(runner):
    report = runner.report()

    assert (report["status"], report["checks"]) == ("ok", {"sandbox": "ok"})
    assert {layer.partition(" abi ")[0] for layer in report["layers"]} == LAYERS


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.stem)
def test_a_hostile_program_reaches_nothing_in_the_pod(path, runner, told):
    case = Case.read(path)
    before = runner.seen()

    result = runner.run(case.program(told))

    assert result["outcome"] in case.outcomes, result
    case.assert_kept_out(result["stdout"], result["value"])
    assert result["duration_ms"] <= WALL_MS + GRACE_MS
    after = runner.run(INNOCENT)
    assert (after["outcome"], after["stdout"]) == ("ok", '["me", []]\n'), after
    assert runner.seen() == before
