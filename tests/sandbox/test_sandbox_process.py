"""The runner as the platform runs it: a process with an environment, a port and an end."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from scripts.stack.places import ROOT
from scripts.stack.ports import free_ports
from scripts.stack.processes import wait_until
from tests.sandbox.survivors import below

EVENT = {
    "ce-specversion": "1.0", "ce-id": "e1", "ce-source": "/learnflow/gateway", "ce-subject": "ada",
    "ce-type": "org.learnflow.code.submitted.v1", "content-type": "application/json",
}  # fmt: skip


@contextmanager
def running(tmp: Path, **environment: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run `python -m sandbox_runner` with nothing but this environment; yield its process and its port."""
    (port,) = free_ports(1)
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox_runner"],
        env={"PATH": os.environ["PATH"], "PORT": str(port), "TMPDIR": str(tmp), **environment},
        cwd=ROOT / "sandbox-runner",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process, port
    finally:
        process.kill()
        process.wait(10)


def ask(
    port: int, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    """Return status and body; 0 while nobody listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return response.status, response.read()
    except OSError:
        return 0, b""
    finally:
        connection.close()


WAITING = """
import time
from pathlib import Path
Path("begun").touch()
while not Path("told").exists():
    time.sleep(0.01)
print("done")
"""


def test_it_finishes_what_runs_when_it_is_told_to_end_and_leaves_nothing(tmp_path: Path) -> None:
    with running(tmp_path) as (process, port), ThreadPoolExecutor(1) as pool:
        assert wait_until(lambda: ask(port, "GET", "/ready")[0] == 200, timeout_seconds=30)
        answer = pool.submit(ask, port, "POST", "/", json.dumps({"code": WAITING}).encode(), EVENT)
        assert wait_until(lambda: list(tmp_path.glob("*/*/begun")), timeout_seconds=10)
        family = below(process.pid)
        assert len(family) >= 3  # the server, the zygote, the run

        process.send_signal(signal.SIGTERM)
        next(tmp_path.glob("*/*/begun")).with_name("told").touch()
        status, body = answer.result(timeout=20)
        said, _ = process.communicate(timeout=20)

    assert (status, json.loads(body)["stdout"]) == (200, "done\n")
    assert process.returncode == 0
    assert "Traceback" not in said
    assert all(json.loads(line)["service"] == "sandbox-runner" for line in said.splitlines())
    assert not any(map(runs, family))
    assert list(tmp_path.iterdir()) == []


def test_nothing_outlives_a_runner_that_is_killed(tmp_path: Path) -> None:
    with running(tmp_path) as (process, port), ThreadPoolExecutor(1) as pool:
        assert wait_until(lambda: ask(port, "GET", "/ready")[0] == 200, timeout_seconds=30)
        pool.submit(ask, port, "POST", "/", b'{"code": "while True: pass"}', EVENT)
        assert wait_until(lambda: len(below(process.pid)) >= 3, timeout_seconds=10)
        family = below(process.pid)

        for pid in (*below(process.pid) & _servers(process.pid), process.pid):
            os.kill(pid, signal.SIGKILL)

        assert wait_until(lambda: not any(map(runs, family)), timeout_seconds=10)
        assert not any(map(runs, family))


def runs(pid: int) -> bool:
    """Whether a process is there and has not ended; one that has may wait for long to be asked how."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def _servers(pid: int) -> set[int]:
    """The processes below that serve, which are what a container's end kills first."""
    return {child for child in below(pid) if b"sandbox_runner\0" in Path(f"/proc/{child}/cmdline").read_bytes()}


def test_wrong_settings_end_it_at_once_and_are_all_named(tmp_path: Path) -> None:
    with running(tmp_path, SANDBOX_BACKEND="none", THREADS="many") as (process, _):
        said, _ = process.communicate(timeout=20)

    assert process.returncode != 0
    assert "SANDBOX_BACKEND is 'none'" in said
    assert "THREADS is 'many'" in said
    assert "Traceback" not in said
