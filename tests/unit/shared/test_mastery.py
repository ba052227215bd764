"""Mastery is 40, 30, 20 and 10 percent of four parts, rounded half up once, and named by its level."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.standing.mastery import level, mastery, parts
from functions.shared.standing.sums import Sums


@pytest.mark.parametrize(
    ("sums", "active_days", "expected"),
    [
        (Sums(), 0, 0),
        (Sums(exercises=1, score_sum=100), 0, 40),
        (Sums(answers=1, right_answers=1), 0, 30),
        (Sums(programs=1, quality_sum=100), 0, 20),
        (Sums(), 30, 10),
        (Sums(exercises=2, score_sum=200, answers=3, right_answers=3, programs=1, quality_sum=100), 30, 100),
        (Sums(exercises=2, score_sum=150, answers=4, right_answers=3, programs=2, quality_sum=100), 15, 68),  # 67.5
        (Sums(exercises=12, score_sum=5), 1, 1),  # a sixth and a third
        (Sums(exercises=12, score_sum=4), 1, 0),
    ],
)
def test_mastery_is_the_weighted_sum_of_its_parts(sums, active_days, expected):
    assert mastery(sums, active_days) == expected


def test_parts_are_not_rounded_before_they_are_added():
    sums = Sums(exercises=3, score_sum=4, programs=3, quality_sum=4)

    assert [round(float(part.value), 2) for part in parts(sums, 1)] == [1.33, 0, 1.33, 3.33]
    assert mastery(sums, 1) == 1  # 0.53 + 0.27 + 0.33


def test_what_there_is_no_data_on_counts_zero_and_is_marked():
    found = {part.name: (float(part.weight), float(part.value), part.data) for part in parts(Sums(answers=2), 0)}

    assert found == {
        "exercises": (0.4, 0, 0),
        "quizzes": (0.3, 0, 2),
        "quality": (0.2, 0, 0),
        "consistency": (0.1, 0, 0),
    }


@pytest.mark.parametrize(
    ("rounded", "name"),
    [
        (0, "red"),
        (40, "red"),
        (41, "yellow"),
        (70, "yellow"),
        (71, "green"),
        (90, "green"),
        (91, "blue"),
        (100, "blue"),
    ],
)
def test_levels_begin_above_40_70_and_90(rounded, name):
    assert level(rounded) == name


@given(st.data())
def test_mastery_stays_within_0_and_100_and_never_falls_when_something_goes_well(data):
    counts = data.draw(st.tuples(*[st.integers(0, 50)] * 3))
    sums = Sums(
        exercises=counts[0],
        score_sum=data.draw(st.integers(0, 100 * counts[0])),
        answers=counts[1],
        right_answers=data.draw(st.integers(0, counts[1])),
        programs=counts[2],
        quality_sum=data.draw(st.integers(0, 100 * counts[2])),
    )
    active_days = data.draw(st.integers(0, 29))
    before = mastery(sums, active_days)

    assert 0 <= before <= 100
    right, clean = Sums(answers=1, right_answers=1), Sums(programs=1, quality_sum=100)
    for better in (Sums(exercises=1, score_sum=100), right, clean):
        assert mastery(sums + better, active_days) >= before
    assert mastery(sums, active_days + 1) >= before
