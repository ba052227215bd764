"""Choosing: which exercise suits a learner. Pure, and the same for the same learner on every run."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from functions.curriculum.models import Curriculum, Subject, Topic
from functions.curriculum.practice import Exercise
from functions.exercise.naming import LONGEST_READ, Names
from functions.shared.payload import Difficulty

DIFFICULTIES: tuple[Difficulty, ...] = get_args(Difficulty)

_HARD = r"(?:hard|difficult|challeng\w*|advanced|tough|tricky|demanding)(?:er|est)?\b"
_EASY = r"(?:easy|easier|easiest|simple|simpler|simplest|basic|gentle|beginner)\b"
_MEDIUM = r"(?:medium|intermediate|moderate|middling)\b"
# In this order: a negation is read before what it negates, and who finds something hard wants no hard exercise on it.
_WORDINGS: tuple[tuple[Difficulty, str], ...] = (
    ("easy", rf"\b(?:not|nothing|isn['’]?t)(?: \w+)?(?: too| very| so)? {_HARD}"),
    ("easy", rf"\bi (?:find|found)(?: \w+){{0,3}}? {_HARD}"),
    ("easy", rf"\b(?:is|are|am|find|found|seems?|feels?)(?: it| them| this| that)?(?: too| very| so| really)? {_HARD}"),
    ("medium", rf"\b(?:not|nothing)(?: too| very| so) {_EASY}|\b(?:bit|little) {_HARD}"),
    ("hard", rf"\b{_HARD}"),
    ("medium", rf"\b{_MEDIUM}"),
    ("easy", rf"\b{_EASY}"),
)


@dataclass(frozen=True)
class Standing:
    """How far a learner has come."""

    mastery: Mapping[str, int] = field(default_factory=dict)
    """0 to 100 by topic; what nothing is known of is not there."""
    passed: frozenset[str] = frozenset()
    """The full ids of the exercises they passed."""
    recent: tuple[str, ...] = ()
    """The full ids of those they were handed lately, the one longest ago first."""


def full_id(topic: str, exercise: str) -> str:
    """Return how an exercise is known outside its topic: `loops/sum-of-evens`."""
    return f"{topic}/{exercise}"


def choose_subject(
    named: str | None, question: str, curriculum: Curriculum, names: Names, standing: Standing
) -> Subject | None:
    """Return what to practise: the topic that is named, else the one in the question, else what the learner needs.

    A topic that is named as such and not known is None: none is taken for another. What the learner needs is the
    topic they master least, and where nothing is known of that, the one with the fewest exercises passed, the first
    by depth.
    """
    if named:
        return curriculum.topic(named) or names.subject_in(named)
    return names.subject_in(question) or _needed(curriculum.by_depth, standing)


def _needed(topics: Sequence[Topic], standing: Standing) -> Topic:
    known = [topic for topic in topics if topic.id in standing.mastery]
    if known:
        return min(known, key=lambda topic: standing.mastery[topic.id])
    return min(topics, key=lambda topic: sum(done.startswith(f"{topic.id}/") for done in standing.passed))


def difficulty_asked(question: str) -> Difficulty | None:
    """Return the difficulty that the question asks for in words, None if it asks for none."""
    wish = question[:LONGEST_READ]
    return next((difficulty for difficulty, wording in _WORDINGS if re.search(wording, wish, re.IGNORECASE)), None)


def difficulty_at(mastery: int) -> Difficulty:
    """Return the difficulty for a mastery of 0 to 100: easy up to Red's end at 40, medium up to Yellow's at 70."""
    return DIFFICULTIES[bisect_left((40, 70), mastery)]


def choose_exercise(
    topic: str, exercises: Sequence[Exercise], asked: Difficulty | None, standing: Standing
) -> Exercise:
    """Return the exercise of a topic that fits the learner best.

    The difficulty asked for counts most; one that only follows from mastery gives way to something new. What is not
    passed goes before what is, what was not handed out lately before what was, and else the first in the file.
    """
    wanted = DIFFICULTIES.index(asked or difficulty_at(standing.mastery.get(topic, 0)))

    def fitness(exercise: Exercise) -> tuple[int, ...]:
        name = full_id(topic, exercise.id)
        worn = (name in standing.passed, standing.recent.index(name) + 1 if name in standing.recent else 0)
        away = abs(DIFFICULTIES.index(exercise.difficulty) - wanted)
        return (away, *worn) if asked else (*worn, away)

    return min(exercises, key=fitness)
