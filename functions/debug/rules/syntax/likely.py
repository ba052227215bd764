"""Likely: how probable it is that somebody meant a line to read like this.

Quotes can be put into a line in many ways that Python reads. What a text then holds, and what stands outside of all
texts, tells which way was meant.
"""

from __future__ import annotations

import builtins
import itertools
import re
from keyword import iskeyword

from functions.debug.rules.syntax.program import Program
from functions.debug.rules.syntax.scanning import CLOSING, OPENING, Token, scan

BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_"))
_UNKNOWN_NAME, _CODE_IN_TEXT, _ODD_TEXT = 3, 2, 2
_ARGUMENT_BEHIND = re.compile(r"[,+]\s*(\w+)")
_CALL = re.compile(r"(\w+)\(")
_KEY = re.compile(r"\w+\s*:")
_BEGINS_ODDLY = re.compile(r"\s*[,)\]}+=]")
_ENDS_ODDLY = re.compile(r"[(\[=+]\s*$|[:,]\s*,|,\s+\w+$")


def names_known(program: Program, line: int) -> frozenset[str]:
    """Return the names that the rest of the program uses."""
    return frozenset(t.text for t in program.tokens if t.kind == "name" and t.line != line and not iskeyword(t.text))


def penalty(line: str, known: frozenset[str]) -> int:
    """Return how improbable a line is: for unknown words outside of its texts, and for what looks like code in them."""
    tokens = [token for token in scan(line) if token.kind not in ("newline", "comment")]
    total = sum(_of_text(token, known) for token in tokens if token.kind == "string")
    for one, other in itertools.pairwise(tokens):
        total += _ODD_TEXT * (one.kind == other.kind == "string")
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        if token.kind == "string" and "{" in line and before and before.text in ("{", ","):
            total += _CODE_IN_TEXT * bool(_KEY.match(token.body))
        if token.kind == "name" and not iskeyword(token.text) and token.text not in known | BUILTINS:
            called = after is not None and after.text in ("=", "(")
            total += _UNKNOWN_NAME * (
                not called and not (before and before.text in (".", "for", "as", "def", "import"))
            )
    return total


def _of_text(token: Token, known: frozenset[str]) -> int:
    body = token.body
    other = "'" if '"' in token.quote else '"'
    opened = sum(sign in CLOSING for sign in body) - sum(sign in OPENING for sign in body)
    code: int = sum(word in known or word.isdigit() for word in _ARGUMENT_BEHIND.findall(body))
    code += sum(word in known | BUILTINS for word in _CALL.findall(body))
    odd = bool(_BEGINS_ODDLY.match(body)) + bool(_ENDS_ODDLY.search(body))
    odd += body.count(other) % 2 == 1 and other in (body[:1], body[-1:])
    odd += bool(re.search(rf"{other}[ ,+]+{other}|, {other}|{other},", body))
    return _CODE_IN_TEXT * (abs(opened) + code) + _ODD_TEXT * odd
