"""What people deleted for good: it must not come back with a backup that is older than that.

People are known by salted hashes of their ids alone, conversations by the requests that went with them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from functions.gateway.erasing import ERASING, values_of
from scripts.stack.errors import StackError
from scripts.stack.places import shown
from scripts.stack.private import write_private

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Deletions:
    """Who is gone, by hash, and what, by request: whose it was, and both since when."""

    salt: str
    people: Mapping[bytes, datetime] = field(default_factory=dict)
    requests: Mapping[str, tuple[str, datetime]] = field(default_factory=dict)


KEPT = "SELECT to_regclass('erased') IS NOT NULL AND to_regclass('discarded_requests') IS NOT NULL"
KNOW = "INSERT INTO erased (id_hash, erased_at) VALUES (%s, %s) ON CONFLICT DO NOTHING"
BACK = "SELECT id FROM users WHERE erasure_hash(id) IN (SELECT id_hash FROM erased) ORDER BY id"
KNOW_REQUEST = """
    INSERT INTO discarded_requests (request_id, learner_id, discarded_at)
    SELECT %s, id, %s FROM users WHERE id = %s ON CONFLICT DO NOTHING
"""
# As the gateway does (conversation_queries.DELETE), which knew the conversation; here what is left of one is empty.
DISCARD = """
    WITH said AS (
        DELETE FROM messages USING discarded_requests AS gone
        WHERE messages.learner_id = gone.learner_id AND messages.request_id = gone.request_id
    ), asked AS (
        DELETE FROM requests USING discarded_requests AS gone
        WHERE id = gone.request_id AND user_id = gone.learner_id
        RETURNING id, user_id, conversation_id
    ), emptied AS (
        DELETE FROM conversations USING (SELECT DISTINCT user_id, conversation_id FROM asked) AS cleared
        WHERE conversations.user_id = cleared.user_id AND conversations.id = conversation_id AND NOT EXISTS (
            SELECT FROM requests WHERE requests.user_id = cleared.user_id AND conversation_id = conversations.id
              AND requests.id NOT IN (SELECT id FROM asked))
    )
    SELECT count(*) FROM asked
"""


def kept_in(db: Connection) -> Deletions | None:
    """Return what a database knows to be deleted; None for one from before that was kept."""
    if db.execute(KEPT).fetchone() != (True,):
        return None
    ((salt,),) = db.execute("SELECT salt FROM erasure_salt").fetchall()
    people = {bytes(id_hash): at for id_hash, at in db.execute("SELECT id_hash, erased_at FROM erased")}
    requests = db.execute("SELECT request_id, learner_id, discarded_at FROM discarded_requests")
    return Deletions(salt, people, {request: (learner, at) for request, learner, at in requests})


def together(some: Iterable[Deletions]) -> Deletions:
    """Return all of what some know; the first one's salt, unless it knows of nobody. Of people who are deleted no
    requests: those go with them, and would name them.

    Raises StackError if they hash people with different salts, so that nobody can tell who is who.
    """
    known = list(some)
    salts = {one.salt for one in known if one.people}
    if len(salts) > 1:
        raise StackError(
            "Who is deleted is kept there with another salt: these are of different databases, and whoever was deleted "
            "in one would be back in the other. Use an empty database."
        )
    people: dict[bytes, datetime] = {}
    requests: dict[str, tuple[str, datetime]] = {}
    for one in known:
        people = {**one.people, **people}
        requests = {**one.requests, **requests}
    salt = next(iter(salts), known[0].salt)
    theirs = {id: whose for id, whose in requests.items() if hash_of(salt, whose[0]) not in people}
    return Deletions(salt, people, theirs)


def hash_of(salt: str, person: str) -> bytes:
    """Return what a person who is deleted is known by, as schema.sql's erasure_hash does."""
    return hashlib.sha256(f"{salt}{person}".encode()).digest()


def apply(db: Connection, deletions: Deletions) -> tuple[int, int]:
    """Delete all of it again, and refuse what comes late of it; how many people and requests were back."""
    db.execute("UPDATE erasure_salt SET salt = %s", [deletions.salt])
    with db.cursor() as cursor:
        cursor.executemany(KNOW, list(deletions.people.items()))
        back = [person for (person,) in cursor.execute(BACK)]
        for person in back:
            for statement in ERASING:
                cursor.execute(statement, values_of(person))
        requests = [(request, at, learner) for request, (learner, at) in deletions.requests.items()]
        cursor.executemany(KNOW_REQUEST, requests)
        ((discarded,),) = cursor.execute(DISCARD).fetchall()
    return len(back), discarded


def write(path: Path, deletions: Deletions) -> Deletions:
    """Add them to a file, which never forgets any, and return what it holds now. Raises StackError as `together`."""
    whole = together([deletions, *([read(path)] if path.exists() else [])])
    people = {id_hash.hex(): at.isoformat() for id_hash, at in whole.people.items()}
    requests = {request: [learner, at.isoformat()] for request, (learner, at) in whole.requests.items()}
    write_private(path, json.dumps({"salt": whole.salt, "people": people, "requests": requests}, indent=1) + "\n")
    return whole


def read(path: Path) -> Deletions:
    """Return what a file holds. Raises StackError for one that is none of ours."""
    try:
        kept = json.loads(path.read_text())
        people = {bytes.fromhex(id_hash): datetime.fromisoformat(at) for id_hash, at in kept["people"].items()}
        requests = {id: (learner, datetime.fromisoformat(at)) for id, (learner, at) in kept["requests"].items()}
        return Deletions(str(kept["salt"]), people, requests)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as why:
        raise StackError(f"{shown(path)} is no list of deletions: {why}") from why
