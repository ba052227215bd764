"""The hostile programs, and what their headers say of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox_runner.program import Program
from sandbox_runner.result import Outcome

HOSTILE = sorted((Path(__file__).parent / "hostile").glob("*.py"))
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

    @property
    def is_of_x86_64(self) -> bool:
        """Whether it makes system calls by that machine's numbers."""
        return re.search(r"\.syscall\(|0xCD, 0x80", self.source) is not None

    def program(self, told: str) -> Program:
        """Return what is run, told on its stdin what it may attack."""
        return Program(self.source, told, before=self.header.get("before", ""), call=self.header.get("call"))

    def assert_kept_out(self, stdout: str, value: dict[str, Any] | None) -> None:
        """Fail if it got in anywhere, or did not come as far as it had to."""
        lines = stdout.splitlines()
        assert "GOT IN" not in lines or "vain" in self.source, stdout
        assert not [line for line in lines if line.startswith("GOT IN") and "vain" not in line]
        if line := self.header.get("prints"):
            assert line in lines, stdout
        if wanted := self.header.get("value"):
            kind, _, number = wanted.partition(" ")
            assert value is not None
            assert value["kind"] == kind
            assert not number or value["value"] == int(number)
