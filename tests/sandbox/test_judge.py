"""A result is the kernel's word first, then the program's."""

from __future__ import annotations

import json
import signal
from dataclasses import replace
from typing import Any

import pytest

from sandbox_runner.judge import judge
from sandbox_runner.limits import Limits, load_limits
from sandbox_runner.output import Stream
from sandbox_runner.result import Outcome, Result
from sandbox_runner.watch import Ended, Seen, Stop

LIMITS = load_limits()
OK = {"outcome": "ok"}
ERROR = {"outcome": "error", "error": {"type": "T", "message": "m", "line": 1, "traceback": "t"}}
EXIT_0, EXIT_1 = 0, 256


def _judged(
    report: object = None, *, status: int | None = EXIT_0, cpu_ms: float = 1.0, peak_kb: int = 9000,
    stopped: Stop | None = None, limits: Limits = LIMITS,
) -> Result:  # fmt: skip
    seen = Seen(Stream(100), Stream(100), Stream(100_000), started=True, stopped=stopped)
    if report is not None:
        seen.report.add(report if isinstance(report, bytes) else json.dumps(report).encode())
    seen.ended = None if status is None else Ended(status, cpu_ms, peak_kb)
    return judge(seen, limits, "pod", ("seccomp",))


def test_a_report_that_agrees_with_the_exit_status_is_believed() -> None:
    assert _judged(OK).outcome is Outcome.OK
    assert _judged(ERROR, status=EXIT_1).outcome is Outcome.ERROR


@pytest.mark.parametrize(
    ("report", "status"),
    [
        (OK, EXIT_1),
        (ERROR, EXIT_0),
        (None, EXIT_0),
        (b"", EXIT_1),
        (b"{}", EXIT_0),
        (b"[" * 50_000, EXIT_0),
        (b'{"outcome": "ok"}{"outcome": "ok"}', EXIT_0),
        (OK | {"passed": True}, EXIT_0),
        (OK | {"value": 3}, EXIT_0),
        ({"outcome": "timeout"}, EXIT_1),
        ({"outcome": "killed"}, EXIT_1),
        ({"outcome": ["ok"]}, EXIT_0),
        ({"outcome": "error", "error": {"type": "T"}}, EXIT_1),
        ({"outcome": "error", "error": ERROR["error"] | {"line": "1"}}, EXIT_1),  # type: ignore[operator]
        ({"outcome": "error", "error": ERROR["error"] | {"type": 1}}, EXIT_1),  # type: ignore[operator]
    ],
)
def test_any_other_report_is_no_result(report: Any, status: int) -> None:
    result = _judged(report, status=status)

    assert result.outcome is Outcome.ERROR
    assert result.error is not None
    assert result.error.type == "NoResult"


@pytest.mark.parametrize(
    ("status", "cpu_ms", "peak_kb", "outcome"),
    [
        (signal.SIGXCPU, 5000, 9000, Outcome.TIMEOUT),
        (signal.SIGKILL, 6001, 9000, Outcome.TIMEOUT),
        (signal.SIGKILL, 10, 60_000, Outcome.OUT_OF_MEMORY),
        (signal.SIGKILL, 10, 9000, Outcome.KILLED),
        (signal.SIGSYS, 10, 9000, Outcome.KILLED),
        (signal.SIGSEGV, 10, 9000, Outcome.KILLED),
    ],
)
def test_a_signal_overrules_what_the_program_says(status: int, cpu_ms: float, peak_kb: int, outcome: Outcome) -> None:
    assert _judged(OK, status=status, cpu_ms=cpu_ms, peak_kb=peak_kb).outcome is outcome


@pytest.mark.parametrize(
    ("stopped", "outcome"),
    [(Stop.TIMEOUT, Outcome.TIMEOUT), (Stop.OUTPUT, Outcome.OUTPUT_LIMIT), (Stop.FOLDER, Outcome.KILLED)],
)
def test_why_the_runner_ended_it_overrules_all(stopped: Stop, outcome: Outcome) -> None:
    assert _judged(OK, stopped=stopped).outcome is outcome


def test_a_run_whose_end_nobody_saw_is_killed() -> None:
    result = _judged(OK, status=None)

    assert (result.outcome, result.exit_status) == (Outcome.KILLED, None)


def test_a_value_larger_than_allowed_is_no_result() -> None:
    value = {"kind": "str", "value": "x" * 5000}

    assert _judged(OK | {"value": value}).outcome is Outcome.OK
    assert _judged(OK | {"value": value}, limits=replace(LIMITS, value_bytes=100)).outcome is Outcome.ERROR


def test_long_texts_of_an_error_are_cut() -> None:
    report = {"outcome": "error", "error": {"type": "é" * 3000, "message": "é" * 3000, "line": None, "traceback": "t"}}

    error = _judged(report, status=EXIT_1).error

    assert error is not None
    assert len(json.dumps(error.message)) <= LIMITS.error_bytes // 4 + 2
    assert "cut here" in error.type
