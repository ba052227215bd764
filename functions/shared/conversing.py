"""Conversing: what belongs together because the learner's client says so, and what was said in it before."""

from __future__ import annotations

import json

from pydantic import BaseModel, ConfigDict, Field

from functions.shared.payload import Intent, Level

MOST_TURNS = 5
LONGEST_QUESTION = 600
LONGEST_CODE = 1_500
LONGEST_ERROR = 400
"""Bytes of a turn's texts as JSON: five turns together stay below 14 KB of an event's 200."""


class Turn(BaseModel):
    """What a learner asked earlier in the same conversation, and what came of it; long texts are cut."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    kind: str = Field(description="Which kind of request it was, e.g. `question`.")
    question: str = Field(default="", description="In the learner's own words.")
    intent: Intent | None = Field(default=None, description="What it was after; null if that is not known.")
    topic: str | None = Field(default=None, description="The topic it was about, as asked or as answered.")
    level: Level | None = Field(default=None, description="The level it was explained at.")
    exercise_id: str | None = Field(default=None, description="The exercise that was handed out or handed in.")
    code: str | None = None
    error_message: str | None = None

    def shortened(self) -> Turn:
        """Return the turn as it goes along with an event."""
        return self.model_copy(
            update={
                "question": cut_to_bytes(self.question, LONGEST_QUESTION),
                "code": self.code and cut_to_bytes(self.code, LONGEST_CODE),
                "error_message": self.error_message and cut_to_bytes(self.error_message, LONGEST_ERROR),
            }
        )


def conversation_id(session_id: str | None) -> str | None:
    """Return the conversation that a client names, None where it names none.

    Runs of white space count as one space. A name of dots alone is none: no path can end in it.
    """
    name = " ".join((session_id or "").split())
    return name if name.strip(".") else None


def cut_to_bytes(text: str, most: int) -> str:
    """Return the beginning of a text that takes at most so many bytes as JSON, and a mark where there was more."""
    if _encoded_bytes(text) <= most:
        return text
    kept = text[:most]
    while _encoded_bytes(kept) > most - len("…".encode()):
        kept = kept[: len(kept) * 7 // 8]
    return f"{kept}…"


def _encoded_bytes(text: str) -> int:
    return len(json.dumps(text, ensure_ascii=False).encode())
