"""What is asked about limits at every request, and about quotas at every model answer, is found by an index."""

import json

import psycopg
import pytest

from functions.shared import allowance_queries as allowance
from functions.shared.edge.rate_queries import AHEAD, TAKE


@pytest.fixture(scope="module")
def seeded(new_database):
    """A connection to a database in which many asked, and many were answered, for long."""
    with new_database() as url, psycopg.connect(url, autocommit=True) as db:
        db.execute("SET synchronous_commit = on")  # VACUUM calls nothing visible to all that is not yet on disk
        db.execute("INSERT INTO users (id) SELECT 'u' || n FROM generate_series(1, 2000) n")
        db.execute("INSERT INTO rates SELECT 'k' || n, now() FROM generate_series(1, 20000) n")
        db.execute("""
            INSERT INTO courses (id, teacher_id, title, code)
            SELECT 'c' || n, 'u' || (n % 20 + 1), '', 'code' || n FROM generate_series(1, 2000) n""")
        db.execute("""
            INSERT INTO enrolments (course_id, learner_id)
            SELECT 'c' || (n % 200 + m * 200 + 1), 'u' || n FROM generate_series(1, 2000) n, generate_series(0, 2) m""")
        db.execute("""
            INSERT INTO learner_quotas SELECT 'u' || n, current_date - age, 5
            FROM generate_series(1, 2000) n, generate_series(0, 9) age""")
        db.execute("""
            INSERT INTO course_quotas SELECT 'c' || n, current_date - age, 5
            FROM generate_series(1, 2000) n, generate_series(0, 9) age""")
        db.execute("""
            INSERT INTO model_grants SELECT 'concepts', '/learnflow/triage', 'e' || n, 'u' || (n % 2000 + 1),
                current_date - n % 10, '{}' FROM generate_series(1, 20000) n""")
        db.execute("INSERT INTO model_months SELECT date '2000-01-01' + n * 31, 5 FROM generate_series(1, 2000) n")
        db.execute("VACUUM ANALYZE")
        yield db


RATE = {"narrow": "k7", "narrow_cost": 0.5, "narrow_tolerance": 30.0, "wide": "k8", "wide_cost": 0.05}
DAY = {"learner": "u77", "day": "2026-03-20", "courses": ["c78", "c278", "c478"], "reserved": 900, "reserved_cost": 70,
       "month": "2026-03-01", "answers": 1}  # fmt: skip
KEY = {"function": "concepts", "source": "/learnflow/triage", "id": "e77"}
QUERIES = {
    "take": (TAKE, {**RATE, "wide_tolerance": 15.0}),
    "ahead": (AHEAD, {"key": "k7"}),
    "grant": (
        allowance.GRANT,
        {**KEY, "id": "new", "learner": "u77", "day": "2026-03-20", "reserved": 0, "reserved_cost": 0},
    ),
    "grant more": (allowance.GRANT_MORE, {**KEY, "reserved": 500, "reserved_cost": 70}),
    "hold learner": (allowance.HOLD_LEARNER, DAY),
    "hold courses": (allowance.HOLD_COURSES, DAY),
    "hold month": (allowance.HOLD_MONTH, DAY),
    "count": (allowance.COUNT, DAY),
    "release": (allowance.RELEASE, KEY),
    "spend": (allowance.SPEND, {**DAY, "more": 100, "more_cost": 7}),
    "ungrant": (allowance.UNGRANT, KEY),
    "uncount": (allowance.UNCOUNT, DAY),
    "learner used": (allowance.LEARNER_USED, DAY),
    "course quotas": (allowance.COURSE_QUOTAS, DAY),
    "month's cost": (allowance.MONTH_COST, DAY),
}


@pytest.mark.parametrize("name", QUERIES)
def test_no_query_about_limits_reads_a_whole_table(seeded, name):
    query, values = QUERIES[name]
    with seeded.transaction(force_rollback=True):
        (plan,) = seeded.execute(f"EXPLAIN (FORMAT JSON) {query}", values).fetchone()

    kinds = {node["Node Type"] for node in nodes(plan[0]["Plan"]) if "Relation Name" in node}
    assert kinds, json.dumps(plan)
    assert "Seq Scan" not in kinds, json.dumps(plan)


def test_a_row_that_every_request_changes_is_changed_in_place(seeded):
    """No index has to be changed with it (a heap-only tuple), however often."""
    counts = "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'rates'"
    seeded.execute("SELECT pg_stat_force_next_flush()")
    before = seeded.execute(counts).fetchone()
    for _ in range(100):
        seeded.execute(TAKE, QUERIES["take"][1] | {"narrow_tolerance": 1e6, "wide_tolerance": 1e6})
    seeded.execute("SELECT pg_stat_force_next_flush()")
    after = seeded.execute(counts).fetchone()

    changed, in_place = (b - a for a, b in zip(before, after, strict=True))
    assert changed == 200
    assert in_place >= 190


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)
