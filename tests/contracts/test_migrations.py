"""Migrations only add: what runs goes on with the new tables, so that a deployment goes forward and back without stop.

Each is run, and the database after it held against the database before it.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from scripts.stack.migrations import migrate, revisions
from scripts.stack.places import ROOT

VERSIONS = ROOT / "schema" / "migrations" / "versions"
ONLY_ADDS = "pre-deploy: it only adds."
NOT_ALONE = ["0006"]
"""Those that say how they go out instead. One more is a decision to be made with care."""

COLUMNS = """
    SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull,
           atthasdef OR attidentity <> '' OR attgenerated <> ''
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v') AND attnum > 0 AND NOT attisdropped
      AND relname <> 'alembic_version'
"""
DEMANDS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(pg_constraint.oid),
           ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY(conkey))
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'u', 'p', 'f', 'x')
    UNION ALL
    SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid),
           ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = indrelid AND attnum = ANY(indkey))
    FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
    WHERE relnamespace = 'public'::regnamespace AND indisunique
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""


@dataclass(frozen=True)
class Column:
    """What a column takes: `demanded` has to be given by whoever writes a row."""

    type: str
    may_be_null: bool
    demanded: bool


@dataclass(frozen=True)
class Tables:
    """Columns by table and name, and what else is demanded of rows: by table and name, how and of which columns."""

    columns: dict[tuple[str, str], Column]
    demands: dict[tuple[str, str], tuple[str, tuple[str, ...]]]

    @property
    def names(self) -> set[str]:
        """The tables, and views."""
        return {table for table, _ in self.columns}


def tables_of(url: str) -> Tables:
    with psycopg.connect(url) as db:
        columns = {
            (table, name): Column(type, not not_null, not_null and not given)
            for table, name, type, not_null, given in db.execute(COLUMNS)
        }
        demands = {(table, name): (words, tuple(of)) for table, name, words, of in db.execute(DEMANDS)}
    return Tables(columns, demands)


def narrower(before: Tables, after: Tables) -> list[str]:
    """Return what whoever was written for the tables before cannot do with those after."""
    found = []
    for (table, name), old in before.columns.items():
        new = after.columns.get((table, name))
        if new is None:
            found.append(f"{table}.{name} is gone")
        elif new.type != old.type:
            found.append(f"{table}.{name} was {old.type} and is {new.type}")
        elif (old.may_be_null and not new.may_be_null) or (new.demanded and not old.demanded):
            found.append(f"{table}.{name} must be given")
    fresh = {key for key in after.columns if key not in before.columns}
    found += [
        f"{table}.{name} must be given"
        for table, name in sorted(fresh)
        if table in before.names and after.columns[table, name].demanded
    ]
    for (table, name), (words, of) in after.demands.items():
        # What is about a new column is met by rows that do not know of it: it is null in them, or has its default.
        about_new = any((table, column) in fresh for column in of)
        if table in before.names and before.demands.get((table, name), ("",))[0] != words and not about_new:
            found.append(f"{table} demands {words} ({name})")
    return found


def says(revision: str) -> str:
    [path] = VERSIONS.glob(f"{revision}_*.py")
    return " ".join((ast.get_docstring(ast.parse(path.read_text())) or "").split())


def test_every_migration_says_how_it_goes_out():
    assert [revision for revision in revisions() if ONLY_ADDS not in says(revision)] == NOT_ALONE
    assert all("with the deploy" in says(revision) for revision in NOT_ALONE)


def test_a_migration_that_says_that_it_only_adds_does(empty_database_url: str):
    before, broken = tables_of(empty_database_url), {}
    for revision in revisions():
        migrate(empty_database_url, revision)
        after = tables_of(empty_database_url)
        broken[revision] = narrower(before, after)
        before = after

    assert [revision for revision, found in broken.items() if found] == NOT_ALONE
    assert "progress.mastery is gone" in broken["0006"]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("DROP TABLE drafts", "drafts.body is gone"),
        ("ALTER TABLE users RENAME COLUMN role TO rank", "users.role is gone"),
        ("ALTER TABLE alerts RENAME TO told", "alerts.title is gone"),
        ("ALTER TABLE quizzes ALTER topic TYPE varchar(9)", "quizzes.topic was text and is character varying(9)"),
        ("ALTER TABLE reviews ALTER topic SET NOT NULL", "reviews.topic must be given"),
        ("ALTER TABLE users ALTER role DROP DEFAULT", "users.role must be given"),
        ("ALTER TABLE users ADD nickname text NOT NULL", "users.nickname must be given"),
        (
            "ALTER TABLE users ADD CHECK (role <> 'admin')",
            "users demands CHECK ((role <> 'admin'::text)) (",
        ),
        ("CREATE UNIQUE INDEX one_title ON courses (title)", "courses demands CREATE UNIQUE INDEX one_title ON public"),
        ("DROP VIEW mastery", "mastery.mastery is gone"),
    ],
)
def test_a_migration_that_takes_something_away_is_found(database_url: str, statement: str, found: str):
    before = tables_of(database_url)
    with psycopg.connect(database_url) as db:
        db.execute(statement)

    assert any(said.startswith(found) for said in narrower(before, tables_of(database_url)))


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE users ADD nickname text",
        "ALTER TABLE users ADD points integer NOT NULL DEFAULT 0 CHECK (points >= 0)",
        "CREATE TABLE badges (id text PRIMARY KEY, learner_id text NOT NULL REFERENCES users ON DELETE CASCADE)",
        "CREATE INDEX courses_title ON courses (title)",
        "ALTER TABLE alerts ALTER title DROP NOT NULL",
    ],
)
def test_a_migration_that_adds_is_let_through(database_url: str, statement: str):
    before = tables_of(database_url)
    with psycopg.connect(database_url) as db:
        db.execute(statement)

    assert narrower(before, tables_of(database_url)) == []


def test_there_is_a_file_for_every_revision_and_no_other():
    assert sorted(path.name.split("_")[0] for path in Path(VERSIONS).glob("[0-9]*.py")) == revisions()
