"""Lexing: any text, prose or code, as a row of tokens in which names are alike.

Brackets, commas and colons are left out: what they part is told by the tokens between them, and without them a line of
Python, of JavaScript and of pseudo-code look the same. A token is one character of `shape`, so that a statement is
found in a text by `str.find`.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterator
from typing import NamedTuple
from zlib import crc32

NAME, STRING, FORMATTED, NUMBER = "v", "s", "f", "n"

_METHODS = frozenset(
    name for kind in (str, list, dict, set, bytes, int, float) for name in dir(kind) if not name.startswith("_")
) | {"gather", "timeout", "Semaphore", "wraps", "deepcopy", "sleep", "setter", "getter"}
_KEYWORDS = frozenset(keyword.kwlist) | {"match", "case"}
_BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_")) - _KEYWORDS
_OPERATORS = """
** // >> << == != <= >= === !== + - * / % < > @ & | ^ ~ ! && || = := -> =>
**= //= >>= <<= += -= *= /= %= @= &= |= ^= [] {}
"""
_KNOWN = (*sorted(_KEYWORDS), *sorted(_BUILTINS), *(f".{name}" for name in sorted(_METHODS)), *_OPERATORS.split())
_SHAPES = {token: chr(0x4E00 + number) for number, token in enumerate(_KNOWN)}
_SHAPES["elif"] = _SHAPES["if"]
_CAPITALISED = {way: _SHAPES[word] for word in _KEYWORDS for way in (word.upper(), word.capitalize()) if way != word}
"""As pseudo-code and sentences write them: `IF x`, `Return it`."""
_FIRST_HASHED, _HASHED = 0x20000, 0xA000
"""Numbers and dunder names, of which there is no end, share this many characters."""

_LIGHT = dict.fromkeys(("return", "for", "in", "if", "else", "elif", "def", "class", "and", "or"), 0.25)
_HALF = dict.fromkeys(("=", "==", "[]", "{}", "-", "<", ">", "print"), 0.5)
_STRENGTHS = {
    NAME: 0.0,
    STRING: 0.5,
    FORMATTED: 0.5,
    **{_SHAPES[token]: 0.5 for token in _KEYWORDS},
    **{_SHAPES[token]: strength for token, strength in (_LIGHT | _HALF).items()},
}

_TOKEN = re.compile(
    r"""(?<!\w)(?P<prefix>[rbfuRBFU]{0,2})(?P<string>"[^"\n]{0,300}"|'[^'\n]{0,300}')(?!\w)
    |(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)|(?P<dotted>\.[^\W\d]\w*)|(?P<number>\d[\d_]*(?:\.\d+)?)
    |(?P<operator>\[\s?\]|\{\s?\}|(?:\*\*|//|<<|>>)=?|[=!]==|[-+*/%@&|^<>=!:]=|->|=>|&&|\|\||[-+*/%<>=@&|^~!])""",
    re.VERBOSE,
)
_FILLED_IN = re.compile(r"\{([^{}\n]{1,120})\}")
DEEPEST = 3
"""How deep f-strings within f-strings are read."""


class Lexed(NamedTuple):
    """Tokens: `shape` has a character for each, `words` what stood there."""

    shape: str
    words: tuple[str, ...]

    @property
    def strength(self) -> float:
        """How much the tokens say: a name nothing, an operator, a number or a function of Python 1."""
        return sum(strength(token) for token in self.shape)

    @property
    def loose(self) -> str:
        """`shape` with numbers alike."""
        return "".join(
            NUMBER if token >= chr(_FIRST_HASHED) and word[0].isdecimal() else token
            for token, word in zip(self.shape, self.words, strict=True)
        )


def strength(token: str) -> float:
    """Return how much a token says, 0 to 1, by its character in `shape`."""
    return _STRENGTHS.get(token, 1.0)


def lexed(text: str) -> Lexed:
    """Return the tokens of any text."""
    tokens = list(_tokens(text, DEEPEST))
    return Lexed("".join(shape for shape, _ in tokens), tuple(word for _, word in tokens))


def _tokens(text: str, deepest: int) -> Iterator[tuple[str, str]]:
    for found in _TOKEN.finditer(text):
        kind, word = found.lastgroup, found[0]
        if kind == "name":
            yield from _named(word)
        elif kind == "string":
            yield from _string(found["prefix"], found["string"][1:-1], deepest)
        elif kind == "dotted":
            yield (_SHAPES[word], word) if word in _SHAPES else _name(word[1:])
        elif kind == "number":
            plain = word.replace("_", "")
            yield _hashed(plain), plain
        else:
            word = "".join(word.split())
            yield _SHAPES[word], word


def _named(word: str) -> Iterator[tuple[str, str]]:
    shape = _SHAPES.get(word) or _CAPITALISED.get(word)
    if shape:
        yield shape, word
        return
    owner, _, last = word.rpartition(".")
    if owner and last in _METHODS:
        yield _name(owner)
        yield _SHAPES[f".{last}"], last
    else:
        yield _name(word)


def _name(word: str) -> tuple[str, str]:
    last = word.rpartition(".")[2]
    return (_hashed(last), word) if last.startswith("__") and last.endswith("__") and len(last) > 4 else (NAME, word)


def _string(prefix: str, text: str, deepest: int) -> Iterator[tuple[str, str]]:
    if "f" not in prefix.lower() or not deepest:
        yield STRING, text
        return
    yield FORMATTED, text
    for filled in _FILLED_IN.findall(text):
        yield from _tokens(filled, deepest - 1)


def _hashed(word: str) -> str:
    return chr(_FIRST_HASHED + crc32(word.encode()) % _HASHED)
