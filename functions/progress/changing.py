"""Changing: whether an event has changed what a learner would see of their progress. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from functions.shared.progressing import MasteryLevel, ProgressUpdated
from functions.shared.standing.mastery import level, mastery
from functions.shared.standing.sums import OVERALL, Row


def changed(
    before: Mapping[str, Row], after: Mapping[str, Row], *, active_days: int, is_new_day: bool, because: str
) -> ProgressUpdated | None:
    """Return what an event of the type `because` has changed, None if nothing that shows.

    What shows is mastery, rounded, with its level, and the streak, all as of the day of the event: then they do not
    depend on when it arrives. A day that was not known prolongs the streak that ends on it. `active_days` counts the
    30 days up to that day, with it.
    """
    were = {topic: mastery(row.sums, active_days - is_new_day) for topic, row in before.items()}
    are = {topic: mastery(row.sums, active_days) for topic, row in after.items()}
    if were == are and not is_new_day:
        return None
    topic = next((topic for topic in are if topic != OVERALL), None)
    return ProgressUpdated(
        mastery=are[OVERALL],
        level=level(are[OVERALL]),
        previous_level=_level_of(OVERALL, were),
        topic=topic,
        topic_mastery=are[topic] if topic else None,
        topic_level=level(are[topic]) if topic else None,
        previous_topic_level=_level_of(topic, were) if topic else None,
        because=because,
    )


def _level_of(topic: str, masteries: Mapping[str, int]) -> MasteryLevel | None:
    return level(masteries[topic]) if topic in masteries else None
