"""pytest: failures as it reports them, where the guilty line has a `>` before it and the error an `E`."""

from __future__ import annotations

import re

from functions.debug.reading.marking import is_marker
from functions.debug.reading.tracebacks import ERROR, Frame, Trace, error_line

_ERROR = re.compile(r"E {2,16}(?P<told>\S.*)$")
_GUILTY = re.compile(r"> {2,40}(?P<source>\S.*)$")
_PLACE = re.compile(
    r"(?P<file>[^\s:\">](?:[^\n:\"]|:(?=[\\/])){0,300}):(?P<line>\d{1,9}):"
    rf"(?: in (?P<function>\S{{1,120}})| (?P<type>{ERROR}))?\s*$"
)
_DEFINITION = re.compile(r"\s{0,20}(?:async )?def (?P<name>\w{1,120})")


def failures(lines: list[str]) -> list[Trace]:
    """Return the failures of pytest's long and short reports; none where nothing has an `E` before it."""
    if not any(_ERROR.match(line) for line in lines):
        return []
    report = _Report()
    for line in lines:
        report.read(line)
    report.close()
    return report.found


class _Report:
    def __init__(self) -> None:
        self.found: list[Trace] = []
        self._frames: list[Frame] = []
        self._told: list[str] = []
        self._guilty: str | None = None
        self._function: str | None = None
        self._is_after_place = False

    def read(self, line: str) -> None:
        if line.startswith("____"):  # the next failure's title
            self.close()
        elif found := _ERROR.match(line):
            if not is_marker(found["told"]):
                self._told.append(found["told"])
        elif found := _GUILTY.match(line):
            self._guilty = found["source"]
        elif found := _PLACE.match(line):
            self._place(found)
            return
        elif self._is_after_place and line.startswith("    "):
            self._below(line)
            return
        elif found := _DEFINITION.match(line):
            self._function = found["name"]
        self._is_after_place = False

    def _place(self, found: re.Match[str]) -> None:
        is_short = bool(found["function"])
        if is_short and self._told:
            self.close()
        frame = Frame(found["file"], int(found["line"]), found["function"] or self._function)
        if self._guilty:
            frame.source = [self._guilty]
        self._frames.append(frame)
        self._guilty = self._function = None
        self._is_after_place = is_short
        if found["type"]:
            self.close(found["type"])

    def _below(self, line: str) -> None:
        frame = self._frames[-1]
        if not is_marker(line):
            frame.source.append(line)
        elif frame.source:
            frame.markers.setdefault(len(frame.source) - 1, line)

    def close(self, type: str = "") -> None:
        """End a failure: what it told is its message, `assert 3 == 4` one of an AssertionError."""
        if self._told:
            known = error_line(self._told[0])
            name, message = known or (type.rpartition(".")[2] or "AssertionError", self._told[0])
            self.found.append(Trace(name, message, self._frames))
        self._frames, self._told, self._guilty, self._function = [], [], None, None
