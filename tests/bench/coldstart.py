"""Cold starts: from starting a function's process to its first good answer, beside a bare functions-framework hello."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx

from scripts.stack.places import ROOT
from scripts.stack.ports import free_ports

ROUNDS = 7
PATIENCE_SECONDS = 15
APART = {"sandbox-runner": "sandbox_runner"}
"""What is no module of functions, and lies in a folder of its own name."""
HELLO = """
import functions_framework

@functions_framework.http
def handle(request):
    return "", 204
"""


def cold_starts(functions: Sequence[str], settings: Mapping[str, str]) -> tuple[float, dict[str, float]]:
    """Return the median milliseconds of a bare hello, and of each function."""
    environment = {"PROFILE": "dev", **settings}
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "main.py"
        source.write_text(HELLO)
        hello = [sys.executable, "-m", "functions_framework", "--source", str(source), "--target", "handle"]
        commands = {"hello": hello} | {
            name: [sys.executable, "-m", APART.get(name, f"functions.{name.replace('-', '_')}")] for name in functions
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(ROUNDS):  # in turns, so that a noisy moment of the machine meets all of them
            for name, command in commands.items():
                times[name].append(_cold_start(command, environment, ROOT / name if name in APART else ROOT))
    medians = {name: round(statistics.median(seconds) * 1000, 1) for name, seconds in times.items()}
    return medians.pop("hello"), medians


def _cold_start(command: Sequence[str], environment: dict[str, str], folder: Path) -> float:
    (port,) = free_ports(1)
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        env={**environment, "PATH": os.environ["PATH"], "PORT": str(port), "HOST": "127.0.0.1"},
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with httpx.Client() as client:
            while time.perf_counter() - started < PATIENCE_SECONDS:
                if process.poll() is not None:
                    raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
                try:
                    if client.get(f"http://127.0.0.1:{port}/ready").status_code < 300:
                        return time.perf_counter() - started
                except httpx.TransportError:
                    time.sleep(0.002)
        raise RuntimeError(f"{' '.join(command)} was not ready within {PATIENCE_SECONDS} s")
    finally:
        process.terminate()
        process.wait(10)
