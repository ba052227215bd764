"""Saying: pseudo-code and other languages, written as Python would be, as far as its tokens go."""

from __future__ import annotations

import re
from functools import cache
from itertools import groupby
from operator import itemgetter

from functions.shared.guard.forms import reordered
from functions.shared.guard.words import words

LONGEST = 20_000
"""Characters that are read so."""


def in_python(text: str) -> str:
    """Return a text with the words and forms of pseudo-code and of other languages written as in Python."""
    text = reordered(text[:LONGEST])
    said, any_word = _words()
    return any_word.sub(lambda found: f" {said[found[0].lower()]} ", text)


@cache
def _words() -> tuple[dict[str, str], re.Pattern[str]]:
    """Return how Python says each word, and a pattern that finds any of them."""
    said = {word: python for python, ways in words("saying").items() for word in ways}
    longest_first = sorted(said, key=len, reverse=True)
    signs = "|".join(re.escape(word) for word in longest_first if not word[0].isalpha())
    # By their first letters, so that not every word is tried at every place.
    by_letter = groupby(sorted((word for word in longest_first if word[0].isalpha()), key=itemgetter(0)), itemgetter(0))
    parts = (f"{letter}(?:{'|'.join(re.escape(word[1:]) for word in group)})" for letter, group in by_letter)
    return said, re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)|{signs}", re.IGNORECASE)
