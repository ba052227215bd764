"""Standing: how far a learner has come, as of a day, of what is kept of them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from functions.shared.progressing import Component, Mastery, Standing, TopicMastery
from functions.shared.standing.certainty import certainty
from functions.shared.standing.mastery import WINDOW_DAYS, half_up, level, mastery, parts
from functions.shared.standing.sums import OVERALL, Row

DAY = timedelta(days=1)


def standing(rows: Mapping[str, Row], days: Collection[date], as_of: date, titles: Mapping[str, str]) -> Standing:
    """Return how far a learner has come.

    `rows` is what they have shown, by topic and in all; `days` are those on which they did something; `titles` of
    topics are in the order in which topics are told, and one that is no longer taught is told last, by its id.
    """
    active = sum(as_of - WINDOW_DAYS * DAY < day <= as_of for day in days)
    order = {topic: place for place, topic in enumerate(titles)}
    topics = sorted(rows.keys() - {OVERALL}, key=lambda topic: (order.get(topic, len(order)), topic))
    return Standing(
        overall=Mastery(**_known(rows.get(OVERALL, Row()), active, as_of)),
        topics=tuple(
            TopicMastery(topic=topic, title=titles.get(topic, topic), **_known(rows[topic], active, as_of))
            for topic in topics
        ),
        streak=streak(days, as_of),
        active_days=active,
        as_of=as_of,
    )


def streak(days: Collection[date], as_of: date) -> int:
    """Return how many days in a row were active, up to a day or the one before: today is not over yet."""
    last = as_of if as_of in days else as_of - DAY
    length = 0
    while last - length * DAY in days:
        length += 1
    return length


def _known(row: Row, active_days: int, as_of: date) -> dict[str, Any]:
    rounded = mastery(row.sums, active_days)
    sure, because = certainty(row.sums, row.last_day, as_of)
    components = {
        part.name: Component(value=half_up(part.value), weight=float(part.weight), data=part.data)
        for part in parts(row.sums, active_days)
    }
    return {
        "mastery": rounded,
        "level": level(rounded),
        **components,
        "certainty": sure,
        "because": because,
        "passed_alone": row.sums.passed_alone,
        "passed_helped": row.sums.passed_helped,
    }
