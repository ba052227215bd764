"""What an answer costs where a language model gives it: over the running system, beside the model's own time.

The system is started with `scripts/up --model-stand-in 2.5`: the stand-in thinks for 2.5 s. What is told of an answer
holds all the ways there are: through triage and back, to the model, and where it claims something into the sandbox.
"""

from __future__ import annotations

import argparse
import json
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

import httpx

from scripts.stack import processes
from scripts.stack.addresses import gateway_url
from scripts.stack.config import auth_keys
from scripts.stack.errors import StackError
from scripts.stack.model import STAND_IN
from scripts.stack.places import here
from scripts.stack.service import Service
from tests.bench.figures import Spread

AT_ONCE = 4
"""Learners who ask at the same time."""
WARM_UP = 4
MOST_SECONDS = 30
COPY = "def f(l):\n    r = []\n    for i in range(len(l)):\n        r.append(l[i])\n    return r\n"
PROGRAM = "prices = [3, 4]\nfor price in prices:\n    print(total + price)\n"
ASKED: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "a question explained": ("query", {"question": "Can you explain how Python loops work?"}),
    "an error hinted at": ("debug", {"code": PROGRAM, "error_message": "NameError: name 'total' is not defined"}),
    "a program reviewed": ("review", {"code": COPY}),
}
"""What is asked, by what it is called: where, and with which body."""


@dataclass(frozen=True)
class Figures:
    """What was measured. `by_another` is how many answers were not the model's, by what was asked."""

    model: Spread
    answers: Mapping[str, Spread]
    by_another: Mapping[str, int]

    def lines(self) -> list[str]:
        """Return the figures as a person reads them."""
        above = {what: each.p95 - self.model.p95 for what, each in self.answers.items()}
        return [
            f"the model itself, asked straight   {self.model:.0f}",
            *(f"{what:<34} {spread:.0f}" for what, spread in self.answers.items()),
            *(f"{what}: p95 {more:.0f} ms above the model's" for what, more in above.items()),
            *(f"{what}: {count} not answered by the model" for what, count in self.by_another.items() if count),
        ]


def main(arguments: list[str]) -> int:
    """Measure and print; fail where an answer was not the model's, for then something else was measured."""
    parser = argparse.ArgumentParser(prog="scripts/bench model", add_help=False, allow_abbrev=False)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    figures = _measure(options.rounds)
    print(json.dumps(asdict(figures)) if options.json else "\n".join(figures.lines()))
    return 1 if any(figures.by_another.values()) else 0


def _measure(rounds: int) -> Figures:
    places = here()
    stand_in = processes.find(places.run, "model")
    if stand_in is None:
        raise StackError("The stand-in for a model does not run. Start it with 'scripts/up --model-stand-in 2.5'.")
    service = Service("bench", auth_keys(places))
    with (
        httpx.Client(timeout=MOST_SECONDS) as model,
        httpx.Client(base_url=gateway_url(), auth=service, timeout=40) as people,
    ):
        alone = Spread.of([_seconds(lambda: _straight(model, stand_in.address)) for _ in range(rounds)])
        answers, by_another = {}, {}
        for what, (route, body) in ASKED.items():
            times, whose = _answers(people, route, body, rounds)
            answers[what] = Spread.of(times)
            by_another[what] = sum(not name.startswith(STAND_IN) for name in whose)
    return Figures(alone, answers, by_another)


def _answers(people: httpx.Client, route: str, body: Mapping[str, str], rounds: int) -> tuple[list[float], list[str]]:
    """Return how long answers took, in seconds, and whose they were."""
    run, whose = uuid.uuid4().hex[:8], []

    def ask(number: int) -> float:
        headers = {"Prefer": f"wait={MOST_SECONDS}", "X-Learner-Id": f"bench-{run}-{number}"}
        started = time.perf_counter()
        found = people.post(f"/api/v1/{route}", json=body, headers=headers).json()
        seconds = time.perf_counter() - started
        if found.get("status") != "answered":
            raise RuntimeError(f"there was no answer: {json.dumps(found)[:300]}")
        whose.append(found["answer"]["answered_by"])
        return seconds

    with ThreadPoolExecutor(AT_ONCE) as learners:
        return list(learners.map(ask, range(WARM_UP + rounds)))[WARM_UP:], whose


def _straight(model: httpx.Client, address: str) -> None:
    body: dict[str, Any] = {"model": STAND_IN, "messages": [{"role": "user", "content": "What is a loop?"}]}
    model.post(f"{address}/chat/completions", json=body).raise_for_status()


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
