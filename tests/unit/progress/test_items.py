"""What was seen of one exercise, question or program comes to one thing, and what that adds to the sums."""

from datetime import timedelta

import pytest

from functions.progress.items import ExerciseBest, ProgramQuality, QuizFirst, merge
from functions.shared.standing.sums import Sums
from functions.shared.testing import NOON

HOUR = timedelta(hours=1)
BEFORE, AFTER = NOON - HOUR, NOON + HOUR


def best(*seen):
    kept = None
    for item in seen:
        kept = merge(kept, item)
    return kept


def passed(at, score=100):
    return ExerciseBest("loops/a", score, passed_at=at)


def helped(at):
    return ExerciseBest("loops/a", helped_at=at)


def test_the_best_score_is_kept_and_the_first_pass():
    kept = best(passed(AFTER, 80), ExerciseBest("loops/a", 90), passed(NOON, 70))

    assert kept == ExerciseBest("loops/a", 90, passed_at=NOON)
    assert kept.sums == Sums(exercises=1, score_sum=90, passed_alone=1)


@pytest.mark.parametrize(
    ("seen", "alone", "after_help"),
    [
        ([passed(NOON)], 1, 0),
        ([passed(NOON), helped(BEFORE)], 0, 1),
        ([passed(NOON), helped(NOON)], 0, 1),
        ([passed(NOON), helped(AFTER)], 1, 0),
        ([passed(BEFORE), helped(NOON), passed(AFTER)], 1, 0),
        ([passed(NOON), helped(AFTER), helped(BEFORE)], 0, 1),
        ([ExerciseBest("loops/a", 50), helped(BEFORE)], 0, 0),
        ([helped(BEFORE)], 0, 0),
    ],
    ids=["no help", "before", "at once", "after", "passed twice", "helped twice", "not passed", "not tried"],
)
def test_what_was_passed_after_help_is_not_passed_alone(seen, alone, after_help):
    for order in (seen, seen[::-1]):
        sums = best(*order).sums
        assert (sums.passed_alone, sums.passed_helped) == (alone, after_help)


def test_help_alone_is_no_data():
    assert helped(NOON).sums == Sums()


@pytest.mark.parametrize(
    ("one", "other", "counts"),
    [((True, NOON), (False, AFTER), True), ((False, NOON), (True, AFTER), False), ((True, NOON), (False, NOON), False)],
    ids=["right first", "wrong first", "at once"],
)
def test_of_two_first_answers_the_earlier_counts_and_of_two_at_once_the_wrong_one(one, other, counts):
    first, second = (QuizFirst("loops/q", *answer) for answer in (one, other))

    assert merge(first, second).correct is merge(second, first).correct is counts


@pytest.mark.parametrize(
    ("one", "other", "counts"),
    [((90, NOON), (20, AFTER), 20), ((20, NOON), (90, AFTER), 90), ((20, NOON), (90, NOON), 90)],
    ids=["worse later", "better later", "at once"],
)
def test_of_two_reviews_the_later_counts_and_of_two_at_once_the_better_one(one, other, counts):
    first, second = (ProgramQuality("f00", *review) for review in (one, other))

    assert merge(first, second).quality == merge(second, first).quality == counts
