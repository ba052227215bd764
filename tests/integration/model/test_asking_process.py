"""A process that asks a model may end at any time: its question is answered, or comes again, and counts once."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import psycopg
import pytest

from functions.shared.events import ExplanationRequested
from functions.shared.testing import arriving
from scripts.stack.places import ROOT
from scripts.stack.ports import free_ports
from scripts.stack.processes import wait_until
from tests.model_stand_in import StandIn, hangs, says

WISH = ExplanationRequested(question="what is a loop?", confidence=0.9)


class Running:
    """The function as a process, and a way to give it an event."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port

    def is_ready(self) -> bool:
        """Whether it takes requests."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/ready")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """End all of it at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def deliver(self) -> str:
        """Return who answered the event, or `nobody` where the connection broke."""
        headers, body = arriving(WISH)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("POST", "/", body, headers)
            return str(json.loads(connection.getresponse().read())["answered_by"])
        except (OSError, http.client.HTTPException):
            return "nobody"
        finally:
            connection.close()


@contextmanager
def running(database_url: str, stand_in: StandIn, *, seconds: int):
    """Run the function; no question of its takes longer than `seconds`."""
    (port,) = free_ports(1)
    environment = {
        "PATH": os.environ["PATH"], "PORT": str(port), "DATABASE_URL": database_url, "MODEL_SECONDS": str(seconds),
        "OPENAI_BASE_URL": stand_in.base_url, "OPENAI_MODEL": "stand-in",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.model.asking_function"],
        env=environment,
        cwd=ROOT,
        start_new_session=True,  # the server and its worker die together
    )
    started = Running(process, port)
    try:
        assert wait_until(started.is_ready, timeout_seconds=60)
        yield started
    finally:
        started.kill()


@pytest.fixture
def open_stand_in():
    """A stand-in that anybody may ask."""
    with StandIn() as server:
        yield server


@pytest.fixture
def db(database_url):
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


def kept(db):
    """Return how many events are done, and how many answers the learner had."""
    ((done,),) = db.execute("SELECT count(*) FROM inbox").fetchall()
    ((had,),) = db.execute("SELECT coalesce(sum(model_answers), 0) FROM learner_quotas").fetchall()
    return done, int(had)


def test_a_process_that_is_asked_to_end_answers_first_and_ends_in_time(database_url, open_stand_in, db):
    open_stand_in.manner = hangs()
    with running(database_url, open_stand_in, seconds=10) as function, ThreadPoolExecutor(1) as pool:
        answer = pool.submit(function.deliver)
        open_stand_in.wait_until_asked(timeout_seconds=60)
        function.process.send_signal(signal.SIGTERM)

        assert function.process.wait(30) == 0
        assert answer.result(10) == "built-in"
    assert kept(db) == (1, 0)


def test_a_question_whose_process_dies_comes_again_and_counts_once(database_url, open_stand_in, db):
    open_stand_in.manner = hangs()
    with running(database_url, open_stand_in, seconds=50) as function, ThreadPoolExecutor(1) as pool:
        answer = pool.submit(function.deliver)
        open_stand_in.wait_until_asked(timeout_seconds=60)
        function.kill()

        assert answer.result(20) == "nobody"
    assert kept(db) == (0, 1)

    open_stand_in.manner = says('{"text": "It goes round."}')
    with running(database_url, open_stand_in, seconds=50) as function:
        assert function.deliver() == "stand-in"
        assert function.deliver() == "stand-in"
    assert kept(db) == (1, 1)
    assert len(open_stand_in.asked) == 2
