"""What concepts reads and writes: the explanations that were made before."""

from __future__ import annotations

from psycopg.types.json import Jsonb

from functions.shared.database import Connection
from functions.shared.payload import Level
from functions.shared.tutor import Explanation

CACHED_EXPLANATION = """
    SELECT body FROM explanations
    WHERE topic = %(topic)s AND level = %(level)s AND tutor_version = %(tutor_version)s
"""

# Two askers may meet; the first explanation stays, so that everybody reads the same.
REMEMBER_EXPLANATION = """
    INSERT INTO explanations (topic, level, tutor_version, body)
    VALUES (%(topic)s, %(level)s, %(tutor_version)s, %(body)s)
    ON CONFLICT DO NOTHING
"""


def cached_explanation(db: Connection, *, topic: str, level: Level, tutor_version: str) -> Explanation | None:
    """Return the explanation that this version of the tutor gave before, if any."""
    row = db.execute(CACHED_EXPLANATION, {"topic": topic, "level": level, "tutor_version": tutor_version}).fetchone()
    return Explanation.model_validate(row[0]) if row else None


def remember_explanation(db: Connection, explanation: Explanation, *, tutor_version: str) -> None:
    """Keep an explanation for the next asker."""
    db.execute(
        REMEMBER_EXPLANATION,
        {
            "topic": explanation.topic,
            "level": explanation.level,
            "tutor_version": tutor_version,
            "body": Jsonb(explanation.model_dump(mode="json")),
        },
    )
