"""The live channel as the platform runs it: a process behind a proxy that ends every request after its time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.integration.gateway.gateway_stage import RecordingBroker
from tests.integration.knative_local.stage import Stage, eventually, service
from tests.integration.realtime.live_stage import PATIENCE, World, client, texts

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def deployed(
    folder: Path, broker: RecordingBroker, database_url: str, *, timeout: int, stream: int
) -> AsyncIterator[str]:
    """Run realtime on the local runtime; yield its host and port."""
    environment = {
        "DATABASE_URL": database_url,
        "BROKER_URL": broker.url,
        "PROFILE": "dev",
        "AUTH_REQUIRED": "false",
        "STREAM_SECONDS": str(stream),
    }
    manifest = service(
        "realtime",
        env=environment,
        annotations={"min-scale": "1"},
        spec={"timeoutSeconds": timeout, "responseStartTimeoutSeconds": timeout, "containerConcurrency": 1000},
        args=["-m", "functions.realtime"],
        readinessProbe={"httpGet": {"path": "/ready"}},
    )
    async with Stage(folder, "memory", "").run(manifest, publish={"realtime": 0}) as runtime:
        await eventually(lambda: runtime.status()["ready"], seconds=30)
        yield runtime.service_url("realtime").removeprefix("http://")


async def test_a_websocket_and_a_stream_go_through(
    tmp_path: Path, broker: RecordingBroker, database_url: str, world: World
):
    async with (
        deployed(tmp_path, broker, database_url, timeout=60, stream=290) as at,
        client(f"ws://{at}/ws/chat/ada") as ada,
        httpx.AsyncClient() as http,
        http.stream("GET", f"http://{at}/api/v1/stream/ada") as stream,
        asyncio.timeout(PATIENCE),
    ):
        lines = stream.aiter_lines()
        while await anext(lines) != "event: hello":
            pass
        await world.tells("ada", "through and through")
        await ada.hears()
        while await anext(lines) != "event: message":
            pass
        assert '"explanation":"through and through"' in await anext(lines)
        await ada.says(type="ask", id="q-1", question="What is a loop?")
        await ada.hears("accepted")


async def test_what_the_platform_cuts_goes_on_where_it_was(
    tmp_path: Path, broker: RecordingBroker, database_url: str, world: World
):
    async with deployed(tmp_path, broker, database_url, timeout=2, stream=290) as at:
        async with client(f"ws://{at}/ws/chat/ada") as ada:
            await world.tells("ada", "before")
            assert await ada.is_closed() == 1006
        await world.tells("ada", "meanwhile")
        async with client(f"ws://{at}/ws/chat/ada?last_id={ada.last_id}") as again:
            await world.tells("ada", "after")
            await again.hears()
            await again.hears()

    assert "reconnect" not in {frame["type"] for frame in ada.frames}
    assert texts(ada.frames) == ["before"]
    assert texts(again.frames) == ["meanwhile", "after"]


async def test_the_client_is_asked_to_come_again_before_the_platform_cuts(
    tmp_path: Path, broker: RecordingBroker, database_url: str
):
    async with (
        deployed(tmp_path, broker, database_url, timeout=4, stream=2) as at,
        client(f"ws://{at}/ws/chat/ada") as ada,
    ):
        assert await ada.is_closed() == 1012

    assert ada.frames[-1]["type"] == "reconnect"
