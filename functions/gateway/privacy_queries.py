"""What the gateway asks of the database about what a language model was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import class_row

from functions.shared.edge.database import AsyncConnection


@dataclass(frozen=True)
class ModelCall:
    """A call of a language model as it is kept."""

    id: str
    called_at: datetime
    function: str
    model: str
    sent: list[dict[str, Any]]
    received: str | None
    prompt_tokens: int | None
    answer_tokens: int | None
    cost: int | None


MODEL_CALLS = """
    SELECT id, called_at, function, model, sent, received, prompt_tokens, answer_tokens, cost
    FROM model_calls
    WHERE learner_id = %(learner)s AND (called_at, id) < (%(at)s, %(id)s)
    ORDER BY called_at DESC, id DESC LIMIT %(most)s
"""


async def model_calls_of(
    db: AsyncConnection, learner: str, *, before: tuple[datetime, str] | None, most: int
) -> list[ModelCall]:
    """Return a learner's latest calls before a time and id, the latest first."""
    at, call_id = before or ("infinity", "")
    async with db.cursor(row_factory=class_row(ModelCall)) as cursor:
        await cursor.execute(MODEL_CALLS, {"learner": learner, "at": at, "id": call_id, "most": most})
        return await cursor.fetchall()
