"""Leaks of prompts: whether a text tells what a model was told, in its own words or encoded.

A prompt is known again by its shingles (Broder, "On the Resemblance and Containment of Documents", 1997): every row of
SHINGLE words. Rows of words that the learner wrote, or has been given, tell nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

SHINGLE = 6
"""Words: shorter rows are said by everybody ("one line of code at a time")."""
MOST_ALIKE = 2
"""Shingles of a prompt that a text may share with it; 3 are a row of 8 words, or several shorter ones."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


def tells_a_prompt(texts: Iterable[str], prompts: Iterable[str], known: Iterable[str]) -> bool:
    """Return whether texts, decoded already, hold parts of prompts that the learner does not know."""
    secret = frozenset[int]().union(*map(_shingles, prompts))
    if not secret:
        return False
    secret -= frozenset[int]().union(*map(_shingles, known))
    return any(len(secret & _shingles(text)) > MOST_ALIKE for text in texts)


@lru_cache(maxsize=256)
def _shingles(text: str) -> frozenset[int]:
    words = [word.casefold() for word in _WORD.findall(text)]
    return frozenset(hash(tuple(words[place : place + SHINGLE])) for place in range(len(words) - SHINGLE + 1))
