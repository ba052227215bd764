"""What needs a clock is done as often as anybody likes: the old is forgotten, the young is kept."""

import json
import os
import re
import subprocess

import psycopg
import pytest

from functions.progress.rebuilding import kept
from scripts.stack.places import ROOT
from scripts.stack.retention import RULES, ages, forget


def tidy(*arguments, **environment):
    return subprocess.run(
        ["scripts/tidy", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, **environment},
    )  # fmt: skip


def said(done):
    """How much of what was forgotten, or is to be."""
    assert done.returncode == 0, done.stderr
    return {
        what: int(count)
        for what, count in re.findall(r"✓ (.+?) +[\d.]+ s   (\d+) (?:to forget|forgotten)", done.stdout)
    }


def one_of_each(db, name, days, key):
    """Keep a row that is so many days old of what a rule is about."""
    rule = RULES[name]
    columns = {column: value.format(key=key) for column, value in (ROWS[rule.table] | EXTRA.get(name, {})).items()}
    columns[rule.since] = f"now() - interval '{days} days'"
    db.execute(f"INSERT INTO {rule.table} ({', '.join(columns)}) VALUES ({', '.join(columns.values())})")


ADA = {"learner_id": "'ada'"}
OWN = {"user_id": "'ada'"}
KEY = {"id": "'{key}'"}
NOW = "now()"
ROWS = {
    "conversations": {**OWN, **KEY, "title": "'t'"},
    "requests": {**KEY, **OWN, "kind": "'question'", "body": "'{{}}'", "body_hash": "''"},
    "messages": {**KEY, **ADA, "request_id": "'r'", "type": "'t'", "body": "'{{}}'"},
    "discarded_requests": {"request_id": "'{key}'", **ADA},
    "inbox": {"function": "'triage'", "source": "'/s'", **KEY, **ADA},
    "drafts": {**KEY, "requester": "'debug'", **ADA, "body": "'{{}}'"},
    "hints_asked": {**ADA, "mistake": "'{key}'", "request_id": "'r'"},
    "events": {"source": "'/s'", **KEY, "type": "'t'", "correlation_id": "''", "time": NOW, "event": "'{{}}'", **ADA},
    "dead_letters": {
        "source": "'/s'", **KEY, "destination": "''", "function": "''", "type": "''", "correlation_id": "''",
        "event": "'{{}}'",
    },
    "error_occurrences": {**KEY, **ADA, "error_type": "'E'", "code_hash": "''"},
    "reviews": {**KEY, **ADA, "code_hash": "''", "quality": "5"},
    "quizzes": {**KEY, **ADA, "topic": "''", "question_id": "''", "edition": "''", "option_order": "'{{}}'"},
    "struggle_runs": {**KEY, **ADA},
    "struggle_signals": {**KEY, **ADA, "signal": "''", "about": "''", "evidence": "'{{}}'"},
    "alerts": {
        **KEY, **OWN, "about": "'ada'", "kind": "'struggle'", "severity": "'info'", "title": "''", "message": "''",
    },
    "deliveries": {"alert_id": "'an-alert'", "channel": "'{key}'", "status": "'sent'"},
    "model_calls": {**KEY, **ADA, "function": "''", "model": "''", "sent": "'[]'"},
    "model_grants": {"function": "''", "source": "''", **KEY, **ADA, "course_ids": "'{{}}'"},
    "learner_quotas": {**ADA, "model_answers": "1"},
    "course_quotas": {"course_id": "'a-course'", "model_answers": "1"},
    "refresh_tokens": {"token_hash": "'{key}'", "family": "''", **OWN},
    "login_failures": {"name_hash": "'{key}'", "failures": "1"},
    "rates": {"key": "'{key}'"},
}  # fmt: skip
EXTRA = {"nobodys_events": {"learner_id": "NULL"}, "read_alerts": {"read_at": NOW}}
KEYS = {"deliveries": ("webhook", "email")}


@pytest.fixture
def db(database_url):
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SET TIME ZONE 'UTC'")
        connection.execute("INSERT INTO users (id) VALUES ('ada')")
        connection.execute("INSERT INTO courses (id, teacher_id, title, code) VALUES ('a-course', 'ada', 't', 'c')")
        connection.execute("""
            INSERT INTO alerts (id, user_id, about, kind, severity, title, message)
            VALUES ('an-alert', 'ada', 'ada', 'struggle', 'info', '', '')""")
        yield connection


def test_of_everything_the_old_is_forgotten_and_the_young_is_kept(db, database_url):
    for name, age in ages().items():
        old, young = KEYS.get(name, (f"old {name}", f"young {name}"))
        one_of_each(db, name, age.days + 2, old)
        one_of_each(db, name, age.days - 2, young)
    before = {rule.table: count(db, rule.table) for rule in RULES.values()}

    dry = said(tidy("--database-url", database_url, "--dry-run"))
    unchanged = {table: count(db, table) for table in before}
    first, again = (said(tidy("--database-url", database_url)) for _ in range(2))

    assert set(dry) == set(first) == {rule.what for rule in RULES.values()}
    assert unchanged == before
    assert set(dry.values()) == set(first.values()) == {1}
    assert set(again.values()) == {0}
    left = {rule.table: count(db, rule.table) for rule in RULES.values()}
    per_table = {rule.table: sum(other.table == rule.table for other in RULES.values()) for rule in RULES.values()}
    assert left == {table: before[table] - per_table[table] for table in before}


def count(db, table):
    return db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def test_every_rule_has_an_age_and_every_age_a_rule():
    assert set(ages()) == set(RULES)


def test_how_long_is_for_an_operator_to_say(db, database_url):
    for days in (1, 3):
        one_of_each(db, "inbox", days, f"e{days}")
        one_of_each(db, "messages", days, f"m{days}")

    said(tidy("--database-url", database_url, "--keep", "inbox=2d", LEARNFLOW_KEEP="inbox=forever, messages=48h"))

    assert db.execute("SELECT id FROM inbox UNION ALL SELECT id FROM messages ORDER BY 1").fetchall() == [
        ("e1",),
        ("m1",),
    ]


def test_what_is_kept_for_ever_is(db, database_url):
    one_of_each(db, "events", 4000, "e")

    assert "events of the audit log" not in said(tidy("--database-url", database_url, "--keep", "events=forever"))
    assert count(db, "events") == 1


def test_more_than_one_statement_deletes_is_forgotten_too_and_it_is_noted_up_to_when(db, monkeypatch):
    monkeypatch.setattr("scripts.stack.retention.AT_ONCE", 3)
    for number in range(10):
        one_of_each(db, "events", 500 - number, f"e{number}")
    so_far = []

    assert forget(db, "events", ages()["events"], so_far.append) == 10

    assert so_far == [f"{number} forgotten" for number in (0, 3, 6, 9, 10)]
    ((what, days),) = db.execute("SELECT what, extract(day FROM now() - before)::int FROM forgotten").fetchall()
    assert (what, days) == ("events", 365)


def test_progress_outlives_what_it_was_made_from(db, database_url):
    db.execute("INSERT INTO progress (learner_id, topic, exercises, score_sum) VALUES ('ada', 'loops', 2, 150)")
    db.execute("INSERT INTO exercise_best VALUES ('ada', 'loops/a', 100, '2020-01-01', NULL)")
    db.execute("INSERT INTO quiz_firsts VALUES ('ada', 'loops/q', true, '2020-01-01')")
    db.execute("INSERT INTO program_quality VALUES ('ada', 'p', 80, '2020-01-01')")
    db.execute("INSERT INTO activity_days VALUES ('ada', '2020-01-01')")
    db.execute("""
        INSERT INTO submissions (id, learner_id, exercise_id, attempt, code, submitted_at)
        VALUES ('s', 'ada', 'loops/a', 1, 'pass', '2020-01-01')""")
    before = kept(db, "ada")

    said(tidy("--database-url", database_url, *(word for name in RULES for word in ("--keep", f"{name}=0d"))))

    assert kept(db, "ada") == before
    assert count(db, "submissions") == count(db, "users") == 1


def test_for_logs_it_says_in_one_line_what_it_did(db, database_url, tmp_path):
    one_of_each(db, "inbox", 99, "old")
    (tmp_path / "url").write_text(database_url)

    done = tidy("--log", DATABASE_URL_FILE=str(tmp_path / "url"), DATABASE_TLS="false", PROFILE="prod")

    (line,) = map(json.loads, done.stdout.splitlines())
    assert (line["service"], line["message"], line["deliveries"]) == ("tidy", "tidy.done", 0)
    assert set(line["old"]) == set(RULES)
    assert {name for name, count in line["old"].items() if count} == {"inbox"}


def test_in_production_it_speaks_to_no_database_that_does_not_prove_who_it_is():
    done = tidy("--log", DATABASE_URL="postgresql://db.example/learnflow", PROFILE="prod")

    assert done.returncode == 1
    assert "sslmode=verify-full" in done.stderr


@pytest.mark.parametrize(
    "wrong", [("--keep", "inbox=2 days"), ("--keep", "users=1d"), ("--keep", "inbox"), ("--forever",)]
)
def test_what_makes_no_sense_is_refused(wrong):
    assert tidy(*wrong).returncode == 2


def test_what_makes_no_sense_in_the_environment_is_refused_too():
    done = tidy(LEARNFLOW_KEEP="inbox=soon")

    assert done.returncode == 2
    assert "'soon' is no age" in done.stderr


def test_without_a_database_it_says_so():
    done = tidy("--database-url", "postgresql://postgres@127.0.0.1:1/nothing")

    assert done.returncode == 1
    assert "database does not answer" in done.stderr
