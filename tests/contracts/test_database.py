"""The migrations lead to exactly what schema.sql shows, and hot queries stay on their indexes."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from functions.concepts.queries import CACHED_EXPLANATION
from functions.delivery.queries import END_REQUEST
from functions.exercise.queries import (
    HOLD_LEARNER,
    NOTE_GIVEN,
    PUBLISH,
    SAVE_GRADE,
    SAVE_SUBMISSION,
    STANDING,
    SUBMISSION,
)
from functions.gateway.queries import MADE_FOR, MASTERY_BY_TOPIC, PRACTICE_BY_EXERCISE
from functions.review.queries import HANDED_IN_FOR
from functions.shared.edge.requests import CLAIM_POSTING, REQUEST_STATE
from functions.shared.inbox import REMEMBER, STORED_REPLY
from functions.shared.made import MADE_EXERCISES
from functions.struggle import queries as struggle
from functions.triage.queries import LEARNER_CONTEXT, NOTE_ROUTING

COLUMNS = """
    SELECT table_name, column_name, data_type, column_default, is_nullable, is_identity
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
    ORDER BY table_name, ordinal_position
"""
CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version' ORDER BY 1, 2
"""
INDEXES = """
    SELECT tablename, indexname, indexdef FROM pg_indexes
    WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1, 2
"""
VIEWS = "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public' ORDER BY 1"
FUNCTIONS = """
    SELECT oid::regprocedure::text, pg_get_functiondef(oid) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace ORDER BY 1
"""
TRIGGERS = """
    SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), tgenabled FROM pg_trigger
    WHERE NOT tgisinternal ORDER BY 1, 2
"""


def description(url):
    with psycopg.connect(url) as db:
        return [db.execute(query).fetchall() for query in (COLUMNS, CONSTRAINTS, INDEXES, VIEWS, FUNCTIONS, TRIGGERS)]


def test_schema_sql_and_the_migrations_give_the_same_database(database_url, empty_database_url):
    with psycopg.connect(empty_database_url) as db:
        db.execute(Path("schema/schema.sql").read_text())

    assert description(empty_database_url) == description(database_url)


def test_everything_a_learner_owns_goes_with_the_learner(database_url):
    with psycopg.connect(database_url) as db:
        owning = db.execute("""
            SELECT DISTINCT table_name FROM information_schema.columns JOIN information_schema.tables
                USING (table_schema, table_name)
            WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
              AND column_name IN ('learner_id', 'user_id', 'teacher_id')
        """).fetchall()
        cascading = db.execute("""
            SELECT DISTINCT conrelid::regclass::text FROM pg_constraint
            WHERE contype = 'f' AND confrelid = 'users'::regclass AND confdeltype = 'c'
        """).fetchall()

    assert sorted(owning) == sorted(cascading)


@pytest.fixture(scope="module")
def seeded(new_database):
    """A connection to a database with enough rows that the planner has a choice."""
    with new_database() as url, psycopg.connect(url, autocommit=True) as db:
        db.execute("SET synchronous_commit = on")  # VACUUM calls nothing visible to all that is not yet on disk
        db.execute("INSERT INTO users (id) SELECT 'u' || n FROM generate_series(1, 2000) n")
        db.execute("""
            INSERT INTO requests (id, user_id, kind, body, body_hash)
            SELECT 'r' || n, 'u' || (n % 2000 + 1), 'question', '{}', '' FROM generate_series(1, 20000) n""")
        db.execute("""
            INSERT INTO inbox (function, source, id, learner_id)
            SELECT 'triage', '/learnflow/gateway', 'r' || n, 'u' || (n % 2000 + 1) FROM generate_series(1, 20000) n""")
        db.execute("""
            INSERT INTO messages (id, learner_id, request_id, type, body)
            SELECT 'm' || n, 'u' || (n % 2000 + 1), 'r' || n, 't', '{}' FROM generate_series(1, 20000) n""")
        db.execute("""
            INSERT INTO explanations (topic, level, tutor_version, body)
            SELECT 't' || n, 'beginner', 'v', '{}' FROM generate_series(1, 5000) n""")
        db.execute("""
            INSERT INTO progress (learner_id, topic, exercises, score_sum)
            SELECT 'u' || n, topic, 2, 100
            FROM generate_series(1, 2000) n, unnest('{"",t1,t2,t3,t4,t5,t6,t7,t8,t9,t10,t11,t12}'::text[]) topic""")
        db.execute("""
            INSERT INTO activity_days (learner_id, day)
            SELECT 'u' || n, current_date - age FROM generate_series(1, 2000) n, generate_series(0, 49) age""")
        db.execute("""
            INSERT INTO error_occurrences (id, learner_id, error_type, code_hash, occurred_at)
            SELECT 'e' || n, 'u' || (n % 2000 + 1), 'NameError', '', now() - make_interval(mins => n)
            FROM generate_series(1, 40000) n""")
        db.execute("""
            INSERT INTO submissions (id, learner_id, exercise_id, attempt, code, score, passed, submitted_at)
            SELECT 's' || n, 'u' || (n % 2000 + 1), 'e' || (n / 2000 % 5), n / 10000 + 1, 'pass', 50, n % 3 = 0, now()
            FROM generate_series(0, 39999) n""")
        db.execute("""
            INSERT INTO exercises_given (learner_id, exercise_id, given_at)
            SELECT 'u' || n, 'e' || exercise, now() - make_interval(hours => exercise)
            FROM generate_series(1, 2000) n, generate_series(0, 9) exercise""")
        db.execute("""
            INSERT INTO made_exercises (learner_id, id, body)
            SELECT 'u' || n, 'loops/made-' || made, '{}'
            FROM generate_series(1, 2000) n, generate_series(0, 9) made""")
        db.execute("""
            INSERT INTO struggle_runs (id, learner_id, ran_at, error_type)
            SELECT 'r' || n, 'u' || (n % 2000 + 1), now() - make_interval(mins => n), 'NameError'
            FROM generate_series(1, 40000) n""")
        db.execute("""
            INSERT INTO struggle_signals (id, learner_id, signal, about, evidence, raised_at)
            SELECT 's' || n, 'u' || (n % 2000 + 1), 'same_error', 'Error' || (n / 2000 % 4), '{}',
                   now() - make_interval(hours => n)
            FROM generate_series(1, 40000) n""")
        db.execute("VACUUM ANALYZE")
        yield db


NOW = datetime.now(UTC)
TEN_MINUTES = timedelta(minutes=10)
KEY = {"function": "triage", "source": "/learnflow/gateway", "id": "r77"}
HOT = {
    "stored reply": (STORED_REPLY, KEY),
    "remember": (REMEMBER, {**KEY, "reply": "{}"}),
    "note routing": (NOTE_ROUTING, {"request": "r77", "learner": "u78", "intent": "debug", "confidence": 0.9}),
    "end request": (END_REQUEST, {"request": "r77", "learner": "u78", "message": "m77", "statuses": "{}"}),
    "request state": (REQUEST_STATE, {"id": "r77", "learner": "u78", "seconds": 60}),
    "claim posting": (CLAIM_POSTING, {"id": "r77", "learner": "u78", "seconds": 60}),
    "hold learner": (HOLD_LEARNER, {"learner": "u78"}),
    "note given": (NOTE_GIVEN, {"learner": "u78", "exercise": "e7"}),
    "publish": (PUBLISH, {"learner": "u78", "exercise": "loops/made-new", "body": "{}"}),
    "made exercise": (MADE_EXERCISES, {"learner": "u78", "exercises": ["loops/made-7"]}),
    "submission": (SUBMISSION, {"id": "s77", "learner": "u78"}),
    "save grade": (SAVE_GRADE, {"id": "s77", "score": 50, "passed": False}),
    "hold learner to judge": (struggle.HOLD_LEARNER, {"learner": "u78", "at": NOW}),
    "mistake": (struggle.MISTAKE, {"id": "e77"}),
    "cached explanation": (CACHED_EXPLANATION, {"topic": "t7", "level": "beginner", "tutor_version": "v"}),
}


@pytest.mark.parametrize("name", HOT)
def test_a_hot_query_reads_a_single_row_by_its_index(seeded, name):
    query, values = HOT[name]
    with seeded.transaction(force_rollback=True):
        (plan,) = seeded.execute(f"EXPLAIN (FORMAT JSON) {query}", values).fetchone()

    scans = [node for node in nodes(plan[0]["Plan"]) if "Scan" in node["Node Type"]]
    assert {node["Node Type"] for node in scans if "Relation Name" in node} <= {"Index Scan", "Index Only Scan"}, (
        json.dumps(plan)
    )
    assert all(node["Plan Rows"] <= 1 for node in scans if "Relation Name" in node)


SUBMITTED = {"id": "new", "learner": "u78", "exercise": "e3", "code": "", "submitted_at": "2026-01-01T00:00Z"}
NEAR = {"learner": "u78", "at": NOW, "most": struggle.MOST_READ}
SUMMED_UP = {
    "learner context": (LEARNER_CONTEXT, {"learner": "u78", "hours": 24, "kinds": 5}),
    "standing": (STANDING, {"learner": "u78", "hours": 1}),
    "save submission": (SAVE_SUBMISSION, SUBMITTED),
    "mastery by topic": (MASTERY_BY_TOPIC, {"learner": "u78"}),
    "practice by exercise": (PRACTICE_BY_EXERCISE, {"learner": "u78"}),
    "mistakes": (
        struggle.MISTAKES,
        {**NEAR, "type": "NameError", "window": TEN_MINUTES, "runs_seen_by": "struggle"},
    ),
    "runs": (struggle.RUNS, {**NEAR, "window": timedelta(hours=1)}),
    "attempts": (struggle.ATTEMPTS, {"learner": "u78", "topic": "e3", "most": struggle.MOST_READ}),
    "raised": (struggle.RAISED, {**NEAR, "signal": "same_error", "about": "Error3", "cooldown": TEN_MINUTES}),
}


@pytest.mark.parametrize("name", SUMMED_UP)
def test_a_hot_query_over_a_learners_rows_reads_only_an_index(seeded, name):
    query, values = SUMMED_UP[name]
    (plan,) = seeded.execute(f"EXPLAIN (FORMAT JSON) {query}", values).fetchone()

    scans = [node for node in nodes(plan[0]["Plan"]) if "Relation Name" in node and "Scan" in node["Node Type"]]
    learner = [node for node in scans if node["Relation Name"] == "users"]
    assert all((node["Node Type"], node["Plan Rows"]) == ("Index Scan", 1) for node in learner), json.dumps(plan)
    theirs = [node for node in scans if node not in learner]
    assert theirs
    assert {node["Node Type"] for node in theirs} == {"Index Only Scan"}, json.dumps(plan)
    assert all(node["Plan Rows"] <= 50 for node in theirs)


THEIRS = {
    "made for": (MADE_FOR, {"learner": "u78"}),
    "handed in for": (HANDED_IN_FOR, {"learner": "u78", "code": "pass"}),
}


@pytest.mark.parametrize("name", THEIRS)
def test_what_is_a_learners_is_read_without_anybody_elses(seeded, name):
    query, values = THEIRS[name]
    (plan,) = seeded.execute(f"EXPLAIN (FORMAT JSON) {query}", values).fetchone()

    scans = [node for node in nodes(plan[0]["Plan"]) if "Scan" in node["Node Type"]]
    assert {node["Node Type"] for node in scans} <= {"Index Scan", "Bitmap Heap Scan", "Bitmap Index Scan"}, plan
    assert all(node["Plan Rows"] <= 50 for node in scans)


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)
