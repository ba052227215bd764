"""The JSON of a timeline: what a learner did, as whoever teaches them sees it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, TypeAdapter

from functions.gateway.cursors import cursor_after
from functions.gateway.timeline_queries import LONGEST_QUESTION, Happened
from functions.shared.alerting import Severity
from functions.shared.payload import Status
from functions.shared.progressing import MasteryLevel


class _Entry(BaseModel):
    id: str
    at: datetime


class Asked(_Entry):
    """The learner asked for something. Neither their code nor what they were answered is shown."""

    kind: Literal["question"]
    asked_for: str = Field(description="What it turned out to be, or was asked for as.", examples=["explain", "review"])
    status: Status
    question: str | None = Field(description=f"In their words, up to {LONGEST_QUESTION:,} characters.")
    topic: str | None = Field(description="The topic's id, where it is known.")


class HandedIn(_Entry):
    """The learner handed in an exercise."""

    kind: Literal["submission"]
    exercise_id: str
    attempt: int
    status: Literal["pending", "graded", "ungraded"]
    score: int | None
    passed: bool


class Answered(_Entry):
    """The learner answered a quiz question; `at` is the latest time."""

    kind: Literal["quiz_answer"]
    question_id: str
    correct: bool = Field(description="Whether the latest answer is right.")
    first_correct: bool = Field(description="Whether the first one was, which counts.")
    times: int


class Erred(_Entry):
    """A program of the learner's ended with an error, or they asked about one."""

    kind: Literal["error"]
    error_type: str
    line: int | None


class Alerted(_Entry):
    """The course's teacher was told that the learner is stuck."""

    kind: Literal["alert"]
    severity: Severity
    title: str
    dismissed_at: datetime | None


class Moved(_Entry):
    """A level of the learner's changed, of everything or of a topic."""

    kind: Literal["level"]
    level: MasteryLevel
    previous_level: MasteryLevel | None
    mastery: int
    topic: str | None
    topic_level: MasteryLevel | None
    previous_topic_level: MasteryLevel | None
    topic_mastery: int | None


Entry = Annotated[Asked | HandedIn | Answered | Erred | Alerted | Moved, Field(discriminator="kind")]
_ENTRY: TypeAdapter[Asked | HandedIn | Answered | Erred | Alerted | Moved] = TypeAdapter(Entry)


class TimelineDocument(BaseModel):
    """A page of what a learner did since they joined the course, the latest first."""

    timeline: list[Entry]
    next: str | None = Field(description="The `cursor` of the next page; null on the last.")


def timeline(happened: Sequence[Happened], size: int) -> dict[str, Any]:
    """Return a page of `size` out of what happened, of which there is one more where there is another page."""
    shown = happened[:size]
    last = shown[-1] if len(happened) > size else None
    document = TimelineDocument(
        timeline=[
            _ENTRY.validate_python({**each.what, "kind": each.kind, "id": each.id, "at": each.at}) for each in shown
        ],
        next=cursor_after(last.at, last.kind, last.id) if last else None,
    )
    return document.model_dump(mode="json")
