"""The self-test is silent where the layers hold, and says what does not where they do not."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace

import pytest

from sandbox_runner.backends import Backend, SandboxUnavailable, make_backend
from sandbox_runner.limits import Limits
from sandbox_runner.link import Links
from sandbox_runner.program import Program
from sandbox_runner.result import Outcome, Result
from sandbox_runner.selftest import attacks, failures


@dataclass
class BareInterpreter:
    """No sandbox at all: what the self-test has to notice. Two of its attacks would not end here."""

    limits: Limits
    layers: tuple[str, ...] = ("rlimits", "no capabilities", "landlock abi 7", "seccomp", "pivot_root", "namespaces")
    zygote_pid: int = 1

    def run(self, program: Program, limits: Limits | None = None) -> Result:
        command = [sys.executable, "-I", "-c", program.source]
        try:
            with tempfile.TemporaryDirectory() as folder:
                done = subprocess.run(
                    command, input=program.stdin, capture_output=True, text=True, timeout=5, cwd=folder
                )
            stdout, outcome = done.stdout[:100_000], Outcome.ERROR if done.returncode else Outcome.OK
        except subprocess.TimeoutExpired:
            stdout, outcome = "", Outcome.OK
        return Result(
            outcome, stdout, "", False, False, 0, 0, 0, 0, None, None, None, "bare", self.layers
        )  # fmt: skip


def test_no_layer_fails(backend: Backend) -> None:
    assert backend.self_test() == []


def test_without_walls_every_layer_is_named(limits: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    endless = {"sleep", "flood"}
    harmless = [attack for attack in attacks() if attack.name not in endless]
    monkeypatch.setattr("sandbox_runner.selftest.attacks", lambda: harmless)

    found = failures(BareInterpreter(limits))

    for name in (
        "fork",
        "exec",
        "tcp",
        "udp",
        "kill",
        "memfd",
        "passwd",
        "environ",
        "write",
        "memory",
        "file",
        "hidden",
    ):
        assert any(f"({name}:" in sentence for sentence in found), (name, found)


def test_a_kernel_without_landlock_is_told_and_not_ignored(limits: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_landlock(links: Links) -> None:
        raise SandboxUnavailable("the pod sandbox cannot start: the kernel has no Landlock, or it is turned off")

    monkeypatch.setattr(Links, "current", no_landlock)
    with make_backend("pod", limits) as backend:
        assert backend.self_test() == [
            "the pod sandbox cannot start: the kernel has no Landlock, or it is turned off"
        ]  # fmt: skip


def test_landlock_may_be_done_without_only_where_that_is_asked_for(limits: Limits) -> None:
    with make_backend("pod", limits) as with_it, make_backend("pod", limits, landlock=False) as without:
        assert any(layer.startswith("landlock") for layer in with_it.layers)
        assert not any(layer.startswith("landlock") for layer in without.layers)
        assert without.run(Program("print(1)")).layers == without.layers


def test_a_limit_that_is_not_kept_is_told(limits: Limits) -> None:
    with make_backend("pod", limits) as backend:
        told = next(attack for attack in attacks() if attack.name == "memory").program('{"memory_bytes": 1000}')
        assert backend.run(told).outcome is not Outcome.OUT_OF_MEMORY  # so that the attack can tell the difference
        generous = replace(limits, memory_bytes=limits.memory_bytes * 4)
        assert backend.run(Program("x = bytearray(100 * 2**20)"), generous).outcome is Outcome.OK


def test_unknown_backends_are_refused(limits: Limits) -> None:
    with pytest.raises(ValueError, match="no sandbox backend"):
        make_backend("none", limits)
