"""What every payload is: frozen, tolerant of fields it does not know, and storable."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from functions.shared.text import storable

Level = Literal["beginner", "elementary", "intermediate", "advanced"]
Intent = Literal["concepts", "debug", "exercise", "code_review", "quiz", "progress", "off_topic"]
Status = Literal["pending", "answered", "declined", "failed"]
Difficulty = Literal["easy", "medium", "hard"]


class Payload(BaseModel):
    """The data of one type of event. Unknown fields are ignored, so that a producer may be newer than we are."""

    # Built at first use: a function needs two or three of them, and building all costs its cold start 30 ms.
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    TYPE: ClassVar[str]

    def extensions(self) -> dict[str, str]:
        """Return what an event with this data carries beside what every event does, for Triggers to filter on."""
        return {}

    @model_validator(mode="before")
    @classmethod
    def _make_storable(cls, data: Any) -> Any:
        return storable(data)


class Anything(Payload):
    """Data of any type, unread: what `audit` and `dead-letter` take."""

    TYPE = "*"
    body: Any = None
