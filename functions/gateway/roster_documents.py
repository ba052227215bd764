"""The JSON and the CSV of a roster: how far each learner of a course is."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from functions.gateway.cursors import cursor_after
from functions.gateway.roster_queries import Details, Enrolled
from functions.shared.progressing import Certainty, MasteryLevel
from functions.shared.standing.certainty import certainty
from functions.shared.standing.mastery import level

COLUMNS = (
    "learner_id", "name", "level", "mastery", "certainty", "streak", "last_active_at", "open_alerts", "struggling",
    "joined_at",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}", "\N{FULLWIDTH HYPHEN-MINUS}",
            "\N{FULLWIDTH COMMERCIAL AT}")  # fmt: skip


class RosterEntry(BaseModel):
    """A learner of a course, and how far they are: as GET /api/v1/progress/{learner_id} says it."""

    learner_id: str
    name: str | None = Field(description="What they call themselves, else their username; null where both are unknown.")
    mastery: int = Field(description="Of everything, 0 to 100.")
    level: MasteryLevel
    certainty: Certainty = Field(description="How far the mastery can be believed.")
    streak: int = Field(description="Days in a row up to today or yesterday, in the learner's time zone.")
    last_active_at: datetime | None = Field(
        description="When they last did something, or when the day began on which they did; null: never."
    )
    open_alerts: int = Field(description="How often its teacher was told that they are stuck, and did not dismiss it.")
    struggling: list[str] = Field(description="Topics at red that three things or more show, the weakest first.")
    joined_at: datetime


class RosterDocument(BaseModel):
    """A page of a course's learners."""

    learners: list[RosterEntry]
    next: str | None = Field(description="The `cursor` of the next page in the same order; null on the last.")


def entries(learners: Sequence[Enrolled], details: Mapping[str, Details]) -> list[RosterEntry]:
    """Return learners as their teacher sees them; whoever went in the middle of asking is left out."""
    return [_entry(each, details[each.learner_id]) for each in learners if each.learner_id in details]


def roster(learners: Sequence[Enrolled], details: Mapping[str, Details], size: int) -> dict[str, Any]:
    """Return a page of `size` out of learners, of whom there is one more where there is another page."""
    shown = learners[:size]
    last = shown[-1] if len(learners) > size else None
    document = RosterDocument(
        learners=entries(shown, details),
        next=cursor_after(last.figure, last.called, last.learner_id) if last else None,
    )
    return document.model_dump(mode="json")


def as_csv(learners: Sequence[RosterEntry]) -> bytes:
    """Return learners as CSV (RFC 4180) in UTF-8, with a line that names the columns; a moment is in UTC."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for learner in learners:
        known = learner.model_dump(mode="json")
        writer.writerow([cell(known[column]) for column in COLUMNS])
    return text.getvalue().encode()


def cell(value: object) -> str:
    """Return a value as a cell that a spreadsheet shows and never runs: OWASP, CSV Injection, has an apostrophe before
    what would begin a formula."""
    if value is None:
        return ""
    text = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    is_formula = text.startswith(("\t", "\r", "\n")) or text.lstrip().startswith(_FORMULA)
    return f"'{text}" if is_formula else text


def _entry(learner: Enrolled, details: Details) -> RosterEntry:
    sure, _ = certainty(details.row.sums, details.row.last_day, details.today)
    return RosterEntry(
        learner_id=learner.learner_id,
        name=learner.name,
        mastery=learner.mastery,
        level=level(learner.mastery),
        certainty=sure,
        streak=details.streak,
        last_active_at=learner.last_active_at,
        open_alerts=learner.open_alerts,
        struggling=details.struggling,
        joined_at=learner.joined_at,
    )
