"""Every program in hostile/: no effect outside, nobody left, nothing for the next run, an answer in time.

A program's header says what it tries, `expect`ed outcomes, and optionally a line that it `prints`, the `call` and
statements `before` it that a test adds, and the kind of the `value` that comes back.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox_runner.backends import Backend
from sandbox_runner.limits import Limits
from sandbox_runner.program import Program
from sandbox_runner.result import Outcome
from tests.sandbox.outside import Outside, outside
from tests.sandbox.survivors import below

HOSTILE = sorted((Path(__file__).parent / "hostile").glob("*.py"))
GRACE_MS = 500
INNOCENT = Program(
    "import json, pathlib\nprint(json.dumps([input(), [path.name for path in pathlib.Path('.').iterdir()]]))", "me"
)


@dataclass(frozen=True)
class Case:
    """A hostile program and what its header says."""

    source: str
    header: dict[str, str]

    @classmethod
    def read(cls, path: Path) -> Case:
        source = path.read_text()
        return cls(source, dict(re.findall(r"^# (\w+): (.+)$", source, re.MULTILINE)))

    @property
    def outcomes(self) -> set[Outcome]:
        return {Outcome(word) for word in self.header["expect"].split(" or ")}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Outside]:
    with outside(tmp_path) as made:
        yield made


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.stem)
def test_a_hostile_program_reaches_nothing(path: Path, backend: Backend, limits: Limits, world: Outside) -> None:
    case = Case.read(path)
    if platform.machine() != "x86_64" and re.search(r"\.syscall\(|0xCD, 0x80", case.source):
        pytest.skip("it makes system calls by the numbers of x86_64")
    zygote = getattr(backend, "zygote_pid", 0)
    before = below(zygote)

    program = Program(
        case.source, world.told(zygote), before=case.header.get("before", ""), call=case.header.get("call")
    )  # fmt: skip
    result = backend.run(program)

    assert result.outcome in case.outcomes, result
    assert "GOT IN" not in result.stdout.splitlines() or "vain" in case.source, result.stdout
    assert not [line for line in result.stdout.splitlines() if line.startswith("GOT IN") and "vain" not in line]
    if line := case.header.get("prints"):
        assert line in result.stdout.splitlines(), result
    if value := case.header.get("value"):
        kind, _, wanted = value.partition(" ")
        assert result.value is not None
        assert result.value["kind"] == kind
        assert not wanted or result.value["value"] == int(wanted)
    assert result.duration_ms <= limits.wall_seconds * 1000 + GRACE_MS
    world.assert_untouched()
    assert below(zygote) == before
    assert getattr(backend, "zygote_pid", 0) == zygote
    after = backend.run(INNOCENT)
    assert (after.outcome, after.stdout) == (Outcome.OK, '["me", []]\n'), after


def test_there_are_hostile_programs_and_each_says_what_it_tries() -> None:
    assert len(HOSTILE) >= 80
    for path in HOSTILE:
        assert path.read_text().startswith("# Tries "), path.name
        assert Case.read(path).outcomes
