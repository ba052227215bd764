"""The gateway, or realtime, as a process of its own."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
from gateway_stage import RecordingBroker


async def start(edge: str = "gateway", /, **environment: str) -> Process:
    """Start a gateway, or realtime, with this environment and no other."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"functions.{edge}",
        env={"PATH": os.environ["PATH"], **environment}, stdout=PIPE, stderr=PIPE,
    )  # fmt: skip


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@asynccontextmanager
async def served(
    broker: RecordingBroker, database_url: str, edge: str = "gateway", /, **environment: str
) -> AsyncIterator[tuple[httpx.AsyncClient, Process]]:
    """Run its process, where nobody has to log in, and yield a client of it, once it is ready."""
    port = free_port()
    where = {"PORT": str(port), "DATABASE_URL": database_url, "BROKER_URL": broker.url}
    process = await start(edge, **{**where, "PROFILE": "dev", "AUTH_REQUIRED": "false", **environment})
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            async with asyncio.timeout(20):
                while not await _is_ready(client):
                    assert process.returncode is None, (await process.communicate())[1].decode()
                    await asyncio.sleep(0.02)
            yield client, process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _is_ready(client: httpx.AsyncClient) -> bool:
    with suppress(httpx.TransportError):
        return (await client.get("/ready")).status_code == 200
    return False
