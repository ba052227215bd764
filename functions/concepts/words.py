"""Words: how questions and the curriculum's vocabulary are cut into words that can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

Words = tuple[str, ...]

_WORD = re.compile(
    r"\*{1,2}(?=[^\W\d])\w+|(?<!\w)@|\(\)|\[\]|\{\}|==|[-+*/]=|\\n"
    r"|(?<![^\s'\"(])(?:=|%|/{1,2}|\*\*)(?![^\s'\"),.?!])|\d+|[^\W\d]\w*(?:['’]\w+)?"
)
SHORTEST_MISSPELT = 4
CUT_SHORT = 0.6
"""Share of a word's letters, and five of them at least, that stand for it: `asynchron`."""

# Everyday words that differ from a word of the vocabulary by a letter or two, and are not misspellings of it.
_LOOKALIKES = frozenset(
    re.findall(
        r"\w+",
        """
        agreement alignment appendix assent asset augment claus clojure close comprehensive compression concentration
        conditionally conductor construct construction contractor declarator description direct dist diversion
        enumerable exceptional exif flat functional generate generation importer inert instant insurance integrate
        integration intending inter interacting interaction intervening isinstance last lint looking lookup lost moodle
        operation painter point pointed printer proper properly score scoring serf sliding splicing spring staring
        starting starving steering storing strong treating trinary truth viable weather
        """,
    )
)


def words(text: str) -> Words:
    """Return the text's words, in lower case and in the singular; hyphens and dots part words, signs such as `@` and
    `//` are words, and all numbers are the same one ("10 times" and "100 times")."""
    return tuple("0" if word[0].isdigit() else _singular(word) for word in _WORD.findall(text.lower()))


def _singular(word: str) -> str:
    word = re.sub(r"['’]s$", "", word)
    if len(word) < 4 or word.endswith(("ss", "us", "is", "_")):
        return word
    for plural, singular in (("sses", "ss"), ("ies", "y"), ("ches", "ch"), ("xes", "x"), ("s", "")):
        if word.endswith(plural):
            return word.removesuffix(plural) + singular
    return word


def respelt(word: str, vocabulary: Iterable[str]) -> str:
    """Return the word of the vocabulary that this one is a misspelling of, or the word itself."""
    known = [other for other in vocabulary if _may_mean(word, other)] if len(word) >= SHORTEST_MISSPELT else []
    if word in known or word in _LOOKALIKES or not known:
        return word
    return max(known, key=lambda other: (SequenceMatcher(None, word, other).ratio(), other))


def _may_mean(word: str, other: str) -> bool:
    if len(word) >= max(5, CUT_SHORT * len(other)) and other.startswith(word):
        return True
    if len(other) < SHORTEST_MISSPELT or word[0] != other[0] or abs(len(word) - len(other)) > 2:
        return False
    if sorted(word) == sorted(other):
        return True
    if len(other) <= 5 and word[-1] != other[-1]:
        return False
    return SequenceMatcher(None, word, other).ratio() >= (0.75 if len(other) <= 5 else 0.82)
