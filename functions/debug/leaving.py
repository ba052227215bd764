"""Leaving: what of an answer reaches the learner: so many hints, and nothing that they are not to be given. Pure."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import NamedTuple

from functions.debug.asking import case_of
from functions.debug.staging import HINTS, staged
from functions.debug.steps import Known, Run, withheld
from functions.debug.wording import smaller
from functions.shared.guard.corrected import Corrected
from functions.shared.guard.guarding import Known as Held
from functions.shared.guarded import guarded
from functions.shared.helping import ErrorExplained


class Answers(NamedTuple):
    """Our own answer, a language model's if there is one, and what ours is held against."""

    ours: ErrorExplained
    theirs: ErrorExplained | None
    held: Held

    @property
    def hints(self) -> int:
        """How many there are at most."""
        return len((self.theirs or self.ours).hints)


class Next(NamedTuple):
    """What is known, and what to do next."""

    known: Known
    step: Run | Answers


def leaving(answers: Answers, known: Known, times: int | None) -> ErrorExplained:
    """Return the answer for whom asks for this manieth time, from 1; None: for whom gets everything at once.

    The model's answer comes first; where it may not leave, ours; where that may not either, a smaller step.
    """
    ours, theirs, held = answers

    def as_told(answer: ErrorExplained) -> ErrorExplained:
        return answer if times is None else staged(answer, times, known.asked, known.seen)

    def our_answer(_: str = "") -> ErrorExplained:
        told = as_told(ours)
        return guarded(told, held, partial(smaller, told, known.asked.second_guess), function="debug")

    if theirs is None:
        return our_answer()
    told = as_told(theirs)
    early = [each.corrected_code for each in (ours, theirs) if times is not None and times < HINTS]
    return guarded(told, for_a_model(held, known, ours, *early), our_answer, function="debug")


def for_a_model(held: Held, known: Known, ours: ErrorExplained, *early: str | None) -> Held:
    """Return what a model's answer is held against: the corrections that may not be shown, or not so `early`, too.

    Our own hints are written to stop short of them; the nearer they lead to one, the likelier they are taken for it. So
    is the example that goes with every answer to the last hint, which is the same for everybody.
    """
    example = (ours.example.wrong, ours.example.right) if ours.example and not early else ()
    code = case_of(known.asked, known.seen).code
    corrected = tuple(Corrected(code, each) for each in (withheld(known, ours), *early) if each)
    return replace(held, corrected=corrected, given=(*held.given, *example))
