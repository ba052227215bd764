"""What is forgotten, and whoever is deleted, is found by indexes, however much else is kept."""

import json
from datetime import timedelta

import psycopg
import pytest

from functions.gateway.erasing import ERASING, HOLD
from functions.gateway.exported import PARTS
from functions.gateway.privacy_queries import MODEL_CALLS
from scripts.stack.retention import RULES

SEED = """
    CREATE VIEW numbers AS SELECT generate_series(1, 20000) AS n;
    CREATE FUNCTION who(n int) RETURNS text RETURN 'u' || n % 1000 + 1;
    CREATE FUNCTION at(n int) RETURNS timestamptz RETURN now() - make_interval(hours => n / 50);
    INSERT INTO users (id) SELECT 'u' || n FROM generate_series(1, 1000) n;
    INSERT INTO accounts (user_id, username, password_hash) SELECT id, 'name of ' || id, '' FROM users;
    INSERT INTO conversations (user_id, id, title, last_at)
        SELECT who(n), 'c' || n, 't', at(n) FROM numbers;
    INSERT INTO requests (id, user_id, kind, body, body_hash, created_at)
        SELECT 'r' || n, who(n), CASE WHEN n % 100 = 0 THEN 'alert' ELSE 'question' END,
               '{"recipients": ["u1"]}', '', at(n) FROM numbers;
    INSERT INTO discarded_requests SELECT id, user_id, created_at FROM requests;
    INSERT INTO messages (id, learner_id, request_id, type, body, created_at)
        SELECT 'm' || n, who(n), 'r' || n,
               CASE WHEN n % 100 = 0 THEN 'org.learnflow.alert.raised.v1' ELSE 't' END,
               '{"recipients": [{"user_id": "u1"}]}', at(n) FROM numbers;
    INSERT INTO inbox (function, source, id, learner_id, reply, handled_at)
        SELECT CASE WHEN n % 10 = 0 THEN 'notification' ELSE 'triage' END, '/s', 'e' || n, who(n),
               '{"data": {"recipients": [{"user_id": "u1"}]}}', at(n) FROM numbers;
    INSERT INTO drafts (id, requester, learner_id, body, created_at)
        SELECT 'd' || n, '', who(n), '{}', at(n) FROM numbers;
    INSERT INTO hints_asked SELECT who(n), 'm' || n, 1, 'r', at(n) FROM numbers;
    INSERT INTO events (source, id, type, learner_id, correlation_id, time, recorded_at, event)
        SELECT '/s', 'e' || n, 't', CASE WHEN n % 1000 > 0 THEN who(n) END, 'c', at(n), at(n),
               CASE WHEN n % 100 = 1 THEN '{"data": {"recipients": ["u1"]}}' ELSE '{"data": {}}' END::jsonb
        FROM numbers;
    INSERT INTO dead_letters (source, id, destination, function, type, learner_id, correlation_id, event, last_seen)
        SELECT source, id, '', '', type, learner_id, '', event, recorded_at FROM events;
    INSERT INTO error_occurrences SELECT 'e' || n, who(n), 'E', 1, '', at(n) FROM numbers;
    INSERT INTO reviews SELECT 'v' || n, who(n), NULL, NULL, '', 50, at(n) FROM numbers;
    INSERT INTO quizzes SELECT 'q' || n, who(n), '', '', '', '{}', at(n) FROM numbers;
    INSERT INTO struggle_runs SELECT 'r' || n, who(n), at(n) FROM numbers;
    INSERT INTO struggle_signals SELECT 's' || n, who(n), '', '', '{}', at(n) FROM numbers;
    INSERT INTO alerts (id, user_id, about, kind, severity, title, message, created_at, read_at)
        SELECT 'a' || n, who(n), 'u' || n % 999 + 1, 'struggle', 'info', '', '', at(n), at(n)
        FROM numbers;
    INSERT INTO deliveries (alert_id, channel, status, due_at)
        SELECT 'a' || n, 'in_app', CASE WHEN n % 20 = 0 THEN 'pending' ELSE 'sent' END, at(n) FROM numbers;
    INSERT INTO model_calls (id, learner_id, called_at, function, model, sent)
        SELECT 'm' || n, who(n / 2 * (n % 2)), at(n), '', '', '[]' FROM numbers;
    INSERT INTO model_grants SELECT '', '', 'g' || n, who(n), at(n), '{}' FROM numbers;
    INSERT INTO learner_quotas SELECT who(n), at(n), 1 FROM numbers ON CONFLICT DO NOTHING;
    INSERT INTO courses (id, teacher_id, title, code)
        SELECT 'c' || n, 'u' || n, 't', 'c' || n FROM generate_series(1, 1000) n;
    INSERT INTO course_quotas SELECT 'c' || n % 1000 + 1, at(n), 1 FROM numbers ON CONFLICT DO NOTHING;
    INSERT INTO refresh_tokens (token_hash, family, user_id, expires_at)
        SELECT n::text::bytea, 'f' || n, who(n), at(n) FROM numbers;
    INSERT INTO login_failures SELECT n::text::bytea, 1, at(n) FROM numbers;
    INSERT INTO rates SELECT 'k' || n, at(n) FROM numbers
"""
"""20,000 rows of each, the oldest 400 hours old."""
PERSON = {"person": "u77", "types": ["t"], "rates": ["k77"]}


@pytest.fixture(scope="module")
def seeded(new_database):
    """A connection to a database with enough rows that the planner has a choice."""
    with new_database() as url, psycopg.connect(url, autocommit=True) as db:
        db.execute("SET synchronous_commit = on")  # VACUUM calls nothing visible to all that is not yet on disk
        db.execute(SEED)
        db.execute("VACUUM ANALYZE")
        yield db


def scans(db, query, values):
    """The kinds of scans by which a statement reads its tables."""
    (plan,) = db.execute(f"EXPLAIN (FORMAT JSON) {query}", values).fetchone()
    return {
        (node["Relation Name"], node["Node Type"])
        for node in nodes(plan[0]["Plan"])
        if "Scan" in node["Node Type"] and "Relation Name" in node
    }, json.dumps(plan)


# Of limits there is a row for each of those who ask at the moment, changed without an index at each of their requests.
@pytest.mark.parametrize("name", sorted(RULES.keys() - {"rates"}))
def test_the_old_is_found_by_an_index(seeded, name):
    found, plan = scans(seeded, RULES[name].deletion, {"age": timedelta(hours=390), "most": 5000})

    assert {kind for _, kind in found} <= {"Index Scan", "Tid Scan"}, plan
    assert len(found) == 2, plan


@pytest.mark.parametrize("statement", [HOLD, *ERASING], ids=lambda statement: " ".join(statement.split())[:40])
def test_whoever_is_deleted_is_found_by_an_index(seeded, statement):
    found, plan = scans(seeded, statement, PERSON)

    assert "Seq Scan" not in {kind for _, kind in found}, plan


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.member)
def test_what_is_exported_is_found_by_an_index(seeded, part):
    found, plan = scans(seeded, part.query, PERSON)
    filled = {table for table, _ in found if seeded.execute(f"SELECT count(*) > 2000 FROM {table}").fetchone()[0]}

    assert "Seq Scan" not in {kind for table, kind in found if table in filled}, plan


def test_a_page_of_model_calls_is_read_in_the_order_it_is_shown_in(seeded):
    (plan,) = seeded.execute(
        f"EXPLAIN (FORMAT JSON) {MODEL_CALLS}", {"learner": "u1", "at": "infinity", "id": "", "most": 21}
    ).fetchone()

    kinds = {node["Node Type"] for node in nodes(plan[0]["Plan"])}
    assert "Index Scan" in kinds
    assert not kinds & {"Sort", "Seq Scan", "Bitmap Heap Scan"}, json.dumps(plan)


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)
