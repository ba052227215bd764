"""Level: how deep somebody who is known a little is to be answered. Pure."""

from __future__ import annotations

from bisect import bisect_left

from functions.curriculum.models import LEVELS
from functions.shared.events import LearnerContext
from functions.shared.payload import Level

DEFAULT: Level = "beginner"


def level_at(mastery: float) -> Level:
    """Return the level to explain at, 0 to 100 being how well the topic is known: the bounds of the mastery levels
    Red (to 40), Yellow (to 70), Green (to 90) and Blue."""
    return LEVELS[bisect_left((40, 70, 90), mastery)]


def level_of(context: LearnerContext | None, topic: str | None = None) -> Level:
    """Return the level of a learner in a topic, else the one of all that they know something of, else beginner."""
    known = context.mastery if context else {}
    if topic in known:
        return level_at(known[topic])
    return level_at(sum(known.values()) / len(known)) if known else DEFAULT
