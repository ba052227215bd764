"""Inputs: what several prompts are made of alike. Nothing names a learner: no field could hold who asks. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import BaseModel, ConfigDict, Field

from functions.shared.conversing import MOST_TURNS, Turn
from functions.shared.explaining import NearTopic
from functions.shared.prompts.fencing import (
    LONGEST_EARLIER,
    LONGEST_EXERCISE,
    Data,
    listed,
    one_line,
    text,
    without_homes,
)

MOST_TOPICS, LONGEST_TOPICS = 40, 1_600
_LONGEST_TURN = LONGEST_EARLIER // MOST_TURNS - 10


class Input(BaseModel):
    """What a prompt is made of, and all that is sent of a learner."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class ExerciseFacts(Input):
    """The exercise that a program is for, as its learner sees it; never its solution, nor its tests."""

    title: str
    description: str = Field(description="Markdown.")


def exercise(given: ExerciseFacts | None) -> Data | None:
    """Return the exercise as it stands in a prompt."""
    if given is None:
        return None
    facts = (("title", given.title), ("description", given.description))
    return listed("exercise", facts, LONGEST_EXERCISE, each=LONGEST_EXERCISE)


def earlier(turns: Sequence[Turn]) -> Data | None:
    """Return what was asked before in the conversation, the latest last."""
    return text("earlier", "\n".join(map(_told, turns[-MOST_TURNS:])), LONGEST_EARLIER, keep="end")


def topics(names: Sequence[NearTopic] | None) -> Data | None:
    """Return the topics that are open to a learner; None where all are."""
    if names is None:
        return None
    return listed("topics", ((each.topic, each.title) for each in names[:MOST_TOPICS]), LONGEST_TOPICS)


def _told(turn: Turn) -> str:
    return one_line(f"- {'; '.join(_parts(turn))}", _LONGEST_TURN)


def _parts(turn: Turn) -> Iterator[str]:
    about = (turn.intent or turn.kind, turn.topic, turn.level, turn.exercise_id)
    yield " ".join(one_line(each, 60) for each in about if each)
    if turn.question.strip():
        yield f"asked: {one_line(turn.question, 180)}"
    if turn.code:
        yield "with a program"
    if turn.error_message:
        yield f"with an error that ends: {one_line(without_homes(turn.error_message)[-120:])}"
