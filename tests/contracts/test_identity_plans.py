"""Logging in and staying logged in stay on their indexes, however many people there are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from functions.gateway.account_queries import ACCOUNT_NAMED, ACCOUNT_OF, PROFILE, REPLACE_HASH, SET_ROLE
from functions.gateway.login_queries import (
    COUNT_TRY,
    FORGET_FAILURES,
    OPEN,
    REVOKE,
    REVOKE_OTHERS,
    REVOKE_REUSED,
    ROTATE,
    SECONDS_LOCKED,
)


@pytest.fixture(scope="module")
def seeded(new_database: Callable[[], AbstractContextManager[str]]) -> Iterator[psycopg.Connection[Any]]:
    """A connection to a database of many people, each of whom logged in twice and stayed for a while."""
    with new_database() as url, psycopg.connect(url, autocommit=True) as db:
        db.execute("SET synchronous_commit = on")  # VACUUM calls nothing visible to all that is not yet on disk
        db.execute("INSERT INTO users (id) SELECT 'u' || n FROM generate_series(1, 5000) n")
        db.execute("""
            INSERT INTO accounts (user_id, username, password_hash)
            SELECT 'u' || n, 'user-' || n, 'h' FROM generate_series(1, 5000) n""")
        db.execute("""
            INSERT INTO login_failures (name_hash, failures)
            SELECT sha256(('user-' || n)::bytea), 1 FROM generate_series(1, 5000) n""")
        db.execute("""
            INSERT INTO refresh_tokens (token_hash, family, user_id, expires_at, used_at, revoked_at)
            SELECT sha256((n || '-' || m)::bytea), 'f' || n || '-' || m % 2, 'u' || n, now() + interval '30 days',
                   CASE WHEN m < 7 THEN now() END, CASE WHEN n % 100 = 0 THEN now() END
            FROM generate_series(1, 5000) n, generate_series(1, 8) m""")
        db.execute("VACUUM ANALYZE")
        yield db


DAY = timedelta(days=1)
ONE = {"user": "u77", "username": "user-77", "name": b"\x00" * 32, "hash": b"\x00" * 32}
NEXT = {"next": "t", "next_hash": b"\x01" * 32, "lifetime": DAY}
QUERIES: dict[str, tuple[str, dict[str, Any]]] = {
    "whose name": (ACCOUNT_NAMED, ONE),
    "whose account": (ACCOUNT_OF, ONE),
    "a profile": (PROFILE, ONE),
    "another hash": (REPLACE_HASH, {**ONE, "old": "h", "new": "i"}),
    "another role": (SET_ROLE, {**ONE, "role": "teacher"}),
    "a try": (COUNT_TRY, {**ONE, "pauses": [DAY, DAY], "forgotten": DAY}),
    "how long": (SECONDS_LOCKED, ONE),
    "no failures": (FORGET_FAILURES, ONE),
    "a log-in": (OPEN, {**ONE, **NEXT, "hash": "h", "new_hash": None, "family": "f"}),
    "the next token": (ROTATE, {**ONE, **NEXT}),
    "a reused token": (REVOKE_REUSED, ONE),
    "logging out": (REVOKE, ONE),
    "logging out elsewhere": (REVOKE_OTHERS, {**ONE, "kept": "f77-1"}),
}


@pytest.mark.parametrize("name", QUERIES)
def test_no_query_about_log_ins_reads_a_whole_table(seeded: psycopg.Connection[Any], name: str):
    query, values = QUERIES[name]
    with seeded.transaction(force_rollback=True):
        (plan,) = seeded.execute(f"EXPLAIN (FORMAT JSON) {query}", values).fetchone() or ([],)

    found = list(nodes(plan[0]["Plan"]))
    assert {node["Relation Name"] for node in found if "Relation Name" in node}
    assert not [node for node in found if node["Node Type"] == "Seq Scan"], json.dumps(plan)


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a plan's nodes."""
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)
