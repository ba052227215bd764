"""How far somebody has read: every message and every alert up to here. Pure; to clients just a text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_CURSOR = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})")


@dataclass(frozen=True)
class Cursor:
    """The highest `seq` of a message, and of an alert, that a client has seen."""

    message: int = 0
    alert: int = 0

    def __str__(self) -> str:
        return f"{self.message}.{self.alert}"

    def past_message(self, seq: int) -> Cursor:
        """Return the cursor of whoever has seen this message too."""
        return replace(self, message=seq)

    def past_alert(self, seq: int) -> Cursor:
        """Return the cursor of whoever has seen this alert too."""
        return replace(self, alert=seq)

    def up_to(self, latest: Cursor) -> Cursor:
        """Return it, but not beyond what there is: a database that began anew would never reach what was seen of the
        one before."""
        return Cursor(min(self.message, latest.message), min(self.alert, latest.alert))


def read_cursor(text: str) -> Cursor | None:
    """Return the cursor that a client gives back; None if it is none of ours."""
    found = _CURSOR.fullmatch(text)
    return Cursor(int(found[1]), int(found[2])) if found else None
