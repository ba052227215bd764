"""What journeys do with a running LearnFlow, wherever it runs."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import psycopg
import pytest

from functions.shared.edge.tokens import Person, Role, Tokens

PATIENCE_SECONDS = 60


class Journey:
    """What journeys do with a running LearnFlow, wherever it runs."""

    http: httpx.Client
    db: psycopg.Connection
    _tokens: Tokens

    def token(self, id: str, role: Role = "learner") -> str:
        """Return an access token of somebody, good for 15 minutes."""
        return self._tokens.make(Person(id, role), datetime.now(UTC))

    def ask(self, question: str, *, wait: int = 30, learner: str = "ada", **more: Any) -> httpx.Response:
        """Ask through the gateway and wait for the answer up to `wait` seconds."""
        headers = {"X-Learner-Id": learner, "Prefer": f"wait={wait}"} if wait else {"X-Learner-Id": learner}
        return self.http.post("/api/v1/query", json={"question": question, **more}, headers=headers)

    def row(self, query: str, *values: Any) -> Any:
        """Return the first row of a query, or None."""
        return self.db.execute(query, values).fetchone()

    def until(self, condition: Callable[[], Any], what: str, seconds: float = PATIENCE_SECONDS) -> Any:
        """Wait until the condition holds and return what it gave."""
        deadline = time.monotonic() + seconds
        pause = threading.Event()
        while not (held := condition()):
            if time.monotonic() > deadline:
                pytest.fail(f"waited {seconds} s in vain until {what}\n{self.log()[-3000:]}")
            pause.wait(0.02)
        return held

    def log(self) -> str:
        """What it says of itself."""
        raise NotImplementedError
