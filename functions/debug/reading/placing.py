"""Placing: which frame is the learner's own, and which line of the program it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from functions.debug.reading.tracebacks import Frame

_LIBRARY = re.compile(
    r"(?:site|dist)-packages|[/\\]lib(?:64)?[/\\]python\d|[/\\]python[\d.]{0,8}(?:-\d\d)?[/\\](?:lib|dlls)[/\\]"
    r"|[/\\](?:ana|mini|mamba|micro)(?:conda|mamba|forge)\d?[/\\](?:envs[/\\][^/\\]{1,60}[/\\])?lib[/\\]"
    r"|python\d{2,3}\.zip|Python\.framework|[/\\]idlelib[/\\]|[/\\]thonny[/\\](?:plugins|vendored)"
    r"|^<(?:frozen|__array|decorator-gen)|^lib[/\\]python\d|pydevd|[/\\]debugpy[/\\]|[/\\]_pydev",
    re.IGNORECASE,
)
_ANYWHERE = {"<string>", "<fstring>", "<unknown>"}
"""Files that are text which a program evaluates, or the whole program; the frame before tells more, if there is one."""
_INNER = re.compile(r"<(?:list|dict|set)comp>|<genexpr>")
_MODULE = re.compile(r"<(?:module|cell line: \d{1,6})>")


def own_frames(frames: Sequence[Frame]) -> list[Frame]:
    """Return the frames that are in the learner's own program, the outermost first."""
    own = [frame for frame in frames if frame.line is not None and not _LIBRARY.search(frame.file or "")]
    return [frame for frame in own if frame.file not in _ANYWHERE] or own


def guilty(frames: Sequence[Frame], program: Program) -> Frame | None:
    """Return the innermost of these frames; if the program is known, the innermost that it holds the line of."""
    known = (frame for frame in reversed(frames) if program.holds(frame))
    return next(known, None) or (frames[-1] if frames else None)


def function_of(frames: Sequence[Frame], frame: Frame) -> str | None:
    """Return the function a frame is in; for a comprehension's own frame the one that it is written in."""
    for one in reversed(frames[: frames.index(frame) + 1]):
        if one.function is None or _MODULE.match(one.function):
            return None
        if not _INNER.match(one.function):
            return one.function.rstrip("()").rpartition(".")[2] or None
    return None


class Program:
    """The learner's program, as lines that a traceback's lines are looked for in."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._lines = [_plain(line) for line in code.splitlines()]

    def __bool__(self) -> bool:
        return bool(self._lines)

    def holds(self, frame: Frame) -> bool:
        """Whether the program has the line that the frame shows."""
        source = _plain(frame.source[0]) if frame.source else ""
        return self._at(frame.line) == source or source in self._lines if source else False

    def line_of(self, frame: Frame) -> int | None:
        """Return the frame's line in the program: the one that is shown, where the numbers are of another file.

        A learner may send a part of a program, or a cell of a notebook. A line that the program lacks is left as told.
        """
        source = _plain(frame.source[0]) if frame.source else ""
        if not source or self._at(frame.line) == source:
            return frame.line
        places = [number for number, line in enumerate(self._lines, 1) if line == source]
        return min(places, key=lambda number: abs(number - (frame.line or 1)), default=frame.line)

    def _at(self, number: int | None) -> str:
        return self._lines[number - 1] if number and number <= len(self._lines) else ""


def _plain(line: str) -> str:
    return "".join(line.split()).strip("\ufeff")
