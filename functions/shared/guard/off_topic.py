"""Off topic: an answer that has nothing to do with programming.

Which words are about programming is read from the curriculum once; of a text without a single one in so many words, it
is safe to say that it is not what a learner of Python came for. Short texts, and whatever holds code, are let be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from functions.curriculum.reading import curriculum
from functions.shared.guard.reading import Text
from functions.shared.guard.words import words

ENOUGH_WORDS = 80
"""Words of an answer that are judged: fewer may be a greeting, or hints told in the words of an exercise's story."""
LEAST_SHARE = 0.01
"""Of words that are about programming. Lessons have 3 to 19 in a hundred; a recipe or a poem, chance words alone."""

_WORD = re.compile(r"[a-z][a-z_]+")
_CODE = re.compile(r"```|`[^`\n]+`|^\s*(?:def|class|for|while|if|import|print)\b.*[:()]", re.MULTILINE)


def is_off_topic(texts: Iterable[Text]) -> bool:
    """Return whether an answer has nothing to do with programming."""
    prose = "\n".join(text.text for text in texts if text.kind == "prose")
    if any(text.kind in ("code", "broken") for text in texts) or _CODE.search(prose):
        return False
    said = _WORD.findall(prose.lower())
    about = sum(word in vocabulary() for word in said)
    return len(said) >= ENOUGH_WORDS and about < LEAST_SHARE * len(said)


@cache
def vocabulary() -> frozenset[str]:
    """Return the words that are about programming: every topic's own, and those that any lesson needs."""
    subjects = (*curriculum().topics, *curriculum().planned)
    named = {name.lower() for subject in subjects for name in subject.names if _WORD.fullmatch(name.lower())}
    kept = words("programming")
    return frozenset(named.union(kept["words"].split()).difference(kept["everyday"].split()))
