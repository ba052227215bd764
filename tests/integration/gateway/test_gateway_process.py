"""The gateway as a process of its own: started, logged, ended."""

from __future__ import annotations

import asyncio
import json
import signal
from asyncio.subprocess import Process
from typing import Any

import pytest
from gateway_process_stage import free_port, served, start
from gateway_stage import QUESTION, RecordingBroker, until

pytestmark = pytest.mark.anyio


async def lines(process: Process) -> list[dict[str, Any]]:
    """Return what an ended process logged; every line is a JSON object."""
    out, err = await process.communicate()
    assert err == b""
    return [json.loads(line) for line in out.splitlines()]


async def test_told_to_end_it_answers_those_who_wait_and_ends_well(answering: RecordingBroker, database_url: str):
    answering.on_post = None
    async with served(answering, database_url) as (client, process):
        asking = asyncio.create_task(client.post("/api/v1/query", json=QUESTION, headers={"Prefer": "wait=30"}))
        await until(lambda: answering.posts)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(5):
            response = await asking
            status = await process.wait()

    assert (response.status_code, response.json()["status"]) == (202, "pending")
    assert status == 0


async def test_it_answers_and_logs_a_line_with_the_requests_id_and_nothing_the_learner_wrote(
    answering: RecordingBroker, database_url: str
):
    async with served(answering, database_url) as (client, process):
        body = {"question": "What is a for loop, dear hunter2?"}
        said = (await client.post("/api/v1/query", json=body, headers={"Prefer": "wait=10"})).json()
        await client.get("/hunter2?hunter2")
        await client.post("/api/v1/query", json={"hunter2": "hunter2"})
        process.send_signal(signal.SIGTERM)
        logged = await lines(process)

    assert said["status"] == "answered"
    [line] = [line for line in logged if line.get("correlation_id") == said["id"]]
    assert (line["service"], line["message"], line["level"]) == ("gateway", "request.served", "info")
    assert (line["method"], line["route"], line["status"]) == ("POST", "/api/v1/query", 200)
    assert line["duration_ms"] > 0
    assert "hunter2" not in json.dumps(logged)


async def test_it_listens_to_this_machine_alone_and_says_so(broker: RecordingBroker, database_url: str):
    async with served(broker, database_url) as (_, process):
        process.send_signal(signal.SIGTERM)
        logged = await lines(process)

    [up] = [line for line in logged if line["message"] == "edge.up"]
    assert up["host"] == "127.0.0.1"
    assert up["login_required"] is False


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"PROFILE": "prod", "AUTH_REQUIRED": "false"}, "for profile dev only"),
        ({"PROFILE": "staging", "DATABASE_TLS": "false"}, "AUTH_KEYS is not set"),
        ({"PROFILE": "dev", "AUTH_REQUIRED": "false", "HOST": "0.0.0.0"}, "anybody could pass for anybody"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ({"AUTH_REQUIRED": "false", "BROKER_URL": "somewhere"}, "BROKER_URL"),
    ],
)
async def test_it_does_not_start_where_it_must_not(environment: dict[str, str], named: str):
    process = await start(
        **{
            "PORT": str(free_port()),
            "DATABASE_URL": "postgresql:///x",
            "BROKER_URL": "http://127.0.0.1:1/",
            **environment,
        }
    )
    async with asyncio.timeout(20):
        _, err = await process.communicate()

    assert process.returncode == 1
    assert err.decode().startswith("cannot start: ")
    assert named in err.decode()
    assert "Traceback" not in err.decode()
