"""What a model may say to each kind of question, at most, and how freely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from functions.shared.model.asking import Answer, Prompt, Task, Usage
from functions.shared.model.schema import in_words

BYTES_PER_TOKEN = 3
"""Of a prompt, at least: English has about four, code three."""
OBJECTION_TOKENS = 500
"""Of what a model is told of an answer that will not do, at most."""


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


def most_used(prompt: Prompt[Answer]) -> Usage:
    """Return about how many tokens a question can take at most, if the server keeps to the limit of an answer.

    It is asked once more where the answer cannot be read, and both again where the guard objects. Of the four, each
    sends the question, and together they send again what was said, and why it will not do, 0 + 1 + 1 + 2 times.
    """
    sent = "".join([*(message["content"] for message in prompt.messages), in_words(prompt.answer)])
    question, answer = len(sent.encode()) // BYTES_PER_TOKEN, TASKS[prompt.task].answer_tokens
    return Usage(4 * (question + answer + OBJECTION_TOKENS), 4 * answer)
