"""Fitting: what a learner is to practise, and how hard it may be. Pure, and the same for the same learner always."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from typing import get_args

from functions.curriculum.models import Curriculum, Subject, Topic
from functions.curriculum.naming import LONGEST_READ, Names
from functions.curriculum.practice import Difficulty

DIFFICULTIES: tuple[Difficulty, ...] = get_args(Difficulty)

_HARD = r"(?:hard|difficult|challeng\w*|advanced|tough|tricky|demanding)(?:er|est)?\b"
_EASY = r"(?:easy|easier|easiest|simple|simpler|simplest|basic|gentle|beginner)\b"
_MEDIUM = r"(?:medium|intermediate|moderate|middling)\b"
# In this order: a negation is read before what it negates, and who finds something hard wants nothing hard on it.
_WORDINGS: tuple[tuple[Difficulty, str], ...] = (
    ("easy", rf"\b(?:not|nothing|isn['’]?t)(?: \w+)?(?: too| very| so)? {_HARD}"),
    ("easy", rf"\bi (?:find|found)(?: \w+){{0,3}}? {_HARD}"),
    ("easy", rf"\b(?:is|are|am|find|found|seems?|feels?)(?: it| them| this| that)?(?: too| very| so| really)? {_HARD}"),
    ("medium", rf"\b(?:not|nothing)(?: too| very| so) {_EASY}|\b(?:bit|little) {_HARD}"),
    ("hard", rf"\b{_HARD}"),
    ("medium", rf"\b{_MEDIUM}"),
    ("easy", rf"\b{_EASY}"),
)


def full_id(topic: str, name: str) -> str:
    """Return how an exercise or a quiz question is known outside its topic: `loops/sum-of-evens`."""
    return f"{topic}/{name}"


def choose_subject(
    named: str | None,
    question: str,
    curriculum: Curriculum,
    names: Names,
    mastery: Mapping[str, int],
    done: Collection[str],
) -> Subject | None:
    """Return what to practise: the topic that is named, else the one in the question, else what the learner needs.

    A topic that is named as such and not known is None: none is taken for another. What the learner needs is the
    topic they master least (`mastery` holds 0 to 100 by topic, for those that something is known of), and where
    nothing is known of that, the one with the fewest among the full ids of what they have `done`, the first by depth;
    it is an open one, and None where none is. What is named may be closed.
    """
    if named:
        return curriculum.topic(named) or names.subject_in(named)
    return names.subject_in(question) or _needed(curriculum.by_depth, mastery, done)


def _needed(topics: Sequence[Topic], mastery: Mapping[str, int], done: Collection[str]) -> Topic | None:
    known = [topic for topic in topics if topic.id in mastery]
    if known:
        return min(known, key=lambda topic: mastery[topic.id])
    return min(topics, key=lambda topic: sum(name.startswith(f"{topic.id}/") for name in done), default=None)


def difficulty_asked(question: str) -> Difficulty | None:
    """Return the difficulty that the question asks for in words, None if it asks for none."""
    wish = question[:LONGEST_READ]
    return next((difficulty for difficulty, wording in _WORDINGS if re.search(wording, wish, re.IGNORECASE)), None)


def difficulty_at(mastery: int) -> Difficulty:
    """Return the difficulty for a mastery of 0 to 100: easy up to Red's end at 40, medium up to Yellow's at 70."""
    return DIFFICULTIES[bisect_left((40, 70), mastery)]


def steps_between(one: Difficulty, other: Difficulty) -> int:
    """Return how far two difficulties are from each other: 0, 1 or 2."""
    return abs(DIFFICULTIES.index(one) - DIFFICULTIES.index(other))
