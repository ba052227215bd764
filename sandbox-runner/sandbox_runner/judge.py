"""From what was seen of a run to its result. Pure: the kernel's word comes first, then the program's."""

from __future__ import annotations

import json
import os
import signal
from typing import Any

from sandbox_runner.limits import Limits
from sandbox_runner.output import cut
from sandbox_runner.result import BlockedInfo, ErrorInfo, Outcome, Result
from sandbox_runner.values import is_encoded, presentable
from sandbox_runner.watch import Ended, Seen, Stop

BROKEN = "broken"
"""What a child reports that could not build its walls; see zygote.py."""

_STOPPED = {Stop.TIMEOUT: Outcome.TIMEOUT, Stop.OUTPUT: Outcome.OUTPUT_LIMIT, Stop.FOLDER: Outcome.KILLED}
_CRASHES = {signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL, signal.SIGFPE}
_FIELDS: dict[Outcome, tuple[set[str], ...]] = {
    Outcome.OK: (set(), {"value"}),
    Outcome.ERROR: ({"error"},),
    Outcome.SYNTAX_ERROR: ({"error"},),
    Outcome.OUT_OF_MEMORY: (set(), {"error"}),
    Outcome.BLOCKED: ({"blocked"},),
}
Report = dict[str, Any]


def judge(seen: Seen, limits: Limits, backend: str, layers: tuple[str, ...]) -> Result:
    """Return the result of a run that was started."""
    report = None if seen.stopped or seen.ended is None else _report(seen, limits)
    if report is None:
        outcome, error, blocked, value = *_without_report(seen, limits), None, None
    else:
        outcome = Outcome(report["outcome"])
        error = ErrorInfo(**report["error"]) if "error" in report else None
        blocked = BlockedInfo(**report["blocked"]) if "blocked" in report else None
        value = report.get("value")
    stdout, stdout_cut = seen.stdout.text()
    stderr, stderr_cut = seen.stderr.text()
    return Result(
        outcome=outcome,
        stdout=stdout, stderr=stderr, stdout_cut=stdout_cut, stderr_cut=stderr_cut,
        duration_ms=seen.duration_ms,
        cpu_ms=seen.ended.cpu_ms if seen.ended else 0.0,
        peak_memory_kb=seen.ended.peak_memory_kb if seen.ended else 0,
        exit_status=os.waitstatus_to_exitcode(seen.ended.status) if seen.ended else None,
        error=error, blocked=blocked, value=value,
        backend=backend, layers=layers,
    )  # fmt: skip


def broken(seen: Seen) -> str | None:
    """Return why the child could not build its walls; None if it could."""
    try:
        report = json.loads(seen.report.data)
    except (ValueError, RecursionError):
        return None
    is_it = type(report) is dict and report.get("outcome") == BROKEN
    return str(report.get("why", "")) if is_it else None


def _without_report(seen: Seen, limits: Limits) -> tuple[Outcome, ErrorInfo | None]:
    """What happened to a run that could not say it itself."""
    if seen.stopped:
        error = _error("FolderLimit", f"the program was ended: {seen.stopped_because}")
        return _STOPPED[seen.stopped], error if seen.stopped is Stop.FOLDER else None
    if seen.ended is None:
        return Outcome.KILLED, _error("Killed", "the sandbox ended while the program ran")
    return _by_status(seen.ended, limits)


def _by_status(ended: Ended, limits: Limits) -> tuple[Outcome, ErrorInfo | None]:
    code = os.waitstatus_to_exitcode(ended.status)
    if code >= 0:
        return Outcome.ERROR, _error("NoResult", "the program ended itself without a word, or spoiled its result")
    number = -code
    out_of_time = ended.cpu_ms >= limits.cpu_seconds * 1000
    if number == signal.SIGXCPU or (number == signal.SIGKILL and out_of_time):
        return Outcome.TIMEOUT, None
    if number == signal.SIGKILL and ended.peak_memory_kb * 1024 > limits.memory_bytes:
        return Outcome.OUT_OF_MEMORY, None
    name = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
    crashed = number in _CRASHES
    story = "the program crashed Python itself" if crashed else "the program did what is forbidden, or was ended"
    return Outcome.KILLED, _error(name, f"{story} ({name})")


def _error(kind: str, message: str) -> ErrorInfo:
    return ErrorInfo(kind, message, None, f"{kind}: {message}\n")


def _report(seen: Seen, limits: Limits) -> Report | None:
    """Return the run's report if it is one: complete, of known shape, and not at odds with the exit code."""
    if seen.ended is None or seen.report.full or (code := os.waitstatus_to_exitcode(seen.ended.status)) < 0:
        return None
    try:
        report = json.loads(seen.report.data)
        if type(report) is not dict or report.get("outcome") not in set(Outcome):
            return None
        outcome = Outcome(report["outcome"])
        if set(report) - {"outcome"} not in _FIELDS.get(outcome, ()) or (code == 0) is not (outcome is Outcome.OK):
            return None
        return _checked(report, limits)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _checked(report: Report, limits: Limits) -> Report | None:
    checked: Report = {"outcome": report["outcome"]}
    if "error" in report:
        checked["error"] = _texts(report["error"], {"type": 8, "message": 4, "traceback": 2}, limits.error_bytes)
    if "blocked" in report:
        checked["blocked"] = _texts(report["blocked"], {"what": 4, "why": 4, "instead": 4}, limits.error_bytes)
    if "value" in report:
        value = report["value"]
        if not is_encoded(value) or len(json.dumps(value, separators=(",", ":"))) > limits.value_bytes + 1024:
            return None
        checked["value"] = value
    return checked


def _texts(fields: Any, shares: dict[str, int], most_bytes: int) -> Report:
    """Return named texts, each cut to its share (1/n) of the bytes, and a line number. Raises TypeError, KeyError."""
    if type(fields) is not dict or set(fields) != {*shares, "line"}:
        raise TypeError("these are other fields")
    line = fields["line"]
    if line is not None and (type(line) is not int or not 0 <= line < 2**31):
        raise TypeError("a line is a number")
    if any(type(fields[name]) is not str for name in shares):
        raise TypeError("texts are texts")
    cuts = {name: cut(presentable(fields[name]), most_bytes // share)[0] for name, share in shares.items()}
    return {**cuts, "line": line}
