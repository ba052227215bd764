"""Questions asked the way learners ask them, one after the other and all at once."""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime

import aiohttp
import httpx
import psycopg

from functions.shared.envelope import cloud_event, to_http
from functions.shared.events import QuestionAsked
from scripts.stack.service import Service
from tests.bench.figures import Spread

QUESTION = "Can you explain how Python loops work?"
WARM_UP = 20
LEARNERS = 100
EACH = 5
A_TURN = 40
"""Questions that one learner asks in a row: fewer than anybody may ask at once."""
PACE_SECONDS = 5.0
"""Between a learner's questions where nobody hurries: a hundred learners ask twenty questions a second."""


@dataclass
class Crowd:
    """What many learners at once got: times to an answer in seconds, and how many got none."""

    seconds: list[float] = field(default_factory=list)
    errors: int = 0
    took_seconds: float = 0.0


def answers_one_by_one(gateway_url: str, service: Service, rounds: int) -> Spread:
    """Return the time from a question to its answer in the same connection."""
    times = []
    run = uuid.uuid4().hex[:8]
    with httpx.Client(base_url=gateway_url, auth=service, timeout=40) as client:
        for round_ in range(WARM_UP + rounds):
            headers = {"Prefer": "wait=30", "X-Learner-Id": f"bench-{run}-{round_ // A_TURN}"}
            started = time.perf_counter()
            response = client.post("/api/v1/query", json={"question": QUESTION}, headers=headers)
            if response.json().get("status") != "answered":
                raise RuntimeError(f"the question was not answered: {response.text[:300]}")
            if round_ >= WARM_UP:
                times.append(time.perf_counter() - started)
    return Spread.of(times)


def accepted_one_by_one(gateway_url: str, service: Service, rounds: int) -> Spread:
    """Return the time to the 202 of a question nobody waits for."""
    times = []
    run = uuid.uuid4().hex[:8]
    with httpx.Client(base_url=gateway_url, auth=service, timeout=40) as client:
        for round_ in range(rounds):
            headers = {"X-Learner-Id": f"bench-{run}-{round_ // A_TURN}"}
            started = time.perf_counter()
            client.post("/api/v1/query", json={"question": QUESTION}, headers=headers).raise_for_status()
            times.append(time.perf_counter() - started)
    return Spread.of(times)


def crowd(gateway_url: str, service: Service, *, wait: bool, pace_seconds: float = 0.0) -> Crowd:
    """Return what LEARNERS got, each asking EACH questions in a row: the answer, or just the 202.

    Without a pace all ask at once and again as soon as they can; with one they start spread over it.

    The client is aiohttp: httpx's pool serves a hundred waiting requests so unevenly that it measures itself.
    """

    async def all_at_once() -> Crowd:
        result = Crowd()
        connector = aiohttp.TCPConnector(limit=LEARNERS)
        known = {"Authorization": f"Bearer {service.token()}"}
        async with aiohttp.ClientSession(gateway_url, connector=connector, headers=known) as session:
            started = time.perf_counter()
            await asyncio.gather(*(_learner(session, number, result, wait, pace_seconds) for number in range(LEARNERS)))
            result.took_seconds = time.perf_counter() - started
        return result

    return asyncio.run(all_at_once())


async def _learner(session: aiohttp.ClientSession, number: int, crowd: Crowd, wait: bool, pace_seconds: float) -> None:
    headers = {"X-Learner-Id": f"bench-{number}", **({"Prefer": "wait=30"} if wait else {})}
    wanted = "answered" if wait else "pending"
    beginning = time.perf_counter() + pace_seconds * number / LEARNERS
    for turn in range(EACH):
        await asyncio.sleep(max(0.0, beginning + turn * pace_seconds - time.perf_counter()))
        started = time.perf_counter()
        try:
            async with session.post("/api/v1/query", json={"question": QUESTION}, headers=headers) as response:
                good = (await response.json()).get("status") == wanted
        except aiohttp.ClientError:
            good = False
        crowd.seconds.append(time.perf_counter() - started)
        crowd.errors += not good


def publish_to_function(broker_url: str, database_url: str, rounds: int) -> Spread:
    """Return the time from just before an event is posted to when audit's transaction for it begins."""
    source = f"/bench/{uuid.uuid4()}"
    with httpx.Client() as client:
        for number in range(rounds):
            now = datetime.now(UTC)
            event = cloud_event(
                QuestionAsked(question=QUESTION), learner="bench", now=now, id=str(number), source=source
            )
            headers, body = to_http(event)
            client.post(broker_url, headers=headers, content=body).raise_for_status()
            time.sleep(0.02)
    with psycopg.connect(database_url, autocommit=True) as db:
        deadline = time.monotonic() + 20
        while True:
            query = "SELECT extract(epoch FROM recorded_at - time)::float FROM events WHERE source = %s"
            times = [row[0] for row in db.execute(query, [source]).fetchall()]
            if len(times) == rounds or time.monotonic() > deadline:
                return Spread.of(times)
            time.sleep(0.1)
