"""What only the docker backend has: containers that come and go, and walls of the engine's."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sandbox_runner import owner, selftest
from sandbox_runner.backends import SandboxUnavailable, make_backend
from sandbox_runner.containers import DEFAULT_IMAGE, LABEL, Engine
from sandbox_runner.docker_backend import DockerBackend
from sandbox_runner.docker_selftest import ATTACKS, Bare
from sandbox_runner.limits import Limits
from sandbox_runner.program import Program
from sandbox_runner.result import Outcome
from scripts.stack.processes import wait_until

WAITING = 2
HOLD = """
import sys, time
sys.path.insert(0, sys.argv[1])
from sandbox_runner.docker_backend import DockerBackend
from sandbox_runner.limits import load_limits
from sandbox_runner.program import Program
backend = DockerBackend(load_limits(), waiting=1)
assert backend.run(Program("print('ready')")).stdout == "ready\\n"
print(backend.engine.label, flush=True)
time.sleep(60)
"""
HOSTILE = Path(__file__).parent / "hostile"


@pytest.fixture
def docker(limits: Limits) -> Iterator[DockerBackend]:
    """A backend that the test may break."""
    try:
        made = DockerBackend(limits, waiting=WAITING)
    except SandboxUnavailable as why:
        pytest.skip(f"docker: {why}")
    with made:
        yield made


def api() -> Any:
    import docker

    return docker.from_env().api


def of(label: str, *, running: bool = False) -> list[str]:
    """Return the containers with this label, or those of them that run, by their ids."""
    return [each["Id"] for each in api().containers(all=not running, filters={"label": f"{LABEL}={label}"})]


def created(label: str) -> str:
    """Return a container that was made and never started."""
    return str(api().create_container(DEFAULT_IMAGE, command=["python3"], labels={LABEL: label})["Id"])


def test_each_run_has_a_container_that_is_removed_and_replaced(docker: DockerBackend) -> None:
    assert docker.layers
    assert wait_until(lambda: len(of(docker.engine.label, running=True)) == WAITING, timeout_seconds=30)
    before = of(docker.engine.label)

    for _ in range(len(before)):
        assert docker.run(Program("open('left', 'x').write('x')")).outcome is Outcome.OK

    assert wait_until(lambda: not set(before) & set(of(docker.engine.label)), timeout_seconds=30)
    assert wait_until(lambda: len(of(docker.engine.label)) == WAITING, timeout_seconds=30)


def test_leaving_removes_every_container(limits: Limits, docker: DockerBackend) -> None:
    with docker:
        assert docker.run(Program("print(1)")).stdout == "1\n"

    assert of(docker.engine.label) == []
    with pytest.raises(SandboxUnavailable, match="has ended"):
        docker.run(Program("print(1)"))


def test_the_containers_of_a_runner_that_is_killed_end_by_themselves(docker: DockerBackend, limits: Limits) -> None:
    package = str(Path(owner.__file__).parent.parent)
    with subprocess.Popen([sys.executable, "-c", HOLD, package], stdout=subprocess.PIPE, text=True) as runner:
        assert runner.stdout
        label = runner.stdout.readline().strip()
        assert wait_until(lambda: len(of(label, running=True)) >= 1, timeout_seconds=30)
        runner.send_signal(signal.SIGKILL)

    assert wait_until(lambda: of(label, running=True) == [], timeout_seconds=30)
    Engine(DEFAULT_IMAGE, limits, landlock=True).close()  # one may have been made that never was started
    assert wait_until(lambda: of(label) == [], timeout_seconds=30)


def test_what_dead_runners_left_is_removed_at_the_next_start_and_nothing_else(
    docker: DockerBackend, limits: Limits
) -> None:
    boot, tree, pid, *_ = owner.ours().split("/")
    reused, rebooted = "/".join((boot, tree, pid, "0")), "/".join(("before", tree, pid, "0"))
    left = [created(label) for label in (reused, rebooted, "nonsense")]
    elsewhere, live = created("/".join((boot, "1", "1", "0"))), created(owner.ours())

    Engine(DEFAULT_IMAGE, limits, landlock=True).close()

    found = {each["Id"] for each in api().containers(all=True, filters={"label": LABEL})}
    for kept in (elsewhere, live):
        api().remove_container(kept)
    assert not found & set(left)
    assert {elsewhere, live} <= found


def test_waiting_containers_that_are_gone_are_no_problem(docker: DockerBackend) -> None:
    assert docker.layers
    assert wait_until(lambda: len(of(docker.engine.label, running=True)) == WAITING, timeout_seconds=30)
    for each in of(docker.engine.label):
        api().remove_container(each, force=True)

    assert docker.run(Program("print(1)")).stdout == "1\n"


def test_a_run_whose_container_is_ended_is_killed(docker: DockerBackend) -> None:
    assert docker.layers
    assert wait_until(lambda: len(of(docker.engine.label, running=True)) == WAITING, timeout_seconds=30)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(
            docker.run, Program("import time\ntime.sleep(60)"), replace(docker.limits, wall_seconds=30)
        )
        assert wait_until(lambda: any(_children(each) > 2 for each in of(docker.engine.label)), timeout_seconds=30)
        for each in of(docker.engine.label):
            api().remove_container(each, force=True)

        result = running.result(timeout=30)

    assert (result.outcome, result.exit_status) == (Outcome.KILLED, None)


def _children(container: str) -> int:
    try:
        return len(api().top(container)["Processes"])
    except Exception:  # it is not there yet, or any more
        return 0


def test_good_runs_beside_hostile_ones_are_right(docker: DockerBackend, limits: Limits) -> None:
    names = ("endless_loop", "fork_bomb", "bytearray_bomb", "stdout_flood", "fills_its_folder", "thread_bomb")
    generous = replace(limits, wall_seconds=20.0)
    with ThreadPoolExecutor(12) as pool:
        bad = [pool.submit(docker.run, Program((HOSTILE / f"{name}.py").read_text())) for name in names]
        good = [pool.submit(docker.run, Program("print(int(input()) * 2)", str(at)), generous) for at in range(6)]

        assert [run.result().stdout for run in good] == [f"{at * 2}\n" for at in range(6)]
        assert all(run.result().outcome is not None for run in bad)


def test_walls_that_were_not_asked_for_are_missed(docker: DockerBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    weak = {
        "auto_remove": True,
        "mounts": docker.engine.walls()["mounts"],
        "network_mode": "host",
        "pid_mode": "host",
        "security_opt": ["seccomp=unconfined"],
        "tmpfs": {"/tmp": "uid=65532"},
    }
    monkeypatch.setattr(docker.engine, "walls", lambda: weak)

    found = selftest.failures(Bare(docker.engine, docker.limits), selftest.attacks(ATTACKS))

    assert set(re.findall(r"\((\w+): ok", "\n".join(found))) >= {
        "writes", "fills", "many", "allocates", "multiplies", "file", "descriptors", "core", "capabilities",
        "privileges", "namespaces", "processes",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("backend_image", "host", "why"),
    [(None, "unix:///nowhere/docker.sock", "no Docker engine answers"), ("learnflow/none:none", None, "no image")],
)
def test_what_is_missing_is_said(
    docker: DockerBackend, limits: Limits, monkeypatch: pytest.MonkeyPatch,
    backend_image: str | None, host: str | None, why: str,
) -> None:  # fmt: skip
    if host:
        monkeypatch.setenv("DOCKER_HOST", host)

    with pytest.raises(SandboxUnavailable, match=why):
        make_backend("docker", limits, image=backend_image)


def test_without_the_package_it_is_said(limits: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docker", None)

    with pytest.raises(SandboxUnavailable, match="the package `docker` is not installed"):
        make_backend("docker", limits)
