"""Every program in hostile/: no effect outside, nobody left, nothing for the next run, an answer in time.

A program's header says what it tries, `expect`ed outcomes, and optionally a line that it `prints`, the `call` and
statements `before` it that a test adds, and the kind of the `value` that comes back.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox_runner.backends import Backend
from sandbox_runner.limits import Limits
from sandbox_runner.result import Outcome
from tests.sandbox.outside import Outside, outside
from tests.sandbox.programs import HOSTILE, INNOCENT, Case
from tests.sandbox.survivors import below

GRACE_MS = 500


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Outside]:
    with outside(tmp_path) as made:
        yield made


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.stem)
def test_a_hostile_program_reaches_nothing(path: Path, backend: Backend, limits: Limits, world: Outside) -> None:
    case = Case.read(path)
    if platform.machine() != "x86_64" and case.is_of_x86_64:
        pytest.skip("it makes system calls by the numbers of x86_64")
    zygote = getattr(backend, "zygote_pid", 0)
    before = below(zygote)

    result = backend.run(case.program(world.told(zygote)))

    assert result.outcome in case.outcomes, result
    case.assert_kept_out(result.stdout, result.value)
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
