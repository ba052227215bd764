"""`python -m knative.local`: what a person types, sees, and gets back."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.integration.knative_local.stage import Stage, broker, eventually, post, ref, service, trigger

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).resolve().parents[3]


def start(*arguments: str, output: Path | None = None) -> subprocess.Popen[str]:
    env = {name: value for name, value in os.environ.items() if name != "KAFKA_BOOTSTRAP_SERVERS"}
    out = output.open("w") if output else subprocess.PIPE
    command = [sys.executable, "-m", "knative.local", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=subprocess.STDOUT, text=True)


def run(*arguments: str) -> tuple[int, str]:
    process = start(*arguments)
    said, _ = process.communicate(timeout=30)
    return process.returncode, said


def test_help_tells_what_it_does_and_takes() -> None:
    code, said = run("--help")
    assert code == 0
    assert all(word in said for word in ("--manifests", "--publish", "--log", "/-/status", "KAFKA_BOOTSTRAP_SERVERS"))


def test_a_manifest_it_cannot_run_ends_it_with_1_and_one_clear_sentence(memory_stage: Stage) -> None:
    memory_stage.write(service("app", spec={"hostNetwork": True}))
    code, said = run("--manifests", str(memory_stage.manifests), "--log", "memory", "--port", "0")
    assert code == 1
    assert said.startswith("knative.local: ")
    assert str(memory_stage.manifests / "all.yaml") in said
    assert "spec.template.spec.hostNetwork" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("arguments", [("--manifests", "no/such/folder"), ("--publish", "0:nobody")])
def test_what_cannot_work_is_told_without_a_traceback(memory_stage: Stage, arguments: tuple[str, ...]) -> None:
    memory_stage.write(broker())
    code, said = run("--manifests", str(memory_stage.manifests), "--log", "memory", "--port", "0", *arguments)
    assert code == 1
    assert arguments[1].rpartition(":")[2] in said
    assert "Traceback" not in said


def test_a_port_in_use_is_told(memory_stage: Stage) -> None:
    memory_stage.write(broker())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, said = run("--manifests", str(memory_stage.manifests), "--log", "memory", "--port", port)
    assert code == 1
    assert "in use" in said
    assert port in said


async def test_it_serves_shows_its_status_and_ends_with_0(memory_stage: Stage) -> None:
    memory_stage.write(broker(), service("app"), trigger("all", ref("Service", "app")))
    output = memory_stage.folder / "output"
    arguments = ["--manifests", str(memory_stage.manifests), "--log", "memory", "--port", "0", "--table"]
    process = start(*arguments, "--publish", "0:app", "--namespace", memory_stage.namespace, output=output)
    try:
        address = re.compile(r"runs at (http://127\.0\.0\.1:\d+)")
        (url,) = (await eventually(lambda: address.search(output.read_text()))).groups()
        assert await post(f"{url}/{memory_stage.namespace}/default") == 202
        row = re.compile(r"^app +ready +1 +1 +1 +\d\.\d+ +0", re.MULTILINE)
        await eventually(lambda: row.search(output.read_text()))
        async with aiohttp.ClientSession() as http, http.get(f"{url}/-/status") as response:
            status = json.loads(await response.text())
        assert (status["ready"], status["log"]) == (True, "memory")
        assert set(status["services"]["app"]) == {
            *("state", "replicas", "requests", "cold_starts", "last_start_seconds", "failures")
        }
        assert set(status["triggers"]["all"]) == {"delivered", "retried", "dead_lettered", "dropped", "open"}
        process.send_signal(signal.SIGINT)
        assert await asyncio.to_thread(process.wait, 20) == 0
    finally:
        process.kill()
    assert "events are lost when this process ends" in output.read_text()
