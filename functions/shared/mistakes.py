"""Mistakes: errors that learners met, kept by whoever sees one.

A run shows a mistake, and so does the learner who then asks about it. Each function keeps what it saw, once for each
request; whoever counts takes, of one program's error, what the function that saw it oftenest has seen.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from functions.shared.database import Connection
from functions.shared.events import NAMESPACE

LONGEST_TYPE = 200
_LONGEST_HASH = 64
_LAST_LINE = 2**31 - 1

# A clock that is wrong, or lies, moves no mistake past its receipt, nor to years that Python's own calendar has not.
NOTE = """
    INSERT INTO error_occurrences (id, learner_id, error_type, line, code_hash, occurred_at, seen_by)
    VALUES (%(id)s, %(learner)s, %(type)s, %(line)s, %(code_hash)s,
            least(now(), greatest(%(at)s::timestamptz, 'epoch')), %(seen_by)s)
    ON CONFLICT (id) DO NOTHING
"""


def mistake_id(learner: str, *, seen_by: str, request_id: str) -> str:
    """Return what is kept of a learner's request by a function that saw an error in it."""
    return str(uuid.uuid5(NAMESPACE, f"error:{seen_by}:{learner}:{request_id}"))


def error_name(error_type: str) -> str:
    """Return an error's type as it is kept: a program may name its own as it likes, at any length and over lines."""
    return "".join(filter(str.isprintable, error_type[:LONGEST_TYPE])) or "Exception"


def note_mistake(
    db: Connection,
    learner: str,
    error_type: str,
    *,
    line: int | None,
    code_hash: str,
    at: datetime,
    seen_by: str,
    request_id: str,
) -> None:
    """Keep that a function saw a learner's error at a time; a second time for the same request changes nothing."""
    values = {
        "id": mistake_id(learner, seen_by=seen_by, request_id=request_id),
        "learner": learner,
        "type": error_name(error_type),
        "line": line if line is not None and abs(line) <= _LAST_LINE else None,
        "code_hash": code_hash[:_LONGEST_HASH],
        "at": at,
        "seen_by": seen_by,
    }
    db.execute(NOTE, values)
