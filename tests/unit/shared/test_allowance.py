"""An answer of a language model is had where the learner and every course of theirs have one left."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from functions.shared.allowance import (
    Against,
    CourseQuota,
    MonthQuota,
    Quota,
    Refused,
    Taken,
    available,
    day_of,
    next_reset,
    refusing,
)

SOME = Quota(limit=50, used=3)
NONE = Quota(limit=50, used=50)
COURSE = CourseQuota(id="c1", title="One", model=True, limit=10, used=4)
FULL = replace(COURSE, id="c2", used=10)
OPEN = replace(COURSE, id="c3", limit=None, used=1000)
WITHOUT = replace(COURSE, id="c4", model=False)
MONTH = MonthQuota(None, 0, cost=90, cost_limit=100)
DEAR = Quota(limit=50, used=3, cost=90, cost_limit=100)


@pytest.mark.parametrize(
    ("learner", "others", "against"),
    [
        (SOME, [], None),
        (SOME, [COURSE, OPEN, MONTH], None),
        (NONE, [COURSE], (NONE, "answers")),
        (SOME, [COURSE, FULL], (FULL, "answers")),
        (SOME, [COURSE, WITHOUT], (WITHOUT, "model")),
        (NONE, [FULL, WITHOUT], (WITHOUT, "model")),
        (NONE, [FULL], (NONE, "answers")),
        (Quota(limit=0, used=0), [], (Quota(limit=0, used=0), "answers")),
        (Quota(limit=5, used=9), [], (Quota(limit=5, used=9), "answers")),
        (replace(SOME, token_limit=9, tokens=8), [], None),
        (replace(SOME, token_limit=9, tokens=12), [COURSE], (replace(SOME, token_limit=9, tokens=12), "tokens")),
        (SOME, [replace(COURSE, token_limit=0)], (replace(COURSE, token_limit=0), "tokens")),
        (DEAR, [], None),
        (SOME, [replace(MONTH, cost=100)], (replace(MONTH, cost=100), "cost")),
        (replace(DEAR, cost=101), [MONTH], (replace(DEAR, cost=101), "cost")),
    ],
)
def test_the_quota_that_is_against_an_answer_is_named(learner, others, against):
    assert refusing((learner, *others)) == against


@pytest.mark.parametrize(
    ("quota", "most", "scarce"),
    [
        (DEAR, Taken(cost=10), None),
        (DEAR, Taken(cost=11), "cost"),
        (replace(SOME, token_limit=20, tokens=10), Taken(10, 10**9), None),
        (replace(SOME, token_limit=20, tokens=10), Taken(11), "tokens"),
        (replace(COURSE, cost_limit=100, cost=90), Taken(cost=11), "cost"),
        (MONTH, Taken(10**9, 10), None),
        (MONTH, Taken(0, 11), "cost"),
        (replace(WITHOUT, used=10), Taken(), "model"),
        (replace(SOME, cost_limit=0), Taken(), "cost"),
    ],
)
def test_what_an_answer_takes_at_most_has_to_be_left(quota, most, scarce):
    assert quota.scarce(most) == scarce


@pytest.mark.parametrize(
    ("learner", "courses", "left"),
    [
        (SOME, [], 47),
        (SOME, [COURSE, OPEN], 6),
        (SOME, [FULL], 0),
        (SOME, [OPEN], 47),
        (SOME, [WITHOUT], 0),
        (Quota(limit=5, used=9), [], 0),
        (Quota(limit=None, used=9), [OPEN], None),
        (SOME, [MONTH], 47),
        (SOME, [COURSE, replace(MONTH, cost=100)], 0),
        (replace(DEAR, cost=100), [], 0),
    ],
)
def test_a_learner_has_what_the_scarcest_of_their_quotas_has(learner, courses, left):
    assert available((learner, *courses)) == left
    assert (left == 0) == (refusing((learner, *courses)) is not None)


@pytest.mark.parametrize(
    ("now", "day", "reset"),
    [
        (datetime(2026, 3, 20, tzinfo=UTC), date(2026, 3, 20), datetime(2026, 3, 21, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), date(2026, 12, 31), datetime(2027, 1, 1, tzinfo=UTC)),
        (
            datetime(2026, 3, 20, 1, tzinfo=timezone(timedelta(hours=2))),
            date(2026, 3, 19),
            datetime(2026, 3, 20, tzinfo=UTC),
        ),
    ],
)
def test_a_day_is_one_of_utc(now, day, reset):
    assert (day_of(now), next_reset(now)) == (day, reset)


@pytest.mark.parametrize(
    ("day", "reset"),
    [
        (date(2026, 3, 31), date(2026, 4, 1)),
        (date(2026, 1, 1), date(2026, 2, 1)),
        (date(2026, 12, 5), date(2027, 1, 1)),
    ],
)
def test_what_everybody_may_spend_is_for_a_month(day, reset):
    now = datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC)

    assert next_reset(now, MONTH).date() == reset
    assert next_reset(now, COURSE) == next_reset(now)


@pytest.mark.parametrize(
    ("quota", "scarce", "said"),
    [
        (NONE, "answers", "Your answers"),
        (FULL, "answers", "Your course's answers"),
        (WITHOUT, "model", "without a language model"),
        (SOME, "tokens", "Your tokens"),
        (COURSE, "cost", "Your course's money for the language model does not suffice"),
        (COURSE, "cost", "there is more from midnight UTC."),
        (MONTH, "cost", "Everybody's money for the language model does not suffice"),
        (MONTH, "cost", "there is more from the first of next month UTC."),
    ],
)
def test_a_refusal_says_why(quota, scarce, said):
    assert said in str(Refused(Against(quota, scarce), datetime(2026, 3, 21, tzinfo=UTC)))
