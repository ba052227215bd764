"""What needs a clock is done as often as anybody likes: the old is forgotten, the young is kept."""

import subprocess

import psycopg
import pytest

from scripts.stack.places import ROOT


def tidy(*arguments):
    return subprocess.run(["scripts/tidy", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def db(database_url):
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("INSERT INTO users (id) VALUES ('ada')")
        yield connection


def test_what_is_old_is_forgotten_and_what_is_young_is_kept(db, database_url):
    db.execute("""
        INSERT INTO inbox (function, source, id, learner_id, handled_at)
        SELECT 'triage', '/s', 'e' || days, 'ada', now() - make_interval(days => days)
        FROM unnest(ARRAY[1, 29, 31, 400]) days""")
    db.execute("""
        INSERT INTO drafts (id, requester, learner_id, body, created_at)
        SELECT 'd' || hours, 'debug', 'ada', '{}', now() - make_interval(hours => hours)
        FROM unnest(ARRAY[1, 23, 25]) hours""")

    first, again = (tidy("--database-url", database_url) for _ in range(2))

    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert "2 handled events forgotten" in first.stdout
    assert "0 handled events forgotten" in again.stdout
    assert db.execute("SELECT id FROM inbox ORDER BY handled_at DESC").fetchall() == [("e1",), ("e29",)]
    assert db.execute("SELECT id FROM drafts ORDER BY created_at DESC").fetchall() == [("d1",), ("d23",)]


def test_how_long_is_for_an_operator_to_say(db, database_url):
    db.execute("""
        INSERT INTO inbox (function, source, id, learner_id, handled_at)
        VALUES ('triage', '/s', 'e', 'ada', now() - interval '3 days')""")

    assert tidy("--database-url", database_url, "--inbox-days", "2").returncode == 0
    assert db.execute("SELECT count(*) FROM inbox").fetchone() == (0,)


@pytest.mark.parametrize("wrong", [("--inbox-days", "0"), ("--runs-days", "x"), ("--forever",)])
def test_what_makes_no_sense_is_refused(wrong):
    assert tidy(*wrong).returncode == 2


def test_without_a_database_it_says_so():
    done = tidy("--database-url", "postgresql://postgres@127.0.0.1:1/nothing")

    assert done.returncode == 1
    assert "database does not answer" in done.stderr
