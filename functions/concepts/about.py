"""About: what a learner wants to understand, at which level, and what they are not to be given with it. Pure."""

from __future__ import annotations

from typing import NamedTuple

from functions.concepts.find import Match
from functions.concepts.level import level_for
from functions.curriculum.models import Curriculum, Subject, Topic
from functions.shared.events import ExplanationRequested, QuestionDeclined
from functions.shared.explaining import ConceptExplained
from functions.shared.guard.guarding import Known
from functions.shared.payload import Level
from functions.shared.tutor import Explanation


class About(NamedTuple):
    """A subject of the curriculum, if the question is about any, and at which level it is to be explained."""

    subject: Subject | None
    level: Level
    mastery: int | None = None
    """How well the learner knows it, 0 to 100; None where that is not known."""

    @property
    def topic(self) -> Topic | None:
        """The subject, if there are lessons on it."""
        return self.subject if isinstance(self.subject, Topic) else None


class Found(NamedTuple):
    """What there is to answer, what is open to the asker, and what the answer is held against."""

    answer: ConceptExplained | Explanation | QuestionDeclined
    course: Curriculum
    known: Known
    keep_as: str | None = None
    """If it was made just now, the version of the tutor to keep it under."""
    is_claimed: bool = False
    """What its examples print is somebody's word, until they have been run."""


def about_of(asked: ExplanationRequested, match: Match | None) -> About:
    """Return what is asked: the level it names, else the one that its words, its topic or its asker's mastery tell."""
    subject = match.subject if match else None
    topic = subject if isinstance(subject, Topic) else None
    mastery = asked.context.mastery.get(topic.id) if asked.context and topic else None
    level = asked.level or level_for(asked.question, topic, match.names if match else (), mastery)
    return About(subject, level, mastery)


def may_be_explained(asked: ExplanationRequested, about: About, course: Curriculum) -> bool:
    """Whether somebody who knows more than the lessons may explain it: nothing that a course has not opened. What no
    topic was found in, they may find one in."""
    if about.subject is None:
        told = (asked.question, asked.code, asked.error_message)
        return any(part and part.strip() for part in told) and bool(course.by_depth)
    return course.is_open(about.topic) if about.topic else course.open_topics is None
