"""Source: a program as text, and how some of it is changed while the rest stays as it is, byte for byte.

Positions are offsets in bytes of UTF-8, as those of `ast` are; lines are counted from 1.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import NamedTuple

_LINE_END = re.compile(rb"\r\n|\r|\n")


Placed = ast.expr | ast.stmt | ast.arg | ast.keyword | ast.alias | ast.excepthandler
"""What has a place in the text."""


class Edit(NamedTuple):
    """The bytes from `start` up to `end` become `text`, whose lines end in a newline character alone."""

    start: int
    end: int
    text: str


class Source:
    """The text of a program."""

    def __init__(self, code: str) -> None:
        """Find the lines as Python counts them."""
        self.code, self.data = code, code.encode()
        self.starts = [0, *(end.end() for end in _LINE_END.finditer(self.data))]
        ending = _LINE_END.search(self.data)
        self.newline = ending[0].decode() if ending else "\n"

    @property
    def last_line(self) -> int:
        """The number of the last line that holds something or is ended by a newline."""
        return len(self.starts) - (self.starts[-1] == len(self.data))

    def line_start(self, line: int) -> int:
        """Return where a line begins; for the one after the last, where the program ends."""
        return self.starts[line - 1] if line <= len(self.starts) else len(self.data)

    def lines(self, first: int, last: int) -> str:
        """Return lines as they are, the last one without its newline."""
        return self.data[self.line_start(first) : self.line_start(last + 1)].decode().rstrip("\r\n")

    def indentation(self, line: int) -> str:
        """Return the white space that a line begins with."""
        text = self.lines(line, line)
        return text[: len(text) - len(text.lstrip(" \t\f"))]

    def span(self, node: Placed) -> tuple[int, int]:
        """Return where a node begins and ends; decorators stand before it."""
        last, column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return self.starts[node.lineno - 1] + node.col_offset, self.starts[last - 1] + column

    def text(self, node: Placed) -> str:
        """Return a node as it is written."""
        start, end = self.span(node)
        return self.data[start:end].decode()

    def replace(self, node: Placed, text: str) -> Edit:
        """Return the edit that puts text in a node's place."""
        return Edit(*self.span(node), text)

    def insert(self, line: int, text: str) -> Edit:
        """Return the edit that puts whole lines before a line, with its indentation."""
        at, indentation = self.line_start(line), self.indentation(line)
        return Edit(at, at, "".join(f"{indentation}{each}\n" for each in text.split("\n")))

    def add_after(self, line: int, text: str) -> Edit:
        """Return the edit that puts a whole line after another; the text has its indentation."""
        at = self.line_start(line + 1)
        ended = self.data[:at].endswith((b"\r", b"\n"))
        return Edit(at, at, f"{text}\n" if ended else f"\n{text}")

    def stands_alone(self, first: ast.stmt, last: ast.stmt | None = None) -> bool:
        """Tell whether the lines from one statement to another hold nothing before the one and nothing after the other
        but a comment."""
        start, end = self.span(first)[0], self.span(last or first)[1]
        line_end = self.line_start(((last or first).end_lineno or 0) + 1)
        before, after = self.data[self.line_start(first.lineno) : start], self.data[end:line_end]
        return not before.strip() and after.strip()[:1] in (b"", b"#")

    def replace_lines(self, first: int, last: int, text: str | None) -> Edit:
        """Return the edit that puts lines in the place of others; None takes them away."""
        start, end = self.line_start(first), self.line_start(last + 1)
        if text is None:
            return Edit(start, end, "")
        ended = self.data[start:end].endswith((b"\r", b"\n"))
        return Edit(start, end, text + "\n" * ended)

    def edited(self, edits: Iterable[Edit], start: int = 0, end: int | None = None) -> str | None:
        """Return the text from `start` to `end` with the edits that lie within, those at one place in the order given;
        None where two of them overlap."""
        end = len(self.data) if end is None else end
        parts, at = [], start
        for edit in sorted(dict.fromkeys(edits), key=lambda edit: edit[:2]):
            if edit.start < start or edit.end > end:
                continue
            if edit.start < at:
                return None
            parts += [self.data[at : edit.start], edit.text.replace("\n", self.newline).encode()]
            at = edit.end
        return b"".join([*parts, self.data[at:end]]).decode()
