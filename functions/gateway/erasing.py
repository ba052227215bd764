"""Erasing: nothing personal of somebody stays in the database, and nothing of theirs that comes late gets in.

Three kinds of rows are not simply theirs. The audit log keeps that something of a type happened at a time, and nothing
else of it. Rows of others that name them as one who is told keep `(deleted)` there. And what belongs to nobody, because
no function could read whose it is, is searched for their id.

Whatever refers to them waits for the lock on their row; it finds the row gone and is refused (shared/database.py).
Whatever makes a person's row, or names people in rows of others, waits for the other lock, and then sees that they are
gone (schema.sql, refuse_erased and hide_erased).
"""

from __future__ import annotations

from functions.shared.edge.database import AsyncConnection
from functions.shared.edge.limits import own_limit
from functions.shared.edge.tokens import Person
from functions.shared.envelope import PLAIN_RECORD
from functions.shared.events import PAYLOADS
from functions.shared.rates import Rates

HOLD = "SELECT FROM users WHERE id = %(person)s FOR UPDATE"

REMEMBER = "INSERT INTO erased (id_hash) VALUES (erasure_hash(%(person)s)) ON CONFLICT DO NOTHING"

HOLD_OTHERS = "SELECT pg_advisory_xact_lock(5721037)"

# A type may be anything that a client of Kafka makes up.
_NOTHING_PERSONAL = """
    source = '/learnflow/erased', id = gen_random_uuid()::text, correlation_id = '', learner_id = NULL, event = '{}',
    type = CASE WHEN type = ANY(%(types)s) THEN type ELSE 'other' END
"""

SCRUB_EVENTS = f"UPDATE events SET {_NOTHING_PERSONAL} WHERE learner_id = %(person)s"  # noqa: S608  # a constant


def _hide(table: str, column: str, list_at: str, *, where: str) -> str:
    """Return what puts `(deleted)` in the place of the person in a list of those who are told; by a GIN index."""
    document = column if table in {"events", "dead_letters", "requests"} else f"{column}::jsonb"
    told = f"{document} #> '{list_at}'"
    return f"""
        UPDATE {table} SET {column} = jsonb_set({document}, '{list_at}', without_erased({told}))
        WHERE {where} AND ({told} @> jsonb_build_array(%(person)s::text)
                           OR {told} @> jsonb_build_array(jsonb_build_object('user_id', %(person)s::text)))
    """  # noqa: S608  # made of constants


# Each condition is the one of its index.
_EVENT_TELLS = "jsonb_typeof(event #> '{data,recipients}') = 'array'"
HIDE_IN_EVENTS = _hide("events", "event", "{data,recipients}", where=_EVENT_TELLS)
HIDE_IN_DEAD_LETTERS = _hide("dead_letters", "event", "{data,recipients}", where=_EVENT_TELLS)
HIDE_IN_REPLIES = _hide("inbox", "reply", "{data,recipients}", where="function = 'notification'")
HIDE_IN_MESSAGES = _hide("messages", "body", "{recipients}", where="type = 'org.learnflow.alert.raised.v1'")
HIDE_IN_REQUESTS = _hide("requests", "body", "{recipients}", where="kind = 'alert'")

# What is no JSON is kept as base64, and so may be anything that calls itself so.
_SAYS = """
    (strpos(event::text || source || id || correlation_id, %(person)s) > 0
     OR CASE WHEN event ->> 'data_base64' ~ '^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$'
        THEN position(convert_to(%(person)s, 'UTF8') IN decode(event ->> 'data_base64', 'base64')) > 0 ELSE false END)
"""

SCRUB_NOBODYS_EVENTS = f"""
    UPDATE events SET {_NOTHING_PERSONAL}
    WHERE learner_id IS NULL AND source <> '/learnflow/erased' AND {_SAYS}
"""  # noqa: S608

DELETE_NOBODYS_DEAD_LETTERS = f"DELETE FROM dead_letters WHERE learner_id IS NULL AND {_SAYS}"  # noqa: S608

# Kept under the hash of a name, whether or not it is anybody's (credentials.name_hash).
DELETE_FAILURES = """
    DELETE FROM login_failures USING accounts
    WHERE user_id = %(person)s AND name_hash = sha256(convert_to(username, 'UTF8'))
"""

DELETE_RATES = "DELETE FROM rates WHERE key = ANY(%(rates)s)"

# Everything else that is theirs refers to this row, and goes with it: also what teachers were told about them, and the
# courses that they taught, from which the learners are then free.
DELETE_PERSON = "DELETE FROM users WHERE id = %(person)s"

ERASING = (
    SCRUB_EVENTS,
    HIDE_IN_EVENTS,
    HIDE_IN_DEAD_LETTERS,
    HIDE_IN_REPLIES,
    HIDE_IN_MESSAGES,
    HIDE_IN_REQUESTS,
    SCRUB_NOBODYS_EVENTS,
    DELETE_NOBODYS_DEAD_LETTERS,
    DELETE_FAILURES,
    DELETE_RATES,
    DELETE_PERSON,
)


def values_of(person: str) -> dict[str, str | list[str]]:
    """Return what the statements are about, for a person."""
    limits = [own_limit(Rates(), Person(person, role)) for role in ("learner", "service")]
    return {
        "person": person,
        "types": [PLAIN_RECORD, *PAYLOADS],
        "rates": [limit.key for limit in limits],
    }


async def erase(db: AsyncConnection, person: str) -> bool:
    """Erase a person, all at once or not at all; False if they were erased before.

    One of whom nothing is known is erased too: what comes of theirs from now on is refused. Takes some seconds for
    somebody with a hundred thousand rows, during which what is done for them waits.
    """
    values = values_of(person)
    async with db.transaction():
        for held in (HOLD, HOLD_OTHERS, HOLD):  # again, as the row may be of one whom it waited for
            await db.execute(held, values)
        if (await db.execute(REMEMBER, values)).rowcount == 0:
            return False
        for statement in ERASING:
            await db.execute(statement, values)
    return True
