"""Errors that tell the platform what to do with an event; what a program does wrong is never one of them."""

from __future__ import annotations

from typing import ClassVar


class EventError(Exception):
    """The event could not be handled; its text ends up in the dead letter."""

    status: ClassVar[int] = 500


class MalformedEvent(EventError):
    """This is no CloudEvent, or its data breaks the schema of its type: to the dead letters at once."""

    status = 400


class RejectedEvent(EventError):
    """The event is well formed, but it can never be handled: to the dead letters at once."""

    status = 422


class TryAgainLater(EventError):
    """The sandbox cannot run anything now: the platform tries again, with backoff."""

    status = 503
