"""Events: the facts LearnFlow's functions tell each other, and who tells which. The one source of every contract.

JSON Schemas and EventType manifests are generated from this file (`python -m functions.shared.contracts`).
Add optional fields to a payload freely; anything else is a new version beside the old one.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from functions.shared.alerting import AlertRaised, AlertRequested, StruggleDetected
from functions.shared.conversing import Turn
from functions.shared.explaining import ConceptExplained
from functions.shared.helping import CodeReviewed, ErrorExplained
from functions.shared.payload import Anything, Difficulty, Intent, Level, Payload, Status
from functions.shared.practising import ExerciseGenerated, ExerciseGraded, ExerciseSubmitted
from functions.shared.progressing import ActivityRecorded, ProgressReported, ProgressUpdated
from functions.shared.quizzing import QuizAnswered, QuizGraded, QuizPosed
from functions.shared.running import (
    CheckExecuted,
    CheckRequested,
    CodeExecuted,
    CodeSubmitted,
    GradingExecuted,
    GradingRequested,
)

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "learnflow.org")
MAX_HOPS = 16
"""Replies in a row after which an event is taken for one that goes round; the Kafka broker has no such guard."""
MAX_EVENT_BYTES = 200 * 1024
"""Largest encoded reply; the broker answers 503, not 413, somewhere above 1 MiB."""

LEARNER_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")


class QuestionAsked(Payload):
    """A learner asked something, perhaps about code or an error."""

    TYPE = "org.learnflow.question.asked.v1"
    question: str = Field(description="What the learner wrote, in any language and of any length.")
    code: str | None = Field(None, description="Python code the question is about.")
    error_message: str | None = Field(None, description="The error or traceback the learner saw.")
    session_id: str | None = Field(None, description="The conversation it belongs to, as the client names it.")


class QuestionDeclined(Payload):
    """The question is not one for a Python tutor, or cannot be read; said kindly, with what to ask instead."""

    TYPE = "org.learnflow.question.declined.v1"
    reason: Literal["off_topic", "empty", "too_long", "unreadable"]
    message: str
    suggestions: tuple[str, ...] = ()


class RecentError(BaseModel):
    """An error that a learner met lately, and how often."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    error: str = Field(description="Its type, e.g. `NameError`.")
    times: int = Field(ge=1)


class LearnerContext(BaseModel):
    """What is known of the learner who asks; what there is no data on is empty."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    mastery: dict[str, int] = Field({}, description="Mastery, 0 to 100, by topic.")
    recent_errors: tuple[RecentError, ...] = Field((), description="Those of the last 24 hours, the latest first.")
    turns: tuple[Turn, ...] = Field(default=(), description="What was asked before in the conversation, in order.")


class Routed(Payload):
    """What every routed question carries: the question itself, how sure its routing is, and who asks."""

    question: str
    code: str | None = None
    error_message: str | None = None
    session_id: str | None = None
    confidence: float | None = Field(None, ge=0, le=1, description="How sure the routing is, 0 to 1.")
    second_guess: Intent | None = Field(None, description="The next likeliest intent, when the first is unsure.")
    context: LearnerContext | None = Field(None, description="What is known of the learner; null if nothing is.")


class ExplanationRequested(Routed):
    """A learner wants a topic explained."""

    TYPE = "org.learnflow.explanation.requested.v1"
    question: str = ""
    topic: str | None = Field(None, description="The topic's id, if the asker named it; else it is found.")
    level: Level | None = Field(None, description="The level asked for; else it is read from the question.")


class DebuggingRequested(Routed):
    """A learner wants help with code that does not work."""

    TYPE = "org.learnflow.debugging.requested.v1"
    question: str = ""
    exercise_id: str | None = Field(None, description="The exercise the code is for, if the asker named it.")


class ExerciseRequested(Routed):
    """A learner wants something to practise on."""

    TYPE = "org.learnflow.exercise.requested.v1"
    question: str = ""
    topic: str | None = Field(None, description="The topic's id, if the asker named it; else it is found.")
    difficulty: Difficulty | None = Field(None, description="The one asked for; else it is read from the question.")


class ReviewRequested(Routed):
    """A learner wants an opinion on code that works."""

    TYPE = "org.learnflow.review.requested.v1"
    question: str = ""


class QuizRequested(Routed):
    """A learner wants to be questioned."""

    TYPE = "org.learnflow.quiz.requested.v1"
    question: str = ""
    topic: str | None = Field(default=None, description="The topic's id, if the asker named it; else it is found.")


class ProgressRequested(Routed):
    """A learner wants to know how far they have come."""

    TYPE = "org.learnflow.progress.requested.v1"
    question: str = ""


class RequestFailed(Payload):
    """A question could not be answered because a function kept failing; its asker is told."""

    TYPE = "org.learnflow.request.failed.v1"
    function: str = Field(description="The function that gave up.")
    message: str


P_co = TypeVar("P_co", bound=Payload, covariant=True)


@dataclass(frozen=True)
class Event(Generic[P_co]):
    """A delivered event after normalisation. `learner` is None only where nobody can be named."""

    id: str
    source: str
    type: str
    time: datetime
    learner: str | None
    correlation_id: str
    hops: int
    data: P_co
    attributes: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Every CloudEvents attribute as it was received."""
    body: bytes = field(default=b"", repr=False)
    """The data as it was received."""

    @property
    def learner_id(self) -> str:
        """The learner's id, for handlers of types that always have one."""
        assert self.learner is not None  # serving rejects such events without a learner
        return self.learner

    @property
    def origin(self) -> str:
        """The source as duplicates are known by: what came in through Kafka cannot pass for one of our own."""
        ingress = self.attributes.get("ingress")
        return f"{ingress}!{self.source}" if ingress else self.source


@dataclass(frozen=True)
class Contract:
    """What a function takes and what it may answer."""

    accepts: tuple[type[Payload], ...]
    answers: tuple[type[Payload], ...] = ()


REQUESTS: dict[Intent, type[Routed]] = {
    "concepts": ExplanationRequested,
    "debug": DebuggingRequested,
    "exercise": ExerciseRequested,
    "code_review": ReviewRequested,
    "quiz": QuizRequested,
    "progress": ProgressRequested,
}
"""Which event each intent is routed to. `off_topic` is declined."""

ANSWERS: dict[str, dict[type[Payload], Status]] = {
    "question": {
        ConceptExplained: "answered",
        ExerciseGenerated: "answered",
        ErrorExplained: "answered",
        CodeReviewed: "answered",
        QuizPosed: "answered",
        ProgressReported: "answered",
        QuestionDeclined: "declined",
        RequestFailed: "failed",
    },
    "explanation": {ConceptExplained: "answered", QuestionDeclined: "declined", RequestFailed: "failed"},
    "debugging": {ErrorExplained: "answered", RequestFailed: "failed"},
    "review": {CodeReviewed: "answered", RequestFailed: "failed"},
    "execution": {CodeExecuted: "answered", RequestFailed: "failed"},
    "exercise": {ExerciseGenerated: "answered", RequestFailed: "failed"},
    "submission": {ExerciseGraded: "answered", RequestFailed: "failed"},
    "quiz": {QuizPosed: "answered", RequestFailed: "failed"},
    "quiz_answer": {QuizGraded: "answered", RequestFailed: "failed"},
    "alert": {AlertRaised: "answered", RequestFailed: "failed"},
}
"""Per kind of request, the events that end it and the status they leave it in."""

FOR_PEOPLE: tuple[type[Payload], ...] = tuple({answer: None for answers in ANSWERS.values() for answer in answers})
"""Everything that `delivery` brings to a person."""

CONTRACTS: dict[str, Contract] = {
    "gateway": Contract(
        (),
        (
            QuestionAsked,
            ExplanationRequested,
            DebuggingRequested,
            ReviewRequested,
            CodeSubmitted,
            ExerciseRequested,
            ExerciseSubmitted,
            QuizRequested,
            QuizAnswered,
            ActivityRecorded,
            AlertRequested,
        ),
    ),
    "realtime": Contract((), (QuestionAsked,)),
    "triage": Contract((QuestionAsked,), (*REQUESTS.values(), QuestionDeclined)),
    "concepts": Contract((ExplanationRequested, CheckExecuted), (ConceptExplained, CheckRequested, QuestionDeclined)),
    "debug": Contract((DebuggingRequested, CheckExecuted), (ErrorExplained, CheckRequested)),
    "review": Contract((ReviewRequested, ExerciseGraded, CheckExecuted), (CodeReviewed, CheckRequested)),
    "exercise": Contract(
        (ExerciseRequested, ExerciseSubmitted, GradingExecuted, CheckExecuted),
        (ExerciseGenerated, GradingRequested, ExerciseGraded, CheckRequested),
    ),
    "sandbox-runner": Contract(
        (CodeSubmitted, GradingRequested, CheckRequested), (CodeExecuted, GradingExecuted, CheckExecuted)
    ),
    "quiz": Contract((QuizRequested, QuizAnswered), (QuizPosed, QuizGraded)),
    "progress": Contract(
        (
            ProgressRequested,
            QuestionAsked,
            CodeExecuted,
            ErrorExplained,
            ActivityRecorded,
            ExerciseGraded,
            QuizGraded,
            CodeReviewed,
        ),
        (ProgressReported, ProgressUpdated),
    ),
    "struggle": Contract((ErrorExplained, CodeExecuted, ExerciseGraded), (StruggleDetected,)),
    "notification": Contract((StruggleDetected, ProgressUpdated, AlertRequested), (AlertRaised,)),
    "delivery": Contract(FOR_PEOPLE),
    "audit": Contract((Anything,)),
    "dead-letter": Contract((Anything,), (RequestFailed, CheckExecuted)),
}
"""Who accepts what and answers what; HANDLERS, Triggers and README's table must agree (tests/contracts)."""

ANSWER_PATH = frozenset(
    {"triage", "concepts", "debug", "review", "exercise", "sandbox-runner", "quiz", "progress", "notification"}
)
"""Functions a waiting person depends on: when one gives up on an event, the asker is told."""

UNASKED: frozenset[tuple[str, type[Payload]]] = frozenset(
    {
        ("review", ExerciseGraded),
        *(("progress", activity) for activity in CONTRACTS["progress"].accepts if activity is not ProgressRequested),
        ("notification", StruggleDetected),
        ("notification", ProgressUpdated),
    }
)
"""What such a function does without being asked: when it gives up, nobody waits."""

PLAIN_RECORDS: dict[str, type[Payload]] = {
    "learning.requests": QuestionAsked,
    "concepts.requests": ExplanationRequested,
    "debug.requests": DebuggingRequested,
    "code.submissions": CodeSubmitted,
    "exercise.submitted": ExerciseSubmitted,
    "progress.events": ActivityRecorded,
}
"""What a record that is no CloudEvent means, by its topic."""

PAYLOADS: dict[str, type[Payload]] = {
    payload.TYPE: payload
    for contract in CONTRACTS.values()
    for payload in (*contract.accepts, *contract.answers)
    if payload is not Anything
}
"""Every type of event there is."""
