"""What the gateway asks of the database about who teaches whom."""

from __future__ import annotations

from collections.abc import Sequence

from functions.shared.edge.database import AsyncConnection

TEACHES = "SELECT EXISTS (SELECT FROM teaching WHERE teacher_id = %(teacher)s AND learner_id = %(learner)s)"

STRANGERS = """
    SELECT recipient FROM unnest(%(recipients)s::text[]) AS recipient
    WHERE NOT EXISTS (SELECT FROM teaching WHERE teacher_id = recipient AND learner_id = %(sender)s)
      AND NOT (%(is_teacher)s AND EXISTS (
          SELECT FROM teaching WHERE teacher_id = %(sender)s AND learner_id = recipient))
"""


async def teaches(db: AsyncConnection, teacher: str, learner: str) -> bool:
    """Return whether a learner is in a course of a teacher's."""
    row = await (await db.execute(TEACHES, {"teacher": teacher, "learner": learner})).fetchone()
    assert row is not None
    return bool(row[0])


async def strangers(db: AsyncConnection, sender: str, recipients: Sequence[str], *, is_teacher: bool) -> list[str]:
    """Return which of them a sender neither learns from nor, where they are a teacher, teaches."""
    values = {"sender": sender, "recipients": list(recipients), "is_teacher": is_teacher}
    return [recipient for (recipient,) in await (await db.execute(STRANGERS, values)).fetchall()]
