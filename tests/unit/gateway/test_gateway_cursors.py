"""A cursor brings back what a list is ordered by, and anything else is refused by its field."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.gateway.cursors import MAX_CURSOR, cursor_after, read_cursor
from functions.shared.edge.problems import Problem

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=264)
moments = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-7))]))


@given(st.floats(allow_nan=False), texts, texts)
def test_figures_and_names_come_back_as_they_were(figure, name, user):
    assert read_cursor(cursor_after(figure, name, user), float, str, str) == (figure, name, user)


@given(moments, texts)
def test_moments_come_back_to_the_microsecond(at, id):
    assert read_cursor(cursor_after(at, id), datetime, str) == (at, id)


def test_the_longest_name_and_id_there_are_fit():
    assert len(cursor_after(-1.7976931348623157e308, "\N{DEVANAGARI LETTER KA}" * 254, "x" * 64)) <= MAX_CURSOR


@given(st.text(max_size=80))
def test_what_never_was_a_cursor_is_refused(text):
    with pytest.raises(Problem) as raised:
        read_cursor(text, datetime, str)

    assert raised.value.status == 422
    assert raised.value.document["errors"][0]["field"] == "query.cursor"


OTHERS = [
    cursor_after(),
    cursor_after(1.0),
    cursor_after(1.0, "x", "y"),
    cursor_after(True, "x"),
    cursor_after("1", "x"),
    cursor_after(1.0, None),
    cursor_after(1.0, "\x00"),
    cursor_after(10**400, "x"),
    cursor_after([], {}),
    "W" * 5,
    "[" * 5000,
]


@pytest.mark.parametrize("cursor", OTHERS)
def test_a_cursor_of_another_list_is_refused(cursor):
    with pytest.raises(Problem) as raised:
        read_cursor(cursor, float, str)

    assert raised.value.status == 422


def test_a_moment_without_a_zone_is_none():
    with pytest.raises(Problem):
        read_cursor(cursor_after("2026-01-01T00:00:00", "x"), datetime, str)
