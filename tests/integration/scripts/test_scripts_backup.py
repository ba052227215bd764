"""Backups are whole or not there, and restored whole or not at all; what was not meant is refused."""

from __future__ import annotations

import argparse
import signal
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from scripts.stack import restore, restoring
from scripts.stack.errors import StackError
from scripts.stack.migrations import migrate, revisions
from scripts.stack.places import ROOT
from scripts.stack.processes import wait_until

PEOPLE = "INSERT INTO users (id) SELECT 'u' || n FROM generate_series(1, %s) AS n"
TABLES = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
NewDatabase = Callable[[], AbstractContextManager[str]]


def run(name: str, *words: Any, url: str) -> tuple[int, str]:
    """Run a script; its exit code, and all it said."""
    done = subprocess.run(
        [ROOT / "scripts" / name, *map(str, words), "--database-url", url],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


def query(url: str, statement: str, *values: Any) -> Any:
    """Run a statement; the only value that it returns, if any."""
    with psycopg.connect(url, autocommit=True) as db:
        cursor = db.execute(statement, values)
        return cursor.fetchall()[0][0] if cursor.description else None


@pytest.fixture
def kept(database_url: str, tmp_path: Path) -> Path:
    """A backup of seven people."""
    query(database_url, PEOPLE, 7)
    path = tmp_path / "learnflow.dump"
    code, said = run("backup", path, url=database_url)
    assert code == 0, said
    assert f"tables of revision {revisions()[-1]}, PostgreSQL" in said
    return path


def test_a_backup_is_private_and_not_overwritten(kept: Path, database_url: str):
    before = kept.read_bytes()

    code, said = run("backup", kept, url=database_url)

    assert (code, kept.read_bytes(), kept.stat().st_mode & 0o777) == (1, before, 0o600)
    assert "is there already, and is not overwritten" in said
    assert list(kept.parent.iterdir()) == [kept]


def test_a_backup_that_fails_leaves_nothing(tmp_path: Path, database_url: str):
    nowhere, said = run("backup", tmp_path / "x.dump", url="postgresql://127.0.0.1:1/x")
    assert (nowhere, "The database does not answer" in said) == (1, True)

    query(database_url, "CREATE ROLE learnflow_reads_nothing LOGIN")
    try:
        code, said = run("backup", tmp_path / "x.dump", url=make_conninfo(database_url, user="learnflow_reads_nothing"))
    finally:
        query(database_url, "DROP ROLE learnflow_reads_nothing")

    assert (code, "pg_dump's last words" in said, "permission denied" in said) == (1, True, True), said
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_holds_something_is_not_replaced_unless_that_is_meant(kept: Path, database_url: str):
    query(database_url, "INSERT INTO users (id) VALUES ('late')")

    unasked = run("restore", kept, url=database_url)
    unsure = run("restore", kept, "--replace", url=database_url)
    assert (unasked[0], "say --replace" in unasked[1], "8 people among them" in unasked[1]) == (1, True, True)
    assert (unsure[0], "say --yes" in unsure[1]) == (1, True)
    assert query(database_url, "SELECT count(*) FROM users") == 8

    code, said = run("restore", kept, "--replace", "--yes", url=database_url)
    assert code == 0, said
    assert query(database_url, "SELECT count(*) FROM users") == 7


@pytest.mark.parametrize("typed", ["", "something else"])
def test_who_is_asked_has_to_type_the_databases_name(
    kept: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, typed: str
):
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or typed)
    options = argparse.Namespace(file=kept, replace=True, yes=False, moved=False, deletions=None)
    query(database_url, "INSERT INTO users (id) VALUES ('late')")

    assert restore.run(database_url, options) == 1
    assert query(database_url, "SELECT count(*) FROM users") == 8

    typed = query(database_url, "SELECT current_database()")
    assert restore.run(database_url, options) == 0
    assert query(database_url, "SELECT count(*) FROM users") == 7
    assert f"The database '{typed}' holds" in asked[0]


def test_tables_without_data_count_as_empty(kept: Path, new_database: NewDatabase):
    with new_database() as migrated:
        code, said = run("restore", kept, url=migrated)

        assert code == 0, said
        assert query(migrated, "SELECT count(*) FROM users") == 7


def test_a_backup_of_an_older_revision_is_migrated(empty_database_url: str, new_database: NewDatabase, tmp_path: Path):
    migrate(empty_database_url, "0008")
    query(empty_database_url, PEOPLE, 3)
    run("backup", tmp_path / "old.dump", url=empty_database_url)

    with new_database() as elsewhere:
        code, said = run("restore", tmp_path / "old.dump", url=elsewhere)
        nothing_left = migrate(elsewhere)

        assert code == 0, said
        assert f"migrations run, as the backup is of an older revision: {len(revisions()) - 8}\n" in said
        assert nothing_left == []
        assert query(elsewhere, "SELECT count(*) FROM users") == 3
        assert query(elsewhere, "SELECT count(*) FROM erasure_salt") == 1


def test_a_backup_of_a_newer_revision_is_refused(
    kept: Path, database_url: str, new_database: NewDatabase, tmp_path: Path
):
    query(database_url, "UPDATE alembic_version SET version_num = '9999'")
    run("backup", tmp_path / "new.dump", url=database_url)

    with new_database() as elsewhere:
        code, said = run("restore", tmp_path / "new.dump", url=elsewhere)

        assert (code, query(elsewhere, "SELECT count(*) FROM users")) == (1, 0)
        assert f"of revision 9999, and this checkout knows no later one than {revisions()[-1]}" in said


@pytest.mark.parametrize(("holds", "why"), [(b"", "cannot be read"), (b"nonsense" * 99, "cannot be read")])
def test_what_is_no_backup_is_refused(database_url: str, tmp_path: Path, holds: bytes, why: str):
    (tmp_path / "x").write_bytes(holds)

    code, said = run("restore", tmp_path / "x", url=database_url)

    assert (code, why in said) == (1, True), said


def test_a_backup_of_another_programs_database_is_refused(empty_database_url: str, database_url: str, tmp_path: Path):
    query(empty_database_url, "CREATE TABLE notes (text text)")
    code, said = run("backup", tmp_path / "x.dump", url=empty_database_url)

    assert (code, "not of a database of LearnFlow's" in said) == (1, True), said
    assert list(tmp_path.iterdir()) == []


def test_a_backup_that_is_cut_short_changes_nothing(database_url: str, tmp_path: Path):
    query(database_url, PEOPLE, 100_000)
    run("backup", tmp_path / "whole.dump", url=database_url)
    whole = (tmp_path / "whole.dump").read_bytes()
    (tmp_path / "half.dump").write_bytes(whole[: len(whole) // 2])
    query(database_url, "INSERT INTO users (id) VALUES ('late')")

    code, said = run("restore", tmp_path / "half.dump", "--replace", "--yes", url=database_url)

    assert (code, query(database_url, "SELECT count(*) FROM users")) == (1, 100_001), said


def test_a_restore_that_is_killed_in_the_middle_leaves_what_was_there(
    database_url: str, empty_database_url: str, tmp_path: Path
):
    query(database_url, PEOPLE, 200_000)
    run("backup", tmp_path / "x.dump", url=database_url)
    query(database_url, "INSERT INTO users (id) VALUES ('late')")

    for url in (database_url, empty_database_url):
        tables = query(url, TABLES)
        kill_while_it_copies(tmp_path / "x.dump", url)
        assert query(url, TABLES) == tables
    assert query(empty_database_url, TABLES) == 0
    assert query(database_url, "SELECT count(*) FROM users") == 200_001


def kill_while_it_copies(path: Path, url: str) -> None:
    """Start to restore, and kill it when rows are on their way; return when the server has noticed."""
    with psycopg.connect(url, autocommit=True) as db:
        copying = (
            "SELECT count(*) FROM pg_stat_progress_copy WHERE datname = current_database() AND tuples_processed > 0"
        )
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        command = [ROOT / "scripts" / "restore", path, "--replace", "--yes", "--database-url", url]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL) as running:
            assert wait_until(lambda: db.execute(copying).fetchone() != (0,), timeout_seconds=60, poll_seconds=0.001)
            running.send_signal(signal.SIGKILL)
        assert running.returncode == -signal.SIGKILL
        assert wait_until(lambda: db.execute(others).fetchone() == (0,), timeout_seconds=60)


def test_tables_that_somebody_does_not_let_go_of_are_not_waited_for_for_ever(
    kept: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(restoring, "LOCK_SECONDS", 1)
    options = argparse.Namespace(file=kept, replace=True, yes=True, moved=False, deletions=None)
    with psycopg.connect(database_url) as other:
        other.execute("INSERT INTO users (id) VALUES ('late')")
        with pytest.raises(StackError, match="Tables are in use"):
            restore.run(database_url, options)

    assert query(database_url, "SELECT count(*) FROM users") == 8


def test_what_is_written_while_nobody_looked_is_not_replaced(
    kept: Path, new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
):
    options = argparse.Namespace(file=kept, replace=False, yes=False, moved=False, deletions=None)
    with new_database() as url:
        hold = restoring.hold
        monkeypatch.setattr(restore, "hold", lambda db: (query(url, PEOPLE, 1), hold(db)))
        with pytest.raises(StackError, match="Somebody has just written"):
            restore.run(url, options)

        assert query(url, "SELECT count(*) FROM users") == 1
