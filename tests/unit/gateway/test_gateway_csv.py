"""A roster as CSV: any reader gets back what was written, and no spreadsheet runs any of it."""

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.gateway.roster_documents import COLUMNS, RosterEntry, as_csv, cell


def entry(**changes):
    known = {
        "learner_id": "ada", "name": "Ada", "mastery": 72, "level": "green", "certainty": "high", "streak": 3,
        "last_active_at": datetime(2026, 3, 20, 12, tzinfo=UTC), "open_alerts": 1, "struggling": ["loops", "lists"],
        "joined_at": datetime(2026, 3, 1, tzinfo=UTC),
    }  # fmt: skip
    return RosterEntry(**{**known, **changes})


def test_a_learner_is_a_line_below_the_names_of_the_columns():
    assert as_csv([entry()]).decode() == (
        "learner_id,name,level,mastery,certainty,streak,last_active_at,open_alerts,struggling,joined_at\r\n"
        "ada,Ada,green,72,high,3,2026-03-20T12:00:00Z,1,loops; lists,2026-03-01T00:00:00Z\r\n"
    )
    assert set(COLUMNS) == set(RosterEntry.model_fields)


def test_what_is_not_known_is_an_empty_cell_and_a_course_of_nobody_has_its_columns():
    assert ",,green" in as_csv([entry(name=None)]).decode()
    assert as_csv([]).decode().split(",")[0] == "learner_id"


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "\t=", "\u00a0@", "＝", "－"])
def test_what_would_begin_a_formula_begins_with_an_apostrophe(begin):
    assert cell(f"{begin}1+1") == f"'{begin}1+1"
    assert cell([f"{begin}1+1", "loops"]).startswith("'")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_every_name_comes_back_but_for_the_apostrophe(name):
    (row,) = csv.DictReader(io.StringIO(as_csv([entry(name=name)]).decode(), newline=""))

    assert row["name"] in {name, f"'{name}"}
    assert row["name"][:1] not in set("=+-@\t\r\n")
    assert (row["learner_id"], row["struggling"]) == ("ada", "loops; lists")
