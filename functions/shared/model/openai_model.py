"""OpenAI's API, or any server that speaks it (vLLM, Ollama, a school's proxy), as a language model.

The SDK is imported when a model is first asked: that alone takes the better part of a second and much memory, which no
process pays that asks none. It tries once; when to try again, and when to stop, is decided here (decisions/0008).
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any

import structlog

from functions.shared.model.asking import Answer, Answered, NoAnswer, Prompt, Task, Usage
from functions.shared.model.background import Background
from functions.shared.model.backoff import pause_seconds
from functions.shared.model.breaker import Breaker, Try
from functions.shared.model.dialect import Dialect
from functions.shared.model.hearing import Heard, Trouble, heard, trouble
from functions.shared.model.reading import Unreadable, read
from functions.shared.settings import ModelSettings

if TYPE_CHECKING:
    from openai import AsyncOpenAI

OPENAI_URL = "https://api.openai.com/v1"
CONNECT_SECONDS = 3.0
"""After which a connection is not waited for any more, and tried anew."""

log = structlog.get_logger()


class OpenAIModel:
    """A server that speaks OpenAI's Chat Completions. For many threads; a process has one."""

    def __init__(self, settings: ModelSettings, *, breaker: Breaker | None = None) -> None:
        self._settings = settings
        self._breaker = breaker or Breaker()
        self._background = Background()
        self._making = Lock()
        self._made: AsyncOpenAI | None = None
        self._dialects: dict[str, Dialect] = {}

    def name(self, task: Task) -> str:
        """Return which model would be asked; empty where none is configured."""
        return self._settings.name(task)

    def ask(self, prompt: Prompt[Answer], *, seconds: float) -> Answered[Answer]:
        """Return what the model answers within `seconds`, retries and one repair of malformed output included.

        What it takes to load the SDK, once in a process, comes on top: a process that is just starting may have little
        of a processor. Raises NoAnswer, and nothing else; its reason is `open` only where nothing was sent.
        """
        if not self.name(prompt.task):
            raise NoAnswer("off")
        self._client()  # in this thread: nobody else's answer waits while the SDK is loaded
        try:
            return self._background.run(self._within(prompt, time.monotonic() + seconds))  # the loop's clock, too
        except NoAnswer as none:
            log.warning("model.no_answer", task=prompt.task, prompt=prompt.version, reason=none.reason, why=str(none))
            raise

    async def _within(self, prompt: Prompt[Answer], ends_at: float) -> Answered[Answer]:
        spent: list[Usage] = []
        said = ""
        try:
            async with asyncio.timeout_at(ends_at):
                await asyncio.sleep(0)  # whoever has no time left says nothing about the server
                first = await self._hear(prompt, ends_at, spent)
                said = first.text
                try:
                    return _answered(prompt, first, spent)
                except Unreadable as wrong:
                    again = await self._hear(prompt.going_on(said, str(wrong)), ends_at, spent)
                said = again.text
                return _answered(prompt, again, spent)
        except Unreadable:
            raise NoAnswer("malformed", text=said, usage=_sum(spent)) from None
        except TimeoutError:
            raise NoAnswer("late", text=said, usage=_sum(spent)) from None
        except NoAnswer as none:
            reason = "malformed" if none.reason == "open" and spent else none.reason
            raise NoAnswer(reason, none.detail, text=none.text or said, usage=_sum(spent)) from None

    async def _hear(self, prompt: Prompt[Any], ends_at: float, spent: list[Usage]) -> Heard:
        """Return what the model says, asked as often as that makes sense. Raises NoAnswer."""
        failures, last = 0, NoAnswer("open")
        while one := self._breaker.enter():
            try:
                said = await self._once(one, prompt, ends_at)
            except Trouble as why:
                last, failures = NoAnswer(why.reason, str(why)), failures + 1
                pause = why.again_after if why.again_after is not None else pause_seconds(failures, random.uniform)
                if not why.may_pass or asyncio.get_running_loop().time() + pause >= ends_at:
                    break
                await asyncio.sleep(pause)
                continue
            spent.append(said.usage)
            if said.refusal:
                raise NoAnswer(said.refusal, said.why, text=said.text)
            return said
        raise last

    async def _once(self, one: Try, prompt: Prompt[Any], ends_at: float) -> Heard:
        """Return what the model says at the first try, and tell the breaker. Raises Trouble."""
        try:
            said = await self._in_its_dialect(prompt, ends_at)
        except Trouble as why:
            if why.reason == "busy":
                self._breaker.throttled(one, why.again_after)
            elif why.is_ours:
                self._breaker.succeeded(one)
            else:
                self._breaker.failed(one)
            raise
        except BaseException:  # the time is over, wherever we are
            self._breaker.failed(one)
            raise
        self._breaker.succeeded(one)
        return said

    async def _in_its_dialect(self, prompt: Prompt[Any], ends_at: float) -> Heard:
        """Return what the model says; what its server refuses to understand is left out from then on."""
        name = self.name(prompt.task)
        dialect: Dialect | None = self._dialects.get(name, Dialect())
        while dialect:
            try:
                said = await self._send(name, dialect.options(prompt), ends_at)
            except Trouble as why:
                simpler = dialect.simpler(why.refused) if why.may_be_dialect else None
                if simpler is None:
                    raise
                dialect = simpler
            else:
                self._dialects[name] = dialect
                return said
        raise AssertionError("there is always a dialect")

    async def _send(self, name: str, options: dict[str, Any], ends_at: float) -> Heard:
        from openai import OpenAIError, Timeout

        seconds = max(0.001, ends_at - asyncio.get_running_loop().time())
        timeout = Timeout(seconds, connect=min(seconds, CONNECT_SECONDS))
        try:
            return heard(await self._client().chat.completions.create(model=name, timeout=timeout, **options))
        except (OpenAIError, ValueError) as error:
            raise trouble(error, datetime.now(UTC)) from None

    def _client(self) -> AsyncOpenAI:
        with self._making:
            if self._made is None:
                from openai import AsyncOpenAI

                for chatty in ("openai", "httpx2", "httpcore2"):  # at DEBUG they log prompts
                    logging.getLogger(chatty).setLevel(logging.WARNING)
                self._made = AsyncOpenAI(
                    api_key=self._settings.key or "none",  # a server of one's own may want none, but the SDK does
                    base_url=self._settings.base_url or OPENAI_URL,
                    max_retries=0,
                )
            return self._made


def _answered(prompt: Prompt[Answer], said: Heard, spent: list[Usage]) -> Answered[Answer]:
    return Answered(read(said.text, prompt.answer), said.text, said.model, _sum(spent))


def _sum(spent: list[Usage]) -> Usage:
    return sum(spent, Usage())
