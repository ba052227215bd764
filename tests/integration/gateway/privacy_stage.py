"""Somebody's life in LearnFlow: every function on one database, and a person of whom every table holds something."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import httpx
import psycopg
from gateway_stage import RecordingBroker
from identity_stage import PASSWORD, as_person, bearing, log_in, register

from functions.exercise.queries import publish
from functions.shared.database import PostgreSQL
from functions.shared.events import CONTRACTS, PAYLOADS, QuestionAsked
from functions.shared.model_log import record_answer, record_call
from functions.shared.payload import Anything, Payload
from functions.shared.running import CodeExecuted, CodeSubmitted, ErrorInfo, GradingExecuted, GradingRequested, Ran
from functions.shared.serving import Function
from functions.shared.testing import Answer, arriving, deliver
from tests.made_exercise import made

MARK = "marzipan7391"
"""In everything that the person types."""
USERNAME = f"ada-{MARK}@example.org"
BROKEN = f"numbers = [1, 2, 3]  # {MARK}\nfor i in range(len(numbers) + 1):\n    print(numbers[i])\n"
TRACEBACK = (
    "Traceback (most recent call last):\n"
    '  File "program.py", line 3, in <module>\n'
    "    print(numbers[i])\n"
    "          ~~~~~~~^^^\n"
    "IndexError: list index out of range\n"
)
SUM = f"def sum_of_evens(numbers):\n    # {MARK}\n    return sum(n for n in numbers if n % 2 == 0)\n"
SUMS = tuple(Ran(outcome="ok", value={"kind": "int", "value": number}) for number in (6, 30, 0, -6, 24, 249500))
TRIAGE = "http://triage.learnflow.svc.cluster.local"

Headers = dict[str, str]


class Everybody:
    """All functions behind a broker of their own. The sandbox's word is given for it; checks stay unanswered."""

    def __init__(self, database_url: str) -> None:
        self.db = PostgreSQL(database_url)
        self.functions = {
            name: self._function(name)
            for name, contract in CONTRACTS.items()
            if contract.accepts and name != "sandbox-runner"
        }

    def _function(self, name: str) -> Function:
        wired: Function = import_module(f"functions.{name.replace('-', '_')}.main").function
        handlers = {PAYLOADS.get(kind, Anything): replace(each, after=None) for kind, each in wired.handlers.items()}
        return Function(name, handlers, db=self.db, remembers=wired._remembers)

    def spread(self, headers: Headers, body: bytes) -> list[int]:
        """Let whoever accepts an event have it, and then what they answer; return what all of them say of it."""
        waiting, statuses = [(headers, body)], []
        while waiting:
            headers, body = waiting.pop(0)
            for name in ("audit", *self._takers(headers["ce-type"])):
                answer = deliver(self.functions[name], headers, body)
                statuses.append(answer.status)
                if answer.status == 200:
                    waiting.append(_wire(answer))
            seen = _seen_by_the_sandbox(headers, body)
            waiting += [seen] if seen else []
        return statuses

    def fail(self, payload: Payload, learner: str, **attributes: str) -> Answer:
        """Let an event be given up on by triage."""
        given_up = {"knativeerrordest": TRIAGE, "knativeerrorcode": "503", **attributes}
        return deliver(self.functions["dead-letter"], *arriving(payload, learner=learner, **given_up))

    def _takers(self, kind: str) -> list[str]:
        return [
            name
            for name, contract in CONTRACTS.items()
            if name in self.functions and kind in {payload.TYPE for payload in contract.accepts}
        ]


def _wire(answer: Answer) -> tuple[Headers, bytes]:
    return {name: value for name, value in answer.headers.items() if name != "content-length"}, answer.body


def _seen_by_the_sandbox(headers: Headers, body: bytes) -> tuple[Headers, bytes] | None:
    """Return what came of a program: an error always, and of what is graded what its tests want."""
    if headers["ce-type"] == CodeSubmitted.TYPE:
        failed = ErrorInfo(type="NameError", message=f"name '{MARK}' is not defined", line=1)
        payload: Payload = CodeExecuted(outcome="error", error=failed, code_hash=headers["ce-id"])
    elif headers["ce-type"] == GradingRequested.TYPE:
        submission = GradingRequested.model_validate_json(body).submission_id
        payload = GradingExecuted(submission_id=submission, results=SUMS)
    else:
        return None
    named = {"id": f"{headers['ce-id']}-ran", "source": "/learnflow/sandbox-runner", "hops": "2"}
    return arriving(
        payload,
        learner=headers["ce-subject"],
        correlationid=headers.get("ce-correlationid", headers["ce-id"]),
        time=datetime.now(UTC).isoformat(),
        **named,
    )


@dataclass
class Life:
    """A person who does everything there is to do, a teacher who watches them, and another learner, bob."""

    client: httpx.AsyncClient
    broker: RecordingBroker
    everybody: Everybody
    db: psycopg.AsyncConnection
    id: str = ""
    headers: Headers = field(default_factory=dict)
    login: dict[str, Any] = field(default_factory=dict)
    tess: Headers = field(default_factory=lambda: as_person("tess", "teacher"))
    bob: Headers = field(default_factory=lambda: as_person("bob"))

    async def post(self, path: str, body: dict[str, Any], who: Headers | None = None) -> dict[str, Any]:
        """POST, let what comes of it happen, and return what was answered."""
        posted = len(self.broker.posts)
        answer = await self.client.post(f"/api/v1/{path}", json=body, headers=who or self.headers)
        assert answer.status_code in {200, 201, 202}, answer.text
        for event in self.broker.posts[posted:]:
            statuses = self.everybody.spread(*event)
            assert set(statuses) <= {200, 204}, statuses
        document: dict[str, Any] = answer.json()
        return document

    async def live(self) -> None:
        """Do everything."""
        assert (await log_in(self.client, USERNAME, "not-the-password")).status_code == 401
        self.login = await register(self.client, USERNAME, name=f"Ada {MARK}")
        assert (await log_in(self.client, USERNAME)).status_code == 200
        assert (await log_in(self.client, USERNAME, "not-the-password")).status_code == 401
        self.id, self.headers = self.login["user"]["id"], bearing(self.login["access_token"])
        await self._join()
        await self._learn()
        await self._write()
        await self._break()
        await self._by_hand()

    async def _join(self) -> None:
        """Be taught by tess, and teach bob; let everybody be told of those whom they teach."""
        course = await self.post("courses", {"title": "Python 1b", "hint_policy": "staged"}, self.tess)
        await self.db.execute("UPDATE users SET role = 'teacher' WHERE id = %s", [self.id])
        own = await self.post("courses", {"title": MARK}, self.as_teacher)
        await self.post("enrolments", {"code": course["code"]})
        for code in (course["code"], own["code"]):
            await self.post("enrolments", {"code": code}, self.bob)
        await self.post("notifications/subscribe", {"learner_id": self.id, "email": "tess@example.org"}, self.tess)
        await self.post("notifications/subscribe", {"learner_id": "bob", "email": USERNAME}, self.as_teacher)
        await self.post("notifications/subscribe", {"webhook_url": f"https://example.org/{MARK}"})

    async def _learn(self) -> None:
        await self.post("query", {"question": f"How do loops work, {MARK}?", "code": f"# {MARK}", "session_id": MARK})
        await self.post("debug", {"code": BROKEN, "error_message": TRACEBACK})
        await self.post("debug", {"error_message": f"NameError: name '{MARK}' is not defined"})
        await self.post("review", {"code": BROKEN})
        await self.post("exercises/generate", {"topic": "loops"})
        await self.post("exercises/submit", {"exercise_id": "loops/sum-of-evens", "code": SUM})
        for number in range(5):
            await self.post("execute", {"code": f"print({MARK}, {number})"})
        quiz = await self.post("quizzes/next", {"topic": "loops"})
        asked = (await self.client.get(f"/api/v1/requests/{quiz['id']}", headers=self.headers)).json()["answer"]
        await self.post(f"quizzes/{asked['quiz_id']}/answers", {"choice": 0})

    async def _write(self) -> None:
        """Write to each other."""
        told = {"title": MARK, "message": MARK, "recipients": ["bob", self.id]}
        await self.post("notifications/send", told, self.as_teacher)
        said = {"title": "Hello", "message": "See you.", "recipients": [self.id, "tess"]}
        await self.post("notifications/send", said, self.bob)

    async def _break(self) -> None:
        """Be given up on, be named where another is given up on, and be in what belongs to nobody."""
        assert self.everybody.fail(QuestionAsked(question=MARK), self.id, id="dead-1").status in {200, 204}
        named = PAYLOADS["org.learnflow.alert.requested.v1"](title="x", message="y", recipients=(self.id, "bob"))
        assert self.everybody.fail(named, "bob", id="dead-2").status in {200, 204}
        for name in ("audit", "dead-letter"):
            headers, body = arriving(QuestionAsked(question=f"I am {self.id}"), learner="nobody's id!", id="nobodys-1")
            assert deliver(self.everybody.functions[name], headers, body).status in {200, 204}
            headers, _ = arriving(QuestionAsked(question=""), learner="nobody's id!", id="nobodys-2")
            assert deliver(self.everybody.functions[name], headers, self.bytes_of_nobody).status in {200, 204}

    async def _by_hand(self) -> None:
        """What only a language model brings about, and what only a second table tells."""
        with self.everybody.db.reading() as db:
            call = record_call(
                db,
                learner=self.id,
                called_at=datetime.now(UTC),
                function="concepts",
                model="a-model",
                sent=[{"role": "user", "content": MARK}],
            )
            record_answer(db, call, f"Hello, {MARK}", prompt_tokens=3, answer_tokens=4)
            exercise = made()
            publish(
                db, self.id, f"loops/{exercise.id}", {"topic": "loops", "exercise": exercise.model_dump(mode="json")}
            )
        await self.db.execute("INSERT INTO learner_quotas VALUES (%s, current_date, 1)", [self.id])
        await self.db.execute(
            "INSERT INTO model_grants (function, source, id, learner_id, day, course_ids)"
            " VALUES ('concepts', '/learnflow/triage', 'grant-1', %s, current_date, '{}')",
            [self.id],
        )
        await self.db.execute("INSERT INTO discarded_requests VALUES ('discarded-1', %s, now())", [self.id])

    @property
    def as_teacher(self) -> Headers:
        """The person's headers where they teach."""
        return as_person(self.id, "teacher")

    @property
    def bytes_of_nobody(self) -> bytes:
        """The data of an event that is no JSON."""
        return b"\xff\xfe" + self.id.encode()

    @property
    def needles(self) -> dict[str, str]:
        """What would tell of the person, wherever it is found."""
        return {
            "id": self.id,
            "mark": MARK,
            "username": USERNAME,
            "bytes": base64.b64encode(self.bytes_of_nobody).decode(),
        }

    async def delete(self, **confirmed: str) -> httpx.Response:
        """Ask to be deleted."""
        body = confirmed or {"password": PASSWORD}
        return await self.client.request("DELETE", "/api/v1/me", json=body, headers=self.headers)


async def everywhere(db: psycopg.AsyncConnection, needle: str) -> set[str]:
    """Return the tables in which a text is found, in any column, whatever its case."""
    names = await (
        await db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    ).fetchall()
    found = set()
    for (table,) in names:
        query = f"SELECT EXISTS (SELECT FROM {table} AS one WHERE strpos(lower(one::text), lower(%s)) > 0)"
        ((is_there,),) = await (await db.execute(query, [needle])).fetchall()
        found |= {table} if is_there else set()
    return found
