"""Tracebacks: frames, errors and how one led to another, as Python, IPython and pytest lay them out in lines."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import islice

from functions.debug.reading.lines import FRAME, HEADER
from functions.debug.reading.marking import is_marker
from functions.debug.reading.wordings import unbroken

_NAME = r"[^\W\d]\w{0,80}"
ERROR = rf"(?:(?:{_NAME}|<locals>)\.){{0,8}}{_NAME}"
"""The name of an error's class, with its modules."""

_KNOWN = re.compile(
    r"(?:Error|Exception|Warning|Interrupt|StopIteration|StopAsyncIteration|SystemExit|GeneratorExit|ExceptionGroup"
    r"|TimeoutExpired|UnsupportedOperation|InvalidOperation|DivisionByZero|BrokenBarrier)$"
)
_LIKELY = re.compile(r"[\w.<>]*\.\w+$|_{0,2}[A-Z]")
_LAST_LINE = re.compile(rf"\s{{0,20}}(?:E\s{{2,12}})?(?P<type>{ERROR})(?::\s{{1,4}}(?P<message>\S.*)|:?\s*)$")
_IN_ONE_LINE = re.compile(
    r"(?P<file>[^\s:\"](?:[^\n:\"]|:(?=[\\/])){0,300}):(?P<line>\d{1,9}): "
    rf"(?P<type>{ERROR})(?:: (?P<message>.*))?$"
)
_CELL = re.compile(
    r"\s{0,8}(?P<file>(?:Cell In|Input In|In) ?\[\d{1,6}\])(?:, line (?P<line>\d{1,9}))?"
    r"(?:,? in (?P<function><cell line: \d{1,9}>|[^\s(]{1,120}).*)?$"
)
_IPYTHON_FILE = re.compile(
    r"(?:File )?\[?(?P<file>[^\s\"()\]:](?:[^\n\"():\]]|:(?=[\\/])){0,300})(?:\]\(\S{0,300}\))?(?::(?P<line>\d{1,9}))?"
    r"(?:,? in (?P<function><cell line: \d{1,9}>|[^\s(]{1,120})(?:\(.*)?)?$"
)
_ARROW = re.compile(r"\s{0,8}-{1,10}> ?(?P<line>\d{1,9})(?: (?P<source>.*))?$")
_PROMPT = re.compile(r"\s{0,8}(?:>>>|\.\.\.|In \[\d{0,6}\]:) ?(?P<typed>.*)$")
_CAUSES = ("During handling of the above exception", "The above exception was the direct cause")
_MARGIN = re.compile(r"\s{0,60}\|(?: |$)|\s{0,60}\+ (?=Exception Group)")
_DIVIDER = re.compile(r"\s{0,60}\+(?:-\+)?-{3,60}(?P<number> \d{1,6} )?")
_MOST_FRAMES, _MOST_SOURCE = 300, 12


@dataclass
class Frame:
    """A place that an error went through, as it is shown."""

    file: str | None
    line: int | None
    function: str | None = None
    indent: int = 2
    source: list[str] = field(default_factory=list)
    markers: dict[int, str] = field(default_factory=dict)
    """The markers below a line of `source`, by its index."""
    is_block: bool = False
    """Whether it is where a syntax error is: no function is told."""


@dataclass
class Trace:
    """One error and its frames, the outermost first. It has no type until its last line is read."""

    type: str = ""
    message: str = ""
    frames: list[Frame] = field(default_factory=list)
    linked: bool = False
    """Whether the one before it led to it."""
    part: bool = False
    """Whether it is in an exception group."""

    @property
    def is_warning(self) -> bool:
        return self.type.endswith("Warning")


def traces(lines: Sequence[str], own: Collection[str] = ()) -> list[Trace]:
    """Return what the lines tell, in their order; frames without an error have a trace without a type.

    `own` are the names of the learner's own classes: an error may be of one whose name does not say so.
    """
    reader = _Reader(lines, own)
    reader.read()
    return reader.found


def error_line(line: str) -> tuple[str, str] | None:
    """Return type and message where a line is an error's last one, None elsewhere. The type is one of a known kind."""
    found = _LAST_LINE.match(line)
    return (_bare(found["type"]), (found["message"] or "").strip()) if found and _KNOWN.search(found["type"]) else None


def _bare(type: str) -> str:
    return type.rpartition(".")[2]


class _Reader:
    """Reads line by line; what is open waits for its error."""

    def __init__(self, lines: Sequence[str], own: Collection[str]) -> None:
        self.lines, self.own = lines, own
        self.found: list[Trace] = []
        self._open: Trace | None = None
        self._grouped = any("Exception Group Traceback" in line for line in lines)
        self._linked = self._part = self._expecting = False
        self._base = 0
        self._told = ""  # the type in IPython's header
        self._typed = ""  # at a prompt
        self._at = 0
        self._blank = False

    def read(self) -> None:
        steps = (
            self._cause,
            self._header,
            self._frame,
            self._arrow,
            self._markers,
            self._one_line,
            self._error,
            self._prompt,
            self._source,
        )
        for at, whole_line in enumerate(self.lines):
            self._at = at
            line = self._without_margin(whole_line) if self._grouped else whole_line
            if line.strip():
                any(step(line) for step in steps)
            self._blank = not line.strip()
        self._close()

    def _without_margin(self, line: str) -> str:
        if divider := _DIVIDER.match(line):
            self._close()
            self._part = self._expecting = bool(divider["number"])
            return ""
        margin = _MARGIN.match(line)
        return line[margin.end() :] if margin else line

    def _close(self) -> None:
        if self._open and self._open.frames:
            self.found.append(self._open)
        self._open = None

    def _cause(self, line: str) -> bool:
        if not any(cause in line for cause in _CAUSES):
            return False
        self._close()
        self._linked = True
        return True

    def _header(self, line: str) -> bool:
        at = line.find("Traceback (")
        if at < 0 or not (HEADER in line or "Traceback (innermost last)" in line):
            return False
        self._close()
        before = line[:at].strip()
        self._told = _bare(before) if re.fullmatch(ERROR, before) else ""
        self._base = len(line) - len(line.lstrip()) if not before or before == "Exception Group" else 0
        self._start()
        return True

    def _start(self) -> Trace:
        self._open = Trace(linked=self._linked, part=self._part)
        self._linked = self._expecting = False
        return self._open

    def _frame(self, line: str) -> bool:
        if found := FRAME.match(line):
            rest = line[found.end() :].strip(" ,")
            frame = Frame(found["file"], int(found["line"]), found["function"], len(found["indent"]))
            frame.is_block = not found["function"] and not rest
            if frame.file == "<stdin>" and frame.line == 1 and self._typed and not frame.is_block:
                frame.source, self._typed = [self._typed], ""
        elif found := _CELL.match(line):
            is_block = bool(found["line"]) and not found["function"] and line[:1] == " "
            frame = Frame(found["file"], int(found["line"] or 0) or None, found["function"], is_block=is_block)
        elif self._told and (found := _IPYTHON_FILE.match(line)) and (found["line"] or found["function"]):
            frame = Frame(found["file"].strip(), int(found["line"] or 0) or None, found["function"])
        else:
            return False
        trace = self._open or self._start()
        if frame.is_block and not trace.frames:
            self._base = max(frame.indent - 2, 0)
        if len(trace.frames) < _MOST_FRAMES:
            trace.frames.append(frame)
        return True

    def _arrow(self, line: str) -> bool:
        found = _ARROW.match(line)
        if not found or not self._open:
            return False
        if not self._open.frames:
            self._open.frames.append(Frame(None, None))
        frame = self._open.frames[-1]
        frame.line = int(found["line"])
        frame.source, frame.markers = [found["source"] or ""], {}
        return True

    def _markers(self, line: str) -> bool:
        if not is_marker(line):
            return False
        frame = self._open.frames[-1] if self._open and self._open.frames else None
        if frame and frame.source:
            frame.markers.setdefault(len(frame.source) - 1, line)
        return True

    def _one_line(self, line: str) -> bool:
        """Read a warning as Python shows it, and an error as pytest does in one line."""
        found = _IN_ONE_LINE.match(line)
        if not found or not _KNOWN.search(found["type"]):
            return False
        self._close()
        frame = Frame(found["file"], int(found["line"]))
        following = next(islice(self.lines, self._at + 1, None), "")
        if following.startswith("  "):
            frame.source = [following]
        frame = frame if frame.file != "sys" else Frame(None, None)
        self.found.append(Trace(_bare(found["type"]), found["message"] or "", [frame]))
        return True

    def _error(self, line: str) -> bool:
        found = _LAST_LINE.match(line)
        if not found or not (self._open or self._expecting):
            return False
        trace = self._open or self._start()
        if not self._is_last(line, found["type"], trace):
            return False
        trace.type = _bare(found["type"])
        trace.message = unbroken((found["message"] or "").strip(), self.lines[self._at + 1 : self._at + 4])
        self.found.append(trace)
        self._open, self._told = None, ""
        return True

    def _is_last(self, line: str, type: str, trace: Trace) -> bool:
        """Whether a line that may name an error does, and is no line of the program."""
        if self._told:
            return _bare(type) == self._told and (self._blank or ":" in line)
        if _KNOWN.search(type) or _bare(type) in self.own:
            return True
        if not _LIKELY.match(type):
            return False
        indent = len(line) - len(line.lstrip())
        frame = trace.frames[-1] if trace.frames else None
        return indent == self._base and (frame is None or frame.indent > self._base)

    def _prompt(self, line: str) -> bool:
        found = _PROMPT.match(line)
        if found and line.lstrip()[:3] != "...":
            self._close()
            self._typed = found["typed"]
            return True
        return False

    def _source(self, line: str) -> bool:
        frame = self._open.frames[-1] if self._open and self._open.frames else None
        if frame is None or self._told or line.lstrip().startswith("[Previous line repeated"):
            return False
        if len(frame.source) < _MOST_SOURCE and not (self._blank and frame.source):
            frame.source.append(line)
        return True
