"""What is asked of a model here, and what a good answer to it is."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from functions.shared.model.asking import Prompt, Said

KEY = "sk-stand-in-0123456789"
SECRET_QUESTION = "why does my tortoise not turn"


class Step(Said):
    """A part of an answer."""

    text: str = Field(max_length=500)
    kind: Literal["look", "change"]


class Advice(Said):
    """An answer."""

    mood: Literal["glad", "stern"]
    steps: list[Step] = Field(min_length=1)
    line: int | None
    note: str = ""


GOOD = '{"mood": "glad", "steps": [{"text": "Look at line 3.", "kind": "look"}], "line": 3, "note": ""}'


def asking(task="debug") -> Prompt[Advice]:
    """Return a prompt as the functions' are."""
    system = {"role": "system", "content": "You teach Python."}
    return Prompt(task, f"{task}.v1", (system, {"role": "user", "content": f"stern: {SECRET_QUESTION}?"}), Advice)
