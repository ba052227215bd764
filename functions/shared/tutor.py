"""The tutor port: what LearnFlow asks of whoever teaches, be it the built-in tutor or a language model.

Each protocol is one question. An adapter may call the network, so it is called outside any transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field

from functions.shared.events import QuestionAsked
from functions.shared.explaining import Example, NearTopic
from functions.shared.payload import Intent, Level


class Explanation(BaseModel):
    """One topic explained at one level."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: str | None = Field(description="Null for what there is no lesson on.")
    title: str
    level: Level
    explanation: str = Field(description="Markdown, without the examples.")
    examples: tuple[Example, ...] = ()
    diagram: str | None = Field(None, description="A Mermaid diagram.")
    near_topics: tuple[NearTopic, ...] = ()
    answered_by: str


class Routing(BaseModel):
    """What a question is after, how sure that is (0 to 1), and what else it may have meant."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    intent: Intent
    confidence: float = Field(ge=0, le=1)
    second_guess: Intent | None = None


class Explainer(Protocol):
    """Explains a topic that there is a lesson on."""

    @property
    def version(self) -> str:
        """Changes whenever an explanation could come out differently; what is kept is kept under it."""
        ...

    def explain(self, topic_id: str, level: Level, question: str) -> Explanation:
        """Explain the topic; raise TryAgainLater if whoever explains cannot be reached."""
        ...


class Classifier(Protocol):
    """Decides what a question is after."""

    def classify(self, question: QuestionAsked) -> Routing:
        """Return the likeliest intent; any text gets one, however strange."""
        ...

    def probabilities(self, question: QuestionAsked) -> Mapping[Intent, float]:
        """Return how likely each intent is; they add up to 1."""
        ...
