"""Helping: what a learner is told of an error, and of code that works but could be better."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from functions.shared.payload import Payload

Checked = Literal["passed", "unavailable"]


_ANSWERED_BY = "Which tutor answered: `built-in`, or a language model by its name."


class ErrorFound(BaseModel):
    """An error as its message, or a run of the program, tells of it; null is what that does not tell."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    type: str
    message: str
    file: str | None = None
    line: int | None = Field(default=None, description="In the learner's program, from 1.")
    expression: str | None = Field(default=None, description="The guilty part of that line.")


class Contrast(BaseModel):
    """A small program with a mistake, and the same without it."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    wrong: str
    right: str


class ErrorExplained(Payload):
    """A mistake was explained in steps, or it was said honestly that none was found (`cause` null)."""

    TYPE = "org.learnflow.error.explained.v1"
    error: ErrorFound | None = Field(default=None, description="Null for a mistake that no error tells of.")
    cause: str | None = Field(default=None, description="Which mistake it is, e.g. `misspelt_name`.")
    title: str
    line: int | None = Field(
        default=None, description="Where the mistake is, which is not always where Python stopped."
    )
    explanation: str = Field(description="Markdown.")
    hints: tuple[str, ...] = Field(
        default=(),
        max_length=3,
        description="Markdown; from general to the solution: show one, and the next when asked.",
    )
    hints_left: int = Field(
        default=0,
        ge=0,
        description="How many more there are for whoever asks again about the same program, one each time, where a "
        "course gives them one at a time; the explanation and the corrected program come with the last.",
    )
    corrected_code: str | None = Field(
        default=None, description="The whole program, corrected; only if it was run and works."
    )
    checked: Checked | None = Field(
        default=None, description="Whether the correction was run; `unavailable`: it could not be, so it is not shown."
    )
    tips: tuple[str, ...] = ()
    example: Contrast | None = None
    topic: str | None = Field(default=None, description="The topic that teaches it.")
    exercise_id: str | None = Field(
        default=None,
        description="The exercise the program is for, not passed yet, or of a course that shows no solutions.",
    )
    code_hash: str = Field(default="", description="SHA-256 of the program, empty without one.")
    answered_by: str = Field(
        default="built-in",
        description=f"{_ANSWERED_BY[:-1]}; `, kept` after that says that it wrote these hints when the first "
        "one was asked for.",
    )
    confidence: float | None = Field(default=None, ge=0, le=1, description="How sure the routing was, 0 to 1.")


class Suggested(BaseModel):
    """One thing that could be better."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    rule: str = Field(description="Which rule found it; `model`: a language model did.")
    category: str
    line: int = Field(description="In the learner's program, from 1.")
    reason: str = Field(description="Markdown.")
    before: str = Field(description="The lines as they are.")
    after: str | None = Field(default=None, description="How they could be; null where only words help.")
    checked: Checked | None = Field(
        default=None,
        description="`passed`: both versions were run and did the same; null: there was nothing to compare.",
    )


class FunctionMeasured(BaseModel):
    """How many ways lead through a function."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    name: str
    line: int
    complexity: int = Field(ge=1, description="McCabe's cyclomatic complexity.")
    rank: str = Field(description="A, the simplest, to F.")


class CodeReviewed(Payload):
    """A program was reviewed, or it is said why it could not be (`quality` null)."""

    TYPE = "org.learnflow.code.reviewed.v1"
    quality: int | None = Field(ge=0, le=100)
    summary: str = Field(description="Markdown: what is good first, then what could be better.")
    praise: str = ""
    suggestions: tuple[Suggested, ...] = Field(default=(), max_length=5)
    more: int = Field(default=0, description="How many further ones are better left for next time.")
    complexity: tuple[FunctionMeasured, ...] = Field(default=(), description="The most complex functions first.")
    linted: bool = True
    submission_id: str | None = Field(
        default=None, description="The submission that was reviewed without being asked for."
    )
    exercise_id: str | None = None
    passed: bool | None = Field(default=None, description="Whether the submission passed; null for any other program.")
    code_hash: str = Field(default="", description="SHA-256 of the program, empty without one.")
    answered_by: str = Field(
        default="built-in",
        description=f"{_ANSWERED_BY} A submission that nobody asked to have reviewed is reviewed by `built-in`.",
    )
    confidence: float | None = Field(default=None, ge=0, le=1, description="How sure the routing was, 0 to 1.")
