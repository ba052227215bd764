"""What a model may say to each kind of question, at most, and how freely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from functions.shared.model.asking import Answer, Prompt, Task

BYTES_PER_TOKEN = 3
"""Of a prompt, at least: English has about four, code three."""


@dataclass(frozen=True)
class Limits:
    """`answer_tokens` at most; `temperature` from 0, always the likeliest word, to 2."""

    answer_tokens: int
    temperature: float


TASKS: Mapping[Task, Limits] = {
    "triage": Limits(answer_tokens=200, temperature=0.0),
    "concepts": Limits(answer_tokens=1_500, temperature=0.3),
    "debug": Limits(answer_tokens=1_200, temperature=0.2),
    "review": Limits(answer_tokens=1_500, temperature=0.2),
    "exercise": Limits(answer_tokens=2_500, temperature=0.7),
}


def most_tokens(prompt: Prompt[Answer]) -> int:
    """Return about how many tokens a question and its answer come to at most, if it is asked once."""
    asked = sum(len(message["content"].encode()) for message in prompt.messages)
    return asked // BYTES_PER_TOKEN + TASKS[prompt.task].answer_tokens
