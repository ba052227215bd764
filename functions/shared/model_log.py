"""Model log: what was sent to a language model for whom, and what came back, so that they can see it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Json

from functions.shared.database import Connection
from functions.shared.text import storable

MOST_SENT = 32_000
"""Characters kept of everything that a call sent; what is beyond is cut, message by message, and said to be."""
MOST_RECEIVED = 16_000
MOST_MESSAGES = 100
_NAME = 200
WITHHELD = "(an exercise with its solution and its hidden tests, which are not for whoever is to solve it)"
"""In the place of what a model said where it wrote an exercise."""

# Everything a learner owns refers to the learner's row, and a model may be asked before anything is kept of them.
RECORD_CALL = """
    WITH learner AS (
        INSERT INTO users (id) VALUES (%(learner)s) ON CONFLICT DO NOTHING
    )
    INSERT INTO model_calls (id, learner_id, called_at, function, model, sent)
    VALUES (%(id)s, %(learner)s, %(called_at)s, %(function)s, %(model)s, %(sent)s)
"""

RECORD_ANSWER = """
    UPDATE model_calls
    SET received = %(received)s, prompt_tokens = %(prompt_tokens)s, answer_tokens = %(answer_tokens)s, cost = %(cost)s
    WHERE id = %(id)s
"""

FORGET_CALL = "DELETE FROM model_calls WHERE id = %(id)s"


def record_call(
    db: Connection,
    *,
    learner: str,
    called_at: datetime,
    function: str,
    model: str,
    sent: Sequence[Mapping[str, str]],
) -> str:
    """Keep what a model is about to be sent, and return the call's id. `sent` are its messages: `role` and `content`.

    To be called, and committed, before the model is: what leaves is seen even if the process dies. Every try is a call.
    Raises Erased, when the connection is given back, for a learner who is deleted.
    """
    call_id = str(uuid.uuid4())
    call = {"id": call_id, "learner": learner, "called_at": called_at, "function": function, "model": model[:_NAME]}
    db.execute(RECORD_CALL, {**call, "sent": Json(bounded(sent))})
    return call_id


def record_answer(
    db: Connection,
    call_id: str,
    received: str | None,
    *,
    prompt_tokens: int | None = None,
    answer_tokens: int | None = None,
    cost: int | None = None,
) -> None:
    """Keep what a model answered to a call, None where nothing came, and what both took: tokens by its own count, and
    millionths of the prices' currency."""
    values = {"id": call_id, "received": None if received is None else _cut(received, MOST_RECEIVED)}
    db.execute(RECORD_ANSWER, {**values, "prompt_tokens": prompt_tokens, "answer_tokens": answer_tokens, "cost": cost})


def forget_call(db: Connection, call_id: str) -> None:
    """Forget a call that was recorded and then not made: nothing left."""
    db.execute(FORGET_CALL, {"id": call_id})


def bounded(messages: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Return messages as they are kept: the latest hundred, their texts within MOST_SENT, shared out so that a long one
    does not leave the others empty."""
    kept = messages[-MOST_MESSAGES:]
    room = MOST_SENT
    sizes: dict[int, int] = {}
    for place in sorted(range(len(kept)), key=lambda place: len(kept[place]["content"])):
        sizes[place] = min(len(kept[place]["content"]), room // (len(kept) - len(sizes)))
        room -= sizes[place]
    return [
        {"role": _cut(message["role"], _NAME), "content": _cut(message["content"], sizes[place])}
        for place, message in enumerate(kept)
    ]


def _cut(text: str, longest: int) -> str:
    """Return a text as it can be stored; one that is cut says how much is missing."""
    text = str(storable(text))
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text) - longest} characters more)"
