"""Tally: what is kept of a learner, and what becomes of it when something more is seen. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from functions.progress.items import Item, merge, topic_of, total
from functions.shared.standing.sums import OVERALL, Row, Sums


@dataclass(frozen=True)
class Tally:
    """The part of what is kept of a learner that an event may change: an item, and the rows it is summed up in."""

    rows: Mapping[str, Row] = field(default_factory=dict)
    item: Item | None = None

    def with_seen(self, seen: Item | None, day: date) -> Tally:
        """Return it after something was seen on a day: an item, or None for an activity that is none.

        A row is there once it counts something; the one of everything, once anything was seen of the learner.
        """
        if seen is None:
            return Tally({OVERALL: Row(), **self.rows}, self.item)
        item = merge(self.item, seen)
        more = item.sums - (self.item.sums if self.item else Sums())
        recent = day if seen.sums.data else None
        rows = {topic: self.rows.get(topic, Row()).plus(more, recent) for topic in topics_of(seen)}
        return Tally({topic: row for topic, row in rows.items() if topic == OVERALL or row != Row()}, item)


def topics_of(item: Item | None) -> tuple[str, ...]:
    """Return the rows that an item is summed up in."""
    return tuple({OVERALL: None, topic_of(item): None}) if item else (OVERALL,)


@dataclass
class Everything:
    """All that is kept of a learner, made of what was seen of them in whatever order."""

    days: set[date] = field(default_factory=set)
    items: dict[tuple[type[Item], str], Item] = field(default_factory=dict)
    last_days: dict[str, date] = field(default_factory=dict)

    def see(self, seen: Item | None, day: date) -> None:
        """Take in what was seen on a day."""
        self.days.add(day)
        if seen is None:
            return
        key = (type(seen), seen.id)
        self.items[key] = merge(self.items.get(key), seen)
        for topic in topics_of(seen) if seen.sums.data else ():
            self.last_days[topic] = max(self.last_days.get(topic, day), day)

    @property
    def rows(self) -> dict[str, Row]:
        """What the items come to, by topic and in all."""
        by_topic: dict[str, list[Item]] = {OVERALL: []} if self.days else {}
        for item in self.items.values():
            for topic in topics_of(item):
                by_topic.setdefault(topic, []).append(item)
        rows = {topic: Row(total(items), self.last_days.get(topic)) for topic, items in by_topic.items()}
        return {topic: row for topic, row in rows.items() if topic == OVERALL or row != Row()}
