"""What triage reads of a conversation: its last turns before the question that is being routed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple, cast, get_args

from functions.shared.conversing import MOST_TURNS, Turn
from functions.shared.database import Connection
from functions.shared.payload import Intent, Level

# Both tables by their indexes, five rows at most of each. A retry sees nothing that was asked later.
LAST_TURNS = """
    SELECT requests.kind, requests.routed_to, requests.body, messages.body ->> 'topic' AS topic,
           messages.body ->> 'level' AS level, messages.body ->> 'exercise_id' AS exercise_id,
           messages.body -> 'error' ->> 'traceback' AS traceback
    FROM requests LEFT JOIN messages ON messages.id = requests.answer_message_id
    WHERE requests.user_id = %(learner)s AND requests.conversation_id = %(conversation)s
      AND requests.created_at < %(asked_at)s AND requests.id <> %(request)s
    ORDER BY requests.created_at DESC LIMIT %(most)s
"""

_INTENTS: Mapping[str, Intent] = {
    "explanation": "concepts",
    "debugging": "debug",
    "review": "code_review",
    "exercise": "exercise",
    "submission": "exercise",
    "quiz": "quiz",
    "quiz_answer": "quiz",
    "execution": "debug",
}
"""What is asked for by requests that nobody routes."""


class Row(NamedTuple):
    """A request, and what its answer tells."""

    kind: str
    routed_to: Intent | None
    body: dict[str, Any]
    topic: str | None
    level: str | None
    exercise_id: str | None
    traceback: str | None


def last_turns(
    db: Connection, learner: str, conversation: str, *, asked_at: datetime, request: str
) -> tuple[Turn, ...]:
    """Return what a learner asked in a conversation before a moment, the latest last; a request that came through
    Kafka has no row and is not among it."""
    values = {
        "learner": learner,
        "conversation": conversation,
        "asked_at": asked_at,
        "request": request,
        "most": MOST_TURNS,
    }
    rows = db.execute(LAST_TURNS, values).fetchall()
    return tuple(turn(Row(*row)) for row in reversed(rows))


def turn(row: Row) -> Turn:
    """Return a request and its answer as a turn; what was answered says more than what was asked for."""
    asked = row.body
    return Turn(
        kind=row.kind,
        question=asked.get("question") or "",
        intent=row.routed_to or _INTENTS.get(row.kind),
        topic=row.topic or asked.get("topic"),
        level=cast(Level, row.level) if row.level in get_args(Level) else asked.get("level"),
        exercise_id=row.exercise_id or asked.get("exercise_id"),
        code=asked.get("code"),
        error_message=asked.get("error_message") or row.traceback,
    )
