"""What tests of functions that ask a model need: what it says, and what the sandbox tells of a program of its."""

import json
from contextlib import contextmanager

from functions.shared.database import PostgreSQL
from functions.shared.running import CheckExecuted, Ran
from functions.shared.testing import arriving, deliver
from tests.model_stand_in import says

CHECK = "org.learnflow.check.requested.v1"
EXPLAINED = "org.learnflow.concept.explained.v1"

COUNTS = {"title": "Counting", "code": "for n in range(3):\n    print(n)\n", "output": "0\n1\n2\n"}
TWICE = {"title": "Twice", "code": "print(2 * 21)\n", "output": "43\n"}


def saying(*examples, **fields):
    """Have a model explain loops with these examples."""
    said = {
        "is_about_python": True,
        "title": "Why your loop never ends",
        "explanation": "A `while` loop goes on as long as its condition is true. Yours never becomes false.",
        "examples": list(examples),
        "diagram": None,
        **fields,
    }
    return says(json.dumps(said))


def ran(function, check, *came, event_id="c1", learner="ada", **attributes):
    """Tell what came of a check that was asked for; nothing that the sandbox was unavailable."""
    executed = CheckExecuted(
        requester=check.data["requester"],
        draft_id=check.data["draft_id"],
        outcome="executed" if came else "unavailable",
        results=came,
    )
    named = {"source": "/learnflow/sandbox-runner", "correlationid": "r1", "hops": "3", **attributes}
    return deliver(function, *arriving(executed, learner=learner, id=event_id, **named))


def printing(text):
    """Return the run of a program that printed this."""
    return Ran(outcome="ok", stdout=text)


def in_a_course(db, learner="ada", **columns):
    """Put a learner into a course of their own."""
    for user in ("tess", learner):
        db.execute("INSERT INTO users (id) VALUES (%s) ON CONFLICT DO NOTHING", [user])
    db.execute("INSERT INTO courses (id, teacher_id, title, code) VALUES ('c', 'tess', 'C', 'c')")
    for name, value in columns.items():
        db.execute(f"UPDATE courses SET {name} = %s", [value])
    db.execute("INSERT INTO enrolments (course_id, learner_id) VALUES ('c', %s)", [learner])


@contextmanager
def watching_connections(function, stand_in, monkeypatch, database_url):
    """Yield a list that tells, of each time that the model is asked, whether no connection to the database is held."""
    database, free, manner = PostgreSQL(database_url), [], stand_in.manner
    monkeypatch.setattr(function, "db", database)

    def looks(asked):
        pool = database._pool.get_stats()
        free.append(pool["pool_available"] == pool["pool_size"])
        return manner(asked)

    stand_in.manner = looks
    try:
        yield free
    finally:
        database.close()
