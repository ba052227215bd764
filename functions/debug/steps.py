"""Steps: what to do next for a learner whose program does not work: run a program in the sandbox, or answer.

A program without an error message is run to see one; a correction is run before it is shown. All of it is decided from
what is known so far, so whatever was decided can be decided again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from functions.debug.asking import INPUT, INPUTS, Practice, case_of, exercise_of, may_be_run
from functions.debug.correcting import Correction, correction
from functions.debug.diagnose import diagnose
from functions.debug.wording import explained
from functions.shared.events import DebuggingRequested
from functions.shared.helping import ErrorExplained
from functions.shared.running import CheckExecuted, CheckTrial, Ran, takes

Purpose = Literal["see", "try", "prove"]


class Known(BaseModel):
    """What is known of a learner's trouble: what they asked, and what came of our runs."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    asked: DebuggingRequested
    asked_at: datetime
    exercise_ids: tuple[str, ...] = Field(
        default=(), description="What the learner practises, and gets no solution of."
    )
    seen: Ran | None = Field(default=None, description="The learner's program, run to see what it does.")
    tries: tuple[Ran, ...] = Field(default=(), description="Its corrections, run to see whether they work.")
    unavailable: bool = Field(default=False, description="The sandbox did not answer.")
    one_at_a_time: bool = Field(default=False, description="Whether hints come one each time the learner asks.")
    passed_too: bool = Field(default=False, description="Whether exercises that are passed get no solution either.")
    may_ask: bool = Field(default=False, description="Whether a language model may explain it.")
    written: ErrorExplained | None = Field(
        default=None, description="What a model wrote, once it was asked; its correction is not to be seen unproven."
    )
    proof: Ran | None = Field(default=None, description="That correction, run to see whether it works.")
    waits_to: Purpose = "see"


class Run(NamedTuple):
    """A program to run in the sandbox, and what for."""

    code: str
    purpose: Purpose

    @property
    def trials(self) -> tuple[CheckTrial, ...]:
        """Return the one trial there is, with something to read for a program that asks."""
        return (CheckTrial(stdin=f"{INPUT}\n" * INPUTS if "input" in self.code else ""),)


def next_step(known: Known, practice: tuple[Practice, ...]) -> Run | ErrorExplained:
    """Return what to run, or the answer. `practice` are the exercises of `known.exercise_ids`."""
    case = case_of(known.asked, known.seen)
    if known.seen is None and may_be_run(case) and may_run(known, case.code):
        return Run(case.code, "see")
    found = diagnose(case) if _is_readable(known) else None
    exercise = exercise_of(case, practice, known.asked.exercise_id)
    corrected = correction(found, known.tries) if exercise is None else Correction(None)
    if corrected.code and not corrected.works and may_run(known, corrected.code):
        return Run(corrected.code, "try")
    return explained(known.asked, case, found, exercise, seen=known.seen, corrected=corrected)


def told(known: Known, executed: CheckExecuted) -> Known:
    """Return what is known after a check."""
    if executed.outcome == "unavailable" or not executed.results:
        return known.model_copy(update={"unavailable": True})
    ran = executed.results[0]
    news: dict[Purpose, dict[str, Any]] = {
        "see": {"seen": ran},
        "try": {"tries": (*known.tries, ran)},
        "prove": {"proof": ran},
    }
    return known.model_copy(update=news[known.waits_to])


def withheld(known: Known, answer: ErrorExplained) -> str | None:
    """Return the correction that the rules have of a program for an exercise, which its learner is not to be given."""
    if answer.exercise_id is None:
        return None
    return correction(diagnose(case_of(known.asked, known.seen)), ()).code


def may_run(known: Known, code: str) -> bool:
    """Whether a program can be run, as far as is known."""
    return not known.unavailable and takes(code)


def _is_readable(known: Known) -> bool:
    """A program that the sandbox blocks at once has told us nothing of its mistakes, and what it told is the answer."""
    return known.seen is None or known.seen.outcome != "blocked"
