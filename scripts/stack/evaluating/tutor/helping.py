"""Helping: what debug tells a learner whose program does not work, put together as its handler does it."""

from __future__ import annotations

from dataclasses import dataclass

from functions.debug.asking import Practice
from functions.debug.by_model import by_model
from functions.debug.leaving import Answers, for_a_model, leaving
from functions.debug.steps import Known, Run
from functions.debug.writing import may_be_written, next_written
from functions.shared.guard.guarding import Known as Held
from functions.shared.helping import ErrorExplained
from functions.shared.model.asking import NoAnswer
from scripts.stack.evaluating.debug import after, established
from scripts.stack.evaluating.tutor.asking import Nowhere, One, event_of
from scripts.stack.evaluating.tutor.sandbox import Sandbox


@dataclass(frozen=True)
class Helped:
    """What is known of a learner's trouble, our own answer and a model's, if there is one, and what its correction was
    before it was tried."""

    known: Known
    answers: Answers
    claimed: str | None

    def told(self, times: int | None = None) -> ErrorExplained:
        """Return what the learner gets who asks for this manieth time, from 1; None: who gets everything at once."""
        return leaving(self.answers, self.known, times)

    @property
    def was_replaced(self) -> bool:
        """Whether a model wrote an answer, and all the same the learner gets ours."""
        return self.answers.theirs is not None and self.told().answered_by == self.answers.ours.answered_by


def helped(known: Known, practice: tuple[Practice, ...], held: Held, one: One | None, sandbox: Sandbox) -> Helped:
    """Return what there is to tell, by a model too where one is asked; every program on the way is run."""
    known, ours = established(known, practice, sandbox.reads)
    ask = one.for_task("debug") if one else None
    if ask is None or not may_be_written(known, ours):
        return Helped(known, Answers(ours, None, held), None)
    try:
        written = by_model(
            event_of(known.asked), Nowhere(), known, ours, practice, for_a_model(held, known, ours), ask=ask
        )
    except NoAnswer:
        return Helped(known, Answers(ours, None, held), None)
    known = known.model_copy(update={"written": written})
    while isinstance(step := next_written(known, written), Run):
        known = after(known, step, sandbox.reads)
    claimed = written.corrected_code if written.checked != "passed" else None
    return Helped(known, Answers(ours, step, held), claimed)
