"""Clauses: which part of a question asks, and which only tells what is known or not meant."""

from __future__ import annotations

import re
from typing import NamedTuple

from functions.concepts.words import Words, words

_ENDS = re.compile(r"[.?!;,\n]+(?=\s|$)|\b(?:but|however|although|though)\b", re.IGNORECASE)
_ASIDE = re.compile(r"\b(?:instead of|rather than|other than|apart from|unlike)(?: [\w-]+){1,3}", re.IGNORECASE)
_ASKS = re.compile(
    r"\b(what|whats|how|why|when|which|explain|define|describe|understand|learn|teach|tell|show|about|mean|means"
    r"|difference|confused|help|stuck)\b",
    re.IGNORECASE,
)
_MENTIONS = re.compile(
    r"\bi(?: already| now| do| kind of| think i| can)? (?:know|understand|learn(?:ed|t)|finished|did|do|understood"
    r"|studied)\b(?! n['’]?o?t\b)"
    r"|\bi(?:['’]ve| have)(?: already| just)? (?:done|learn(?:ed|t)|finished|understood|seen|read|studied)\b"
    r"|\b(?:comfortable|familiar|good|fine|okay|ok) with\b|\bnot (?:about|asking|talking)\b|\bdo ?n['’]?o?t mean\b"
    r"|^\s*(?:instead of|rather than|other than|apart from|unlike)\b|\byesterday\b|\blast (?:week|lesson|time)\b",
    re.IGNORECASE,
)
# Words of the vocabulary in everyday dress.
_EVERYDAY = re.compile(
    r"\b(?:for instance|self[- ](?:taught|study)|in return|return to|return policy|object to|methods? to"
    r"|in (?:\w+ )?class(?= (?:today|we|i|they|he|she|our|and|yesterday|last)\b)|in class|in (?:my|our) class"
    r"|my (?:coding|programming) class|class(?:es)? (?:today|at|to take)"
    r"|list (?:all|the)|list of (?:python )?topics|(?:try|trying) to|i try|try (?:this|it|out)|i finally"
    r"|raise (?:my|to|a number)|(?:for|in|after|took|takes?|once in) a while|a while (?:ago|back)"
    r"|while (?:i|we|you|he|she|they|it|\w+ing)|in (?:general|short|order to)"
    r"|(?:simple|simpler|plain|easy|other|own|few|key) words?)\b",
    re.IGNORECASE,
)


class Clause(NamedTuple):
    """A part of a question: its words, whether it asks, and whether it only mentions."""

    words: Words
    asks: bool
    mentions: bool


def clauses(prose: str) -> list[Clause]:
    """Part a question into clauses. Where none asks ("loops, please"), every one of them may be the question."""
    nothing_asked = not _ASKS.search(prose)
    return [
        Clause(words(clause), nothing_asked or bool(_ASKS.search(clause)), bool(_MENTIONS.search(clause)))
        for clause in _ENDS.split(_ASIDE.sub(r"\n \g<0>\n ", _EVERYDAY.sub(" … ", prose)))
    ]
