"""The demo accounts, a learner and a teacher, as `.local/demo.json` keeps them for the scripts to log in with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Literal

from scripts.stack.places import Places
from scripts.stack.private import write_private

LEARNER, TEACHER = "demo", "demo-teacher"
"""What they are called, unless somebody else is called so in the database."""


@dataclass(frozen=True)
class Account:
    """Somebody who can log in on this machine."""

    username: str
    role: Literal["learner", "teacher"]
    password: str


def demo_accounts(places: Places) -> list[Account]:
    """The demo accounts that `up` made; none where it never ran."""
    with suppress(OSError, ValueError, TypeError):
        return [Account(**each) for each in json.loads(places.demo.read_text())]
    return []


def keep_demo_accounts(places: Places, accounts: Sequence[Account]) -> None:
    """Keep the demo accounts, for their owner only."""
    write_private(places.demo, json.dumps([asdict(each) for each in accounts], indent=2) + "\n")


def learner_of(accounts: Sequence[Account]) -> str:
    """What the demo learner is called."""
    return next((each.username for each in accounts if each.role == "learner"), LEARNER)
