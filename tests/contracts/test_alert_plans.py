"""Alerts are listed and sent by their indexes, however many there are."""

import json

import psycopg
import pytest

from functions.gateway.notification_queries import ALERTS, DISMISS, UNREAD
from functions.notification.queries import SUBSCRIPTIONS_OF
from functions.notification.sending_queries import NOTE_OUTCOME, NOTE_STEP, TAKE_DUE


@pytest.fixture(scope="module")
def seeded(new_database):
    """A connection to a database in which few of many alerts are still to be sent."""
    with new_database() as url, psycopg.connect(url, autocommit=True) as db:
        db.execute("SET synchronous_commit = on")  # VACUUM calls nothing visible to all that is not yet on disk
        db.execute("INSERT INTO users (id) SELECT 'u' || n FROM generate_series(1, 2000) n")
        db.execute("""
            INSERT INTO alerts (id, user_id, about, kind, severity, title, message, read_at)
            SELECT 'a' || n, 'u' || (n % 2000 + 1), 'u' || (n % 1999 + 1), 'struggle', 'warning', '', '',
                   CASE WHEN n < 39000 THEN now() END
            FROM generate_series(1, 40000) n""")
        db.execute("""
            INSERT INTO alerts (id, user_id, about, kind, severity, title, message, read_at)
            SELECT 'b' || n, 'u1', 'u2', 'struggle', 'warning', '', '', now() FROM generate_series(1, 5000) n""")
        db.execute("""
            INSERT INTO subscriptions (id, subscriber_id, learner_id, kinds, channels, webhook_url, webhook_secret)
            SELECT 's' || n || '-' || m, 'u' || n, CASE WHEN n % 500 > 0 OR m > 1 THEN 'u' || (n + m) % 2000 + 1 END,
                   ARRAY['struggle'], ARRAY['in_app', 'webhook'], 'https://school.example.org', 'whsec_'
            FROM generate_series(1, 2000) n, generate_series(1, 10) m""")
        db.execute("""
            INSERT INTO deliveries (alert_id, channel, subscription_id, status, due_at)
            SELECT 'a' || n, 'webhook', 's' || (n % 2000 + 1) || '-1',
                   CASE WHEN n % 1000 = 0 THEN 'pending' ELSE 'sent' END, now() - make_interval(secs => n)
            FROM generate_series(1, 40000) n""")
        db.execute("VACUUM ANALYZE")
        yield db


STEP = {"alert": "a77", "channel": "webhook", "status": "sent", "attempts": 1, "due_at": "2026-01-01T00:00Z"}
NARROWED = {"before": 9000, "unread": False, "dismissed": False, "kind": None, "severity": None}
QUERIES = {
    "a page": (ALERTS, {"user": "u78", "most": 21, **NARROWED}),
    "unread": (UNREAD, {"user": "u78"}),
    "dismissing": (DISMISS, {"user": "u78", "id": "a77"}),
    "due": (TAKE_DUE, {"now": "2100-01-01T00:00Z"}),
    "a step": (NOTE_STEP, {**STEP, "error": None}),
    "an outcome": (NOTE_OUTCOME, {**STEP, "error": None, "target": None, "now": "2026-01-01T00:00Z"}),
    "how they are told": (SUBSCRIPTIONS_OF, {"users": ["u77", "u78"], "about": "u79"}),
}


@pytest.mark.parametrize("name", QUERIES)
def test_no_query_about_alerts_reads_a_whole_table(seeded, name):
    query, values = QUERIES[name]
    with seeded.transaction(force_rollback=True):
        (plan,) = seeded.execute(f"EXPLAIN (FORMAT JSON) {query}", values).fetchone()

    scans = [node for node in nodes(plan[0]["Plan"]) if "Relation Name" in node and "Scan" in node["Node Type"]]
    full = {"alerts", "subscriptions", "deliveries"}  # nobody filled struggle_signals
    assert scans
    assert not [node for node in scans if node["Node Type"] == "Seq Scan" and node["Relation Name"] in full], (
        json.dumps(plan)
    )


def test_a_page_of_many_is_read_in_the_order_it_is_shown_in(seeded):
    query, values = QUERIES["a page"]
    (plan,) = seeded.execute(f"EXPLAIN (FORMAT JSON) {query}", {**values, "user": "u1", "before": None}).fetchone()

    assert "Sort" not in {node["Node Type"] for node in nodes(plan[0]["Plan"])}, json.dumps(plan)


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)
