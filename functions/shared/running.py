"""Running: what the sandbox is asked, and what it answers. The sandbox-runner knows these by their schemas alone."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from functions.shared.payload import Payload

Outcome = Literal["ok", "error", "timeout", "out_of_memory", "output_limit", "blocked", "syntax_error", "killed"]
MAX_TRIALS = 20
"""Trials of one submission: their results fit into one event."""
MAX_CODE_BYTES = 64 * 1024
"""Of UTF-8; the sandbox takes no more."""
_MAX_CODE_BYTES_IN_AN_EVENT = 160 * 1024
"""With what goes with it, the event stays below its limit."""


def takes(code: str) -> bool:
    """Whether the sandbox takes a program, and an event has room for it."""
    return len(code.encode()) <= MAX_CODE_BYTES and bytes_in_an_event(code) <= _MAX_CODE_BYTES_IN_AN_EVENT


def code_hash(code: str) -> str:
    """Return the SHA-256 of a program, by which it is known wherever it is seen, as the sandbox-runner makes it."""
    return hashlib.sha256(code.encode()).hexdigest()


def bytes_in_an_event(text: str) -> int:
    """Return how large a text is as JSON, where a control character takes six bytes."""
    return len(json.dumps(text, ensure_ascii=False).encode())


class ErrorInfo(BaseModel):
    """An exception as its author should see it."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    type: str
    message: str
    line: int | None = Field(default=None, description="In the learner's program, from 1.")
    traceback: str = Field(default="", description="Only lines of the learner's program.")


class BlockedInfo(BaseModel):
    """What a program may not use here, why, and what to use instead."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    what: str
    why: str
    instead: str
    line: int | None = None


class Ran(Payload):
    """How a program ran. All but the outcome, the times and the sizes is the program's own word."""

    outcome: Outcome
    stdout: str = ""
    stderr: str = ""
    stdout_cut: bool = Field(default=False, description="More was printed than is kept; a mark says where it was cut.")
    stderr_cut: bool = False
    duration_ms: float = 0
    cpu_ms: float = 0
    peak_memory_kb: int = Field(default=0, description="With the interpreter.")
    exit_status: int | None = Field(
        default=None, description="The exit code, or minus the number of the signal that ended it."
    )
    error: ErrorInfo | None = None
    blocked: BlockedInfo | None = None
    value: dict[str, Any] | None = Field(default=None, description="The encoded value of a trial's `call`.")


class CodeSubmitted(Payload):
    """A learner wants a program run."""

    TYPE = "org.learnflow.code.submitted.v1"
    code: str
    stdin: str = Field(default="", description="What input() reads.")
    session_id: str | None = None


class CodeExecuted(Ran):
    """A learner's program was run."""

    TYPE = "org.learnflow.code.executed.v1"
    code_hash: str = Field(
        default="", description="SHA-256 of the program, by which two runs of one program are known."
    )
    backend: str = Field(default="", description="Which sandbox ran it.")
    layers: tuple[str, ...] = Field(default=(), description="What was around it.")


class Trial(BaseModel):
    """One thing to try with a program: input only. What must come of it stays with whoever asks."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    call: str | None = Field(default=None, description="An expression to evaluate after the program has run.")
    before: str = Field(default="", description="Statements to run between the program and the call.")
    stdin: str = ""


class GradingRequested(Payload):
    """A submission is to be tried, each trial in a process of its own."""

    TYPE = "org.learnflow.grading.requested.v1"
    submission_id: str
    code: str
    trials: tuple[Trial, ...] = Field(max_length=MAX_TRIALS)


class GradingExecuted(Payload):
    """A submission was tried: a result for each trial, in their order."""

    TYPE = "org.learnflow.grading.executed.v1"
    submission_id: str
    results: tuple[Ran, ...]


class CheckTrial(Trial):
    """A trial of a draft: of the check's program, or of another to compare it with."""

    code: str | None = Field(default=None, description="The program to try; null: the check's own.")


class Check(Payload):
    """What asking for a check and its answer have in common: whose it is."""

    requester: str = Field(description="The function that asks.")
    draft_id: str

    def extensions(self) -> dict[str, str]:
        """By these the requester's Trigger knows the answer for its own."""
        return {"requester": self.requester, "draftid": self.draft_id}


class CheckRequested(Check):
    """A function wants a draft of its own run before it shows it to a learner."""

    TYPE = "org.learnflow.check.requested.v1"
    code: str
    trials: tuple[CheckTrial, ...] = Field(min_length=1, max_length=MAX_TRIALS)


class CheckExecuted(Check):
    """A draft was run, or could not be."""

    TYPE = "org.learnflow.check.executed.v1"
    outcome: Literal["executed", "unavailable"] = "executed"
    results: tuple[Ran, ...] = ()
