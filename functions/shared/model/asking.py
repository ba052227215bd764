"""What a language model is asked, and what may come of it. Nothing here knows whose model it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel

from functions.shared.markdown import cut

LONGEST_NAME = 100
"""Characters of how a model calls itself."""

Task = Literal["triage", "concepts", "debug", "review", "exercise"]
"""What a model may be asked for; each may have a model of its own."""

Reason = Literal["off", "quota", "open", "late", "busy", "refused", "malformed", "failed", "blocked"]
"""Why there is no answer of a model: none is configured or the course has none · a daily limit is reached · the circuit
breaker is open · it took too long · it has too much to do (429) · it does not want to · what it says cannot be read ·
it does not answer, or with an error · the output guard let nothing through."""


class Said(BaseModel):
    """What a model is to answer with: its subclasses are sent as JSON Schemas, so every field is required."""


Answer = TypeVar("Answer", bound=Said)


@dataclass(frozen=True)
class Prompt(Generic[Answer]):
    """A question to a model: its messages and what is to come back.

    `version` names the prompt's file, e.g. `debug.v1`; it is logged with the call. A message has `role` (`system`,
    `user` or `assistant`) and `content`.
    """

    task: Task
    version: str
    messages: tuple[Mapping[str, str], ...]
    answer: type[Answer]

    def going_on(self, said: str, objection: str) -> Prompt[Answer]:
        """Return the prompt for another try, after the model said something that was not good."""
        more = ({"role": "assistant", "content": said}, {"role": "user", "content": objection})
        return Prompt(self.task, self.version, (*self.messages, *more), self.answer)


@dataclass(frozen=True)
class Usage:
    """What a call cost by the server's own count, in tokens; 0 where it does not say."""

    prompt_tokens: int = 0
    answer_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.prompt_tokens + other.prompt_tokens, self.answer_tokens + other.answer_tokens)

    @property
    def tokens(self) -> int:
        """Both together."""
        return self.prompt_tokens + self.answer_tokens


@dataclass(frozen=True)
class Answered(Generic[Answer]):
    """What a model said: as it was told to, as text, which model it was by its own word, and what it cost."""

    answer: Answer
    text: str
    model: str
    usage: Usage = Usage()

    @property
    def signature(self) -> str:
        """What `answered_by` says of it: how the model calls itself, as far as that is a name."""
        return cut(self.model, LONGEST_NAME)


class NoAnswer(Exception):
    """No answer of a model, and why; whoever asked answers without one."""

    def __init__(self, reason: Reason, detail: str = "", *, text: str = "", usage: Usage = Usage()) -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason: Reason = reason
        self.detail = detail
        self.text = text
        """What it said all the same, where it could not be used."""
        self.usage = usage


class LanguageModel(Protocol):
    """Somebody's language model."""

    def name(self, task: Task) -> str:
        """Return which model would be asked; empty where none is configured."""
        ...

    def ask(self, prompt: Prompt[Answer], *, seconds: float) -> Answered[Answer]:
        """Return what the model answers within `seconds`, retries and one repair of malformed output included.

        Raises NoAnswer, and nothing else.
        """
        ...
