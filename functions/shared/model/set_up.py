"""Set up: whether there is a language model to ask, before anything is read or made that only a model needs."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from functions.shared.model.asking import Task
from functions.shared.settings import read_settings

if TYPE_CHECKING:
    from functions.shared.model.wiring import Ask


@cache
def ask_for(task: Task) -> Ask | None:
    """Return how the function of a task, which has its name, asks the model that the environment sets up for it; None
    where it sets up none."""
    if not read_settings().model.name(task):
        return None
    from functions.shared.model.wiring import make_ask

    return make_ask(task)
