"""Weaker: what a learner gets where even the built-in answer may not leave: a smaller step that gives nothing away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from functions.shared.guard.guarding import Objection, Objectionable

Function = Literal["triage", "concepts", "debug", "review", "exercise"]

_STEPS: dict[Function, str] = {
    "triage": "Ask me about one thing in Python, and I begin there.",
    "concepts": "Begin with the smallest program that uses the idea: three lines, one of which prints what you want "
    "to understand. Change one of them, guess what happens, and run it.",
    "debug": "Print the values that the line works with just before it runs, and compare them with what you expect. "
    "Where they differ for the first time, the mistake is above.",
    "review": "Read the program aloud, line by line. Where you have to explain what you mean, a better name or a "
    "smaller function would say it.",
    "exercise": "Write down in your own words what has to happen for the first example, one step a line. Then turn the "
    "first of these steps into Python, and run it before you go on.",
}
_TOO_MUCH = "What I had would have said too much: this one is for you to find."
_WHY: dict[Objectionable, str] = {
    "solution": _TOO_MUCH,
    "correction": _TOO_MUCH,
    "off_topic": "I can only help with learning Python.",
}
_OTHERWISE = "I had no answer to this that I would stand by."


def smaller_step(function: Function, found: Sequence[Objection]) -> str:
    """Return what to say instead of an answer that was objected to (Markdown); it holds nothing of that answer."""
    why = next((_WHY[each.kind] for each in found if each.kind in _WHY), _OTHERWISE)
    return f"{why} Here is a smaller step.\n\n{_STEPS[function]}"
