"""Asking: the model that is measured, asked as the functions ask it, but for the database: nothing is kept of it."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Event as Flag
from typing import Any, NamedTuple

from functions.shared.database import Database
from functions.shared.events import Event
from functions.shared.model.asking import Answer, Answered, LanguageModel, NoAnswer, Prompt, Said, Task, Usage
from functions.shared.model.repairing import Guard, unobjectionable
from functions.shared.payload import Payload
from functions.shared.prompts.triage import TriageInput, triage_prompt
from functions.shared.settings import ModelSettings
from scripts.stack.errors import StackError
from scripts.stack.evaluating.tutor.floor import FLOOR
from scripts.stack.model import model_settings

TASKS: tuple[Task, ...] = ("triage", "concepts", "debug", "review")
"""Those that are measured; making exercises is not."""
PAUSE_SECONDS = 5.0
MOST_PAUSES = 24
"""Two minutes in which the model is left alone, without any answer in between: then it is gone."""
LOADING_SECONDS = 60.0
"""For the first answer of a server that loads the model when it is first asked."""


class Gone(StackError):
    """The model's server does not answer any more."""


class Call(NamedTuple):
    """A call of the model, its own retries included: how long it took, and what."""

    seconds: float
    usage: Usage


class NothingKept(Exception):
    """There is no database to look into for what was said before."""


class Nowhere:
    """The database that there is none of. Raises NothingKept."""

    def reading(self) -> Any:
        raise NothingKept

    def transaction(self) -> Any:
        raise NothingKept

    def check(self) -> None:
        raise NothingKept


def chosen(base_url: str, model: str, environ: Mapping[str, str] = os.environ) -> ModelSettings | None:
    """Return the model that is to be measured; None where none is named. Raises StackError if that makes no sense."""
    settings = model_settings(environ)
    settings = replace(settings, base_url=base_url or settings.base_url)
    if model:
        settings = replace(settings, default=model, by_task={})
    if not any(settings.by_task.get(task, settings.default) for task in TASKS):
        if base_url:
            raise StackError("--base-url says where a model is, and nothing says which: add --model or OPENAI_MODEL.")
        return None
    if not (settings.key or settings.base_url):
        raise StackError("OPENAI_API_KEY is not set, and OpenAI wants one; for a server of your own say --base-url.")
    return settings


@dataclass
class Asker:
    """A model and what asking it took. For many threads."""

    model: LanguageModel
    settings: ModelSettings
    stopped: Flag = field(default_factory=Flag)
    calls: list[Call] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    """What became of the questions: `answered`, or why not."""
    pauses: list[float] = field(default_factory=list)
    """Seconds for which it was left alone, its server having too much to do, or being down."""

    def greet(self) -> None:
        """Ask one easy question. Raises StackError, in one sentence, where nobody is there to answer."""
        task = next(each for each in TASKS if self.model.name(each))
        prompt = triage_prompt(TriageInput(question="What is a list?"))
        try:
            try:
                self.model.ask(replace(prompt, task=task), seconds=self.settings.seconds)
            except NoAnswer as none:
                if none.reason not in ("late", "open"):
                    raise
                self.model.ask(replace(prompt, task=task), seconds=LOADING_SECONDS)
        except NoAnswer as none:
            if none.reason not in ("refused", "malformed"):  # then somebody answers, and that is to be measured
                raise StackError(_nobody_there(none, self.settings, self.model.name(task))) from None

    def ask(self, prompt: Prompt[Answer], seconds: float) -> tuple[Answered[Answer], float]:
        """Return what the model says, and how many seconds it took. While its server wants to be left alone, it is.

        Raises NoAnswer, Gone.
        """
        for _ in range(MOST_PAUSES):
            if self.stopped.is_set():
                raise Gone("The run was stopped.")
            begun = time.monotonic()
            try:
                with FLOOR.given_up():
                    answered = self.model.ask(prompt, seconds=seconds)
            except NoAnswer as none:
                if none.reason in ("open", "busy"):  # we ask more than any class of learners would
                    self.pauses.append(PAUSE_SECONDS)
                    with FLOOR.given_up():
                        self.stopped.wait(PAUSE_SECONDS)
                    continue
                self.calls.append(Call(time.monotonic() - begun, none.usage))
                raise
            took = time.monotonic() - begun
            self.calls.append(Call(took, answered.usage))
            return answered, took
        raise Gone("The model's server does not answer any more: the figures are of what it answered before.")


@dataclass
class One:
    """What is asked of a model for one item, as often as it takes, and what came of it."""

    asker: Asker
    outcomes: list[str] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    """All that it said, what the guard held back too."""

    def for_task(self, task: Task) -> One | None:
        """Return itself where a model is asked for this kind of question."""
        return self if self.asker.model.name(task) else None

    def __call__(
        self,
        event: Event[Any],  # noqa: ARG002  # nobody's
        database: Database,  # noqa: ARG002  # nothing is kept
        prompt: Prompt[Answer],
        *,
        guard: Guard[Answer] = lambda _: (),
    ) -> Answered[Answer]:
        """Return an answer that nothing speaks against. Raises NoAnswer, Gone."""
        left = float(self.asker.settings.seconds)

        def ask(each: Prompt[Answer]) -> Answered[Answer]:
            nonlocal left
            answered, took = self.asker.ask(each, left)
            left -= took
            self.said.append(answered.answer)
            return answered

        try:
            answered = unobjectionable(prompt, guard, ask, lambda: left)
        except NoAnswer as none:
            self._note(none.reason)
            raise
        self._note("answered")
        return answered

    def _note(self, outcome: str) -> None:
        self.outcomes.append(outcome)
        self.asker.outcomes.append(outcome)

    @property
    def was_asked(self) -> bool:
        """Whether it was asked anything."""
        return bool(self.outcomes)

    @property
    def was_held_back(self) -> bool:
        """Whether the guard let something of it through at no try."""
        return "blocked" in self.outcomes


def event_of(payload: Payload) -> Event[Any]:
    """Return an event as functions take it, of nobody."""
    now = datetime.now(UTC)
    return Event("evaluated", "/evaluate", payload.TYPE, now, "evaluated", "evaluated", 0, payload)


def _nobody_there(none: NoAnswer, settings: ModelSettings, model: str) -> str:
    where = settings.base_url or "OpenAI"
    if " 401" in none.detail or " 403" in none.detail:
        return f"{where} lets nobody in with this key ({none.detail}): is OPENAI_API_KEY right?"
    if " 404" in none.detail:
        return f"{where} knows no model {model}, or does not speak OpenAI's API there ({none.detail})."
    if none.reason == "busy":
        return f"{where} has too much to do, or the account has no money left ({none.detail}): try again later."
    return f"{where} does not answer ({none})."
