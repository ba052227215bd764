"""The JSON of progress: what a learner did elsewhere, and that it was taken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from functions.shared.edge.documents import Body, Links
from functions.shared.edge.problems import invalid
from functions.shared.progressing import ActivityRecorded

OLDEST = timedelta(days=365)
_ON_ITS_WAY = timedelta(hours=1)
"""An activity that is just not too old yet would be by the time it arrives."""
_CLOCKS_DIFFER = timedelta(minutes=1)


class Activity(Body):
    """Something that a learner did elsewhere."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"activity_type": "video_watched", "topic": "loops"},
                {"activity_type": "course_test", "score": 80, "occurred_at": "2026-03-20T12:00:00Z"},
            ]
        }
    )

    activity_type: str = Field(
        min_length=1, max_length=64, pattern=r"\S", description="What it was.", examples=["video_watched"]
    )
    score: float | None = Field(
        None, ge=0, le=100, strict=True, description="How well it went, where it can be said; kept, and not counted."
    )
    topic: str | None = Field(None, description="The topic's id, as GET /api/v1/concepts lists it.", examples=["loops"])
    occurred_at: AwareDatetime | None = Field(
        None, description="When, with its time zone: within the last year; now, if left out."
    )

    def recorded(self) -> ActivityRecorded:
        """Return the event's payload."""
        return ActivityRecorded(activity_type=self.activity_type, score=self.score, topic=self.topic)

    def at(self, now: datetime) -> datetime:
        """Return when it was, in UTC. Raises Problem 422 for a time to come, and for one of more than a year ago."""
        if self.occurred_at is None:
            return now
        if self.occurred_at > now + _CLOCKS_DIFFER:
            raise invalid("body.occurred_at", "This is yet to come")
        if self.occurred_at < now - OLDEST + _ON_ITS_WAY:
            raise invalid("body.occurred_at", "This is more than a year ago")
        return min(self.occurred_at.astimezone(UTC), now)


class ActivityTaken(BaseModel):
    """An activity was taken on."""

    id: str
    status: Literal["accepted"] = "accepted"
    links: Links
