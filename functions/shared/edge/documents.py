"""The JSON that everybody at the edge sends and gets: questions, how far requests are, problems."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from functions.shared.edge.requests import RequestState
from functions.shared.events import QuestionAsked
from functions.shared.payload import Intent, Status
from functions.shared.text import storable

MAX_SESSION_ID = 128
MOST_FIELDS = 128
"""Of a body. Thousands fit into it, and to say of every one that there is no such field would hold up everybody."""


class Body(BaseModel):
    """A request body. An unknown field is refused: a misspelt one must not go unnoticed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _make_storable(cls, data: Any) -> Any:
        """Make names and texts storable. What else there is gets refused, however deep, so it is not walked."""
        if not isinstance(data, dict):
            return data
        if len(data) > MOST_FIELDS:
            raise PydanticCustomError("too_many_fields", "Up to {most} fields", {"most": MOST_FIELDS})
        return {storable(key): storable(item) if isinstance(item, str) else item for key, item in data.items()}


class Question(Body):
    """A question about Python, in the learner's own words."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"question": "Can you explain how Python loops work?"},
                {
                    "question": "My code is not working",
                    "code": "print(x)",
                    "error_message": "NameError: name 'x' is not defined",
                    "session_id": "monday-evening",
                },
            ]
        }
    )

    question: str = Field(description="What the learner wants to know, in any language.")
    code: str | None = Field(None, description="Python code the question is about.")
    error_message: str | None = Field(None, description="The error or traceback the learner saw.")
    session_id: str | None = Field(
        None, max_length=MAX_SESSION_ID, description="The conversation it belongs to, as the client names it."
    )

    def asked(self) -> QuestionAsked:
        """Return the event's payload."""
        return QuestionAsked(**self.model_dump())


class Links(BaseModel):
    """Where to look next."""

    self: str = Field(description="The request: how far it is, and its answer.", examples=["/api/v1/requests/…"])


class Accepted(BaseModel):
    """A command was taken on."""

    id: str = Field(description="The request's id.")
    status: Status
    links: Links


class RequestDocument(BaseModel):
    """How far a request is."""

    id: str
    status: Status = Field(description="`failed` may still become `answered`, should the answer come after all.")
    routed_to: Intent | None = Field(description="What the question is after; null while unknown, and if declined.")
    confidence: float | None = Field(description="How sure the routing is, 0 to 1; null while there is none.")
    answer: dict[str, Any] | None = Field(description="What ended the request: its `type`, and what that type holds.")
    links: Links


class Report(BaseModel):
    """How the gateway is."""

    status: Literal["ok", "unavailable"]
    service: str
    timestamp: datetime
    checks: dict[str, str] = Field(description="What was looked at, and `ok` or what is wrong.")


class FieldError(BaseModel):
    """What is wrong with one field."""

    field: str = Field(examples=["body.question"])
    message: str = Field(examples=["Field required"])


class ProblemDocument(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(examples=["urn:learnflow:problem:invalid-request"])
    title: str
    status: int
    detail: str
    instance: str | None = Field(None, description="The request it is about.")
    errors: list[FieldError] | None = Field(None, description="The fields that have to be corrected.")


def link_to(request_id: str) -> str:
    """Return the path of a request."""
    return f"/api/v1/requests/{request_id}"


def accepted(state: RequestState) -> dict[str, Any]:
    """Return the answer to a command that has not ended."""
    return {"id": state.id, "status": state.status, "links": {"self": link_to(state.id)}}


def request_document(state: RequestState) -> dict[str, Any]:
    """Return how far a request is."""
    return {
        "id": state.id,
        "status": state.status,
        **routing(state),
        "answer": {"type": state.answer_type, **state.answer} if state.answer is not None else None,
        "links": {"self": link_to(state.id)},
    }


def routing(state: RequestState) -> dict[str, Any]:
    """Return the routing: nowhere, if the question was declined."""
    return {"routed_to": state.routed_to, "confidence": state.confidence}
