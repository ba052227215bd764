"""Practising: exercises as learners get them, submissions, and grades."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from functions.shared.payload import Difficulty, Payload
from functions.shared.running import Outcome


class VisibleTest(BaseModel):
    """A test that a learner may see."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    call: str | None = None
    before: str = ""
    stdin: str = ""
    must: str = Field(description="What must come of it, in words and code.")


class ExerciseGenerated(Payload):
    """An exercise for a learner, without its hidden tests and its solution."""

    TYPE = "org.learnflow.exercise.generated.v1"
    exercise_id: str | None = Field(description="Null where there is no exercise that fits.")
    topic: str | None
    title: str
    difficulty: Difficulty | None = None
    description: str = Field(description="Markdown.")
    starter: str = ""
    requires: tuple[str, ...] = ()
    forbids: tuple[str, ...] = ()
    tests: tuple[VisibleTest, ...] = ()
    hidden_tests: int = 0
    hints: int = Field(0, description="How many hints there are.")
    answered_by: str = "built-in"


class ExerciseSubmitted(Payload):
    """A learner hands in a solution."""

    TYPE = "org.learnflow.exercise.submitted.v1"
    exercise_id: str
    code: str
    session_id: str | None = None


class TestGraded(BaseModel):
    """What came of a test; of a hidden one only whether it passed, and what it is about."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    passed: bool
    hidden: bool = False
    category: str = ""
    call: str | None = None
    before: str = ""
    stdin: str = ""
    expected: str = ""
    got: str = ""
    outcome: Outcome | None = None
    line: int | None = Field(None, description="In the learner's program, where it went wrong.")


class ExerciseGraded(Payload):
    """A submission was graded, or it is said why it could not be (`score` null)."""

    TYPE = "org.learnflow.exercise.graded.v1"
    exercise_id: str
    topic: str | None
    submission_id: str
    attempt: int = Field(ge=0, description="1 for the learner's first submission of this exercise.")
    score: int | None = Field(
        ge=0, le=100, description="The weight of the tests that passed, of 100; 80 at most against the rules."
    )
    passed: bool
    feedback: str = Field(description="Markdown.")
    tests: tuple[TestGraded, ...] = ()
    missing: tuple[str, ...] = Field((), description="Constructs that the exercise requires and the code has not.")
    forbidden: tuple[str, ...] = Field((), description="Calls that the exercise forbids and the code makes.")
    solution: str | None = Field(
        default=None,
        description="The reference solution, once the learner has passed; null in a course that shows none.",
    )
