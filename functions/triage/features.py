"""Features: what the classifier sees of a question. Weights are learned for these names, so a change needs training.

Three groups, each weighed as one: `words` and pairs of them, `pieces` of words (so that misspelt and inflected words,
and languages without spaces, are understood too), and `facts` about what was pasted and attached.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import pairwise
from typing import NamedTuple

from functions.triage import parting

HEAD, TAIL = 1_000, 500
"""Characters of a text that are read: its beginning and, of a longer one, its end. This bounds the work."""
LONGEST_WORD = 24
PIECES = (2, 3, 4, 5)

_ACCENT = re.compile("[\u0300-\u036f]")
_TOKEN = re.compile(r"⟨\w+⟩|c\+\+|[cf]#|[^\W\d_]+|\d+|[?!]+|[\U0001F300-\U0001FAFF☀-➿]")
_APOSTROPHE = re.compile(r"(?<=\w)['’´`](?=\w)")
_ERROR_KIND = re.compile(r"\b([A-Z]\w*(?:Error|Exception|Warning|Interrupt|Iteration))\b")
_DEFINITION = re.compile(r"^\s*(?:def|class|async def)\s", re.MULTILINE)


class Features(NamedTuple):
    """How often each feature occurs, by group."""

    words: Counter[str]
    pieces: Counter[str]
    facts: Counter[str]


def features(text: str, code: str | None = None, error: str | None = None) -> Features:
    """Return the features of a question, the code in its box and the error message in its box."""
    said = parting.prose(ends(text))
    tokens = tokens_of(said)
    padded = ["^", *tokens, "$"]
    words = Counter(tokens) + Counter(f"{a} {b}" for a, b in pairwise(padded))
    return Features(words, _pieces(tokens), Counter(_facts(said, tokens, code or "", error or "")))


def ends(text: str) -> str:
    """Return the text, or its beginning and its end where it is long."""
    return text if len(text) <= HEAD + TAIL else f"{text[:HEAD]}\n{text[-TAIL:]}"


def tokens_of(said: str) -> list[str]:
    """Return the words of prose, in lower case and without accents; numbers are `#`, what was pasted is its mark."""
    plain = _APOSTROPHE.sub("", _ACCENT.sub("", unicodedata.normalize("NFKD", said.lower())))
    return ["#" if token[0].isdigit() else token[:LONGEST_WORD] for token in _TOKEN.findall(plain)]


def _pieces(tokens: list[str]) -> Counter[str]:
    pieces: Counter[str] = Counter()
    for token, times in Counter(tokens).items():
        if token[0].isalpha():
            inside = f"_{token}_"
            for size in PIECES:
                for at in range(len(inside) - size + 1):
                    pieces[inside[at : at + size]] += times
    return pieces


def _facts(said: str, tokens: list[str], code: str, error: str) -> list[str]:
    spoken = sum(token[0].isalpha() for token in tokens)
    pasted = [mark for mark in parting.MARKS if mark in said]
    has_code = bool(code.strip()) or parting.CODE in said
    has_error = bool(error.strip()) or parting.TRACEBACK in said or parting.MESSAGE in said
    facts = [f"text {_bucket(spoken, (0, 1, 2, 4, 8, 15, 30, 60))} words", *(f"text has {mark}" for mark in pasted)]
    facts += ["text asks"] if "?" in said else []
    facts += [f"sent {'code ' * has_code}{'error' * has_error}".strip()]
    facts += _of_code(ends(code).strip()) + _of_error(ends(error))
    return facts


def _of_code(code: str) -> list[str]:
    if not code:
        return ["no code"]
    facts = ["code", f"code {_bucket(code.count(chr(10)) + 1, (1, 2, 4, 8, 15))} lines"]
    return facts + ["code defines"] * bool(_DEFINITION.search(code))


def _of_error(error: str) -> list[str]:
    if not error.strip():
        return ["no error"]
    kinds = _ERROR_KIND.findall(error)
    return ["error", f"error {kinds[-1] if kinds else 'of no name'}"]


def _bucket(count: int, limits: tuple[int, ...]) -> str:
    """Return the first limit that the count does not exceed: "≤4", or ">60"."""
    return next((f"≤{limit}" for limit in limits if count <= limit), f">{limits[-1]}")
