"""What an exercise and a quiz question are, once read from their files."""

from __future__ import annotations

import ast
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from functions.curriculum.constructs import Construct

Difficulty = Literal["easy", "medium", "hard"]
Comparison = Literal["equal", "approx", "unordered"]

PracticeId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
APPROX_TOLERANCE = 1e-6
"""How far a number may be from the expected one where a test compares by `approx`: absolute, or relative to it."""


def _checked_python(source: str) -> str:
    try:
        ast.parse(source)
    except SyntaxError as error:
        raise ValueError(f"is no Python: {error.msg} in line {error.lineno}") from error
    return source


Python = Annotated[str, AfterValidator(_checked_python)]


class _Frozen(BaseModel):
    # Built at first use: who explains needs none of it.
    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,), defer_build=True)


class ExerciseTest(_Frozen):
    """One thing to try with the learner's code, and what must come of it: a value, printed text or an exception.

    Only `before`, `call` and `stdin` ever reach the learner's code; what is expected stays outside.
    """

    call: Python | None = Field(None, description="The expression to evaluate; none where the whole program is tried.")
    before: Python = Field("", description="Statements to run first.")
    stdin: str = Field("", description="What input() reads.")
    expect: str | None = Field(None, description="The value that must come, as a Python literal.")
    prints: str | None = Field(None, description="The text that must be printed; white space at line ends is ignored.")
    holds: Python | None = Field(None, description="An expression that must be True of `value`, what the call gives.")
    raises: str | None = Field(None, description="The exception that must be raised, e.g. `ValueError`.")
    compare: Comparison = "equal"
    hidden: bool = False
    category: str = Field("", description="What a hidden test is about; all that a learner sees of it.")
    weight: int = Field(1, ge=1, le=10)

    @cached_property
    def expected(self) -> Any:
        """The value that must come."""
        return ast.literal_eval(self.expect or "None")

    @model_validator(mode="after")
    def _says_what_must_come(self) -> Self:
        if [self.expect, self.holds, self.prints, self.raises].count(None) != 3:
            raise ValueError("a test has exactly one of expect, holds, prints and raises")
        if (self.expect or self.holds) and self.call is None:
            raise ValueError("expect and holds need a call whose value it is")
        if self.hidden and not self.category:
            raise ValueError("a hidden test needs a category")
        try:
            _ = self.expected
        except (ValueError, SyntaxError) as error:
            raise ValueError(f"expect is no Python literal: {self.expect}") from error
        return self


class Exercise(_Frozen):
    """Something to write, how it is begun, how it is tried, and one way to do it."""

    id: PracticeId
    title: str
    difficulty: Difficulty
    description: str = Field(description="Markdown.")
    starter: Python = Field(description="What the learner begins with; it must not pass.")
    solution: Python = Field(description="A program that passes; never shown before the learner has passed.")
    hints: tuple[str, ...] = Field(
        min_length=2, max_length=4, description="The more general first; none is the solution."
    )
    requires: tuple[Construct, ...] = Field((), description="What the code must use.")
    forbids: tuple[str, ...] = Field((), description="What it must not call: `sum`, or `.sort` for a method.")
    tests: tuple[ExerciseTest, ...] = Field(min_length=3)

    @model_validator(mode="after")
    def _shows_some_and_hides_some(self) -> Self:
        if {test.hidden for test in self.tests} != {True, False}:
            raise ValueError("an exercise has visible tests and hidden ones")
        return self


class Option(_Frozen):
    """One answer to choose, and what to say to whoever chooses it."""

    text: str = Field(description="Markdown; where the question asks for output, what is printed, to the letter.")
    explanation: str = Field(description="Markdown.")
    correct: bool = False
    in_words: bool = Field(False, description="Markdown though the question asks for output: `An error, because …`.")


class QuizQuestion(_Frozen):
    """A question with one right answer. With `code`, it may ask what that prints."""

    id: PracticeId
    question: str = Field(description="Markdown.")
    code: Python | None = None
    difficulty: Difficulty
    asks_for_output: bool = Field(False, description="The right answer is exactly what `code` prints.")
    options: tuple[Option, ...] = Field(min_length=3, max_length=5)

    @property
    def answer(self) -> Option:
        """The right option."""
        return next(option for option in self.options if option.correct)

    @model_validator(mode="after")
    def _has_one_answer(self) -> Self:
        if sum(option.correct for option in self.options) != 1:
            raise ValueError("exactly one option is correct")
        if len({option.text for option in self.options}) != len(self.options):
            raise ValueError("two options say the same")
        if self.asks_for_output and self.code is None:
            raise ValueError("a question for the output needs code")
        return self
