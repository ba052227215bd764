"""A standing tells how far a learner has come on a day, how sure that is, and why."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.standing.certainty import certainty
from functions.shared.standing.reckoning import standing, streak
from functions.shared.standing.sums import Row, Sums

TODAY = date(2026, 3, 20)


def ago(*days):
    return {TODAY - timedelta(days=number) for number in days}


@pytest.mark.parametrize(
    ("days", "length"),
    [
        (ago(), 0),
        (ago(0), 1),
        (ago(1), 1),
        (ago(2), 0),
        (ago(0, 1, 2), 3),
        (ago(1, 2, 3), 3),
        (ago(0, 2, 3), 1),
        (ago(-1, 0, 1), 2),
    ],
    ids=["never", "today", "yesterday", "before", "three", "today is not over", "a gap", "what lies ahead"],
)
def test_a_streak_is_the_days_in_a_row_up_to_today_or_yesterday(days, length):
    assert streak(days, TODAY) == length


@given(st.integers(0, 400), st.integers(0, 1))
def test_a_streak_is_as_long_as_it_is(length, begins):
    assert streak(ago(*range(begins, begins + length)), TODAY) == length


def test_active_days_are_the_last_thirty_with_today():
    days = ago(-1, 0, 29, 30)

    found = standing({}, days, TODAY, {})

    assert found.active_days == 2
    assert (found.overall.consistency.value, found.overall.consistency.data) == (7, 2)


def test_topics_are_told_in_the_order_given_and_those_no_longer_taught_last():
    rows = {topic: Row(Sums(answers=1, right_answers=1), TODAY) for topic in ("", "gone", "lists", "loops")}

    found = standing(rows, (), TODAY, {"loops": "Loops", "lists": "Lists"})

    assert [(topic.topic, topic.title) for topic in found.topics] == [
        ("loops", "Loops"),
        ("lists", "Lists"),
        ("gone", "gone"),
    ]


@pytest.mark.parametrize(
    ("sums", "days_ago", "sure", "because"),
    [
        (Sums(), None, "low", "Nothing has been graded, answered or reviewed yet."),
        (Sums(exercises=2), 0, "low", "It rests on 2 exercises, the latest today: too little to be sure."),
        (Sums(exercises=99, answers=99), 91, "low", "91 days ago: much may have changed since."),
        (Sums(exercises=3), 90, "medium", "It rests on 3 exercises, the latest 90 days ago: a good start"),
        (Sums(exercises=5, answers=5), 31, "medium", "enough, and not quite recent."),
        (Sums(exercises=10), 1, "medium", "10 exercises, the latest yesterday: enough, and all of one kind."),
        (
            Sums(exercises=8, answers=1, programs=1), 30, "high",
            "It rests on 8 exercises, 1 quiz answer and 1 reviewed program, the latest 30 days ago: enough, recent",
        ),
    ],
)  # fmt: skip
def test_certainty_follows_from_how_much_how_recent_and_of_how_many_kinds(sums, days_ago, sure, because):
    last_day = None if days_ago is None else TODAY - timedelta(days=days_ago)

    found = certainty(sums, last_day, TODAY)

    assert found[0] == sure
    assert because in found[1]


def test_what_was_counted_after_the_day_asked_for_is_taken_for_that_days():
    assert "the latest today" in certainty(Sums(exercises=5), TODAY + timedelta(days=3), TODAY)[1]
