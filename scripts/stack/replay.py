"""`scripts/replay`: dead letters to the broker again, each with its own id, after what failed is mended; or, after a
restore, what Kafka has of the time since."""

from __future__ import annotations

import argparse
import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg
from psycopg.rows import class_row

from scripts.stack import addresses, cli
from scripts.stack.config import NAMESPACE, database_url
from scripts.stack.errors import StackError
from scripts.stack.kafka_tools import bootstrap
from scripts.stack.places import here
from scripts.stack.progress import Progress
from scripts.stack.resending import PATIENCE_SECONDS as ANSWER_SECONDS
from scripts.stack.resending import resend, sent_since

PATIENCE_SECONDS = 10
UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True)
class DeadLetter:
    """A row of dead_letters, as much of it as is shown or sent."""

    source: str
    id: str
    destination: str
    function: str
    type: str
    event: dict[str, Any]
    error_code: int | None
    last_seen: datetime
    times: int
    replayed_at: datetime | None

    def __str__(self) -> str:
        state = f"replayed {self.replayed_at:%Y-%m-%d %H:%M}" if self.replayed_at else "waiting"
        return (
            f"{self.last_seen:%Y-%m-%d %H:%M}  {self.function:<14} {self.error_code or '-':>4}  {self.times:>3}×  "
            f"{self.type.removeprefix('org.learnflow.'):<28} {self.id}  {state}"
        )


# A letter sent again waits until it is either done or comes back; only one that came back is waiting anew.
SELECT = """
    SELECT source, id, destination, function, type, event, error_code, last_seen, times, replayed_at
    FROM dead_letters
    WHERE (%(all)s OR replayed_at IS NULL)
      AND (%(function)s::text IS NULL OR function = %(function)s)
      AND (%(id)s::text IS NULL OR id = %(id)s)
      AND (%(since)s::timestamptz IS NULL OR last_seen >= %(since)s)
    ORDER BY first_seen, source, id, destination
"""

MARK = """
    UPDATE dead_letters SET replayed_at = now()
    WHERE source = %(source)s AND id = %(id)s AND destination = %(destination)s
"""


def main() -> int:
    options = _options()
    if options.from_kafka:
        return resend_since(options)
    with psycopg.connect(database_url(here(), options.database_url), autocommit=True) as db:
        letters = find(
            db,
            function=options.function,
            id=options.id,
            since=since(options.since),
            all=options.list or bool(options.id),
        )
        if options.list or options.dry_run:
            print("\n".join(map(str, letters)) or "No dead letters.")
            return 0
        events = len({(letter.source, letter.id) for letter in letters})
        broker = options.broker_url or os.environ.get("BROKER_URL") or (addresses.broker_url() if letters else "")
        replay(db, letters, broker)
    print(f"{events} event{'' if events == 1 else 's'} sent again." if letters else "Nothing to send again.")
    return 0


def resend_since(options: argparse.Namespace) -> int:
    """Send what came from without since then again."""
    moment = since(options.from_kafka)
    assert moment is not None
    found = sent_since(bootstrap(), options.topic, moment)
    if options.dry_run:
        print("\n".join(map(str, found)) or "Nothing came since.")
        return 0
    url = database_url(here(), options.database_url)
    broker = options.broker_url or os.environ.get("BROKER_URL") or addresses.broker_url()
    with Progress().step("Sending again") as say:
        say(f"{len(found)} events since {moment:%Y-%m-%d %H:%M} UTC")
        done = resend(url, broker, found)
        say(f"{done.sent} events since {moment:%Y-%m-%d %H:%M} UTC")
    if done.kept_back:
        print(f"  {done.kept_back} are of people who are deleted, and stay where they are")
    if done.unanswered:
        print(
            f"  {done.unanswered} had no answer within {ANSWER_SECONDS:.0f} s: scripts/replay --list says what failed"
        )
    return 0


def find(
    db: psycopg.Connection[Any], *, function: str | None, id: str | None, since: datetime | None, all: bool
) -> list[DeadLetter]:
    """The dead letters that fit, oldest first; those sent again already only with `all`."""
    with db.cursor(row_factory=class_row(DeadLetter)) as cursor:
        cursor.execute(SELECT, {"function": function, "id": id, "since": since, "all": all})
        return cursor.fetchall()


def replay(db: psycopg.Connection[Any], letters: list[DeadLetter], broker_url: str) -> None:
    """Post each event once, however many functions gave up on it, and mark its letters.

    A letter is marked before its event is posted: if it fails at once, its return takes the mark away again.
    Raises StackError when the broker does not take one; those before it are sent, it and those after it wait.
    """
    posted: set[tuple[str, str]] = set()
    for letter in letters:
        with db.transaction():
            db.execute(MARK, {"source": letter.source, "id": letter.id, "destination": letter.destination})
            if (letter.source, letter.id) not in posted:
                _post(broker_url, letter)
                posted.add((letter.source, letter.id))


def _post(broker_url: str, letter: DeadLetter) -> None:
    try:
        answer = httpx.post(
            broker_url,
            content=json.dumps(letter.event, ensure_ascii=False).encode(),
            headers={"content-type": "application/cloudevents+json"},
            timeout=PATIENCE_SECONDS,
            trust_env=False,
        )
    except httpx.HTTPError as error:
        raise StackError(f"The broker {broker_url} does not answer: {error}. What was not sent waits.") from error
    if answer.status_code != httpx.codes.ACCEPTED:
        raise StackError(f"The broker answers {answer.status_code} to event {letter.id}. What was not sent waits.")


def since(words: str | None) -> datetime | None:
    """The moment that `2026-03-20`, `2026-03-20T10:00` or `90m`, `2h`, `3d` (ago) mean; UTC if they do not say."""
    if words is None:
        return None
    if ago := re.fullmatch(r"(\d+)([mhd])", words):
        return datetime.now(UTC) - timedelta(**{UNITS[ago.group(2)]: int(ago.group(1))})
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        raise StackError(f"'{words}' is no time: write 2h, 3d, 2026-03-20 or 2026-03-20T10:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/replay", add_help=False, allow_abbrev=False)
    for name in ("--function", "--id", "--since", "--database-url", "--broker-url", "--from-kafka"):
        parser.add_argument(name)
    parser.add_argument("--topic", default=f"knative-broker-{NAMESPACE}-default")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--dry-run", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    cli.run(main)
