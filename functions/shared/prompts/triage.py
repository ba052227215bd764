"""Triage: which function a question is for, asked of a model where the built-in classifier is unsure. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ConfigDict, Field

from functions.shared.conversing import Turn
from functions.shared.model.asking import Prompt, Said
from functions.shared.payload import Intent
from functions.shared.prompts.fencing import LONGEST_QUESTION, text
from functions.shared.prompts.files import PromptFile
from functions.shared.prompts.inputs import Input, earlier
from functions.shared.tutor import Routing

SURE, UNSURE = 0.9, 0.5
"""The confidence of a model that says it is sure, or not: two words, not a measured share. Below 0.6 whoever answers
offers the second guess too."""
MOST_GUESSES = 3
FILE = PromptFile("triage", 1, frozenset({"with_it", "guesses", "earlier", "question"}))


class TriageInput(Input):
    """A question, what came with it, and what the built-in classifier makes of it."""

    question: str
    has_code: bool = False
    has_error: bool = False
    turns: tuple[Turn, ...] = ()
    probabilities: Mapping[Intent, float] = Field(
        default={}, description="How likely each intent is by the classifier."
    )

    @property
    def likeliest(self) -> list[Intent]:
        """The intents, the likeliest by the classifier first."""
        return sorted(self.probabilities, key=lambda intent: -self.probabilities[intent])


class TriageSaid(Said):
    """What a question is after."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    wants: str = Field(description="What the learner wants, in at most ten words.")
    intent: Intent = Field(description="The label for it.")
    is_sure: bool = Field(description="False if another label fits nearly as well.")
    second_guess: Intent | None = Field(description="That other label; null if you are sure.")


def triage_prompt(given: TriageInput) -> Prompt[TriageSaid]:
    """Return the prompt for a question. The program and the error that came with it are not sent."""
    guesses = (f"{intent} {given.probabilities[intent]:.0%}" for intent in given.likeliest[:MOST_GUESSES])
    return FILE.filled(
        TriageSaid,
        said={"with_it": _with_it(given), "guesses": ", ".join(guesses)},
        data={"earlier": earlier(given.turns), "question": text("question", given.question, LONGEST_QUESTION)},
    )


def routing_of(said: TriageSaid, given: TriageInput) -> Routing:
    """Return the routing. A model that is unsure and names no other intent has the classifier's likeliest other one."""
    if said.is_sure:
        return Routing(intent=said.intent, confidence=SURE)
    others = (intent for intent in (said.second_guess, *given.likeliest) if intent not in (None, said.intent))
    return Routing(intent=said.intent, confidence=UNSURE, second_guess=next(others, None))


def _with_it(given: TriageInput) -> str:
    brought = [name for name, there in (("a program", given.has_code), ("an error message", given.has_error)) if there]
    return " and ".join(brought) or "nothing"
