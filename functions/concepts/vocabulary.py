"""Vocabulary: the names that every subject brings, and where they stand in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from functions.concepts.words import SHORTEST_MISSPELT, Words, respelt, words
from functions.curriculum.models import Curriculum, Topic

NAMED = 1.0
HINTED = 0.4
ONE_MORE_WORD = 0.3
"""Added for each further word of a name: `string method` says more than `method`."""
MISSPELT = 0.9
SHORTEST_PLANNED_MISSPELT = 6
SHORTEST_PART_MISSPELT = 7
"""Letters of a word that is misspelt within a longer name (`floting point`), or only hints."""

_BEFORE_A_TOOL = frozenset({"with", "using", "in", "inside", "via", "by", "use"})
_KINDS = frozenset({("function",), ("method",)})
_GENERAL = frozenset({"the", "python", "following", "first", "second", "last", "same", "whole", "main", "new", "given"})
_ARTICLES = frozenset({"a", "an", "the", "this", "that", "my", "your", "our", "some"})


class Sign(NamedTuple):
    """Something that speaks for a subject, how strongly, and the name it goes by (none in code)."""

    subject_id: str
    weight: float
    name: Words = ()


class Named(NamedTuple):
    """A name in a sentence; `as_tool`, if it stands where a tool would: "… with a for loop"."""

    sign: Sign
    as_tool: bool


class Vocabulary:
    """The names of all subjects of a curriculum, planned ones too. Articles within a name do not matter."""

    def __init__(self, curriculum: Curriculum) -> None:
        self._names: dict[Words, Sign] = {}
        self._misspelt: dict[str, set[str]] = {}
        for subject in (*curriculum.topics, *curriculum.planned):
            naming, hinting = list(map(words, subject.names)), list(map(words, subject.keywords))
            for weight, names in ((HINTED, hinting), (NAMED, naming)):
                for name in names:
                    self._names[_bare(name)] = Sign(subject.id, weight + ONE_MORE_WORD * (len(name) - 1), name)
            for word in _worth_respelling(naming, hinting, is_taught=isinstance(subject, Topic)):
                self._misspelt.setdefault(word[0], set()).add(word)
        self._known = frozenset(word for name in self._names for word in name)
        self._longest = max(map(len, self._names))

    def named_in(self, said: Words) -> Iterator[Named]:
        """Yield the names in a sentence, the longest that fits at each place."""
        places = [place for place, word in enumerate(said) if word not in _ARTICLES]
        spelt = tuple(self._respelt(said[place]) for place in places)
        at = 0
        while at < len(spelt):
            rest = spelt[at : at + self._longest]
            length = next((n for n in range(len(rest), 0, -1) if rest[:n] in self._names), 0)
            before = said[: places[at]]
            if length and not (rest[:length] in _KINDS and _names_another(before)):
                sign = self._names[rest[:length]]
                if any(said[place] != word for place, word in zip(places[at:], rest[:length], strict=False)):
                    sign = sign._replace(weight=sign.weight * MISSPELT)
                yield Named(sign, as_tool=_in_place_of_a_tool(before))
            at += length or 1

    def _respelt(self, word: str) -> str:
        return word if word in self._known else respelt(word, self._misspelt.get(word[0], ()))


def _bare(name: Words) -> Words:
    return tuple(word for word in name if word not in _ARTICLES)


def _worth_respelling(naming: list[Words], hinting: list[Words], *, is_taught: bool) -> Iterator[str]:
    """Yield words to look for in other spellings. Short ones resemble too many others; a chance is taken only for
    what names a topic that can then be explained."""
    shortest = SHORTEST_MISSPELT if is_taught else SHORTEST_PLANNED_MISSPELT
    yield from (name[0] for name in naming if len(name) == 1 and len(name[0]) >= shortest and name[0].isalpha())
    if is_taught:
        parts = (part for name in (*naming, *hinting) for part in name)
        yield from (part for part in parts if len(part) >= SHORTEST_PART_MISSPELT and part.isalpha())


def _in_place_of_a_tool(before: Words) -> bool:
    nearest = [word for word in before[-3:] if word not in _ARTICLES and word != "python"]
    return bool(nearest) and nearest[-1] in _BEFORE_A_TOOL


def _names_another(before: Words) -> bool:
    """Tell whether "the split method" was said, which is not about methods, rather than "the following method"."""
    return len(before) > 1 and before[-2] == "the" and before[-1] not in _GENERAL
