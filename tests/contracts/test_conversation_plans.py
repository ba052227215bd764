"""Conversations and their turns are read by their indexes, however many there are."""

import json
from datetime import UTC, datetime

import psycopg
import pytest

from functions.delivery.queries import SAVE_MESSAGE
from functions.gateway.conversation_queries import CONVERSATION, CONVERSATIONS, DELETE, RENAME, TURNS
from functions.shared.edge.requests import INSERT_REQUEST
from functions.triage.turn_queries import LAST_TURNS


@pytest.fixture(scope="module")
def seeded(new_database):
    """A connection to a database in which a hundred learners have had long conversations."""
    with new_database() as url, psycopg.connect(url, autocommit=True) as db:
        db.execute("SET synchronous_commit = on")  # VACUUM calls nothing visible to all that is not yet on disk
        db.execute("INSERT INTO users (id) SELECT 'u' || n FROM generate_series(1, 100) n")
        db.execute("""
            INSERT INTO conversations (user_id, id, title, last_at)
            SELECT 'u' || n, 'c' || m, 'A title', now() - make_interval(mins => m)
            FROM generate_series(1, 100) n, generate_series(1, 100) m""")
        db.execute("""
            INSERT INTO requests (id, user_id, kind, body, body_hash, answer_message_id, conversation_id, created_at)
            SELECT 'r' || n || '-' || m || '-' || k, 'u' || n, 'question', '{}', '', 'm' || n || '-' || m || '-' || k,
                   'c' || m, now() - make_interval(mins => k)
            FROM generate_series(1, 100) n, generate_series(1, 10) m, generate_series(1, 40) k""")
        db.execute("""
            INSERT INTO messages (id, learner_id, request_id, type, body)
            SELECT answer_message_id, user_id, id, 't', '{}' FROM requests""")
        db.execute("""
            INSERT INTO discarded_requests (request_id, learner_id)
            SELECT 'd' || n, 'u' || (n % 100 + 1) FROM generate_series(1, 20000) n""")
        db.execute("VACUUM ANALYZE")
        yield db


NOW = datetime.now(UTC)
MINE = {"user": "u7", "id": "c3"}
QUERIES = {
    "last turns": (
        LAST_TURNS,
        {"learner": "u7", "conversation": "c3", "asked_at": NOW, "request": "r7-3-1", "most": 5},
    ),
    "a page of conversations": (CONVERSATIONS, {"user": "u7", "at": NOW, "id": "c3", "most": 21}),
    "a conversation": (CONVERSATION, MINE),
    "a page of turns": (TURNS, {"user": "u7", "conversation": "c3", "at": None, "id": None, "most": 21}),
    "renaming": (RENAME, {**MINE, "title": "Another"}),
    "deleting": (DELETE, MINE),
    "keeping a request": (
        INSERT_REQUEST,
        {"id": "new", "learner": "u7", "kind": "question", "body": "{}", "body_hash": "", "conversation": "c3",
         "title": "A title"},
    ),
    "keeping an answer": (SAVE_MESSAGE, {"id": "new", "learner": "u7", "request": "r7-3-1", "type": "t", "body": "{}"}),
}  # fmt: skip


def plan_of(db, name):
    query, values = QUERIES[name]
    with db.transaction(force_rollback=True):
        (plan,) = db.execute(f"EXPLAIN (FORMAT JSON) {query}", values).fetchone()
    return plan[0]["Plan"]


@pytest.mark.parametrize("name", QUERIES)
def test_no_query_about_conversations_reads_a_whole_table(seeded, name):
    plan = plan_of(seeded, name)

    scans = [node for node in nodes(plan) if "Relation Name" in node and "Scan" in node["Node Type"]]
    assert scans
    assert not [node for node in scans if node["Node Type"] == "Seq Scan"], json.dumps(plan)


def test_the_last_turns_are_read_in_the_order_of_one_index(seeded):
    plan = plan_of(seeded, "last turns")

    scans = {node["Index Name"]: node for node in nodes(plan) if "Index Name" in node}
    assert set(scans) == {"requests_conversation", "messages_pkey"}, json.dumps(plan)
    assert scans["requests_conversation"]["Scan Direction"] == "Backward"
    assert "Sort" not in {node["Node Type"] for node in nodes(plan)}, json.dumps(plan)


def test_a_page_of_conversations_is_read_in_the_order_it_is_shown_in(seeded):
    plan = plan_of(seeded, "a page of conversations")

    assert "Sort" not in {node["Node Type"] for node in nodes(plan)}, json.dumps(plan)


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)
