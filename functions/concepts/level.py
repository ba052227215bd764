"""Level: how deep an explanation should go, from how the question is worded."""

from __future__ import annotations

import re
from collections.abc import Collection

from functions.concepts.words import Words, words
from functions.curriculum.models import LEVELS, Topic
from functions.shared.level import DEFAULT, level_at
from functions.shared.payload import Level

# In this order: a negation is read before what it negates ("not too advanced"), and who asks for internals
# "in simple terms" wants them simple.
_PHRASES: tuple[tuple[Level, tuple[str, ...]], ...] = (
    (
        "elementary",
        (
            r"(?:not|no longer) (?:a |an )?(?:complete |total |absolute )?(?:beginner|newbie|novice)\b",
            r"(?:know|got|understand|learn(?:ed|t)|past|beyond) (?:all )?the (?:very )?basics\b",
            r"(?:not|nothing|without|isn['’]?t)(?: \w+)? (?:too |very |so )?(?:advanced|in[- ]depth|technical)\b",
        ),
    ),
    (
        "beginner",
        (
            r"eli5\b",
            r"like (?:i['’]?m|i am|im) (?:a |an )?(?:five|5|six|6|seven|7|ten|10|kid|child|beginner|year)",
            r"(?:for|to) (?:a |an )?(?:dummies|kids?|child|children|five|5|my grandm)",
            r"plain (?:english|words)|layman",
            r"simpl(?:e|y|er|est)\b|easy (?:words|way|terms|explanation)|easily\b",
            r"beginners?\b|newbie\b|noob\b|novice\b|never (?:coded|programmed|written)",
            r"(?:i['’]?m|i am|im) (?:very |so |completely )?new (?:to|at|here)\b",
            r"new to (?:python|programming|coding)",
            r"from (?:scratch|zero|the beginning)\b",
            r"the basics\b|basic (?:idea|explanation|introduction|intro|terms)\b",
        ),
    ),
    (
        "advanced",
        (
            r"in[- ](?:more |great )?(?:depth|detail)\b|thorough|deeply\b|deep(?:er)?[- ]?div\w+",
            r"under the (?:hood|bonnet|covers)|behind the scenes",
            r"internals?\b|internally\b|implemented\b|bytecode\b|cpython\b",
            r"advanced\b|expert\b|senior\b|trade-?offs?\b|performance\b|best practices?\b",
        ),
    ),
    (
        "intermediate",
        (
            r"intermediate\b|mechanics\b|mechanism\b|protocol\b|inner workings\b",
            r"how exactly\b|exactly how\b|what (?:really|actually) happens\b|(?:really|actually) works?\b",
        ),
    ),
    (
        "elementary",
        (
            r"elementary\b|pitfalls?\b|gotchas?\b|watch out\b|next step\b|a (?:bit|little) more\b",
            r"(?:common|typical) (?:mistakes?|errors?|patterns?|uses?)\b",
            r"when (?:should|would|do) (?:i|you|we) use\b",
        ),
    ),
)
_WORDINGS = tuple(
    (level, re.compile("|".join(rf"\b(?:{phrase})" for phrase in phrases), re.IGNORECASE))
    for level, phrases in _PHRASES
)


def level_for(
    question: str, topic: Topic | None = None, names: Collection[Words] = (), mastery: int | None = None
) -> Level:
    """Return the level the question asks for in words, else that of the part of the topic it names, else that of
    the learner's mastery of the topic (0 to 100), else beginner.

    `names` are the names by which the topic was found: who asks about *closures* wants the lesson that explains them.
    """
    for level, wording in _WORDINGS:
        if wording.search(question):
            return level
    taught_at = topic.taught_at if topic else {}
    named = (level for level in LEVELS if any(words(name) in names for name in taught_at.get(level, ())))
    return next(named, DEFAULT if mastery is None else level_at(mastery))
