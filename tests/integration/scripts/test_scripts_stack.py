"""The scripts as a newcomer uses them: a copy of this checkout, its own ports, its own stores."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest

from scripts.stack.errors import NotHereError
from scripts.stack.java import fetch_jars, java
from scripts.stack.places import here
from scripts.stack.processes import wait_until
from tests.checkouts import Checkout, a_checkout

pytestmark = pytest.mark.timeout(180)
TOOLS = ("sh", "sed", "dirname", "env", "useradd", "mvn")


@pytest.fixture
def checkout() -> Iterator[Checkout]:
    """One that nothing runs in yet."""
    with a_checkout() as fresh:
        yield fresh


@pytest.fixture(scope="module")
def running() -> Iterator[Checkout]:
    """One in which `scripts/up` has brought up everything, on a real Kafka."""
    try:
        java()
        fetch_jars(here().kafka_libs)
    except NotHereError as why:
        pytest.skip(str(why))
    with a_checkout() as fresh:
        code, said = fresh.up()
        assert code == 0, said
        assert "✓ First question" in said
        yield fresh


def test_up_again_finds_everything_running_and_answers_again(running: Checkout) -> None:
    before, kept = running.pids(), running.local_file("demo.json")

    code, said = running.up()

    assert code == 0, said
    assert said.count("already running") == 3
    assert "You ask:  What is a for loop in Python?" in said
    assert "routed to concepts" in said
    assert f"http://127.0.0.1:{running.ports[1]}/docs" in said
    assert running.local_file("demo.json") == kept
    assert all(f"password {account['password']}" in said for account in json.loads(kept))
    assert running.pids() == before
    assert set(before) == {"knative", "kafka", "postgres"}


def test_status_shows_the_parts_and_the_functions(running: Checkout) -> None:
    code, said = running.run("status")

    assert code == 0, said
    for words in ("✓ Knative runtime", "✓ Kafka", "✓ PostgreSQL", "gateway", "cold starts"):
        assert words in said
    assert {part["pid"] for part in running.status()["parts"]} == set(running.pids().values())


def test_a_question_is_answered_readably(running: Checkout) -> None:
    code, said = running.run("ask", "What is a for loop in Python?", "--as", "demo-teacher")

    assert code == 0, said
    assert "▸ " in said
    assert "  prints\n" in said
    assert "ms · routed to concepts" in said


def test_whoever_cannot_log_in_is_told_so(running: Checkout) -> None:
    running.environment["LEARNFLOW_PASSWORD"] = "not-a-password-of-theirs"
    try:
        code, said = running.run("ask", "What is a for loop in Python?", "--as", "nobody-here")
    finally:
        del running.environment["LEARNFLOW_PASSWORD"]

    assert (code, said.startswith("✗ nobody-here cannot log in at http://127.0.0.1")) == (1, True), said


def test_what_up_prints_to_ask_over_http_works_as_it_is(running: Checkout) -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl here")
    _, said = running.up()
    commands = said.partition("Ask over HTTP:\n")[2].partition("\nNext:")[0]

    done = subprocess.run(["sh", "-c", commands], capture_output=True, text=True, timeout=60, check=True)

    assert json.loads(done.stdout)["status"] == "answered"
    assert json.loads(done.stdout)["answer"]["topic"] == "async"


def test_an_example_goes_to_the_broker(running: Checkout) -> None:
    code, said = running.run("send", "question.asked/loops", "--learner", "ada")

    assert (code, "→ broker: 202" in said) == (0, True), said


def test_a_function_shows_its_reply_when_asked_directly(running: Checkout) -> None:
    code, said = running.run("send", "explanation.requested/loops", "--to", "concepts")

    assert code == 0, said
    assert '"type": "org.learnflow.concept.explained.v1"' in said


def test_a_question_sent_to_its_topic_is_answered_on_the_other(running: Checkout) -> None:
    learner = f"grace-{uuid.uuid4().hex[:8]}"
    code, said = running.run("send", "question.asked/loops", "--learner", learner, "--to", "learning.requests")
    assert code == 0, said

    arguments = ["console-consumer", "--topic", "learning.responses", "--from-beginning", "--timeout-ms", "15000"]
    listening = running.start("kafka", *arguments, "--property", "print.headers=true")
    assert listening.stdout is not None
    answered = next((line for line in listening.stdout if f"ce_subject:{learner}" in line), "")
    listening.terminate()
    listening.communicate()

    assert "ce_type:org.learnflow.concept.explained.v1" in answered


def test_kafkas_own_tools_see_every_topic(running: Checkout) -> None:
    code, said = running.run("kafka", "topics", "--list")

    assert code == 0, said
    assert set(said.split()) >= {path.stem for path in here().topics.glob("*.yaml")}
    assert "knative-broker-learnflow-default" in said


def test_migrating_again_has_nothing_to_do(running: Checkout) -> None:
    assert running.run("migrate") == (0, "✓ nothing to do\n")


def test_there_is_no_dead_letter_after_all_that(running: Checkout) -> None:
    assert running.run("replay", "--list") == (0, "No dead letters.\n")


def test_down_stops_everything_and_does_no_harm_when_said_again(running: Checkout) -> None:
    code, said = running.run("down")

    assert (code, said.count("stopped")) == (0, 3), said
    assert running.processes() == []
    assert running.run("down")[1].count("was not running") == 3
    code, said = running.run("status")
    assert (code, said.count("stopped")) == (1, 3), said


def test_without_java_it_runs_on_memory_until_ctrl_c_in_the_foreground(checkout: Checkout, tmp_path: Path) -> None:
    for tool in TOOLS:
        if found := shutil.which(tool):
            (tmp_path / tool).symlink_to(found)
    checkout.environment |= {"PATH": str(tmp_path)}
    checkout.environment.pop("JAVA_HOME", None)

    process = checkout.start("up", *checkout.up_arguments("--foreground"))
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if line.startswith("log: "):  # the last line of the live table
            break
    assert "events are in memory" in checkout.run("status")[1]
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=60)

    assert process.returncode == 0, "".join(said) + rest
    assert "no 'java' is on the PATH" in "".join(said)
    assert "✓ First question" in "".join(said)
    assert line.startswith("log: memory")
    assert checkout.processes() == []


def test_with_a_stand_in_for_a_model_the_answer_is_the_stand_ins_and_says_so(checkout: Checkout) -> None:
    # scripts/up --model-stand-in
    code, said = checkout.up("--no-kafka", "--no-login", "--model-stand-in")
    running = {part["part"]: part["fine"] for part in checkout.status()["parts"]}
    down, _ = checkout.run("down")

    assert code == 0, said
    assert "(A stand-in says this, no language model.)" in said
    assert running["model"]
    assert (down, checkout.processes()) == (0, [])


def test_where_the_download_fails_it_runs_on_memory_and_says_why(checkout: Checkout, tmp_path: Path) -> None:
    (checkout.root / ".local" / "kafka" / "libs").unlink()
    maven = tmp_path / "mvn"
    maven.write_text("#!/bin/sh\necho '[ERROR] no route to the registry'\nexit 1\n")
    maven.chmod(0o755)
    checkout.environment["PATH"] = f"{tmp_path}:{checkout.environment['PATH']}"

    code, said = checkout.up()

    assert code == 0, said
    assert "Maven failed (1)" in said or "no 'java' is on the PATH" in said
    assert "Going on without Kafka" in said
    assert "✓ First question" in said


def test_servers_of_ones_own_are_used_and_left_running(
    checkout: Checkout, kafka_bootstrap: str, database_url: str
) -> None:
    checkout.environment |= {"KAFKA_BOOTSTRAP_SERVERS": kafka_bootstrap, "DATABASE_URL": database_url}

    code, said = checkout.up()

    assert code == 0, said
    assert set(checkout.pids()) == {"knative"}
    for name in ("KAFKA_BOOTSTRAP_SERVERS", "DATABASE_URL"):
        del checkout.environment[name]
    code, said = checkout.run("status")
    assert (code, said.count("your own")) == (0, 2), said
    assert "learning.requests" in checkout.run("kafka", "topics", "--list")[1]
    checkout.run("down")
    with psycopg.connect(database_url) as db:
        assert db.execute("SELECT status FROM requests").fetchone() == ("answered",)


def test_where_nobody_has_to_log_in_anybody_is_believed_and_that_is_said_plainly(checkout: Checkout) -> None:
    code, said = checkout.up("--no-kafka", "--no-login")

    assert code == 0, said
    assert said.count("Nobody has to log in") == 2
    assert "whoever asks is who they say they are" in checkout.run("status")[1]
    mine = httpx.get(f"http://127.0.0.1:{checkout.ports[1]}/api/v1/progress/ada", headers={"X-Learner-Id": "ada"})
    assert mine.status_code == 200
    assert checkout.run("ask", "What is a for loop in Python?", "--as", "ada")[0] == 0


def test_a_port_in_use_is_named_with_its_holder_and_nothing_is_started(checkout: Checkout) -> None:
    with socket.create_server(("127.0.0.1", checkout.ports[1])):
        code, said = checkout.up("--no-kafka")

    assert code == 1
    assert f"Port {checkout.ports[1]}, which the gateway needs, is in use" in said
    assert f"process {os.getpid()}" in said
    assert "--gateway-port (or LEARNFLOW_GATEWAY_PORT)" in said
    assert checkout.processes() == []


def test_a_part_that_cannot_start_shows_the_end_of_its_log_and_takes_the_others_down(checkout: Checkout) -> None:
    broker = checkout.root / "knative" / "base" / "broker.yaml"
    broker.write_text(broker.read_text().replace("spec:", "spec:\n  speling: wrong", 1))

    code, said = checkout.up("--no-kafka")

    assert code == 1
    assert "Knative runtime ended while it was starting" in said
    assert "speling" in said
    assert checkout.processes() == []


def test_ctrl_c_in_the_middle_leaves_nothing_behind(checkout: Checkout) -> None:
    process = checkout.start("up", *checkout.up_arguments("--no-kafka"))

    assert wait_until(lambda: "postgres" in checkout.pids(), timeout_seconds=60)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=60)

    assert process.returncode == 130, said
    assert checkout.processes() == []


def test_what_a_crash_left_behind_is_no_obstacle(checkout: Checkout) -> None:
    code, said = checkout.up("--no-kafka")
    assert code == 0, said
    before = checkout.pids()
    for pid in before.values():
        psutil.Process(pid).kill()
    assert wait_until(lambda: checkout.run("status")[1].count("died") == 2, timeout_seconds=20)

    code, said = checkout.up("--no-kafka")

    assert code == 0, said
    assert not set(checkout.pids().values()) & set(before.values())
