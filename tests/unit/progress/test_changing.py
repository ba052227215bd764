"""Only what a learner would see is told as changed, as of the day it happened."""

from datetime import date

from functions.progress.changing import changed
from functions.shared.standing.sums import Row, Sums

DAY = date(2026, 3, 20)


def row(score_sum, exercises=1):
    return Row(Sums(exercises=exercises, score_sum=score_sum), DAY)


def update(before, after, *, active_days=3, is_new_day=False):
    return changed(before, after, active_days=active_days, is_new_day=is_new_day, because="why")


def test_the_same_rounded_mastery_is_not_told():
    assert update({"": row(100), "loops": row(100)}, {"": row(101, 1), "loops": row(101, 1)}) is None


def test_a_topic_that_changes_is_told_even_where_overall_stays():
    before, after = {"": row(5000, 100), "loops": row(20)}, {"": row(5001, 100), "loops": row(90)}

    told = update(before, after)

    assert (told.mastery, told.level, told.previous_level) == (21, "red", "red")
    assert (told.topic, told.topic_mastery, told.because) == ("loops", 37, "why")


def test_the_first_of_a_topic_has_no_level_before():
    told = update({"": row(100)}, {"": row(200, 2), "loops": row(100)})

    assert (told.previous_level, told.previous_topic_level, told.topic_level) == ("yellow", None, "yellow")


def test_a_new_day_counts_for_consistency_from_then_on():
    told = update({"": row(98)}, {"": row(98)}, active_days=4, is_new_day=True)

    assert (told.mastery, told.previous_level, told.level) == (41, "red", "yellow")
    assert told.topic is None


def test_a_new_day_is_told_even_where_no_number_changes_since_the_streak_does():
    told = update({"": row(50)}, {"": row(50)}, active_days=1, is_new_day=True)

    assert (told.mastery, told.previous_level, told.level) == (20, "red", "red")
