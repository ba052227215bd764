"""Alerting: signs that a learner struggles, and what is said to whom about them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from functions.shared.payload import Payload

Signal = Literal["same_error", "error_quotient", "failing_exercise", "no_success"]
Severity = Literal["info", "warning", "urgent"]
AlertKind = Literal["struggle", "progress", "message"]
Channel = Literal["in_app", "webhook", "email"]

GONE = "(deleted)"
"""Stands in the place of the id of somebody who is deleted; nobody's id can be this."""


class StruggleDetected(Payload):
    """A learner seems to be stuck."""

    TYPE = "org.learnflow.struggle.detected.v1"
    signal_id: str
    signal: Signal
    severity: Severity = "warning"
    reason: str = Field(description="Why, in a sentence that a teacher understands.")
    evidence: dict[str, Any] = Field(default={}, description="What it rests on: numbers, types of error, ids.")
    topic: str | None = None
    exercise_id: str | None = None


class AlertRequested(Payload):
    """Somebody wants people told something."""

    TYPE = "org.learnflow.alert.requested.v1"
    title: str = Field(min_length=1, max_length=200)
    message: str = Field(max_length=4000)
    severity: Severity = "info"
    recipients: tuple[str, ...] = Field(default=(), max_length=100, description="Users' ids; none: the subject alone.")


class AlertRecipient(BaseModel):
    """Who is told, by which alert. Its words are theirs alone and stay in the database."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    user_id: str
    alert_id: str


class AlertRaised(Payload):
    """People are told something about a learner, or about themselves."""

    TYPE = "org.learnflow.alert.raised.v1"
    kind: AlertKind
    severity: Severity
    about: str = Field(description="The learner it is about; of a message, who sent it.")
    recipients: tuple[AlertRecipient, ...]

    def extensions(self) -> dict[str, str]:
        """Return its kind: whoever sends a message waits to be told so, and of the other kinds nobody does."""
        return {"alertkind": self.kind}
