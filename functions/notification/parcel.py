"""A parcel: one copy of an alert on its way out, and what may come of sending it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.shared.alerting import AlertKind, Channel, Severity


@dataclass(frozen=True)
class Parcel:
    """What is sent, and where to. `secret` signs a webhook."""

    alert_id: str
    channel: Channel
    target: str
    secret: str | None
    about: str
    kind: AlertKind
    severity: Severity
    title: str
    message: str
    evidence: Mapping[str, Any]
    created_at: datetime


class NotSent(Exception):
    """It has certainly not arrived. `hopeless`: nor would it the next time."""

    def __init__(self, reason: str, *, hopeless: bool = False) -> None:
        super().__init__(reason)
        self.hopeless = hopeless


class Unsure(Exception):
    """It may have arrived: whoever took it said nothing."""


Outlet = Callable[[Parcel], None]
"""Sends a parcel and returns once it is taken. Raises NotSent or Unsure, with a reason that names neither the target
nor a secret, since it is kept and logged."""
