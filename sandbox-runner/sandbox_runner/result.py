"""What came of a run."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """How a run ended."""

    OK = "ok"
    ERROR = "error"  # an exception, or an exit code other than 0
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    OUTPUT_LIMIT = "output_limit"
    BLOCKED = "blocked"  # by the courtesy policy, with what to use instead
    SYNTAX_ERROR = "syntax_error"
    KILLED = "killed"  # crashed, broke a rule that kills, or the sandbox itself ended


@dataclass(frozen=True)
class ErrorInfo:
    """An exception as its author should see it: `traceback` shows only lines of program.py."""

    type: str
    message: str
    line: int | None
    traceback: str


@dataclass(frozen=True)
class BlockedInfo:
    """What the courtesy policy stopped, why, and what to use instead."""

    what: str
    why: str
    instead: str
    line: int | None


@dataclass(frozen=True)
class Result:
    """All that is known of a run.

    Everything but `outcome`, the times, the sizes and `exit_status` is the program's word: it may lie.
    `exit_status` is the exit code, or minus the signal's number. `peak_memory_kb` includes the interpreter.
    `value` is the encoded value of Program.call (values.py). In the streams NUL is shown as U+2400, because
    PostgreSQL's text and jsonb cannot hold it.
    """

    outcome: Outcome
    stdout: str
    stderr: str
    stdout_cut: bool
    stderr_cut: bool
    duration_ms: float
    """From the request to the end: what its caller waits, with the few milliseconds that making a process takes."""
    cpu_ms: float
    peak_memory_kb: int
    exit_status: int | None
    error: ErrorInfo | None
    blocked: BlockedInfo | None
    value: dict[str, Any] | None
    backend: str
    layers: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the result as JSON can carry it."""
        return {**asdict(self), "outcome": self.outcome.value, "layers": list(self.layers)}
