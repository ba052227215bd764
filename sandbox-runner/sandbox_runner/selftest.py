"""The runner attacks itself before it serves: a layer that is only believed to hold is none."""

from __future__ import annotations

import json
import os
import platform
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from sandbox_runner.limits import Limits
from sandbox_runner.link import SandboxUnavailable
from sandbox_runner.program import Program
from sandbox_runner.result import Outcome, Result

HELD = "held"
WALL_SECONDS = 1.0
SLEEP_SECONDS = 0.25
"""What is given to an attack that must run out of time: somebody may be waiting for the runner to start."""
ATTACKS_AT_ONCE = 4

_SYSTEM_CALLS = {
    "x86_64": {"SOCKET": 41, "PTRACE": 101, "IO_URING_SETUP": 425, "UNSHARE": 272, "CAPGET": 125},
    "aarch64": {"SOCKET": 198, "PTRACE": 117, "IO_URING_SETUP": 425, "UNSHARE": 97, "CAPGET": 90},
}
_BEFORE = """
import json, sys, time
os, real_import, real_open = sys.modules["os"], sys.modules["builtins"].__import__, sys.modules["builtins"].open
ctypes = real_import("ctypes")
told = json.loads(input())

def libc(*call):
    if ctypes.CDLL(None).syscall(*call) < 0:
        raise OSError("refused")
"""
"""What every attack needs, got past the courtesy policy, which is no layer."""


class Attackable(Protocol):
    """As much of a backend as the self-test needs."""

    @property
    def limits(self) -> Limits: ...

    @property
    def layers(self) -> tuple[str, ...]: ...

    @property
    def zygote_pid(self) -> int: ...

    def run(self, program: Program, limits: Limits | None = None) -> Result: ...


@dataclass(frozen=True)
class Attack:
    """One attempt: what it does, the layer that must stop it, and the sentence to say if it does not."""

    name: str
    source: str
    stops: str
    hole: str
    wants: str = "ok"

    def program(self, told: str) -> Program:
        """Return it as a program that prints HELD if it is refused."""
        numbers = "\n".join(f"{name} = {number}" for name, number in _SYSTEM_CALLS[platform.machine()].items())
        body = self.source.strip().replace("\n", "\n    ")
        guarded = f"try:\n    {body}\nexcept OSError:\n    print({HELD!r})\n"
        return Program(f"{_BEFORE}\n{numbers}\n{guarded}", told)

    def hole_in(self, result: Result) -> str | None:
        """Return the sentence if the attack was not stopped as it should be."""
        stopped = result.outcome == Outcome(self.wants) and (self.wants != "ok" or HELD in result.stdout.split())
        return None if stopped else f"{self.hole} ({self.name}: {result.outcome}, {_said(result)})"


def attacks(file: str = "attacks.toml") -> list[Attack]:
    """All that a file of this package holds."""
    data = tomllib.loads(Path(__file__).with_name(file).read_text())
    return [Attack(name, **fields) for name, fields in data.items()]


def failures(backend: Attackable, tried: list[Attack] | None = None) -> list[str]:
    """Attack a backend's layers; return a sentence for each that does not hold. Empty means ready."""
    try:
        layers = backend.layers
    except SandboxUnavailable as why:
        return [str(why)]
    tried = attacks() if tried is None else tried
    relied_on = [attack for attack in tried if any(layer.startswith(attack.stops) for layer in layers)]
    limits = replace(backend.limits, wall_seconds=min(WALL_SECONDS, backend.limits.wall_seconds))
    with tempfile.TemporaryDirectory(prefix="sandbox-outside-") as folder:
        told = _told(backend, limits, Path(folder))

        def hole(attack: Attack) -> str | None:
            try:
                wall_seconds = SLEEP_SECONDS if attack.wants == Outcome.TIMEOUT else limits.wall_seconds
                return attack.hole_in(backend.run(attack.program(told), replace(limits, wall_seconds=wall_seconds)))
            except SandboxUnavailable as why:
                return str(why)

        with ThreadPoolExecutor(ATTACKS_AT_ONCE) as pool:
            found = [sentence for sentence in pool.map(hole, relied_on) if sentence]
    return list(dict.fromkeys(found))


def _told(backend: Attackable, limits: Limits, folder: Path) -> str:
    file = folder / "file"
    file.write_text("nobody's business")
    told = {"runner": os.getpid(), "zygote": backend.zygote_pid, "folder": str(folder), "file": str(file)}
    return json.dumps(told | limits.as_dict())


def _said(result: Result) -> str:
    if result.error:
        return f"{result.error.type}: {result.error.message}"
    return result.stdout.strip()[:100] or "without a word"
