"""Program: one that Python cannot read, taken apart as far as that goes: its tokens, its statements, its refusal."""

from __future__ import annotations

import re
import warnings
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from keyword import iskeyword

from functions.debug.rules.syntax.scanning import CLOSING, OPENING, Brackets, Token, match_brackets, scan

HEADERS = frozenset(["if", "elif", "else", "for", "while", "def", "class", "try", "except", "finally", "with", "async"])
"""The words that a line with a block below it begins with."""
ALWAYS_FIRST = frozenset(
    [
        "def",
        "class",
        "return",
        "import",
        "while",
        "try",
        "except",
        "finally",
        "with",
        "raise",
        "pass",
        "break",
        "continue",
        "del",
        "global",
        "elif",
    ]
)
"""The words that stand nowhere but at the beginning of a statement, as far as brackets are concerned."""

_MOST_TOKENS = 500
"""Of a statement that is looked at closely; nobody writes a longer one by hand."""

_ASSIGNMENT = re.compile(r"[\w.]+(?:\[[^\[\]]*\])?[ \t]*(?:[-+*/]|//)?=[ \t]*[^=\s]")
_CALL = re.compile(r"[\w.]+\(")

Edit = tuple[int, int, str]
"""Where a piece of code begins and ends, and what is put in its place."""


@dataclass(frozen=True)
class Refusal:
    """Why and where this Python stops reading; the line is counted from 1, as is the column where it is known."""

    type: str
    message: str
    line: int
    column: int | None = None


@dataclass(slots=True)
class Statement:
    """What Python would read as one statement: a simple one, or the head of a block up to its colon."""

    tokens: list[Token]
    indent: str
    inline: bool = False
    """Whether it stands behind a colon or a semicolon in its line."""

    @property
    def first(self) -> str:
        """Its first word."""
        return self.tokens[0].text

    @property
    def line(self) -> int:
        """The line it begins in."""
        return self.tokens[0].line

    @property
    def last(self) -> int:
        """The line it ends in."""
        return self.tokens[-1].line + self.tokens[-1].text.count("\n")

    @property
    def ends_with_colon(self) -> bool:
        """Whether it is the head of a block, and complete as such."""
        return self.tokens[-1].text == ":"

    def at(self, index: int) -> str:
        """Return the text of a token, "" where there is none."""
        return self.tokens[index].text if -len(self.tokens) <= index < len(self.tokens) else ""


class Program:
    """A program that is to be repaired. Its lines end with a single newline each."""

    def __init__(self, code: str, first: int | None = 1) -> None:
        """Take a program, and the number of its first line as its author counts; None where nobody knows it."""
        self.code = code.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        self.first = first

    @cached_property
    def refusal(self) -> Refusal | None:
        """Why Python does not read it; None if it does."""
        return refusal(self.code)

    @cached_property
    def lines(self) -> list[str]:
        """Its lines without their ends."""
        return self.code.split("\n")

    @cached_property
    def tokens(self) -> list[Token]:
        """Every token, with its depth."""
        return self._scanned[0]

    @cached_property
    def brackets(self) -> Brackets:
        """Which brackets belong together; the indices are those of `tokens`."""
        return self._scanned[1]

    @cached_property
    def statements(self) -> list[Statement]:
        """Its statements in order."""
        found: list[Statement] = []
        part: list[Token] = []
        stops = self._scanned[2]
        for index, token in enumerate(self.tokens):
            if token.kind == "comment":
                continue
            if (token.kind == "newline" and token.depth == 0) or index in stops:
                self._add(found, part)
                part = []
            if token.kind == "newline":
                continue
            part.append(token)
            if token.depth == 0 and (token.text == ";" or (token.text == ":" and part[0].text in HEADERS)):
                self._add(found, part)
                part = []
        self._add(found, part)
        return found

    @cached_property
    def near(self) -> list[Statement]:
        """The statements that may be to blame: the one Python stopped in first, then the one before it."""
        line = self.refusal.line if self.refusal else 0
        inside = [statement for statement in self.statements if statement.line <= line <= statement.last]
        before = [statement for statement in self.statements if statement.last < line][-1:]
        near = inside + before or self.statements[-1:]
        return [s if len(s.tokens) <= _MOST_TOKENS else replace(s, tokens=s.tokens[:_MOST_TOKENS]) for s in near]

    def line(self, number: int) -> str:
        """Return a line by its number from 1, "" where there is none."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def indent(self, number: int) -> str:
        """Return the white space that a line begins with."""
        line = self.line(number)
        return line[: len(line) - len(line.lstrip(" \t"))]

    def start(self, number: int) -> int:
        """Return the offset at which a line begins."""
        return self._starts[number - 1]

    def end(self, number: int) -> int:
        """Return the offset at which the code of a line ends, before a comment and white space."""
        inside = [token for token in self.tokens if token.line == number and token.kind not in ("newline", "comment")]
        return max((token.end for token in inside), default=self.start(number) + len(self.line(number).rstrip()))

    def line_of(self, offset: int) -> int:
        """Return the number of the line that an offset is in."""
        return bisect_right(self._starts, offset)

    def edited(self, *edits: Edit) -> str:
        """Return the code with some pieces replaced, which do not overlap."""
        code = self.code
        for start, end, text in sorted(edits, reverse=True):
            code = code[:start] + text + code[end:]
        return code

    def with_lines(self, changes: Iterable[tuple[int, str]]) -> str:
        """Return the code with some lines replaced."""
        lines = list(self.lines)
        for number, text in changes:
            lines[number - 1] = text
        return "\n".join(lines)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.code))]

    @cached_property
    def _scanned(self) -> tuple[list[Token], Brackets, frozenset[int]]:
        tokens, stops = scan(self.code), frozenset[int]()
        brackets = match_brackets(tokens)
        if brackets.unclosed:
            stops = _stops(tokens, self.lines)
            brackets = match_brackets(tokens, stops)
        return tokens, brackets, stops

    def _add(self, found: list[Statement], part: list[Token]) -> None:
        if part:
            inline = bool(found) and found[-1].tokens[-1].line == part[0].line
            found.append(Statement(part, self.indent(part[0].line), inline))


def ends_value(token: Token) -> bool:
    """Tell whether a value may end with a token."""
    return token.is_operand or (token.kind == "op" and token.text in OPENING)


def begins_value(token: Token) -> bool:
    """Tell whether a value may begin with a token."""
    return (
        token.is_operand or (token.kind == "op" and token.text in CLOSING) or token.text in ("not", "lambda", "await")
    )


def refusal(code: str) -> Refusal | None:
    """Ask this Python whether it can read a program. Nothing of it is run."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(code, "<program>", "exec", dont_inherit=True)
    except SyntaxError as error:
        return Refusal(type(error).__name__, error.msg or "", max(error.lineno or 1, 1), error.offset)
    except (ValueError, RecursionError, MemoryError, OverflowError):
        return Refusal("SyntaxError", "", 1)
    return None


def _stops(tokens: list[Token], lines: list[str]) -> frozenset[int]:
    """Return the tokens at which a statement begins although a bracket before them is open still."""
    stops, first, before = set(), 0, ""
    for index, token in enumerate(tokens):
        if index and tokens[index - 1].kind != "newline":
            if token.kind not in ("newline", "comment"):
                before = token.text
            continue
        if token.kind in ("newline", "comment"):
            continue
        line = lines[token.line - 1]
        column = len(line) - len(line.lstrip())
        blank_above = token.line > 1 and not lines[token.line - 2].strip()
        if token.depth == 0:
            first = column
        elif _begins_statement(line.strip(), token, column <= first, before, blank_above):
            stops.add(index)
            first = column
        before = token.text
    return frozenset(stops)


def _begins_statement(text: str, token: Token, outside: bool, before: str, blank_above: bool) -> bool:
    """Tell whether a line begins a statement, judged by its text and by how the line before it ends."""
    if token.text in ALWAYS_FIRST:
        return not re.match(r"\w+\s*[=,)]", text)
    if not outside:
        return False
    if iskeyword(token.text):
        return token.text in HEADERS and text.endswith(":")
    open_end = before in CLOSING or before == "," or before in tuple("+-*/%=")
    if _ASSIGNMENT.match(text):
        return not text.endswith(",") or not open_end
    return bool(_CALL.match(text)) and (not open_end or blank_above or token.text == "print")
