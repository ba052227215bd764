"""Connections end before the platform cuts them, and whoever comes back has missed nothing and gets nothing twice."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import cycle

import httpx
import pytest
import websockets

from functions.shared.settings import Settings
from scripts.stack.ports import free_port
from tests.integration.gateway.gateway_stage import RecordingBroker
from tests.integration.realtime.live_stage import Client, Replica, World, client, refusal, replica, texts, until

pytestmark = pytest.mark.anyio


async def test_before_its_time_is_over_the_client_is_asked_to_come_again(here: Settings, world: World):
    began = asyncio.get_running_loop().time()
    async with replica(replace(here, stream_seconds=2)) as live, client(live.url("ada")) as ada:
        await world.tells("ada")
        assert await ada.is_closed() == 1012
    took = asyncio.get_running_loop().time() - began

    last = ada.frames[-1]
    assert (last["type"], last["last_id"]) == ("reconnect", ada.last_id)
    assert 0 <= last["after_ms"] < 500
    assert texts(ada.frames)
    assert took > 1.5


async def test_a_replica_that_ends_says_so_to_everybody_each_at_another_time(here: Settings):
    async with replica(here) as live:
        clients = [Client(await websockets.connect(live.url(f"l-{number}"))) for number in range(20)]
        await until(lambda: live.connected == 20)
        live.server.should_exit = True
        codes = [await each.is_closed() for each in clients]

    assert set(codes) == {1012}
    assert {each.frames[-1]["type"] for each in clients} == {"reconnect"}
    assert len({each.frames[-1]["after_ms"] for each in clients}) > 10


async def test_a_replica_that_is_leaving_takes_nobody_in(live: Replica):
    async with client(live.url("ada")):
        await live.app.state.live.tabs.leave()
        status, problem = await refusal(live.url("bo"))

    assert (status, problem["type"]) == (503, "urn:learnflow:problem:leaving")


class Follower:
    """A client that follows the protocol: whenever it is cut, however, it comes back with the last id it has seen."""

    def __init__(self, urls: Iterator[tuple[Replica, str]]) -> None:
        self._urls = urls
        self.last_id: str | None = None
        self.heard: list[str] = []
        self.cuts = 0
        self.connected = asyncio.Event()
        self.socket: websockets.ClientConnection | None = None

    async def follow(self, texts: int) -> None:
        """Listen until so many texts are heard: alerts and messages come in no order between them, so none is last."""
        while len(self.heard) < texts:
            live, learner = next(self._urls)
            with suppress(websockets.ConnectionClosed, OSError):
                async with websockets.connect(live.url(learner, last_id=self.last_id)) as self.socket:
                    async for text in self.socket:
                        self._take(json.loads(text))
                        if len(self.heard) >= texts:
                            return
            self.cuts += 1

    def _take(self, frame: dict) -> None:
        self.connected.set()
        if "id" in frame:
            self.last_id = frame["id"]
        if frame["type"] == "message":
            self.heard.append(frame["message"]["explanation"])
        if frame["type"] == "alert":
            self.heard.append(frame["alert"]["title"])


async def test_many_cuts_over_two_replicas_lose_nothing_and_double_nothing(here: Settings, world: World):
    short = replace(here, stream_seconds=1, rates=None)
    async with replica(short) as one, replica(short) as two:
        followers = [Follower(cycle([(one, "ada"), (two, "ada")])), Follower(cycle([(two, "ada"), (one, "ada")]))]
        following = [asyncio.create_task(follower.follow(150)) for follower in followers]
        for follower in followers:
            await follower.connected.wait()
        dice = random.Random(7)
        for number in range(150):
            telling = world.tells("ada", f"m{number}") if number % 3 else world.alerts("ada", "bo", title=f"a{number}")
            await telling
            if number % 10 == 0:  # the network goes, in the middle of whatever there is
                socket = dice.choice(followers).socket
                assert socket is not None
                socket.transport.abort()
        async with asyncio.timeout(30):
            await asyncio.gather(*following)

    for follower in followers:
        assert sorted(follower.heard) == sorted(f"m{number}" if number % 3 else f"a{number}" for number in range(150))
        assert [text for text in follower.heard if text.startswith("m")] == [f"m{n}" for n in range(150) if n % 3]
    assert sum(follower.cuts for follower in followers) >= 10


async def test_told_to_end_the_process_says_goodbye_and_ends_well(broker: RecordingBroker, database_url: str):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "functions.realtime", stdout=PIPE, stderr=PIPE,
        env={
            "PATH": os.environ["PATH"], "PORT": str(port := free_port()), "DATABASE_URL": database_url,
            "BROKER_URL": broker.url, "PROFILE": "dev", "AUTH_REQUIRED": "false",
        },
    )  # fmt: skip
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http, asyncio.timeout(30):
            while not await _is_ready(http):
                assert process.returncode is None, (await process.communicate())[1].decode()
                await asyncio.sleep(0.02)
        async with client(f"ws://127.0.0.1:{port}/ws/chat/ada") as ada:
            process.send_signal(signal.SIGTERM)
            assert await ada.is_closed() == 1012
        async with asyncio.timeout(10):
            logged, errors = await process.communicate()
    finally:
        with suppress(ProcessLookupError):
            process.kill()

    assert ada.frames[-1]["type"] == "reconnect"
    assert (process.returncode, errors) == (0, b"")
    [ended] = [line for line in map(json.loads, logged.splitlines()) if line["message"] == "live.ended"]
    assert (ended["kind"], ended["how"]) == ("socket", "come_again")


async def _is_ready(http: httpx.AsyncClient) -> bool:
    with suppress(httpx.TransportError):
        return (await http.get("/ready")).status_code == 200
    return False
