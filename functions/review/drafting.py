"""Drafting: a review on its way, from what is found in a program to what has to be run first. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from functions.curriculum.models import Topic
from functions.curriculum.practice import Exercise, ExerciseTest
from functions.review.checking import Changing, trials, worth_checking
from functions.review.model import Review, Unreadable
from functions.review.wording import reviewed, unreadable, unreviewed
from functions.shared.helping import CodeReviewed
from functions.shared.payload import Intent
from functions.shared.running import CheckTrial, code_hash

Practice = tuple[Topic, Exercise]
"""The exercise that a program is for, and its topic."""


class Draft(BaseModel):
    """A review that waits for its suggestions to be tried."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    answer: CodeReviewed
    at: datetime
    second_guess: Intent | None = None
    question: str = ""
    code: str = ""
    passed_too: bool = Field(default=False, description="Whether exercises that are passed get no solution either.")
    said: str = Field(default="", description="What a model says of it all.")
    trials: tuple[CheckTrial, ...] = ()
    tried: tuple[int, ...] = Field(default=(), description="The places of the suggestions that are tried.")


def tests_of(practice: Practice | None) -> tuple[ExerciseTest, ...]:
    """Return the tests of the exercise that a program is for; none where it is for none."""
    return practice[1].tests if practice else ()


def with_review(
    draft: Draft, seen: Review | Unreadable, about: dict[str, Any], tests: Sequence[ExerciseTest] = ()
) -> Draft:
    """Return the draft with what was seen in its program. `about` are fields of the answer as they are; `tests` are
    those of the exercise that the program is for."""
    if isinstance(seen, Unreadable):
        answer = unreviewed(unreadable(seen), code_hash=code_hash(draft.code), **about)
        return draft.model_copy(update={"answer": answer})
    return with_trials(draft.model_copy(update={"answer": reviewed(draft.code, seen, about)}), seen.suggestions, tests)


def with_trials(draft: Draft, suggestions: Sequence[Changing], tests: Sequence[ExerciseTest] = ()) -> Draft:
    """Return the draft with what has to be run for the suggestions of its answer, which are in the same order: each
    version by these tests, or on its own."""
    tried = worth_checking(draft.code, suggestions)
    versions = [version for place in tried if (version := suggestions[place].rewritten)]
    to_run = trials(draft.code, versions, tests) if versions else ()
    return draft.model_copy(update={"trials": to_run, "tried": tried})
