"""Retention: how long what is kept, and forgetting what is older, some rows at a time."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg

from scripts.stack.places import ROOT

SETTINGS = ROOT / "schema" / "retention.toml"
AT_ONCE = 5_000
"""Rows that one statement deletes: none holds its locks for long."""
FOREVER = "forever"
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "y": timedelta(days=365)}

Ages = Mapping[str, timedelta | None]
"""How old the rows of each rule may grow; None: as old as they like."""


@dataclass(frozen=True)
class Rule:
    """What can be forgotten. `since` is the column that tells how old a row is, `only` a condition on it."""

    what: str
    table: str
    since: str
    only: str = "true"

    @property
    def old(self) -> str:
        """The condition of a row that is older than `age`."""
        return f"{self.since} < now() - %(age)s AND {self.only}"

    @property
    def deletion(self) -> str:
        """What deletes at most `most` of them, the oldest first."""
        return f"""
            DELETE FROM {self.table} WHERE ctid = ANY(ARRAY(
                SELECT ctid FROM {self.table} WHERE {self.old} ORDER BY {self.since} LIMIT %(most)s))
        """  # noqa: S608 -- the names are ours


RULES: Mapping[str, Rule] = {
    "conversations": Rule("conversations", "conversations", "last_at"),
    "requests": Rule("requests", "requests", "created_at"),
    "messages": Rule("answers", "messages", "created_at"),
    "discarded_requests": Rule("deleted requests", "discarded_requests", "discarded_at"),
    "inbox": Rule("handled events", "inbox", "handled_at"),
    "drafts": Rule("answers that waited in vain", "drafts", "created_at"),
    "hints_asked": Rule("mistakes asked about", "hints_asked", "asked_at"),
    "events": Rule("events of the audit log", "events", "recorded_at"),
    "nobodys_events": Rule(
        "events of nobody", "events", "recorded_at", "learner_id IS NULL AND source <> '/learnflow/erased'"
    ),
    "dead_letters": Rule("dead letters", "dead_letters", "last_seen"),
    "error_occurrences": Rule("errors", "error_occurrences", "occurred_at"),
    "reviews": Rule("reviews", "reviews", "reviewed_at"),
    "quizzes": Rule("quizzes", "quizzes", "posed_at"),
    "struggle_runs": Rule("runs of programs", "struggle_runs", "ran_at"),
    "struggle_signals": Rule("signs of struggle", "struggle_signals", "raised_at"),
    "read_alerts": Rule("alerts that were read", "alerts", "created_at", "read_at IS NOT NULL"),
    "alerts": Rule("alerts", "alerts", "created_at"),
    "deliveries": Rule("deliveries", "deliveries", "due_at", "status NOT IN ('pending', 'sending')"),
    "model_calls": Rule("calls of a model", "model_calls", "called_at"),
    "model_grants": Rule("events answered by a model", "model_grants", "day"),
    "learner_quotas": Rule("learners' days with a model", "learner_quotas", "day"),
    "course_quotas": Rule("courses' days with a model", "course_quotas", "day"),
    "refresh_tokens": Rule("log-ins that expired", "refresh_tokens", "expires_at"),
    "login_failures": Rule("log-ins that failed", "login_failures", "last_at"),
    "rates": Rule("limits that limit nobody", "rates", "free_at"),
}

REMEMBER = """
    INSERT INTO forgotten (what, before) VALUES (%(what)s, now() - %(age)s)
    ON CONFLICT (what) DO UPDATE SET before = greatest(forgotten.before, excluded.before)
"""


def ages(*wishes: Iterable[str]) -> dict[str, timedelta | None]:
    """Return how old what may grow: as the settings say, then as wishes like `messages=90d` do, the later ones first.

    Raises ValueError, in words for whoever wished it, for a rule or an age that there is not.
    """
    kept = {name: age_of(text) for name, text in tomllib.loads(SETTINGS.read_text())["keep"].items()}
    for wish in (wish for some in wishes for wish in some):
        name, _, text = wish.partition("=")
        if name not in RULES:
            raise ValueError(f"nothing is called {name!r}: there are {', '.join(RULES)}")
        kept[name] = age_of(text)
    return kept


def age_of(text: str) -> timedelta | None:
    """Return the age that `90m`, `12h`, `30d` or `2y` is, None for `forever`. Raises ValueError for any other text."""
    if text == FOREVER:
        return None
    found = re.fullmatch(r"(\d{1,6})([mhdy])", text)
    if found is None:
        raise ValueError(f"{text!r} is no age: write 90m, 12h, 30d, 2y or {FOREVER}")
    return min(int(found[1]) * _UNITS[found[2]], timedelta(days=365_000))


def forget(db: psycopg.Connection[Any], name: str, age: timedelta, say: Callable[[str], None]) -> int:
    """Delete what is older, and return how many rows it was; `say` is told so all along.

    First it is noted up to when: whoever reads meanwhile must not take what is left for all there was.
    """
    rule, total = RULES[name], 0
    say("0 forgotten")
    db.execute(REMEMBER, {"what": name, "age": age})
    while deleted := db.execute(rule.deletion, {"age": age, "most": AT_ONCE}).rowcount:
        total += deleted
        say(f"{total} forgotten")
    return total


def count_old(db: psycopg.Connection[Any], name: str, age: timedelta) -> int:
    """Return how many rows are older."""
    rule = RULES[name]
    query = f"SELECT count(*) FROM {rule.table} WHERE {rule.old}"  # noqa: S608 -- the names are ours
    ((count,),) = db.execute(query, {"age": age}).fetchall()
    return int(count)
