"""Scanning: the words, numbers, strings and signs of a program that Python cannot read.

Unlike Python's own tokenizer it stops at nothing: a string without an end ends with its line, and a character that
Python does not know is a token like any other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from keyword import iskeyword
from typing import Literal, cast

Kind = Literal["name", "number", "string", "op", "bad", "newline", "comment"]

CLOSING = {"(": ")", "[": "]", "{": "}"}
OPENING = {closer: opener for opener, closer in CLOSING.items()}

_TOKEN = re.compile(
    r"""(?P<space>[ \t\f]+|\\\n)
    |(?P<newline>\n)
    |(?P<comment>\#[^\n]*)
    |(?P<string>(?:[rRbBuUfF]|[rR][bBfF]|[bBfF][rR])?(?:\"\"\"|'''|"|'))
    |(?P<number>0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?[jJ]?)
    |(?P<name>[^\W\d]\w*)
    |(?P<op>\*\*=|//=|>>=|<<=|\.\.\.|:=|->|[=!<>]=|[-+*/%@&|^]=|\*\*|//|>>|<<|[-+*/%@&|^~<>=()\[\]{}:;,.!])
    |(?P<bad>.)""",
    re.VERBOSE | re.DOTALL,
)
_REST_OF_STRING = {quote: re.compile(rf"(?:[^\\\n{quote}]+|\\.)*", re.DOTALL) for quote in "'\""}
_REST_OF_TRIPLE = {
    quote * 3: re.compile(rf"(?:[^\\{quote}]+|\\.|{quote}(?!{quote}{quote}))*", re.DOTALL) for quote in "'\""
}


@dataclass(slots=True, eq=False)
class Token:
    """A piece of a program: where it is, and, once brackets are matched, how deep within which of them."""

    kind: Kind
    text: str
    start: int
    end: int
    line: int
    closed: bool = True
    """Whether a string has an end."""
    depth: int = 0
    """How many brackets are open around it; a bracket is not within itself."""
    inside: str = ""
    """The innermost open bracket around it."""

    @property
    def is_operand(self) -> bool:
        """Whether a value may end with it, or be it."""
        if self.kind == "name":
            return not iskeyword(self.text) or self.text in ("True", "False", "None")
        return self.kind in ("number", "string")

    @property
    def quote(self) -> str:
        """The sign or signs that a string begins with."""
        body = self.text.lstrip("rRbBuUfF")
        return body[:3] if body[:3] in _REST_OF_TRIPLE else body[:1]

    @property
    def prefix(self) -> str:
        """The letters before a string's quote."""
        return self.text[: len(self.text) - len(self.text.lstrip("rRbBuUfF"))]

    @property
    def body(self) -> str:
        """What stands between a string's quotes."""
        quote = len(self.quote)
        return self.text[len(self.prefix) + quote : -quote if self.closed else None]


@dataclass(slots=True)
class Brackets:
    """Which brackets of a program belong together, and which belong to none; all are indices of tokens."""

    pairs: dict[int, int]
    unclosed: list[int]
    unmatched: list[int]
    mismatched: list[tuple[int, int]]


def scan(code: str) -> list[Token]:
    """Return every token of a program whose lines end with a single newline each."""
    tokens: list[Token] = []
    at, line = 0, 1
    while match := _TOKEN.match(code, at):
        kind, end, closed = match.lastgroup, match.end(), True
        if kind == "string":
            end, closed = _string_end(code, end, match.group().lstrip("rRbBuUfF"))
        if kind != "space":
            tokens.append(Token(cast(Kind, kind), code[at:end], at, end, line, closed))
        line += code.count("\n", at, end)
        at = end
    return tokens


def match_brackets(tokens: Sequence[Token], stops: frozenset[int] = frozenset()) -> Brackets:
    """Tell which brackets belong together, and note in each token how deep it is.

    What is still open at a token of `stops` (indices) is taken for never closed.
    """
    found = Brackets({}, [], [], [])
    stack: list[int] = []
    for index, token in enumerate(tokens):
        if index in stops:
            found.unclosed += stack
            stack = []
        if token.kind == "op" and token.text in OPENING:
            _close(index, tokens, stack, found)
        token.depth, token.inside = len(stack), tokens[stack[-1]].text if stack else ""
        if token.kind == "op" and token.text in CLOSING:
            stack.append(index)
    found.unclosed += stack
    return found


def _close(index: int, tokens: Sequence[Token], stack: list[int], found: Brackets) -> None:
    opener = OPENING[tokens[index].text]
    if not stack:
        found.unmatched.append(index)
        return
    if tokens[stack[-1]].text != opener:
        found.mismatched.append((stack[-1], index))
        if len(stack) > 1 and tokens[stack[-2]].text == opener:
            stack.pop()
            found.pairs[stack.pop()] = index
        else:
            stack.pop()
        return
    found.pairs[stack.pop()] = index


def _string_end(code: str, at: int, quote: str) -> tuple[int, bool]:
    """Return where a string ends whose text begins at a place, and whether a quote ends it."""
    if len(quote) == 3:
        match = _REST_OF_TRIPLE[quote].match(code, at)
        end = match.end() if match else at
        return (end + 3, True) if code.startswith(quote, end) else (len(code), False)
    match = _REST_OF_STRING[quote].match(code, at)
    end = match.end() if match else at
    if code.startswith(quote, end):
        return end + 1, True
    return min(end, len(code)), False
