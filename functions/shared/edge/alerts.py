"""What people are told, as it is kept and as its reader sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from functions.shared.alerting import AlertKind, Severity

ALERT_COLUMNS = "id, seq, about, kind, severity, title, message, evidence, created_at, read_at, dismissed_at"


@dataclass(frozen=True)
class KeptAlert:
    """An alert as it is kept."""

    id: str
    seq: int
    about: str
    kind: AlertKind
    severity: Severity
    title: str
    message: str
    evidence: dict[str, Any]
    created_at: datetime
    read_at: datetime | None
    dismissed_at: datetime | None


class NotificationDocument(BaseModel):
    """Something somebody is told."""

    id: str
    kind: AlertKind
    severity: Severity
    about: str = Field(description="The learner it is about; of a message, who sent it.")
    title: str
    message: str
    evidence: dict[str, Any] = Field(description="What it rests on.")
    created_at: datetime
    read_at: datetime | None
    dismissed_at: datetime | None


def notification(alert: KeptAlert) -> NotificationDocument:
    """Return an alert as its reader sees it."""
    return NotificationDocument.model_validate(alert, from_attributes=True)
