"""What the gateway plays against: a broker that records, functions behind it, a database with what is needed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import psycopg
from aiohttp import web
from fastapi import FastAPI

from functions.delivery.handler import HANDLERS as DELIVERY
from functions.gateway.app import create_app
from functions.progress.handler import HANDLERS as PROGRESS
from functions.shared.alerting import AlertRaised, AlertRecipient, AlertRequested
from functions.shared.database import PostgreSQL
from functions.shared.envelope import decode, reply_to, to_http
from functions.shared.events import (
    PAYLOADS,
    DebuggingRequested,
    Event,
    ExerciseRequested,
    ExplanationRequested,
    ProgressRequested,
    QuestionAsked,
    QuizRequested,
    ReviewRequested,
)
from functions.shared.explaining import ConceptExplained
from functions.shared.helping import CodeReviewed, ErrorExplained, ErrorFound, Suggested
from functions.shared.payload import Payload
from functions.shared.practising import ExerciseGenerated, ExerciseGraded, ExerciseSubmitted, TestGraded, VisibleTest
from functions.shared.quizzing import QuizAnswered, QuizGraded, QuizPosed
from functions.shared.running import CodeExecuted, CodeSubmitted, ErrorInfo
from functions.shared.serving import Function
from functions.shared.settings import AuthSettings, Settings
from functions.shared.testing import NOON
from functions.triage.handler import HANDLERS as TRIAGE

QUESTION = {"question": "Can you explain how Python loops work?"}
EXPLAINED = ConceptExplained(
    topic="loops", title="Loops", level="beginner", explanation="A loop repeats.", answered_by="built-in"
)
EXECUTED = CodeExecuted(
    outcome="error",
    stdout="6\n",
    error=ErrorInfo(type="NameError", message="name 'x' is not defined", line=2, traceback="line 2"),
    exit_status=1,
    layers=("rlimits", "seccomp"),
)
GENERATED = ExerciseGenerated(
    exercise_id="loops/sum-of-evens",
    topic="loops",
    title="Sum of the even numbers",
    difficulty="easy",
    description="Write `sum_of_evens(numbers)`.",
    tests=(VisibleTest(call="sum_of_evens([])", must="give `0`"),),
    hidden_tests=3,
    hints=3,
)
GRADED = ExerciseGraded(
    exercise_id="loops/sum-of-evens",
    topic="loops",
    submission_id="s-1",
    attempt=1,
    score=50,
    passed=False,
    feedback="Half of it is right.",
    tests=(TestGraded(passed=False, call="sum_of_evens([2])", expected="2", got="0", line=3),),
)
MISTAKE = ErrorExplained(
    error=ErrorFound(type="NameError", message="name 'totl' is not defined", line=2, expression="totl"),
    cause="misspelt_name",
    title="A name is misspelt",
    explanation="Nothing is called `totl`.",
    hints=("Which names are there?", "Look at line 2.", "Write `total`."),
    corrected_code="total = 5\nprint(total)",
    checked="passed",
)
REVIEWED = CodeReviewed(
    quality=89,
    summary="Well named.",
    suggestions=(
        Suggested(
            rule="index_loop", category="readability", line=1, reason="…", before="a", after="b", checked="passed"
        ),
    ),
)
POSED = QuizPosed(quiz_id="q-1", topic="loops", title="A question on loops", question="What?", options=("`1`", "`2`"))
ANSWERED = QuizGraded(
    quiz_id="q-1",
    topic="loops",
    question_id="loops/range-stops-before",
    correct=True,
    counts=True,
    choice=1,
    right_choice=1,
    explanation="**Right.**",
)
TOLD = AlertRaised(
    kind="message", severity="info", about="ada", recipients=(AlertRecipient(user_id="ada", alert_id="a-1"),)
)
PLAYED: dict[type[Payload], tuple[str, Payload]] = {
    ExplanationRequested: ("concepts", EXPLAINED),
    DebuggingRequested: ("debug", MISTAKE),
    ReviewRequested: ("review", REVIEWED),
    CodeSubmitted: ("sandbox-runner", EXECUTED),
    ExerciseRequested: ("exercise", GENERATED),
    ExerciseSubmitted: ("exercise", GRADED),
    QuizRequested: ("quiz", POSED),
    QuizAnswered: ("quiz", ANSWERED),
    AlertRequested: ("notification", TOLD),
}
"""What is answered in the place of functions, the same to everybody."""

OPEN = AuthSettings(required=False)
"""Whoever asks is who they say they are."""

Headers = dict[str, str]
OnPost = Callable[[Headers, bytes], Awaitable[None]]


@dataclass
class RecordingBroker:
    """An HTTP server that takes events; `says` holds the statuses of the next answers, 202 when it is empty."""

    url: str = ""
    posts: list[tuple[Headers, bytes]] = field(default_factory=list)
    says: list[int] = field(default_factory=list)
    on_post: OnPost | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def ids(self) -> list[str]:
        """The ids of the events that were posted, in order."""
        return [headers["ce-id"] for headers, _ in self.posts]

    async def take(self, request: web.Request) -> web.Response:
        """Record an event, answer, and let things take their course."""
        headers, body = {k.lower(): v for k, v in request.headers.items()}, await request.read()
        self.posts.append((headers, body))
        status = self.says.pop(0) if self.says else 202
        if status == 202 and self.on_post:
            task = asyncio.create_task(self.on_post(headers, body))
            self._tasks.add(task)
        return web.Response(status=status)

    async def settle(self) -> None:
        """Wait until what the events set off has happened; raise what went wrong in it."""
        while self._tasks:
            await self._tasks.pop()

    @asynccontextmanager
    async def served(self, port: int = 0) -> AsyncIterator[RecordingBroker]:
        """Serve on a free port, or on one that was had before, for as long as the block lasts."""
        app = web.Application(client_max_size=2**20)
        app.router.add_post("/learnflow/default", self.take)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/learnflow/default"
        try:
            yield self
            await self.settle()
        finally:
            await runner.cleanup()


class Functions:
    """The functions behind the broker, with their real handlers on the test's database."""

    def __init__(self, database_url: str) -> None:
        self.db = PostgreSQL(database_url)
        self.triage = Function("triage", TRIAGE, db=self.db)
        self.progress = Function("progress", PROGRESS, db=self.db)
        self.delivery = Function("delivery", DELIVERY, db=self.db)

    def route(self, headers: Headers, body: bytes) -> Event[Payload]:
        """Let triage handle a posted question and return what it answers, as the next function gets it."""
        reply = self.triage.answer(posted(headers, body))
        assert reply is not None
        return _arrived(reply)

    def deliver(self, answer: Event[Payload]) -> None:
        """Let delivery bring an answer to its learner."""
        assert self.delivery.answer(answer) is None

    def answer(self, headers: Headers, body: bytes) -> None:
        """Play a posted event through to its answer."""
        event = posted(headers, body)
        routed = self.route(headers, body) if isinstance(event.data, QuestionAsked) else event
        if type(routed.data) in PLAYED:
            function, answer = PLAYED[type(routed.data)]
            self.deliver(reply_as(routed, answer, function=function))
        elif isinstance(routed.data, ProgressRequested):
            reply = self.progress.answer(routed)
            assert reply is not None
            self.deliver(_arrived(reply))
        else:
            self.deliver(routed)

    async def play(self, headers: Headers, body: bytes) -> None:
        """The same, for a broker's `on_post`."""
        await asyncio.to_thread(self.answer, headers, body)


def reply_as(event: Event[Payload], payload: Payload, *, function: str) -> Event[Payload]:
    """Return a function's answer to an event, as delivery gets it."""
    return _arrived(reply_to(event, payload, function=function, now=NOON))


def posted(headers: Headers, body: bytes) -> Event[Payload]:
    """Return a posted event as the function that takes it gets it."""
    return decode(headers, body, PAYLOADS)


def _arrived(event: Any) -> Event[Payload]:
    headers, body = to_http(event)
    return decode(headers, body, PAYLOADS)


def settings(**changes: Any) -> Settings:
    """Return settings as on one machine."""
    return replace(
        Settings(
            "dev",
            "127.0.0.1",
            0,
            "INFO",
            "",
            "http://127.0.0.1:1/",
            8,
            ("http://localhost:3000",),
            auth=OPEN,
            rates=None,
        ),
        **changes,
    )


async def given_quiz(db: psycopg.AsyncConnection, learner: str, quiz_id: str) -> None:
    """Make it so that a learner was asked a question with four options."""
    await db.execute("INSERT INTO users (id) VALUES (%s) ON CONFLICT DO NOTHING", [learner])
    await db.execute(
        "INSERT INTO quizzes (id, learner_id, topic, question_id, edition, option_order, posed_at)"
        " VALUES (%s, %s, 'loops', 'loops/range-stops-before', '', '{2,0,3,1}', now())",
        [quiz_id, learner],
    )


@asynccontextmanager
async def running(app_settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Run a replica of the gateway; `client.app` is its application."""
    app: FastAPI = create_app(app_settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost", timeout=60) as client,
    ):
        client.app = app  # type: ignore[attr-defined]
        yield client


async def until(condition: Callable[[], Any], *, seconds: float = 10) -> Any:
    """Return the first true value of `condition`, looked at again and again; fail after `seconds`."""
    async with asyncio.timeout(seconds):
        while not (value := condition()):
            await asyncio.sleep(0.01)
    return value


def problem(response: httpx.Response, status: int) -> dict[str, Any]:
    """Return the problem a response tells, after a look at its form."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert document["status"] == status
    assert document["type"].startswith("urn:learnflow:problem:")
    assert document["title"]
    assert document["detail"]
    return document


def fields(response: httpx.Response, status: int = 422) -> list[str]:
    """Return the fields a problem names."""
    return [each["field"] for each in problem(response, status)["errors"]]


def body_of(post: tuple[Headers, bytes]) -> Any:
    """Return the data of a posted event."""
    return json.loads(post[1])
