"""What realtime asks for each connection is read by an index, in its order, however much was ever said."""

import json

import psycopg
import pytest

from functions.realtime.queries import ALERTS, LATEST, MESSAGES
from functions.shared.turns import TAKE_TURNS


@pytest.fixture(scope="module")
def seeded(new_database):
    """A connection to a database in which somebody was told much, among many."""
    with new_database() as url, psycopg.connect(url, autocommit=True) as db:
        db.execute("SET synchronous_commit = on")  # VACUUM calls nothing visible to all that is not yet on disk
        db.execute("INSERT INTO users (id) SELECT 'u' || n FROM generate_series(1, 2000) n")
        for share in ("'u' || (n % 2000 + 1)", "'u1'"):
            db.execute(f"""
                INSERT INTO messages (id, learner_id, request_id, type, body)
                SELECT gen_random_uuid(), {share}, 'r' || n, 't', '{{}}' FROM generate_series(1, 10000) n""")
            db.execute(f"""
                INSERT INTO alerts (id, user_id, about, kind, severity, title, message)
                SELECT gen_random_uuid(), {share}, 'u2', 'message', 'info', '', '' FROM generate_series(1, 10000) n""")
        db.execute("VACUUM ANALYZE")
        yield db


def plan_of(db, query, values):
    (plan,) = db.execute(f"EXPLAIN (FORMAT JSON) {query}", values).fetchone()
    return plan[0]["Plan"]


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


@pytest.mark.parametrize("learner", ["u1", "u77"])
@pytest.mark.parametrize("seen", [0, 15_000])
@pytest.mark.parametrize("query", [MESSAGES, ALERTS], ids=["messages", "alerts"])
def test_what_comes_next_is_read_in_the_order_of_an_index(seeded, query, learner, seen):
    wishes = {"learners": [learner, "u9"], "seen": [seen, 0]}
    plan = plan_of(seeded, query, {**wishes, "most": 10})

    [limit] = [node for node in nodes(plan) if node["Node Type"] == "Limit"]
    [scan] = limit["Plans"]  # nothing is sorted below the limit
    assert scan["Node Type"] == "Index Scan", json.dumps(plan)
    assert scan["Index Name"] in {"messages_learner", "alerts_user"}


def test_how_far_things_are_is_the_end_of_an_index(seeded):
    plan = plan_of(seeded, LATEST, {"learner": "u77"})

    scans = [node for node in nodes(plan) if "Scan" in node["Node Type"]]
    assert {node["Node Type"] for node in scans} == {"Index Only Scan"}, json.dumps(plan)
    assert all(node["Scan Direction"] == "Backward" for node in scans)


def test_taking_turns_reads_no_table(seeded):
    plan = plan_of(seeded, TAKE_TURNS, {"table": "messages", "people": ["u1", "u2"]})

    assert not [node for node in nodes(plan) if "Relation Name" in node]
