"""The JSON that people send and get: request bodies, and answers as /docs shows them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from functions.shared.edge.documents import MAX_SESSION_ID, Body, routing
from functions.shared.edge.requests import RequestState
from functions.shared.events import LEARNER_ID, ExplanationRequested, QuestionAsked
from functions.shared.payload import Intent, Level, Status


class TriageQuestion(Body):
    """A question of a named learner, of which only the routing is wanted now."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"student_id": "ada", "session_id": "s-1", "query": "Give me a Python exercise on loops"}]
        }
    )

    student_id: str = Field(pattern=f"^{LEARNER_ID.pattern}$", description="The learner who asks.")
    session_id: str | None = Field(None, max_length=MAX_SESSION_ID, description="The conversation it belongs to.")
    query: str = Field(description="What the learner wants to know.")
    code: str | None = Field(None, description="Python code the question is about.")
    error_message: str | None = Field(None, description="The error or traceback the learner saw.")

    def asked(self) -> QuestionAsked:
        """Return the event's payload."""
        return QuestionAsked(
            question=self.query, code=self.code, error_message=self.error_message, session_id=self.session_id
        )


class ExplanationWish(Body):
    """A topic that the learner wants explained."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"topic": "loops", "level": "elementary"}]})

    topic: str = Field(description="The topic's id, as GET /api/v1/concepts lists it.")
    level: Level | None = Field(None, description="How deep; if left out, what fits the learner's words.")
    question: str = Field("", description="What the learner wants to know about it, in their own words.")
    session_id: str | None = Field(None, max_length=MAX_SESSION_ID, description="The conversation it belongs to.")

    def requested(self) -> ExplanationRequested:
        """Return the event's payload."""
        return ExplanationRequested(**self.model_dump())


class ConceptDocument(BaseModel):
    """A topic there are lessons on, one at each level."""

    topic: str = Field(description="Its id.", examples=["loops"])
    title: str
    summary: str
    prerequisites: tuple[str, ...] = Field(description="Topics to know first. Not each of them has lessons yet.")
    near: tuple[str, ...] = Field(description="Topics to go to from here, the nearest first.")
    mastery: int | None = Field(description="How well the learner knows it, 0 to 100; null while nothing is known.")


class ConceptsDocument(BaseModel):
    """Everything that can be explained."""

    concepts: list[ConceptDocument]


class RoutingDocument(BaseModel):
    """Where a question was sent."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"id": "…", "status": "pending", "routed_to": "exercise", "confidence": 0.94}]}
    )

    id: str
    status: Status = Field(description="`declined` is not a Python tutor's question; `routed_to` is null then.")
    routed_to: Intent | None
    confidence: float | None


def routing_document(state: RequestState) -> dict[str, Any]:
    """Return where a question was sent."""
    return {"id": state.id, "status": state.status, **routing(state)}
