"""`scripts/rebuild-progress`: what is known of learners' progress anew from the audit log."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import psycopg

from functions.progress.queries import NoSuchLearner, hold_learner
from functions.progress.rebuilding import Kept, forgotten, keep, kept, logged, unlogged
from functions.shared.progressing import Standing
from functions.shared.standing.reckoning import standing
from scripts.stack import cli
from scripts.stack.config import database_url
from scripts.stack.errors import StackError
from scripts.stack.places import here
from scripts.stack.progress import Progress

LEARNERS = """
    SELECT id FROM users
    WHERE (%(learner)s::text IS NULL OR id = %(learner)s)
      AND (EXISTS (SELECT FROM events WHERE learner_id = users.id)
           OR EXISTS (SELECT FROM activity_days WHERE learner_id = users.id))
    ORDER BY id
"""


@dataclass(frozen=True)
class Options:
    """What is to be done."""

    dry_run: bool = False
    as_of: date | None = None
    learner: str | None = None
    incomplete: bool = False


@dataclass(frozen=True)
class Rebuilt:
    """What came of a learner."""

    learner: str
    before: Standing
    after: Standing
    differs: bool
    """Whether what is kept is not what the log tells."""
    lacking: int = 0
    """Events that were counted and are not in the log: the learner was left alone for them."""
    forgotten: int = 0
    """Days that were counted and that the log tells of no more: the same."""
    written: bool = False

    @property
    def left_alone(self) -> bool:
        """Whether the log does not tell of all that was counted."""
        return self.lacking > 0 or self.forgotten > 0

    def __str__(self) -> str:
        if self.lacking:
            return (
                f"{self.learner}: left alone, the log lacks {_count(self.lacking, 'event')} that progress has counted"
            )
        if self.forgotten:
            return f"{self.learner}: left alone, the log tells no more of {_count(self.forgotten, 'day')} that counted"
        changes = [f"{name} {was} → {now}" for name, was, now in _compared(self.before, self.after) if was != now]
        return f"{self.learner}: {', '.join(changes) or 'the same numbers, from other rows'}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/rebuild-progress", add_help=False, allow_abbrev=False)
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("--as-of", type=_day)
    parser.add_argument("--learner")
    parser.add_argument("--incomplete", action="store_true")
    parser.add_argument("--database-url")
    given = vars(parser.parse_args())
    url = database_url(here(), given.pop("database_url"))
    with psycopg.connect(url, autocommit=True) as db:
        return run(db, Options(**given), Progress())


def run(db: psycopg.Connection[Any], options: Options, progress: Progress) -> int:
    """Rebuild, and say what has changed; the exit code."""
    seen = Counter[str]()
    with progress.step("The audit log, once more") as say:
        for rebuilt in rebuild(db, options, say):
            if rebuilt.differs or rebuilt.left_alone:
                progress.line(f"  {rebuilt}")
            if options.as_of:
                progress.line(f"  {_numbers(rebuilt)}")
            alone, differs, written = map(int, (rebuilt.left_alone, rebuilt.differs, rebuilt.written))
            seen.update(read=1, alone=alone, differed=differs, written=written)
    did = f"{_count(seen['written'], 'learner')} made anew" if seen["written"] else "nothing written"
    progress.line(f"{_count(seen['read'], 'learner')} read, {seen['differed']} differed, {did}.")
    return int(bool(seen["alone"] or (options.dry_run and seen["differed"])))


def rebuild(db: psycopg.Connection[Any], options: Options, say: Callable[[str], None]) -> Iterator[Rebuilt]:
    """Rebuild each learner in a transaction of their own, and yield what came of them.

    Raises StackError where nothing is known of the only one asked for.
    """
    learners = [learner for (learner,) in db.execute(LEARNERS, {"learner": options.learner}).fetchall()]
    if options.learner and not learners:
        raise StackError(f"Nothing is known of a learner '{options.learner}'.")
    for number, learner in enumerate(learners, 1):
        say(f"{number} of {_count(len(learners), 'learner')}")
        with suppress(NoSuchLearner):  # deleted meanwhile
            yield _rebuild_one(db, learner, options)


def _rebuild_one(db: psycopg.Connection[Any], learner: str, options: Options) -> Rebuilt:
    with db.transaction():
        today = hold_learner(db, learner, datetime.now(UTC))
        as_of = options.as_of or today
        is_past = as_of < today
        # In this order: an event that audit comes to hold only after this was counted is then still read below.
        lacking, gone = (0, 0) if is_past or options.incomplete else (unlogged(db, learner), forgotten(db, learner))
        before, after = kept(db, learner), logged(db, learner, as_of if is_past else None)
        rebuilt = Rebuilt(
            learner,
            _standing(before, as_of),
            _standing(after, as_of),
            differs=before != after and not is_past,
            lacking=lacking,
            forgotten=gone,
        )
        if rebuilt.differs and not rebuilt.left_alone and not options.dry_run:
            keep(db, learner, after)
            return replace(rebuilt, written=True)
        return rebuilt


def _standing(what: Kept, as_of: date) -> Standing:
    return standing(what.rows, what.days, as_of, {})


def _compared(before: Standing, after: Standing) -> Iterator[tuple[str, object, object]]:
    """Yield the name of each number, what it was and what it is now."""
    yield "overall", _shown(before.overall), _shown(after.overall)
    were = {topic.topic: topic for topic in before.topics}
    are = {topic.topic: topic for topic in after.topics}
    for topic in sorted({*were, *are}):
        yield topic, _shown(were.get(topic)), _shown(are.get(topic))
    yield "streak", before.streak, after.streak
    yield "active days", before.active_days, after.active_days


def _shown(mastery: Any) -> str:
    if mastery is None:
        return "nothing"
    data = mastery.exercises.data + mastery.quizzes.data + mastery.quality.data
    return f"{mastery.mastery} ({mastery.level}, {_count(data, 'thing')})"


def _numbers(rebuilt: Rebuilt) -> str:
    numbers = ", ".join(f"{name} {now}" for name, _, now in _compared(rebuilt.after, rebuilt.after))
    return f"{rebuilt.learner} as of {rebuilt.after.as_of}: {numbers}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise StackError(f"'{words}' is no day: write it like 2026-03-20.") from None


if __name__ == "__main__":
    cli.run(main)
