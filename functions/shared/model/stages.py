"""Stages: what a learner who waits is told while a model works. Ids and a word, never what anybody said."""

from __future__ import annotations

from typing import Any, Literal

from functions.shared.database import Connection
from functions.shared.events import Event

Stage = Literal["writing", "checking"]
"""A model writes an answer · what it wrote is checked before anybody sees it."""

# Nobody needs it to be complete, so it is kept nowhere; what came in through Kafka has no row, and nobody waits for it.
TELL_STAGE = """
    SELECT pg_notify('learnflow', json_build_object('request', id, 'learner', user_id, 'stage', %(stage)s::text)::text)
    FROM requests WHERE id = %(request)s AND user_id = %(learner)s
"""


def tell_stage(db: Connection, event: Event[Any], stage: Stage) -> None:
    """Tell whoever watches how far the answer to a request is."""
    db.execute(TELL_STAGE, {"request": event.correlation_id, "learner": event.learner_id, "stage": stage})
