"""Tasks: a manner for each kind of question, known by the form of answer that it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from functions.shared.model.asking import Task
from tests.model_stand_in.manners import Manner, Reply

if TYPE_CHECKING:
    from tests.model_stand_in.server import Asked

FORMS: Mapping[str, Task] = {
    "TriageSaid": "triage",
    "ExplanationSaid": "concepts",
    "PlacedSaid": "concepts",
    "HintsSaid": "debug",
    "ReviewSaid": "review",
    "ExerciseSaid": "exercise",
}
"""What a question of each task asks for, by the name of its schema."""


def form_of(asked: Asked) -> str:
    """Return the name of the schema that an answer has to fit; empty where a request names none."""
    return str(asked.body.get("response_format", {}).get("json_schema", {}).get("name", ""))


def task_of(asked: Asked) -> Task | None:
    """Return the task that a request is about; None where its form is of no task that is known here."""
    return FORMS.get(form_of(asked))


def by_task(otherwise: Manner, manners: Mapping[Task, Manner]) -> Manner:
    """Answer each task in the manner that `manners` has for it when it is asked, and all else `otherwise`."""

    def answered(asked: Asked) -> Reply:
        task = task_of(asked)
        return (manners.get(task, otherwise) if task else otherwise)(asked)

    return answered
