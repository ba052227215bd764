"""Choosing: which question a learner is asked next. Pure, and the same for the same learner on every run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from functions.curriculum.fitting import difficulty_at, full_id, steps_between
from functions.curriculum.practice import QuizQuestion
from functions.shared.payload import Difficulty

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_TURN = {None: 0, False: 1, True: 2}


@dataclass(frozen=True)
class Past:
    """What a learner and a question have had to do with each other."""

    right: bool | None = None
    """Whether the latest answer was right; None if there is none."""
    answered_at: datetime | None = None
    posed_at: datetime | None = None
    """When it was last posed, if that was lately."""

    @property
    def open_since(self) -> datetime | None:
        """When it was posed, if that was lately and it has not been answered since."""
        answered = self.answered_at and self.posed_at and self.answered_at >= self.posed_at
        return None if answered else self.posed_at


NO_PAST = Past()


def choose_question(
    topic: str,
    questions: Sequence[QuizQuestion],
    asked: Difficulty | None,
    mastery: int,
    past: Mapping[str, Past],
) -> QuizQuestion:
    """Return the question of a topic that fits the learner best; `past` holds what has been, by full id.

    The difficulty asked for counts most; one that only follows from `mastery`, 0 to 100, gives way to what is due.
    Due first is what was never answered, then what was answered wrongly, the longest ago first, then what was
    answered rightly; among these, whoever leaves a question open and asks for the next one gets another.
    """
    wanted = asked or difficulty_at(mastery)

    def fitness(question: QuizQuestion) -> tuple[object, ...]:
        before = past.get(full_id(topic, question.id), NO_PAST)
        due = (_TURN[before.right], before.open_since or _LONG_AGO, before.answered_at or _LONG_AGO)
        away = steps_between(question.difficulty, wanted)
        return (away, *due) if asked else (*due, away)

    return min(questions, key=fitness)


def answered(past: Mapping[str, Past]) -> frozenset[str]:
    """Return the full ids of the questions that the learner has answered."""
    return frozenset(name for name, before in past.items() if before.right is not None)
