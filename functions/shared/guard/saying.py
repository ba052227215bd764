"""Saying: pseudo-code and other languages, written as Python would be, as far as its tokens go."""

from __future__ import annotations

import re
from functools import cache

from functions.shared.guard.words import words

_FORMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), written)
    for pattern, written in (
        (
            r"\bremainder (?:of|when|after)(?: dividing)? ([\w.]{1,40})(?: is)?(?: divided)? by ([\w.]{1,40})",
            r"\1 % \2",
        ),
        (r"\b(?:set|let|initiali[sz]e|put|assign)(?: the)? ([\w.\[\]]{1,60}) (?:to be|to|be|as|with) ", r"\n\1 = "),
        (r"\bstore ([^\n.]{1,60}?) in ([\w.]{1,40})", r"\n\2 = \1"),
        (r"\badd(?: the| one| a)? ([^\n;]{1,60}?) to(?: the)? ([\w.]{1,40})", r"\n\2 += \1\n\2.append(\1)\n"),
        (r"\b(?:function|procedure|define|def|func) (\w{1,40}) (?:with|taking|that takes|takes)\b", r"def \1"),
        (r"\b(?:function|func|fn|funktion|fonction|función) (?=\w{1,40} ?\()", "def "),
        (r"\b(?:const|let|var|int|double|auto|string) (?=\w{1,40}(?: =| of | in |, ))|\bnew (?=[A-Z])", " "),
        (
            r"((?!(?:if|while|with|and|or|not|return|in|elif|print)\b)\b[\w.]{1,40}|\)) times (?=[\w(])(?!is |equal)",
            r"\1 * ",
        ),
        (r"\bappend(?: the)? ([\w.*+ ]{1,40}?) to(?: the)? ([\w.]{1,40})", r"\n\2.append(\1)\n"),
        (r"\b(?:subtract|take)(?: the)? ([\w.]{1,40}) from(?: the)? ([\w.]{1,40})", r"\n\2 -= \1\n"),
        (r"\b(?:increase|increment|grow)(?: the)? ([\w.]{1,40}) by ([\w.]{1,40})", r"\n\1 += \2\n"),
        (r"\b(?:decrease|decrement|reduce|lower)(?: the)? ([\w.]{1,40}) by ([\w.]{1,40})", r"\n\1 -= \2\n"),
        (r"\bmultiply(?: the)? ([\w.]{1,40}) by ([\w.]{1,40})", r"\n\1 *= \2\n"),
        (r"([\w.]{1,40})\+\+", r"\1 += 1"),
        (r"([\w.]{1,40})--(?!\w)", r"\1 -= 1"),
        (r"([\w.]{1,40})\.(?:push|add|push_back)\(", r"\1.append("),
        (r"([\w.]{1,40})\.(?:length|size)\b(?:\(\))?", r" len \1 "),
        (r"\bfor\s{0,3}(\((?:const |let |var |int |auto )?[\w, ]{1,40}) (?:of|:) ", r"for \1 in "),
    )
)
LONGEST = 20_000
"""Characters that are read so."""


def in_python(text: str) -> str:
    """Return a text with the words and forms of pseudo-code and of other languages written as in Python."""
    text = text[:LONGEST]
    for form, written in _FORMS:
        text = form.sub(written, text)
    said, any_word = _words()
    return any_word.sub(lambda found: f" {said[found[0].lower()]} ", text)


@cache
def _words() -> tuple[dict[str, str], re.Pattern[str]]:
    """Return how Python says each word, and a pattern that finds any of them."""
    said = {word: python for python, ways in words("saying").items() for word in ways}
    parts = (
        rf"(?<!\w){re.escape(word)}(?!\w)" if word[0].isalpha() else re.escape(word)
        for word in sorted(said, key=len, reverse=True)
    )
    return said, re.compile("|".join(parts), re.IGNORECASE)
