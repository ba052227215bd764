"""An answer of a language model is had where the learner and every course of theirs have one left."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from functions.shared.allowance import CourseQuota, Quota, Refused, available, day_of, next_reset, refusing

SOME = Quota(limit=50, used=3)
NONE = Quota(limit=50, used=50)
COURSE = CourseQuota(id="c1", title="One", model=True, limit=10, used=4)
FULL = replace(COURSE, id="c2", used=10)
OPEN = replace(COURSE, id="c3", limit=None, used=1000)
WITHOUT = replace(COURSE, id="c4", model=False)


@pytest.mark.parametrize(
    ("learner", "courses", "against"),
    [
        (SOME, [], None),
        (SOME, [COURSE, OPEN], None),
        (NONE, [COURSE], NONE),
        (SOME, [COURSE, FULL], FULL),
        (SOME, [COURSE, WITHOUT], WITHOUT),
        (NONE, [FULL, WITHOUT], WITHOUT),
        (NONE, [FULL], NONE),
        (Quota(limit=0, used=0), [], Quota(limit=0, used=0)),
        (Quota(limit=5, used=9), [], Quota(limit=5, used=9)),
        (replace(SOME, token_limit=9, tokens=8), [], None),
        (replace(SOME, token_limit=9, tokens=12), [COURSE], replace(SOME, token_limit=9, tokens=12)),
        (SOME, [replace(COURSE, token_limit=0)], replace(COURSE, token_limit=0)),
    ],
)
def test_the_quota_that_is_against_an_answer_is_named(learner, courses, against):
    assert refusing(learner, courses) == against


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
    ],
)
def test_a_learner_has_what_the_scarcest_of_their_quotas_has(learner, courses, left):
    assert available(learner, courses) == left
    assert (left == 0) == (refusing(learner, courses) is not None)


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
    ("by", "said"),
    [(NONE, "Your answers"), (FULL, "Your course's answers"), (WITHOUT, "without a language model")],
)
def test_a_refusal_says_why(by, said):
    assert said in str(Refused(by, datetime(2026, 3, 21, tzinfo=UTC)))
