"""One learner of a class: logs in, keeps a socket open, and does what the mixture says."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from tests.load.channel import Channel, Failed
from tests.load.mixture import Action

PROLONGED_AFTER_SECONDS = 600
"""An access token lives 15 minutes."""
SOLVED = 0.5
"""How often what is handed in is right, so that an exercise takes two tries on average."""
PROGRAMS = (
    "for n in range(10):\n    print(n, n * n)\n",
    "total = 0\nfor n in range(200_000):\n    total += n % 7\nprint(total)\n",
    "words = 'the quick brown fox jumps over the lazy dog'.split()\nprint(sorted(words, key=len))\n",
    "def area(width, height):\n    return width * height\n\n\nprint(area(3, 4))\n",
    "ages = {'Ada': 36, 'Alan': 41}\nprint(ages['Grace'])\n",
    "numbers = [3, 1, 2]\nprint(nmbers[0])\n",
)
"""Of what a class writes: most of it runs, some of it fails."""


@dataclass(frozen=True)
class Lesson:
    """What the learners of a class work on: what they ask (`question`, perhaps `code` and `error_message`), the topics,
    and each exercise's solution by its id."""

    questions: list[dict[str, str]]
    topics: list[str]
    solutions: dict[str, str]


class Http(Protocol):
    """The gateway, as a learner's client reaches it."""

    def __call__(self, method: str, path: str, name: str, body: Any = None, token: str = "") -> dict[str, Any]:
        """Return the JSON of an answer. Raises Failed for any but a success."""


class Note(Protocol):
    """Where it is kept how long something took."""

    def __call__(self, name: str, seconds: float, error: Exception | None = None) -> None:
        """Keep it, or that it came to nothing."""


class Learner:
    """Somebody in a class. Every answer is waited for at the socket, and noted under the name of what was done."""

    def __init__(self, http: Http, note: Note, realtime_url: str, lesson: Lesson, chance: random.Random) -> None:
        self._http, self._note, self._realtime_url = http, note, realtime_url
        self._lesson, self._chance = lesson, chance
        self._session = f"lesson-{uuid.uuid4()}"
        self._token = self._refresh = self.id = ""
        self._known_since = 0.0
        self._exercise: tuple[str, str] | None = None
        self._channel: Channel | None = None

    def arrive(self, username: str, password: str) -> None:
        """Log in and open the socket. Raises Failed."""
        self._know(self._http("POST", "/api/v1/auth/login", "log in", {"username": username, "password": password}))
        began = time.perf_counter()
        self._channel = Channel(f"{self._realtime_url}/ws/chat/{self.id}", lambda: self._token, self._broke)
        self._note("socket opened", time.perf_counter() - began)

    def leave(self) -> None:
        """Close the socket."""
        if self._channel is not None:
            self._channel.close()

    def do(self, action: Action) -> None:
        """Do one thing to its end. Raises Failed."""
        if time.monotonic() - self._known_since > PROLONGED_AFTER_SECONDS:
            body = {"refresh_token": self._refresh}
            self._know(self._http("POST", "/api/v1/auth/refresh", "stay logged in", body))
            self._open.prolong()
        getattr(self, f"_{action.name}")()

    def _run(self) -> None:
        program = self._chance.choice(PROGRAMS)
        self._command("run", "/api/v1/execute", {"code": program, "session_id": self._session})

    def _ask(self) -> None:
        self._command("ask", "/api/v1/query", self._question())

    def _chat(self) -> None:
        question, key = self._question(), str(uuid.uuid4())
        self._answered("chat", lambda: self._open.ask(key, question))

    def _submit(self) -> None:
        if self._exercise is None:
            given = self._command("exercise", "/api/v1/exercises/generate", {"topic": self._topic()})
            if given["exercise_id"] is None:  # all of the topic's are done
                return
            self._exercise = given["exercise_id"], given["starter"] or "answer = None\n"
        exercise_id, starter = self._exercise
        code = self._lesson.solutions[exercise_id] if self._chance.random() < SOLVED else starter
        graded = self._command("submit", "/api/v1/exercises/submit", {"exercise_id": exercise_id, "code": code})
        if graded["score"] is None:
            raise Failed("what was handed in was not graded")
        if graded["passed"]:
            self._exercise = None

    def _quiz(self) -> None:
        posed = self._command("quiz", "/api/v1/quizzes/next", {"topic": self._topic()})
        if posed["quiz_id"] is None:  # all of the topic's are answered
            return
        choice = {"choice": self._chance.randrange(len(posed["options"]))}
        path = f"/api/v1/quizzes/{posed['quiz_id']}/answers"
        if self._command("quiz answer", path, choice)["correct"] is None:
            raise Failed("the answer to a quiz was not graded")

    def _progress(self) -> None:
        self._get(f"/api/v1/progress/{self.id}", "progress")

    def _conversations(self) -> None:
        if kept := self._get("/api/v1/conversations", "conversations")["conversations"]:
            self._get(kept[0]["links"]["self"], "conversation")

    def _question(self) -> dict[str, str]:
        return {**self._chance.choice(self._lesson.questions), "session_id": self._session}

    def _topic(self) -> str:
        return self._chance.choice(self._lesson.topics)

    def _get(self, path: str, name: str) -> dict[str, Any]:
        return self._http("GET", path, name, token=self._token)

    def _command(self, name: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._answered(name, lambda: str(self._http("POST", path, name, body, self._token)["id"]))

    def _answered(self, name: str, begin: Callable[[], str]) -> dict[str, Any]:
        """Begin something and return what it is answered with at the socket; the whole time is noted."""
        began = time.perf_counter()
        answer = self._open.message(begin())
        self._note(name, time.perf_counter() - began)
        return answer

    @property
    def _open(self) -> Channel:
        assert self._channel is not None, "whoever has not arrived does nothing"
        return self._channel

    def _broke(self, why: str) -> None:
        self._note("socket held", 0, Failed(why))

    def _know(self, login: dict[str, Any]) -> None:
        self._token, self._refresh, self.id = login["access_token"], login["refresh_token"], login["user"]["id"]
        self._known_since = time.monotonic()
