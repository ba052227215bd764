"""Explaining: a topic as it is told to a learner."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from functions.shared.payload import Level, Payload


class Example(BaseModel):
    """A small program and exactly what it prints."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    title: str
    code: str
    output: str


class NearTopic(BaseModel):
    """A topic that can be asked about instead."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    topic: str
    title: str


class ConceptExplained(Payload):
    """A topic was explained, or it was said honestly that there is no lesson on it yet (`topic` null): then by the
    built-in tutor alone, or with what a language model says all the same."""

    TYPE = "org.learnflow.concept.explained.v1"
    topic: str | None
    title: str
    level: Level
    explanation: str = Field(description="Markdown.")
    examples: tuple[Example, ...] = ()
    diagram: str | None = Field(None, description="A Mermaid diagram.")
    near_topics: tuple[NearTopic, ...] = ()
    answered_by: str = Field(
        description="Which tutor answered: `built-in`, or a language model by its name; `, kept` after that says that "
        "it explained so before, to whoever asks for the topic without a question of their own."
    )
    confidence: float | None = Field(None, ge=0, le=1, description="How sure the routing was, 0 to 1.")
