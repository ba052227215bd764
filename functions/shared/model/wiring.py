"""Wiring: this process's language model, as the environment sets it up, made when it is first asked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Protocol

from functions.shared.database import Database
from functions.shared.events import Event
from functions.shared.model.answering import ask_model
from functions.shared.model.asking import Answer, Answered, Prompt
from functions.shared.model.openai_model import OpenAIModel
from functions.shared.model.repairing import Guard
from functions.shared.serving import utc_now
from functions.shared.settings import Settings, read_settings


class Ask(Protocol):
    """How a handler asks a model: `ask(event, database, prompt, guard=...)`, in its step `before`."""

    def __call__(
        self, event: Event[Any], database: Database, prompt: Prompt[Answer], *, guard: Guard[Answer] = ...
    ) -> Answered[Answer]:
        """Return the answer, or raise NoAnswer."""
        ...


def make_ask(function: str) -> Ask:
    """Return how the function of this name asks the model that the environment sets up."""

    def ask(
        event: Event[Any], database: Database, prompt: Prompt[Answer], *, guard: Guard[Answer] = _nothing
    ) -> Answered[Answer]:
        model, settings = _set_up()
        return ask_model(
            event, database, prompt, model=model, settings=settings, function=function, now=utc_now(), guard=guard
        )

    return ask


@cache
def _set_up() -> tuple[OpenAIModel, Settings]:
    settings = read_settings()
    return OpenAIModel(settings.model), settings


def _nothing(_: object) -> Sequence[str]:
    return ()
