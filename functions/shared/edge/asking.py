"""What happens to a command: kept, posted, waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import structlog

from functions.shared.alerting import AlertRequested
from functions.shared.edge import requests
from functions.shared.edge.database import AsyncPostgreSQL
from functions.shared.edge.idempotency import body_hash
from functions.shared.edge.posting import Broker
from functions.shared.edge.problems import RETRY_AFTER_SECONDS, Problem
from functions.shared.edge.requests import RequestState
from functions.shared.edge.waiting import Bell, Waiters
from functions.shared.envelope import cloud_event
from functions.shared.errors import TryAgainLater
from functions.shared.events import (
    DebuggingRequested,
    ExerciseRequested,
    ExplanationRequested,
    QuestionAsked,
    QuizRequested,
    ReviewRequested,
)
from functions.shared.payload import Payload
from functions.shared.practising import ExerciseSubmitted
from functions.shared.quizzing import QuizAnswered
from functions.shared.running import CodeSubmitted

KINDS: dict[str, type[Payload]] = {
    "question": QuestionAsked,
    "explanation": ExplanationRequested,
    "debugging": DebuggingRequested,
    "review": ReviewRequested,
    "execution": CodeSubmitted,
    "exercise": ExerciseRequested,
    "submission": ExerciseSubmitted,
    "quiz": QuizRequested,
    "quiz_answer": QuizAnswered,
    "alert": AlertRequested,
}
"""The event that a request of each kind is posted as."""
_KIND_OF = {payload: kind for kind, payload in KINDS.items()}
_GRACE_SECONDS = 1.0
"""How far a last look at the row may go past the time a client wanted to wait."""

Enough = Callable[[RequestState], bool]

log = structlog.get_logger()


@dataclass(frozen=True)
class Command:
    """Something a learner wants done. `id` becomes the request's, the event's and the correlation id."""

    id: str
    learner: str
    payload: Payload
    traceparent: str | None = None

    @property
    def kind(self) -> str:
        """Which kind of request it makes."""
        return _KIND_OF[type(self.payload)]

    @cached_property
    def hash(self) -> str:
        """What tells its body from another one."""
        return body_hash(self.payload)


class Gateway:
    """Takes commands and knows how far they are. For one event loop."""

    def __init__(self, database: AsyncPostgreSQL, broker: Broker, waiters: Waiters, *, source: str) -> None:
        self._source = source
        self._database = database
        self._broker = broker
        self._waiters = waiters

    async def ask(self, command: Command, *, seconds: float, enough: Enough) -> RequestState:
        """Take a command on and return its state when that is `enough`, or after `seconds` at the latest.

        Raises Problem 422 where its id stands for another command, 503 where the broker does not take the event,
        TryAgainLater where the database does not answer. In the second case the request is kept.
        """
        deadline = asyncio.get_running_loop().time() + seconds
        with self._waiters.waiting(command.id) as bell:
            state = await self._accept(command)
            return await self._wait(state, command.learner, bell, deadline, enough)

    async def look(
        self, request_id: str, learner: str, *, seconds: float = 0, kind: str | None = None
    ) -> RequestState | None:
        """Return how far a request is, once it has ended or after `seconds`; None if the learner has none such, or
        none of the kind, if one is named.

        One that may have got lost is posted again on the way. Raises TryAgainLater if the database does not answer.
        """
        deadline = asyncio.get_running_loop().time() + seconds
        with self._waiters.waiting(request_id) as bell:
            state = await self._state(request_id, learner)
            if state is None or kind not in {None, state.kind}:
                return None
            if state.is_overdue:
                await self._post_again(request_id, learner)
            return await self._wait(state, learner, bell, deadline, lambda seen: seen.has_ended)

    async def tell(self, command: Command, at: datetime) -> None:
        """Post what happened `at` a time and is answered by nobody; no request is made of it.

        Raises Problem 503 where the broker does not take it.
        """
        try:
            await self._send(command.id, command.learner, command.payload, at, command.traceparent)
        except TryAgainLater as error:
            raise _not_told() from error

    async def _accept(self, command: Command) -> RequestState:
        """Keep and post a new command, or recognise one that came before."""
        async with self._database.reading() as db:
            created_at = await requests.insert_request(
                db,
                request_id=command.id,
                learner=command.learner,
                kind=command.kind,
                body=command.payload.model_dump(mode="json"),
                body_hash=command.hash,
            )
        if created_at is None:
            return await self._recognise(command)
        try:
            await self._post(command.id, command.learner, command.payload, created_at, command.traceparent)
        except TryAgainLater as error:
            raise _not_taken(command.id) from error
        return _fresh(command)

    async def _recognise(self, command: Command) -> RequestState:
        state = await self._state(command.id, command.learner)
        if state is None or (state.kind, state.body_hash) != (command.kind, command.hash):
            raise _key_reused()
        if state.is_overdue and not await self._post_again(command.id, command.learner):
            raise _not_taken(command.id)
        return state

    async def _post_again(self, request_id: str, learner: str) -> bool:
        """Post a request again unless somebody else does; False if the broker does not take it."""
        async with self._database.reading() as db:
            lost = await requests.claim_posting(db, request_id, learner)
        if lost is None:
            return True
        payload = KINDS[lost.kind].model_validate(lost.body)
        try:
            await self._post(request_id, learner, payload, lost.created_at)
        except TryAgainLater:
            return False
        log.info("request.posted_again", correlation_id=request_id)
        return True

    async def _post(
        self, request_id: str, learner: str, payload: Payload, asked_at: datetime, traceparent: str | None = None
    ) -> None:
        """Post a request's event. Where the broker does not take it, the request is overdue from then on."""
        try:
            await self._send(request_id, learner, payload, asked_at, traceparent)
        except TryAgainLater:
            async with self._database.reading() as db:
                await requests.mark_unposted(db, request_id, learner)
            raise

    async def _send(self, id: str, learner: str, payload: Payload, at: datetime, traceparent: str | None) -> None:
        """Post an event. Raises TryAgainLater where the broker does not take it."""
        trace = {"traceparent": traceparent} if traceparent else {}
        identity = {"id": id, "source": self._source, "correlationid": id, "hops": "0"}
        try:
            await self._broker.post(cloud_event(payload, learner=learner, now=at, **identity, **trace))
        except TryAgainLater as error:
            log.warning("request.not_posted", correlation_id=id, reason=str(error))
            raise

    async def _wait(
        self, state: RequestState, learner: str, bell: Bell, deadline: float, enough: Enough
    ) -> RequestState:
        """Return the state as soon as it is enough, or as it is at the deadline or when the process ends."""
        loop = asyncio.get_running_loop()
        in_time = loop.time() < deadline
        while in_time and not enough(state) and not self._waiters.closing:
            bell.hush()
            state = await self._latest(state, learner, deadline)
            if enough(state):
                break
            in_time = await bell.rings_before(deadline)
            if not in_time:  # nothing rang; should the bell be broken, the row still tells
                state = await self._latest(state, learner, deadline)
        return state

    async def _latest(self, state: RequestState, learner: str, deadline: float) -> RequestState:
        """Return the request's state now; where the database does not answer in time, what was known."""
        try:
            async with asyncio.timeout_at(deadline + _GRACE_SECONDS):
                return await self._state(state.id, learner) or state
        except (TryAgainLater, TimeoutError):
            log.warning("request.unseen", correlation_id=state.id)
            return state

    async def _state(self, request_id: str, learner: str) -> RequestState | None:
        async with self._database.reading() as db:
            return await requests.request_state(db, request_id, learner)


def _fresh(command: Command) -> RequestState:
    """Return the state of a request that was just posted."""
    return RequestState(
        id=command.id,
        kind=command.kind,
        status="pending",
        routed_to=None,
        confidence=None,
        is_routed=False,
        is_overdue=False,
        body_hash=command.hash,
        answer_type=None,
        answer=None,
    )


def _not_taken(request_id: str) -> Problem:
    link = f"/api/v1/requests/{request_id}"
    return Problem(
        503,
        "not-taken-yet",
        "Kept, but not on its way yet",
        f"Your request is kept, but could not be handed on. GET {link} in a while hands it on again and shows how "
        "far it is; repeating this command with the same Idempotency-Key does the same.",
        headers={"Retry-After": str(RETRY_AFTER_SECONDS), "Location": link},
        instance=link,
        id=request_id,
        links={"self": link},
    )


def _not_told() -> Problem:
    return Problem(
        503,
        "not-taken",
        "Not taken",
        "This could not be handed on, and is not kept. Please send it again in a moment; with the same "
        "Idempotency-Key it counts once, should it have arrived after all.",
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
    )


def _key_reused() -> Problem:
    return Problem(
        422,
        "key-reused",
        "The key stands for another request",
        "This Idempotency-Key came with another body before. Take a fresh key for a new request.",
        errors=[{"field": "header.Idempotency-Key", "message": "used before with another body"}],
    )
