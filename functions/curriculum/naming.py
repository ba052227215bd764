"""Naming: which topic a learner names, by the words the curriculum has for it."""

from __future__ import annotations

import re
from difflib import get_close_matches

from functions.curriculum.models import Curriculum, Subject

LONGEST_READ = 1_000
"""Characters of a wish that are read; who wants to practise says so in a sentence or two."""
_LIKENESS = 0.86
_SHORTEST_MISSPELT = 6

Words = tuple[str, ...]


class Names:
    """Every topic, with lessons or planned, by its names; its id and title are among them."""

    def __init__(self, curriculum: Curriculum) -> None:
        """Read the names of a curriculum; one that a planned topic shares is the other topic's."""
        self._subjects = {
            named: subject
            for subject in (*curriculum.planned, *curriculum.topics)
            for name in (subject.id, subject.title, *subject.names)
            if (named := _words(name))
        }
        self._words = frozenset(word for name in self._subjects for word in name)
        self._longest = max(map(len, self._subjects))

    def subject_in(self, text: str) -> Subject | None:
        """Return the topic that the text names, None if it names none.

        The longest name wins ("list comprehension" is not "list"), and of two that are as long the first in the text.
        """
        said = tuple(map(self._respelt, _words(text[:LONGEST_READ])))
        for length in range(min(self._longest, len(said)), 0, -1):
            for start in range(len(said) - length + 1):
                if found := self._subjects.get(said[start : start + length]):
                    return found
        return None

    def _respelt(self, word: str) -> str:
        if word in self._words or len(word) < _SHORTEST_MISSPELT:
            return word
        alike = (other for other in sorted(self._words) if other[0] == word[0])
        return next(iter(get_close_matches(word, alike, 1, _LIKENESS)), word)


def in_a_sentence(title: str) -> str:
    """Return a title as it stands within a sentence: "Loops" becomes "loops", "NumPy" stays."""
    return title[0].lower() + title[1:] if title.split()[0][1:].islower() else title


def _words(text: str) -> Words:
    return tuple(map(_singular, re.findall(r"\w+", text.lower())))


def _singular(word: str) -> str:
    return re.sub(r"(?<=ss)es$|(?<=[^\W_sui])s$", "", re.sub(r"(?<=\w\w)ies$", "y", word))
