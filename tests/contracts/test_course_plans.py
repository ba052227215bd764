"""What a learner's courses allow is looked up by indexes alone, in every question: however many there are."""

import json

import psycopg
import pytest

from functions.debug.queries import ASK, PRACTISING, WRITTEN
from functions.shared.courses.queries import POLICIES, WAS_GIVEN
from functions.shared.guarded import MOST_MESSAGES, NOT_TO_BE_GIVEN


@pytest.fixture(scope="module")
def seeded(new_database):
    """A connection to a database of 2,000 learners in up to three of 5,000 courses."""
    with new_database() as url, psycopg.connect(url, autocommit=True) as db:
        db.execute("SET synchronous_commit = on")  # VACUUM calls nothing visible to all that is not yet on disk
        db.execute("INSERT INTO users (id) SELECT 'u' || n FROM generate_series(1, 2000) n")
        db.execute("""
            INSERT INTO courses (id, teacher_id, title, code, allowed_topics)
            SELECT 'c' || n, 'u' || (n % 50 + 1), 'Python', 'code' || n, '{loops,lists}'
            FROM generate_series(1, 5000) n""")
        db.execute("""
            INSERT INTO enrolments (course_id, learner_id)
            SELECT 'c' || (n * m % 5000 + 1), 'u' || n FROM generate_series(1, 2000) n, generate_series(1, 3) m
            ON CONFLICT DO NOTHING""")
        db.execute("""
            INSERT INTO exercises_given (learner_id, exercise_id)
            SELECT 'u' || n, 'e' || m FROM generate_series(1, 2000) n, generate_series(1, 10) m""")
        db.execute("""
            INSERT INTO submissions (id, learner_id, exercise_id, attempt, code, score, passed, submitted_at)
            SELECT 's' || n, 'u' || (n % 2000 + 1), 'e' || (n / 2000 % 5), n / 10000 + 1, 'pass', 50, n % 3 = 0, now()
            FROM generate_series(0, 39999) n""")
        db.execute("""
            INSERT INTO hints_asked (learner_id, mistake, request_id)
            SELECT 'u' || n, 'm' || m, 'r' FROM generate_series(1, 2000) n, generate_series(1, 10) m""")
        db.execute("""
            INSERT INTO messages (id, learner_id, request_id, type, body)
            SELECT 'm' || n, 'u' || (n % 2000 + 1), 'r', 't', '{}' FROM generate_series(1, 60000) n""")
        db.execute("VACUUM ANALYZE")
        yield db


QUERIES = {
    "policies": (POLICIES, {"learner": "u78"}),
    "was given": (WAS_GIVEN, {"learner": "u78", "exercise": "e3"}),
    "asking": (ASK, {"learner": "u78", "mistake": "m3", "request": "r2", "written": None}),
    "written before": (WRITTEN, {"learner": "u78", "mistake": "m3"}),
}


@pytest.mark.parametrize("name", QUERIES)
def test_what_a_course_allows_is_read_by_an_index(seeded, name):
    query, values = QUERIES[name]
    with seeded.transaction(force_rollback=True):
        (plan,) = seeded.execute(f"EXPLAIN (FORMAT JSON) {query}", values).fetchone()

    tables = [node for node in nodes(plan[0]["Plan"]) if "Relation Name" in node and "Scan" in node["Node Type"]]
    assert tables or name == "asking"
    assert {node["Node Type"] for node in tables} <= {"Index Scan", "Index Only Scan"}, json.dumps(plan)
    assert all(node["Plan Rows"] <= 50 for node in tables)


@pytest.mark.parametrize("passed_too", [False, True])
def test_what_a_learner_practises_is_read_without_looking_at_anybody_elses(seeded, passed_too):
    values = {"learner": "u78", "named": "e7", "passed_too": passed_too, "most": 10}
    (plan,) = seeded.execute(f"EXPLAIN (FORMAT JSON) {PRACTISING}", values).fetchone()

    assert "Seq Scan" not in {node["Node Type"] for node in nodes(plan[0]["Plan"])}, json.dumps(plan)


@pytest.mark.parametrize("named", [None, "e7"])
def test_what_an_answer_is_held_against_is_read_without_looking_at_anybody_elses(seeded, named):
    values = {"learner": "u78", "named": named, "passed_too": False, "most": MOST_MESSAGES, "own": "t2"}
    (plan,) = seeded.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {NOT_TO_BE_GIVEN}", values).fetchone()

    tables = [node for node in nodes(plan[0]["Plan"]) if "Relation Name" in node]
    assert {node["Relation Name"] for node in tables} == {"exercises_given", "submissions", "messages"}
    assert "Seq Scan" not in {node["Node Type"] for node in nodes(plan[0]["Plan"])}, json.dumps(plan)
    assert all(node["Actual Rows"] <= 30 for node in tables)


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)
