"""The JSON of asking for help with code: request bodies."""

from __future__ import annotations

from typing import Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from functions.gateway.exercise_documents import Code, SessionId
from functions.shared.edge.documents import Body
from functions.shared.events import DebuggingRequested, ReviewRequested


class Trouble(Body):
    """Code that does not work, its error message, or a description of what happens; at least one of them."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"code": "total = 5\nprint(totl)", "error_message": "NameError: name 'totl' is not defined"},
                {"code": "for i in range(3)\n    print(i)"},
            ]
        }
    )

    code: Code | None = Field(None, description="The program; at most 64 KiB as UTF-8.")
    error_message: str | None = Field(None, description="The error or traceback the learner saw, as it was.")
    question: str = Field("", description="What happens, in the learner's own words.")
    exercise_id: str | None = Field(
        None, max_length=200, description="The exercise the code is for, as GET /api/v1/exercises lists it."
    )
    session_id: SessionId = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.code and not any(text and text.strip() for text in (self.error_message, self.question)):
            raise PydanticCustomError("empty", "Send code, error_message or question; at least one of them")
        return self

    def requested(self) -> DebuggingRequested:
        """Return the event's payload."""
        return DebuggingRequested(**self.model_dump())


class Work(Body):
    """A program that works, to be reviewed."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"code": "n = [3, 1, 2]\nfor i in range(len(n)):\n    print(n[i])"}]}
    )

    code: Code = Field(description="The program; at most 64 KiB as UTF-8.")
    question: str = Field("", description="What the learner wants to know about it, in their own words.")
    session_id: SessionId = None

    def requested(self) -> ReviewRequested:
        """Return the event's payload."""
        return ReviewRequested(**self.model_dump())
