"""Whatever is kept of people can be taken along, be forgotten, and is found for that by an index."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from pathlib import Path

import psycopg
import pytest
import yaml

from functions.gateway.exported import NOT_IN_IT, OWNERS, PARTS

COLUMNS = """
    SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables
        USING (table_schema, table_name)
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
"""
REFERENCES = """
    SELECT conrelid::regclass::text, array_agg(attname ORDER BY place)
    FROM pg_constraint, unnest(conkey) WITH ORDINALITY AS key (number, place)
    JOIN pg_attribute ON attnum = number
    WHERE contype = 'f' AND attrelid = conrelid GROUP BY pg_constraint.oid, conrelid
"""
INDEXED = """
    SELECT indrelid::regclass::text, array_agg(attname ORDER BY place)
    FROM pg_index, unnest(indkey::smallint[]) WITH ORDINALITY AS key (number, place)
    JOIN pg_attribute ON attnum = number
    WHERE attrelid = indrelid GROUP BY indexrelid, indrelid
"""


@pytest.fixture(scope="module")
def db(new_database):
    with new_database() as url, psycopg.connect(url, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def columns(db):
    """The columns of each table."""
    found = defaultdict(set)
    for table, column in db.execute(COLUMNS):
        found[table].add(column)
    return found


def test_every_table_is_exported_or_is_said_not_to_be_and_why(columns):
    exported = {part.table for part in PARTS}

    assert exported | set(NOT_IN_IT) == set(columns)
    assert not exported & set(NOT_IN_IT)
    assert all(NOT_IN_IT.values())


def test_no_table_that_refers_to_a_person_is_left_out_of_the_export(db):
    owning = {table for table, _ in db.execute(REFERENCES)} - {"course_quotas"}  # sums, of nobody

    assert owning <= {part.table for part in PARTS}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.member)
def test_every_column_is_exported_or_is_said_not_to_be_and_why(columns, part):
    said = [*part.columns.split(), *part.made, *part.withheld]

    assert columns[part.table] - set(OWNERS) <= set(said) <= columns[part.table]
    assert len(said) == len(set(said))
    assert all(part.withheld.values())


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.member)
def test_a_part_of_an_export_is_no_secret(part):
    assert not re.search(r"hash\b(?<!code_hash)|secret|password", f"{part.columns} {' '.join(part.made)}")


def test_how_long_what_is_kept_is_said_as_it_is_set():
    said = Path("schema/PRIVACY.md").read_text()
    table = said[said.index("| What |") : said.index("**A teacher**")]
    told = dict(re.findall(r"`(\w+)` (\d+[dy])", table))

    assert told == tomllib.loads(Path("schema/retention.toml").read_text())["keep"]


def test_how_long_kafka_keeps_what_is_said_as_it_is_set():
    retention = {
        path.stem: yaml.safe_load(path.read_text())["retention"] for path in Path("kafka/topics").glob("*.yaml")
    }
    said = " ".join(Path("schema/PRIVACY.md").read_text().split())

    assert retention.pop("learnflow.dead-letters") == "30d"
    assert set(retention.values()) == {"7d"}
    assert "7 days for topics that carry what people send and are sent, 30 days for `learnflow.dead-letters`" in said


def test_whatever_goes_with_a_person_is_found_by_an_index(db):
    """Else a deletion would read whole tables for each of them."""
    indexed = db.execute(INDEXED).fetchall()

    for table, key in db.execute(REFERENCES).fetchall():
        assert any(found == table and set(first[: len(key)]) == set(key) for found, first in indexed), (table, key)
