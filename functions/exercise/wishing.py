"""Wishing: what a learner wants to practise, and whether what there is will do. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from functions.curriculum.fitting import full_id
from functions.curriculum.models import Topic
from functions.curriculum.naming import LONGEST_READ, Names
from functions.curriculum.practice import Exercise
from functions.shared.payload import Difficulty

_THEME = re.compile(
    r"\b(?:about|featuring|involving|themed|set in|to do with|on the theme of)\b([^.,;:!?\n]{3,80})", re.IGNORECASE
)
_NO_THEME = re.compile(
    "the|some|any|all|and|for|that|this|these|those|them|they|with|from|into|your|mine|how|what|which|when|ones?|two|"
    "please|python|exercises?|tasks?|problems?|practi[cs]e|something|anything|everything|new|another|more|other|again|"
    "different|difficult|hard(er)?|eas(y|ier)|medium|simple|code|programs?|programming|topic|learn(ing)?|lesson|"
    "things?|stuff"
)


class Wish(NamedTuple):
    """What is to be practised: a topic, and what it may be about as well."""

    topic: Topic
    difficulty: Difficulty | None
    """None: whatever suits."""
    theme: tuple[str, ...] = ()
    """Words that an exercise may be known by; any of them will do."""


def theme_of(question: str, names: Names) -> tuple[str, ...]:
    """Return what a learner wants an exercise to be about, beside a topic of the curriculum: "on loops about football"
    is about football. () where they say nothing of it."""
    found = _THEME.search(question[:LONGEST_READ])
    words = re.findall(r"[^\W\d_]{3,}", found[1].lower()) if found else ()
    return tuple(word for word in words if not _NO_THEME.fullmatch(word) and names.subject_in(word) is None)


def on_theme(theme: Collection[str], exercises: Sequence[Exercise]) -> tuple[Exercise, ...]:
    """Return the exercises that are about a theme."""
    stems = tuple(word.removesuffix("s") if len(word) > 3 else word for word in theme)
    return tuple(each for each in exercises if any(map(f"{each.title} {each.description}".lower().count, stems)))


def wants_new(wish: Wish, exercises: Sequence[Exercise], passed: Collection[str]) -> bool:
    """Whether every exercise that fits a wish is passed, or none does."""
    fitting = on_theme(wish.theme, exercises) if wish.theme else exercises
    return all(
        full_id(wish.topic.id, each.id) in passed
        for each in fitting
        if wish.difficulty is None or each.difficulty == wish.difficulty
    )
