"""What the gateway asks of the database about the learners of a course, with one statement or two, however many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from psycopg.rows import class_row

from functions.shared.edge.database import AsyncConnection
from functions.shared.standing.certainty import SOME
from functions.shared.standing.mastery import LAST_OF_LEVEL
from functions.shared.standing.reading import SUMS
from functions.shared.standing.sums import Row, Sums

Sorting = Literal[
    "name", "level", "-level", "mastery", "-mastery", "last_active", "-last_active", "open_alerts", "-open_alerts"
]
Place = tuple[float, str, str]
"""Where a roster goes on: after whoever has these figures, this name and this id."""
MOST_STRUGGLING = 5
"""Topics named of each learner."""

_FIGURES = {
    "name": "0",
    "level": "width_bucket(mastery, %(bounds)s::smallint[])",
    "mastery": "mastery",
    "last_active": "extract(epoch FROM last_active_at)",
    "open_alerts": "open_alerts",
}


@dataclass(frozen=True)
class Enrolled:
    """A learner of a course; `figure`, `called` and the id are what the roster is sorted by."""

    figure: float
    called: str
    learner_id: str
    name: str | None
    mastery: int
    last_active_at: datetime | None
    open_alerts: int
    joined_at: datetime


@dataclass(frozen=True)
class Details:
    """What a roster shows of a learner beside that; `today` is theirs."""

    row: Row
    today: date
    streak: int
    struggling: list[str]


# When somebody was active is known by the day where they came by Kafka alone, else as exactly as they asked here.
ROSTER = """
    WITH open AS (
        SELECT about, count(*) AS alerts FROM alerts
        WHERE user_id = %(teacher)s AND kind = 'struggle' AND dismissed_at IS NULL
        GROUP BY about
    ), enrolled AS (
        SELECT enrolments.learner_id, coalesce(accounts.name, username) AS name,
               lower(coalesce(accounts.name, username, enrolments.learner_id)) AS called, mastery,
               greatest(asked_at, active_day::timestamp AT TIME ZONE time_zone) AS last_active_at,
               coalesce(open.alerts, 0) AS open_alerts, joined_at
        FROM enrolments
        JOIN users ON users.id = enrolments.learner_id
        JOIN overall_mastery ON overall_mastery.learner_id = users.id
        LEFT JOIN accounts ON accounts.user_id = users.id
        LEFT JOIN open ON open.about = users.id
        CROSS JOIN LATERAL (SELECT max(created_at) AS asked_at FROM requests WHERE user_id = users.id) AS asked
        CROSS JOIN LATERAL (
            SELECT max(day) AS active_day FROM activity_days WHERE learner_id = users.id AND day <= today
        ) AS active
        WHERE course_id = %(course)s
    ), sorted AS (
        SELECT coalesce({sign}({figure})::float8, 'Infinity') AS figure, * FROM enrolled
    )
    SELECT figure, called, learner_id, name, mastery, last_active_at, open_alerts, joined_at FROM sorted
    WHERE (figure, called, learner_id) > (%(figure)s, %(called)s, %(learner)s)
    ORDER BY figure, called, learner_id LIMIT %(most)s
"""

# A streak is the days that lie as far before the latest as there are others after them, if that is today or yesterday.
DETAILS = f"""
    SELECT overall_mastery.learner_id, today, streak, struggling, last_day, {SUMS}
    FROM overall_mastery
    LEFT JOIN progress ON progress.learner_id = overall_mastery.learner_id AND progress.topic = ''
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE day + place::integer = latest + 1 AND latest >= today - 1) AS streak
        FROM (
            SELECT day, row_number() OVER (ORDER BY day DESC) AS place, max(day) OVER () AS latest FROM activity_days
            WHERE activity_days.learner_id = overall_mastery.learner_id AND day <= today
        ) AS days
    ) AS streaks
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(topic ORDER BY mastery, topic), '{{}}') AS struggling FROM (
            SELECT topic, mastery.mastery FROM mastery JOIN progress AS shown USING (learner_id, topic)
            WHERE learner_id = overall_mastery.learner_id AND mastery.mastery <= %(red)s
              AND shown.exercises + shown.answers + shown.programs >= %(some)s
            ORDER BY mastery.mastery, topic LIMIT %(most)s
        ) AS weakest
    ) AS topics
    WHERE overall_mastery.learner_id = ANY(%(learners)s)
"""  # noqa: S608  # made of constants


async def enrolled(
    db: AsyncConnection, course_id: str, teacher: str, sorting: Sorting, place: Place | None, most: int
) -> list[Enrolled]:
    """Return learners of a course, sorted, from a place on; a `-` has the highest first. Alerts are the teacher's own,
    of learners who are stuck, that were not dismissed. Whoever was never active comes last, either way."""
    figure, called, learner = place or ("-Infinity", "", "")
    values = {"course": course_id, "teacher": teacher, "figure": figure, "called": called, "learner": learner}
    bounds = [last + 1 for last in LAST_OF_LEVEL]
    async with db.cursor(row_factory=class_row(Enrolled)) as cursor:
        await cursor.execute(roster_query(sorting), {**values, "most": most, "bounds": bounds})
        return await cursor.fetchall()


async def details_of(db: AsyncConnection, learners: Sequence[str]) -> dict[str, Details]:
    """Return what a roster shows of learners beside their place in it, by their ids."""
    values = {"learners": list(learners), "red": LAST_OF_LEVEL[0], "some": SOME, "most": MOST_STRUGGLING}
    cursor = await db.execute(DETAILS, values)
    return {
        learner: Details(_row(sums, last_day), today, streak, struggling)
        async for learner, today, streak, struggling, last_day, *sums in cursor
    }


def roster_query(sorting: Sorting) -> str:
    """Return ROSTER as it is for a sorting."""
    return ROSTER.format(sign="-" if sorting.startswith("-") else "", figure=_FIGURES[sorting.removeprefix("-")])


def _row(sums: Sequence[Any], last_day: date | None) -> Row:
    return Row() if sums[0] is None else Row(Sums(*sums), last_day)
