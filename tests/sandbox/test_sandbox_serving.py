"""The runner over HTTP: what the platform is told of good events, bad ones, and a sandbox that does not hold."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from flask import Request, Response
from werkzeug.test import EnvironBuilder

from sandbox_runner.backends import SandboxUnavailable, make_backend
from sandbox_runner.limits import Limits
from sandbox_runner.result import Outcome
from sandbox_runner.running import Sandbox
from sandbox_runner.serving import Runner
from scripts.stack.processes import wait_until

EVENT = {
    "ce-specversion": "1.0", "ce-id": "e1", "ce-source": "/learnflow/gateway", "ce-subject": "ada",
    "ce-type": "org.learnflow.code.submitted.v1", "content-type": "application/json",
}  # fmt: skip
HELLO = b'{"code": "print(1)"}'


def post(runner: Runner, headers: Mapping[str, str] = EVENT, body: bytes = HELLO) -> Response:
    return runner(Request(EnvironBuilder("/", method="POST", headers=list(headers.items()), data=body).get_environ()))


def look(runner: Runner, path: str) -> Response:
    return runner(Request(EnvironBuilder(path).get_environ()))


@pytest.fixture(scope="module")
def runner(limits: Limits) -> Iterator[Runner]:
    sandbox = Sandbox(lambda: make_backend("pod", limits), limits)
    sandbox.start()
    try:
        assert wait_until(lambda: not sandbox.failures(), timeout_seconds=30)
        yield Runner(sandbox)
    finally:
        sandbox.stop()


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in EVENT.items() if key != name}


@pytest.mark.parametrize(
    ("headers", "body", "status", "said"),
    [
        ({}, b"hello", 400, "not a CloudEvent"),
        (without("ce-id"), HELLO, 400, "it has no id"),
        ({**EVENT, "ce-id": ""}, HELLO, 400, "it has no id"),
        ({**EVENT, "ce-specversion": "0.3"}, HELLO, 400, "not a CloudEvent 1.0"),
        ({"content-type": "application/cloudevents+json"}, b"\xff", 400, "not a CloudEvent"),
        ({"content-type": "application/cloudevents+json"}, b"[" * 100_000, 400, "not a CloudEvent"),
        ({"content-type": "application/cloudevents-batch+json"}, b"[]", 400, "not a CloudEvent"),
        ({**EVENT, "ce-time": "yesterday"}, HELLO, 400, "time:"),
        ({**EVENT, "ce-hops": "-1"}, HELLO, 400, "hops:"),
        (EVENT, b"", 400, "data:"),
        (EVENT, b"[]", 400, "data:"),
        (EVENT, b"{}", 400, "code: Field required"),
        ({**EVENT, "ce-hops": "17"}, HELLO, 422, "goes round"),
        (without("ce-subject"), HELLO, 422, "subject:"),
        ({**EVENT, "ce-subject": "a/b"}, HELLO, 422, "subject:"),
        ({**EVENT, "ce-type": "org.learnflow.question.asked.v1"}, HELLO, 422, "not handled here"),
        ({**EVENT, "ce-type": "dev.knative.kafka.event", "ce-source": "/k#learning.requests"}, HELLO, 422, "topic"),
        ({**EVENT, "ce-type": "dev.knative.kafka.event", "ce-source": "/k#code.submissions"}, b"x", 400, "record"),
        ({**EVENT, "ce-type": "dev.knative.kafka.event", "ce-source": "/k#code.submissions"}, HELLO, 422, "subject:"),
    ],
)
def test_a_bad_event_is_refused_for_good(
    runner: Runner, headers: dict[str, str], body: bytes, status: int, said: str
) -> None:
    response = post(runner, headers, body)

    assert response.status_code == status
    assert said in response.get_data(as_text=True)
    assert not any(name.lower().startswith(("ce-", "kne-")) for name, _ in response.headers)


def test_a_structured_event_with_its_data_in_base64_is_read(runner: Runner) -> None:
    event = {name.removeprefix("ce-"): value for name, value in EVENT.items() if name.startswith("ce-")}
    body = json.dumps({**event, "hops": 2, "data_base64": "eyJjb2RlIjogInByaW50KDEpIn0="}).encode()

    response = post(runner, {"content-type": "application/cloudevents+json; charset=UTF-8"}, body)

    assert json.loads(response.get_data())["stdout"] == "1\n"
    assert response.headers["ce-hops"] == "3"


def test_what_comes_again_is_answered_with_the_same_id(runner: Runner) -> None:
    first, second = post(runner), post(runner)

    assert first.headers["ce-id"] == second.headers["ce-id"]
    assert post(runner, {**EVENT, "ce-id": "e2"}).headers["ce-id"] != first.headers["ce-id"]


def test_many_events_at_once_are_each_answered_with_their_own(runner: Runner) -> None:
    answers: dict[int, str] = {}

    def ask(number: int) -> None:
        body = json.dumps({"code": "print(input())", "stdin": str(number)}).encode()
        answers[number] = json.loads(post(runner, {**EVENT, "ce-id": str(number)}, body).get_data())["stdout"]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == {number: f"{number}\n" for number in range(16)}


def test_a_flood_in_every_trial_still_fits_into_an_event(runner: Runner) -> None:
    code = "import sys\nwhile True:\n    print('\\x1b' * 1000)\n    print('\\x1b' * 1000, file=sys.stderr)"
    asked = {"submission_id": "s1", "code": code, "trials": [{}] * 20}
    headers = {**EVENT, "ce-type": "org.learnflow.grading.requested.v1"}

    response = post(runner, headers, json.dumps(asked).encode())

    results = json.loads(response.get_data())["results"]
    assert [result["outcome"] for result in results] == [Outcome.OUTPUT_LIMIT] * 20
    assert len(response.get_data()) < 200 * 1024


def test_a_runner_that_holds_is_ready_and_names_its_layers(runner: Runner) -> None:
    ready = look(runner, "/ready")

    assert ready.status_code == 200
    assert ready.json["checks"] == {"sandbox": "ok"}
    assert "seccomp" in ready.json["layers"]
    assert look(runner, "/health").json["status"] == "ok"


def test_runs_are_counted_by_how_they_ended(runner: Runner) -> None:
    post(runner, EVENT, b'{"code": "1 / 0"}')

    counted = look(runner, "/metrics").get_data(as_text=True)
    assert 'learnflow_sandbox_runs_total{outcome="error"}' in counted
    assert 'function="sandbox-runner",outcome="replied",type="org.learnflow.code.submitted.v1"' in counted


@pytest.mark.parametrize(("path", "method", "status"), [("/", "GET", 405), ("/nowhere", "GET", 404), ("/", "PUT", 405)])
def test_other_paths_and_methods_are_refused(runner: Runner, path: str, method: str, status: int) -> None:
    assert runner(Request(EnvironBuilder(path, method=method).get_environ())).status_code == status


class Failing:
    """A backend whose self-test finds something until it is mended."""

    name, layers = "pod", ("seccomp",)

    def __init__(self, failures: list[str]) -> None:
        self.failures = failures
        self.ended = False

    def self_test(self) -> list[str]:
        return list(self.failures)

    def __enter__(self) -> Failing:
        return self

    def __exit__(self, *_: object) -> None:
        self.ended = True


def started(limits: Limits, make: Any) -> tuple[Sandbox, Runner]:
    sandbox = Sandbox(make, limits)
    sandbox.start()
    return sandbox, Runner(sandbox)


def test_a_layer_that_does_not_hold_keeps_it_unready_and_running_nothing(limits: Limits) -> None:
    backend = Failing(["a program can open a socket"])
    sandbox, runner = started(limits, lambda: backend)
    assert wait_until(lambda: "socket" in look(runner, "/ready").get_data(as_text=True), timeout_seconds=5)

    ready, answer = look(runner, "/ready"), post(runner)
    sandbox.stop()

    assert ready.status_code == 503
    assert ready.json["checks"]["sandbox"] == "a program can open a socket"
    assert answer.status_code == 503
    assert "not ready: a program can open a socket" in answer.get_data(as_text=True)
    assert look(runner, "/health").status_code == 200
    assert backend.ended


def test_it_is_ready_once_a_later_self_test_passes(limits: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox_runner.running.RETRY_SECONDS", 0.01)
    backend = Failing(["out of time"])
    sandbox, runner = started(limits, lambda: backend)
    assert wait_until(lambda: "out of time" in look(runner, "/ready").get_data(as_text=True), timeout_seconds=5)

    backend.failures = []

    assert wait_until(lambda: look(runner, "/ready").status_code == 200, timeout_seconds=5)
    assert look(runner, "/ready").json["layers"] == ["seccomp"]
    sandbox.stop()


@pytest.mark.parametrize(
    ("problem", "said"),
    [(SandboxUnavailable("no engine answers"), "no engine answers"), (KeyError("x"), "the self-test itself failed")],
)
def test_a_backend_that_cannot_start_is_told(limits: Limits, problem: Exception, said: str) -> None:
    def make() -> Any:
        raise problem

    sandbox, runner = started(limits, make)
    assert wait_until(lambda: said in look(runner, "/ready").get_data(as_text=True), timeout_seconds=5)

    assert look(runner, "/ready").status_code == 503
    assert post(runner).status_code == 503
    sandbox.stop()
    assert said in look(runner, "/ready").get_data(as_text=True)


def test_a_sandbox_that_goes_away_is_tried_again_later(limits: Limits) -> None:
    class Gone(Failing):
        def run(self, *_: object) -> None:
            raise SandboxUnavailable("the zygote does not answer")

    sandbox, runner = started(limits, lambda: Gone([]))
    assert wait_until(lambda: look(runner, "/ready").status_code == 200, timeout_seconds=5)

    answer = post(runner)
    sandbox.stop()

    assert answer.status_code == 503
    assert "does not answer" in answer.get_data(as_text=True)
