"""What is to be run."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sandbox_runner.limits import Limits


class ProgramTooLargeError(ValueError):
    """The program or its input is larger than the limits allow."""


@dataclass(frozen=True)
class Program:
    """A learner's program, and what a test adds to it.

    `before` are statements run after the source, `call` an expression evaluated after both, whose value comes back.
    Both are trusted to be polite (the courtesy policy does not read them), not to be harmless.
    """

    source: str
    stdin: str = ""
    before: str = ""
    call: str | None = None

    def check(self, limits: Limits) -> None:
        """Raise ProgramTooLargeError, saying what is too large."""
        added = self.before + (self.call or "")
        for what, text, most in (
            ("The program", self.source, limits.source_bytes),
            ("What the test adds", added, limits.source_bytes),
            ("The input", self.stdin, limits.stdin_bytes),
        ):
            size = len(text.encode("utf-8", "surrogatepass"))
            if size > most:
                raise ProgramTooLargeError(f"{what} has {size} bytes; at most {most} are allowed.")

    def as_input(self, limits: Limits) -> bytes:
        """Return what the child reads: the job's length (4 bytes, big-endian), the job, then the learner's stdin."""
        job = {
            "source": self.source,
            "before": self.before,
            "call": self.call,
            "value_bytes": limits.value_bytes,
            "error_bytes": limits.error_bytes,
        }
        encoded = json.dumps(job).encode("ascii")
        return len(encoded).to_bytes(4, "big") + encoded + self.stdin.encode("utf-8", "replace")
