"""A function as the platform runs it: a process with an environment, a port and an end."""

import http.client
import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import psycopg
import pytest

from functions.shared.app import Server
from functions.shared.events import QuestionAsked
from functions.shared.settings import read_settings
from functions.shared.testing import arriving
from scripts.stack.places import ROOT
from scripts.stack.ports import free_ports
from scripts.stack.processes import wait_until


@contextmanager
def running(module, **environment):
    """Run a function with nothing but this environment; yield its process and a connection to it."""
    (port,) = free_ports(1)
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        env={"PATH": os.environ["PATH"], "PORT": str(port), **environment},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        yield process, connection
    finally:
        connection.close()
        process.kill()
        process.wait(10)


def get(connection, path):
    """Return status and body of a GET; None while nobody listens."""
    try:
        connection.request("GET", path)
    except OSError:
        connection.close()
        return None
    response = connection.getresponse()
    return response.status, response.read()


@pytest.mark.parametrize(
    ("module", "missing"),
    [
        ("functions.triage", {"DATABASE_URL"}),
        ("functions.dead_letter", {"DATABASE_URL", "BROKER_URL"}),
        ("functions.gateway", {"DATABASE_URL", "BROKER_URL"}),
    ],
)
def test_a_function_that_lacks_settings_ends_at_once_and_names_them_all(module, missing):
    with running(module) as (process, _):
        said, _ = process.communicate(timeout=20)

    assert process.returncode != 0
    assert all(f"{name} is not set" in said for name in missing)
    assert "Traceback" not in said


def test_a_function_answers_logs_json_and_ends_kindly(database_url):
    with running("functions.triage", DATABASE_URL=database_url) as (process, connection):
        assert wait_until(lambda: get(connection, "/ready"), timeout_seconds=20)
        headers, body = arriving(QuestionAsked(question="What is a loop?"), id="r1")
        connection.request("POST", "/", body, headers)
        reply = connection.getresponse()
        assert (reply.status, reply.getheader("ce-type")) == (200, "org.learnflow.explanation.requested.v1")
        reply.read()
        assert b"learnflow_event_seconds" in get(connection, "/metrics")[1]
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=20)

    assert process.returncode == 0
    (line,) = [json.loads(line) for line in said.splitlines() if "event.handled" in line]
    assert (line["service"], line["correlation_id"], line["outcome"]) == ("triage", "r1", "replied")
    assert line["duration_ms"] > 0
    assert "What is a loop?" not in said


def test_an_event_in_hand_is_finished_before_the_process_ends(database_url):
    with (
        running("functions.triage", DATABASE_URL=database_url) as (process, connection),
        psycopg.connect(database_url) as db,
    ):
        assert wait_until(lambda: get(connection, "/ready"), timeout_seconds=20)
        db.execute("LOCK TABLE inbox")  # the function waits for this in the middle of its transaction
        connection.request("POST", "/", *reversed(arriving(QuestionAsked(question="What is a loop?"))))
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        with psycopg.connect(database_url, autocommit=True) as watch:
            assert wait_until(lambda: watch.execute(waiting).fetchone()[0], timeout_seconds=20)
        process.send_signal(signal.SIGTERM)
        db.rollback()

        assert connection.getresponse().status == 200
        assert process.wait(20) == 0


def test_idle_connections_outlive_the_platforms_own():
    server = Server(None, read_settings(environ={"THREADS": "3"}))

    assert server.cfg.keepalive > 90
    assert (server.cfg.threads, server.cfg.workers) == (3, 1)
