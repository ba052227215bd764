"""Posing: a question as one learner gets it, its options in an order that tells nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from functions.curriculum.practice import Option, QuizQuestion


class Quiz(NamedTuple):
    """A question that was posed to a learner."""

    topic: str
    question_id: str
    """`<topic>/<question>`."""
    edition: str
    option_order: Sequence[int]
    """For each option as it was shown, its place in the curriculum."""


def shuffled(quiz_id: str, options: int) -> list[int]:
    """Return the order in which a quiz shows so many options: always the same one, and each as likely as any other."""
    return sorted(range(options), key=lambda place: hashlib.sha256(f"{quiz_id}/{place}".encode()).digest())


def edition(question: QuizQuestion) -> str:
    """Return 12 hex digits that change whenever what is asked does, or what is right; explanations may be improved."""
    asked = question.model_dump_json(
        include={"question": True, "code": True, "options": {"__all__": {"text", "correct"}}}
    )
    return hashlib.sha256(asked.encode()).hexdigest()[:12]


def shown_options(quiz: Quiz, question: QuizQuestion) -> list[Option]:
    """Return the options of a question in the order in which a quiz shows them."""
    return [question.options[place] for place in quiz.option_order]
