"""Drafts: answers that wait for a program of theirs to be run in the sandbox before they go out."""

from __future__ import annotations

import uuid
from typing import Any

from psycopg.types.json import Jsonb

from functions.shared.database import Connection
from functions.shared.errors import RejectedEvent
from functions.shared.events import NAMESPACE, Event
from functions.shared.running import CheckExecuted

WHO_MAY_TELL = frozenset({"/learnflow/sandbox-runner", "/learnflow/dead-letter"})

SAVE = """
    INSERT INTO drafts (id, requester, learner_id, body) VALUES (%(id)s, %(requester)s, %(learner)s, %(body)s)
"""

READ = "SELECT body FROM drafts WHERE id = %(id)s AND requester = %(requester)s AND learner_id = %(learner)s"

TAKE = """
    DELETE FROM drafts WHERE id = %(id)s AND requester = %(requester)s AND learner_id = %(learner)s RETURNING body
"""


def keep_draft(db: Connection, event: Event[Any], requester: str, body: dict[str, Any]) -> str:
    """Keep what is needed to finish the answer to an event, and return the draft's id."""
    draft_id = str(uuid.uuid5(NAMESPACE, f"draft:{requester}:{event.origin}:{event.id}"))
    values = {"id": draft_id, "requester": requester, "learner": event.learner_id, "body": Jsonb(body)}
    db.execute(SAVE, values)
    return draft_id


def read_draft(db: Connection, event: Event[CheckExecuted], requester: str) -> dict[str, Any] | None:
    """Return the draft that a check was for, and leave it to be taken; None if it was finished already, or if the
    result is none to go by, which `take_draft` tells."""
    if event.origin not in WHO_MAY_TELL or event.data.requester != requester:
        return None
    row = db.execute(READ, _of(event, requester)).fetchone()
    return row[0] if row else None


def take_draft(db: Connection, event: Event[CheckExecuted], requester: str) -> dict[str, Any] | None:
    """Return the draft that a check was for, and forget it; None if it was finished already: the first word counts.

    Raises RejectedEvent for a result that neither the sandbox nor the dead letters told, or that is not ours.
    """
    if event.origin not in WHO_MAY_TELL:
        raise RejectedEvent("results come from the sandbox-runner alone")
    if event.data.requester != requester:
        raise RejectedEvent(f"this check is of {event.data.requester}")
    row = db.execute(TAKE, _of(event, requester)).fetchone()
    return row[0] if row else None


def _of(event: Event[CheckExecuted], requester: str) -> dict[str, str | None]:
    return {"id": event.data.draft_id, "requester": requester, "learner": event.learner_id}
