"""The demo accounts: made once, with passwords that stay, and never in the place of somebody else."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from functions.gateway.passwords import HASHER
from scripts.stack.create_user import create_user
from scripts.stack.demo import demo_accounts
from scripts.stack.demo_making import ensure_demo_accounts
from scripts.stack.places import Places

ACCOUNTS = "SELECT username, role, name, password_hash FROM accounts JOIN users ON id = user_id ORDER BY username"


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path)


def test_a_learner_and_a_teacher_are_made_who_can_log_in(places: Places, database_url: str) -> None:
    learner, teacher = ensure_demo_accounts(places, database_url)

    with psycopg.connect(database_url) as db:
        kept = db.execute(ACCOUNTS).fetchall()
    assert [row[:3] for row in kept] == [
        ("demo", "learner", "Demo learner"), ("demo-teacher", "teacher", "Demo teacher"),
    ]  # fmt: skip
    assert HASHER.verify(kept[0][3], learner.password)
    assert HASHER.verify(kept[1][3], teacher.password)
    assert learner.password != teacher.password
    assert demo_accounts(places) == [learner, teacher]


def test_up_again_changes_nothing(places: Places, database_url: str) -> None:
    first = ensure_demo_accounts(places, database_url)
    with psycopg.connect(database_url) as db:
        before = db.execute(ACCOUNTS).fetchall()

        assert ensure_demo_accounts(places, database_url) == first
        assert db.execute(ACCOUNTS).fetchall() == before


def test_they_are_made_anew_with_the_same_passwords_where_the_database_is_another(
    places: Places, database_url: str
) -> None:
    first = ensure_demo_accounts(places, database_url)
    with psycopg.connect(database_url, autocommit=True) as db:
        db.execute("DELETE FROM users")

    assert ensure_demo_accounts(places, database_url) == first
    with psycopg.connect(database_url) as db:
        assert HASHER.verify(db.execute(ACCOUNTS).fetchall()[0][3], first[0].password)


def test_somebody_who_is_called_so_already_is_left_alone(places: Places, database_url: str) -> None:
    create_user(database_url, "Demo", "a-password-of-their-own", "learner")

    learner, teacher = ensure_demo_accounts(places, database_url)

    assert learner.username.startswith("demo-")
    assert teacher.username == "demo-teacher"
    with psycopg.connect(database_url) as db:
        kept = {row[0]: row[3] for row in db.execute(ACCOUNTS)}
    assert set(kept) == {"demo", learner.username, "demo-teacher"}
    assert HASHER.verify(kept["demo"], "a-password-of-their-own")
    assert ensure_demo_accounts(places, database_url) == [learner, teacher]
