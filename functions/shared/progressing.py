"""Progressing: what learners do, and how far that has brought them."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from functions.shared.payload import Payload

MasteryLevel = Literal["red", "yellow", "green", "blue"]
"""0–40, 41–70, 71–90 and 91–100 of the rounded mastery."""
Certainty = Literal["low", "medium", "high"]


class ActivityRecorded(Payload):
    """A learner did something elsewhere that counts as learning Python."""

    TYPE = "org.learnflow.activity.recorded.v1"
    activity_type: str = Field(min_length=1, max_length=64, description="What it was, e.g. `video_watched`.")
    score: float | None = Field(default=None, ge=0, le=100, description="How well it went, where it can be said.")
    topic: str | None = Field(default=None, description="The id of a topic, as GET /api/v1/concepts lists them.")


class Component(BaseModel):
    """One part of mastery. Without data its value counts as 0."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    value: int = Field(ge=0, le=100)
    weight: float = Field(description="Its share of mastery, 0 to 1.")
    data: int = Field(ge=0, description="How many things it rests on; 0: there is no data.")


class Mastery(BaseModel):
    """How well something is known, what that is made of, and how far it can be believed."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    mastery: int = Field(ge=0, le=100)
    level: MasteryLevel
    exercises: Component
    quizzes: Component
    quality: Component
    consistency: Component
    certainty: Certainty
    because: str = Field(description="Why it can be believed so far, in a sentence.")
    passed_alone: int = Field(default=0, description="Exercises passed without help.")
    passed_helped: int = Field(default=0, description="Exercises passed after a hint.")


class TopicMastery(Mastery):
    """Mastery of one topic."""

    topic: str
    title: str


class Standing(BaseModel):
    """How far a learner has come, as of a day."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    overall: Mastery
    topics: tuple[TopicMastery, ...] = ()
    streak: int = Field(description="Days in a row up to today or yesterday, in the learner's time zone.")
    active_days: int = Field(description="Of the last 30.")
    as_of: date


class ProgressReported(Payload):
    """A learner asked how far they have come."""

    TYPE = "org.learnflow.progress.reported.v1"
    summary: str = Field(description="Markdown.")
    standing: Standing
    answered_by: str = "built-in"


class ProgressUpdated(Payload):
    """Something visible of a learner's progress has changed."""

    TYPE = "org.learnflow.progress.updated.v1"
    mastery: int = Field(ge=0, le=100, description="Overall.")
    level: MasteryLevel
    previous_level: MasteryLevel | None = Field(default=None, description="Null at the first sign of a learner.")
    topic: str | None = Field(default=None, description="The topic it happened in.")
    topic_mastery: int | None = Field(default=None, ge=0, le=100)
    topic_level: MasteryLevel | None = None
    previous_topic_level: MasteryLevel | None = None
    because: str = Field(description="The type of event that changed it.")
