"""The servers that tests are given are real, separate and quick to come by."""

from __future__ import annotations

import psycopg
from kafka import KafkaAdminClient


def test_kafka_answers_and_makes_no_topic_by_itself(kafka_bootstrap: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    try:
        assert len(admin.describe_cluster()["brokers"]) == 1
        assert "never.made" not in admin.list_topics()
    finally:
        admin.close()


def test_postgres_is_the_version_that_we_promise(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as db:
        assert db.info.server_version // 10_000 >= 15


def test_an_empty_database_is_empty_and_writable(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url) as db:
        db.execute("CREATE TABLE mark (id int)")
        tables = db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()

    assert tables == [("mark",)]


def test_every_test_gets_a_migrated_database_of_its_own(database_url: str) -> None:
    with psycopg.connect(database_url) as db:
        tables = {name for (name,) in db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}

    assert {"users", "inbox", "dead_letters", "alembic_version"} <= tables
