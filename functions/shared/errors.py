"""Errors that tell the platform what to do with an event; a learner's mistake is never one of them.

The statuses are those the Kafka broker acts on: 400 and 422 go to the dead letters at once, 503 and 500 are
retried with backoff first.
"""

from __future__ import annotations

import inspect
from typing import ClassVar


class EventError(Exception):
    """The event could not be handled."""

    status: ClassVar[int] = 500

    def __init__(self, detail: str | None = None) -> None:
        """`detail` is one sentence for an operator; the class's docstring is the default."""
        super().__init__(detail or inspect.getdoc(type(self)))


class MalformedEvent(EventError):
    """This is no CloudEvent, or its data breaks the schema of its type."""

    status = 400


class RejectedEvent(EventError):
    """The event is well formed, but it can never be handled."""

    status = 422


class Erased(RejectedEvent):
    """The person it is about has been deleted."""


class TryAgainLater(EventError):
    """Something this function depends on does not answer now."""

    status = 503
