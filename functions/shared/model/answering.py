"""Answering: the one way in which a function asks a language model, within everything that bounds it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prometheus_client import Counter, Histogram

from functions.shared.allowance import Refused, Taken
from functions.shared.allowance_meter import Limits, Meter, metered
from functions.shared.database import Connection, Database
from functions.shared.events import Event
from functions.shared.model.asking import Answer, Answered, LanguageModel, NoAnswer, Prompt, Task, Usage
from functions.shared.model.limits import most_used
from functions.shared.model.repairing import Guard, unobjectionable
from functions.shared.model.stages import tell_stage
from functions.shared.model_log import WITHHELD, forget_call, record_answer, record_call
from functions.shared.settings import Settings

CALLS = Counter("learnflow_model_answers_total", "Questions to a language model, by outcome.", ["task", "outcome"])
SECONDS = Histogram(
    "learnflow_model_seconds",
    "Time from a question to a language model to its checked answer, or to there being none.",
    ["task"],
    buckets=(0.25, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10),
)
TOKENS = Counter("learnflow_model_tokens_total", "Tokens that language models took.", ["task", "of"])
COST = Counter("learnflow_model_cost_total", "What those cost, in the currency of the prices.", ["task"])


def ask_model(
    event: Event[Any],
    database: Database,
    prompt: Prompt[Answer],
    *,
    model: LanguageModel,
    settings: Settings,
    function: str,
    now: datetime,
    guard: Guard[Answer] = lambda _: (),
) -> Answered[Answer]:
    """Return what a model answers, checked by `guard`, or raise NoAnswer: then whoever asked answers without one.

    Quotas come first, and nothing is sent above them. What is sent is kept before it is, and what comes back with what
    it took, so that the learner sees it. An answer that the guard objects to is asked for once more with its objections
    if there is time. It takes as many seconds as the settings say at most, and the guard's own; it is for a handler's
    step `before`. Raises TryAgainLater where the database does not answer, Erased for a learner who is deleted.
    """
    with _counted(prompt.task) as begun:
        if not model.name(prompt.task):
            raise NoAnswer("off")
        most = most_used(prompt)
        found = metered(
            lambda meter: _Asking(event, database, model, settings, function, now, meter, begun).checked(prompt, guard),
            event,
            database,
            function=function,
            limits=_limits(settings),
            reserve=Taken(most.tokens, settings.model.cost(most)),
            now=now,
        )
        if isinstance(found, Refused):
            raise NoAnswer("off" if found.by.scarce == "model" else "quota", str(found))
    return found


def _limits(settings: Settings) -> Limits:
    return Limits(
        settings.model_answers_per_day,
        settings.model_tokens_per_day,
        settings.model.cost_per_day,
        settings.model.cost_per_month,
    )


@contextmanager
def _counted(task: Task) -> Iterator[float]:
    """Count what becomes of a question and how long it takes; yield when it began."""
    begun, outcome = time.monotonic(), "error"
    try:
        yield begun
        outcome = "answered"
    except NoAnswer as none:
        outcome = none.reason
        raise
    finally:
        CALLS.labels(task, outcome).inc()
        SECONDS.labels(task).observe(time.monotonic() - begun)


@dataclass(frozen=True)
class _Asking:
    """A question on its way."""

    event: Event[Any]
    database: Database
    model: LanguageModel
    settings: Settings
    function: str
    now: datetime
    meter: Meter
    begun: float

    def checked(self, prompt: Prompt[Answer], guard: Guard[Answer]) -> Answered[Answer]:
        """Return an answer that nothing speaks against. Raises NoAnswer."""
        return unobjectionable(prompt, guard, self._asked, self._seconds_left)

    def _asked(self, prompt: Prompt[Answer]) -> Answered[Answer]:
        """Ask once, and keep what was sent, what came back and what it took."""
        with self.database.reading() as db:
            call = record_call(
                db,
                learner=self.event.learner_id,
                called_at=self.now,
                function=self.function,
                model=self.model.name(prompt.task),
                sent=[_for_learners(prompt.task, message) for message in prompt.messages],
            )
            tell_stage(db, self.event, "writing")
        try:
            answered = self.model.ask(prompt, seconds=self._seconds_left())
        except NoAnswer as none:
            with self.database.reading() as db:
                if none.reason == "open":  # nothing was sent
                    forget_call(db, call)
                else:
                    self._keep(db, prompt.task, call, none.text or None, none.usage)
            raise
        with self.database.reading() as db:
            self._keep(db, prompt.task, call, answered.text, answered.usage)
            tell_stage(db, self.event, "checking")
        return answered

    def _keep(self, db: Connection, task: Task, call: str, said: str | None, usage: Usage) -> None:
        cost = self.settings.model.cost(usage)
        self.meter.add(usage.tokens, cost)
        TOKENS.labels(task, "prompt").inc(usage.prompt_tokens)
        TOKENS.labels(task, "answer").inc(usage.answer_tokens)
        COST.labels(task).inc(cost / 1_000_000)
        kept = WITHHELD if said and task == "exercise" else said
        record_answer(db, call, kept, prompt_tokens=usage.prompt_tokens, answer_tokens=usage.answer_tokens, cost=cost)

    def _seconds_left(self) -> float:
        return max(0.0, self.begun + self.settings.model.seconds - time.monotonic())


def _for_learners(task: Task, message: Mapping[str, str]) -> Mapping[str, str]:
    """Return a message as the learner may see it: what a model wrote for them to solve is withheld."""
    withheld = task == "exercise" and message["role"] == "assistant"
    return {**message, "content": WITHHELD} if withheld else message
