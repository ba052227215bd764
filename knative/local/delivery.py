"""The delivery contract: what is tried again and when, and what a dead letter says. No I/O here."""

from __future__ import annotations

import base64
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from knative.local.events import Event, NotACloudEvent, from_http

_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")


def seconds_of(duration: str) -> float:
    """Return the seconds of an ISO-8601 duration such as PT0.3S. Raises ValueError."""
    found = _DURATION.fullmatch(duration)
    if not found or not any(found.groups()):
        raise ValueError(f"{duration!r} is no ISO-8601 duration such as PT0.3S")
    return sum(float(amount or 0) * unit for amount, unit in zip(found.groups(), (86400, 3600, 60, 1), strict=True))


@dataclass(frozen=True, slots=True)
class Policy:
    """How a delivery is repeated. `delay` and `timeout` are in seconds; `retries` counts after the first try."""

    retries: int = 0
    backoff: Literal["linear", "exponential"] = "exponential"
    delay: float = 0.0
    timeout: float = 600.0

    def gap(self, retry: int) -> float:
        """Return the seconds to wait before retry number `retry`, counted from 1."""
        return self.delay * (retry if self.backoff == "linear" else 2**retry)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back over HTTP."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class Destination(Protocol):
    """Where an event can be sent: a Service, a Broker or a KafkaSink. `address` is its URL on a cluster."""

    @property
    def address(self) -> str: ...

    async def send(self, event: Event, *, timeout: float, path: str, namespace: str) -> Answer | None:
        """Send once, waiting `timeout` seconds at most. None means that no answer came."""
        ...


class UndeliverableError(Exception):
    """All tries are used up. `answer` is the failing HTTP answer, if there was one."""

    def __init__(self, reason: str, answer: Answer | None = None) -> None:
        super().__init__(reason)
        self.answer = answer


def is_retried(answer: Answer | None) -> bool:
    """Tell whether a failed try is worth another."""
    return answer is None or answer.status >= 500 or answer.status in {404, 408, 409, 429}


def reply_of(answer: Answer) -> Event | None:
    """Return the event in a 2xx answer, None if there is nothing. Raises NotACloudEvent."""
    if not answer.body and not any(name.lower() == "ce-specversion" for name, _ in answer.headers):
        return None
    return from_http(answer.headers, answer.body)


async def deliver(
    policy: Policy,
    send: Callable[[float], Awaitable[Answer | None]],
    *,
    sleep: Callable[[float], Awaitable[None]],
    on_retry: Callable[[], None],
) -> Event | None:
    """Try until it works and return the reply, if any. `send` takes one try's time-out. Raises UndeliverableError."""
    retry = 0
    while True:
        answer = await send(policy.timeout)
        if answer is not None and 200 <= answer.status < 300:
            try:
                return reply_of(answer)
            except NotACloudEvent as why:
                raise UndeliverableError(f"answered {answer.status} with a body that is no CloudEvent: {why}") from None
        if retry == policy.retries or not is_retried(answer):
            said = f"answered {answer.status}" if answer else "gave no answer"
            raise UndeliverableError(f"{said}, tries: {retry + 1}", answer)
        retry += 1
        on_retry()
        await sleep(policy.gap(retry))


def dead_letter(event: Event, destination: str, answer: Answer | None) -> Event:
    """Return the event as a dead-letter sink gets it. `destination` is the URL that failed."""
    extensions = {"knativeerrordest": destination}
    if answer is not None:
        extensions["knativeerrorcode"] = str(answer.status)
        if answer.body:
            extensions["knativeerrordata"] = base64.b64encode(answer.body[:1024]).decode()
    return event.extended(**extensions)
