"""Reading: what is kept of a learner, as SQL, and what its rows say. For whoever has a connection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from functions.shared.standing.sums import Row, Sums

# No calendar of ours holds the days before and after.
LOCAL_DAY = """
    SELECT (greatest(least(%(at)s::timestamptz, '9999-12-30'), '0001-01-03') AT TIME ZONE time_zone)::date
    FROM users WHERE id = %(learner)s
"""
"""Which day it is for a learner; no row for one who is not there."""

DAYS = "SELECT day FROM activity_days WHERE learner_id = %(learner)s"
"""Every day on which a learner did something."""

SUMS = "exercises, score_sum, answers, right_answers, programs, quality_sum, passed_alone, passed_helped"
"""The columns of Sums, in their order."""

ROWS = f"SELECT topic, {SUMS}, last_day FROM progress WHERE learner_id = %(learner)s"  # noqa: S608 -- the columns are ours
"""What a learner has shown, of each topic and of everything."""


def rows_in(found: Iterable[tuple[Any, ...]]) -> dict[str, Row]:
    """Return what the rows of ROWS say, by topic."""
    return {topic: Row(Sums(*sums), last_day) for topic, *sums, last_day in found}
