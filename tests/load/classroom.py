"""The class, for locust: each user is a learner. `scripts/bench class` runs it and says what it needs.

CLASSROOM names a JSON file that says where LearnFlow is, who the learners are and what they work on; BEGUN the file
that is made once everybody is there, HEARD the one that every time and every error is written to in the end.
"""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

from locust import FastHttpUser, events, task
from locust.exception import StopUser

from tests.load.channel import Failed
from tests.load.learner import Learner, Lesson
from tests.load.mixture import chosen, thought_seconds

CLASSROOM = json.loads(Path(os.environ["CLASSROOM"]).read_text())
SOCKET = "SOCKET"
ARRIVING = ("log in", "socket opened")
heard: dict[str, Any] = {"seconds": {"http": {}, "socket": {}}, "errors": [], "arrived": 0, "done": 0}
_people = iter(CLASSROOM["people"])


@events.request.add_listener
def keep(request_type: str, name: str, response_time: float, exception: Exception | None, **_: Any) -> None:
    """Keep each time as it is: locust's own are rounded."""
    if exception is not None:
        heard["errors"].append(f"{name}: {exception}")
    else:
        way = "socket" if request_type == SOCKET else "http"
        heard["seconds"][way].setdefault(name, []).append(response_time / 1000)


@events.spawning_complete.add_listener
def begin(**_: Any) -> None:
    """Forget what was done while others still arrived: how many do something at a time is known from here on."""
    for way, times in heard["seconds"].items():
        heard["seconds"][way] = {name: times[name] for name in ARRIVING if name in times}
    heard["done"] = 0
    Path(os.environ["BEGUN"]).touch()


@events.quitting.add_listener
def tell(**_: Any) -> None:
    """Hand over what was heard."""
    Path(os.environ["HEARD"]).write_text(json.dumps(heard))


class Pupil(FastHttpUser):
    """A learner at a client of their own."""

    host = CLASSROOM["gateway"]
    network_timeout = connection_timeout = 30.0

    def on_start(self) -> None:
        """Log in as the next of the class."""
        person = next(_people)
        chance = random.Random(person["username"])
        self._learner = Learner(self._call, self._note, CLASSROOM["realtime"], Lesson(**CLASSROOM["lesson"]), chance)
        self._chance = chance
        try:
            self._learner.arrive(**person)
        except (Failed, OSError) as why:
            self._note("arrive", 0, why)
            raise StopUser from why
        heard["arrived"] += 1

    def on_stop(self) -> None:
        """Close the page."""
        self._learner.leave()

    def wait_time(self) -> float:
        """Think."""
        return thought_seconds(self._chance)

    @task
    def go_on(self) -> None:
        """Do one thing."""
        action = chosen(self._chance)
        try:
            self._learner.do(action)
        except Failed as why:
            self._note(action.name, 0, why)
        heard["done"] += 1

    def _call(self, method: str, path: str, name: str, body: Any = None, token: str = "") -> dict[str, Any]:
        known = {"Authorization": f"Bearer {token}"} if token else {}
        with self.client.request(method, path, json=body, headers=known, name=name, catch_response=True) as response:
            response.success()  # what failed is noted once, by whoever wanted it
            if not 200 <= response.status_code < 300:
                raise Failed(f"{response.status_code} {(response.text or str(response.error))[:200]}")
            return dict(response.json())

    def _note(self, name: str, seconds: float, error: Exception | None = None) -> None:
        self.environment.events.request.fire(
            request_type=SOCKET, name=name, response_time=seconds * 1000, response_length=0, exception=error,
            context={},
        )  # fmt: skip
