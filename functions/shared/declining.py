"""Declining: what is said, kindly, to what a Python tutor has no answer for. Pure."""

from __future__ import annotations

from functions.shared.doubt import with_doubt
from functions.shared.events import QuestionDeclined
from functions.shared.payload import Intent

SUGGESTIONS = (
    "Explain how Python loops work",
    "I get a NameError, what does it mean? (attach your code)",
    "Give me an exercise on functions",
)


def decline(reason: str, message: str) -> QuestionDeclined:
    """Return a kind refusal, with what to ask instead."""
    return QuestionDeclined.model_validate({"reason": reason, "message": message, "suggestions": SUGGESTIONS})


def decline_off_topic(second_guess: Intent | None = None) -> QuestionDeclined:
    """Return a kind refusal of something that is not about learning Python, or, in doubt, may be."""
    message = "I can only help with learning Python. Here is what you could ask me."
    return decline("off_topic", with_doubt(message, second_guess))
