"""What the live channel costs: from the commit of a message to its arrival at a client, beside bare peers.

Everything is started for it: a PostgreSQL as `scripts/up` has it, one replica of realtime, and an echo server of the
same `websockets` library. The floor of a message's way is what of it is PostgreSQL's: from the same commit to a bare
LISTEN. Clients are in this process, the same for all.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import psycopg
import uvloop
import websockets
from aiohttp import web
from websockets.asyncio.client import ClientConnection

from functions.delivery.queries import announce, save_message
from functions.shared.envelope import cloud_event, decode, to_http
from functions.shared.events import PAYLOADS
from functions.shared.explaining import ConceptExplained
from scripts.stack.ports import free_ports
from tests.bench.figures import Spread
from tests.bench.servers import PATIENCE_SECONDS, Server, database, running

MANY = 1000
FEW = 3
WARM_UP = 20
AT_ONCE = 50
"""Sockets that are opened at the same time."""
TEXT = "A **loop** lets Python do the same thing several times while you write it only once. " * 20
"""As long as a short explanation."""
ECHO = """
import asyncio, sys
from websockets.asyncio.server import serve

async def echo(socket):
    async for message in socket:
        await socket.send(message)

async def main():
    async with serve(echo, "127.0.0.1", int(sys.argv[1]), compression=None):
        await asyncio.Future()

asyncio.run(main())
"""


@dataclass(frozen=True)
class Figures:
    """What was measured; memory is that of a process, in kilobytes for each socket."""

    echo: Spread
    floor: Spread
    one: Spread
    three: Spread
    echo_among_many: Spread
    among_many: Spread
    to_all: Spread
    echo_kb: float
    socket_kb: float

    def lines(self) -> list[str]:
        """Return the figures as a person reads them."""
        return [
            f"message at a WebSocket, after its commit      {self.one:.1f}",
            f"  the same commit at a bare LISTEN            {self.floor:.1f}",
            f"  bare websockets echo, there and back        {self.echo:.1f}",
            f"at the last of {FEW} clients of one learner       {self.three:.1f}",
            f"at one of {MANY:,} open sockets                 {self.among_many:.1f}",
            f"  bare websockets echo among {MANY:,}            {self.echo_among_many:.1f}",
            f"a message to each of {MANY:,} at once            {self.to_all:.1f}",
            f"memory for each open socket: {self.socket_kb:.0f} kB; of the bare echo server: {self.echo_kb:.0f} kB",
            f"message over the bare LISTEN: p50 {self.one.p50 / self.floor.p50:.2f}, "
            f"p95 {self.one.p95 / self.floor.p95:.2f}",
        ]


class Teller:
    """Says things to learners as delivery does: a message and its notification in one transaction."""

    def __init__(self, database_url: str) -> None:
        self._db = psycopg.connect(database_url, autocommit=True)

    def know(self, learners: Sequence[str]) -> None:
        """Make rows for learners."""
        self._db.execute("INSERT INTO users (id) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING", [list(learners)])

    def tell(self, learners: Sequence[str]) -> float:
        """Say something to each learner; return the moment before the commit."""
        with self._db.transaction():
            for learner in learners:
                self._say(learner)
            return time.perf_counter()

    def _say(self, learner: str) -> None:
        name = str(uuid.uuid4())
        payload = ConceptExplained(
            topic="loops", title="Loops", level="beginner", explanation=TEXT, answered_by="built-in"
        )
        told = cloud_event(payload, learner=learner, now=datetime.now(UTC), id=name, source="/learnflow/concepts")
        save_message(self._db, name, decode(*to_http(told), PAYLOADS))
        announce(self._db, name, learner, name)


async def measure(rounds: int, realtime: Server, echo: Server, teller: Teller, database_url: str) -> Figures:
    """Take every figure, the peer's beside ours."""
    learners = [f"bench-{number}" for number in range(MANY)]
    await asyncio.to_thread(teller.know, ["one", "three", *learners])
    async with opened(echo, [""]) as [socket]:
        bare = await echoed([socket], rounds)
    floor = await notified(database_url, teller, rounds)
    async with opened(realtime, ["one"]) as sockets:
        one = await told(teller, {"one": sockets}, rounds)
    async with opened(realtime, ["three"] * FEW) as sockets:
        three = await told(teller, {"three": sockets}, rounds)
    before = echo.kilobytes()
    async with opened(echo, [""] * MANY) as sockets:
        echo_kb = (echo.kilobytes() - before) / MANY
        bare_among_many = await echoed(sockets, rounds)
    before = realtime.kilobytes()
    async with opened(realtime, learners) as sockets:
        socket_kb = (realtime.kilobytes() - before) / MANY
        among_many = await told(teller, {name: [each] for name, each in zip(learners, sockets, strict=True)}, rounds)
        to_all = await told_to_all(teller, learners, sockets)
    return Figures(bare, floor, one, three, bare_among_many, among_many, to_all, echo_kb, socket_kb)


@asynccontextmanager
async def opened(server: Server, learners: Sequence[str]) -> AsyncIterator[list[ClientConnection]]:
    """Open a socket for each learner, and hear its hello where there is one."""
    async with AsyncExitStack() as stack:
        sockets: list[ClientConnection] = []
        for start in range(0, len(learners), AT_ONCE):
            opening = [websockets.connect(server.url(name), compression=None) for name in learners[start:][:AT_ONCE]]
            sockets += await asyncio.gather(*map(stack.enter_async_context, opening))
        if learners[0]:
            await asyncio.gather(*(socket.recv() for socket in sockets))
        yield sockets


async def echoed(sockets: Sequence[ClientConnection], rounds: int) -> Spread:
    """Return the time there and back over one socket after the other."""
    times = []
    for _ in range(WARM_UP + rounds):
        socket = random.choice(sockets)
        began = time.perf_counter()
        await socket.send(TEXT)
        await socket.recv()
        times.append(time.perf_counter() - began)
    return Spread.of(times[WARM_UP:])


async def notified(database_url: str, teller: Teller, rounds: int) -> Spread:
    """Return the time from a commit until a bare connection hears of it."""
    times = []
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as db:
        await db.execute("LISTEN learnflow")
        async with aclosing(db.notifies(timeout=PATIENCE_SECONDS)) as heard:
            for _ in range(WARM_UP + rounds):
                hearing = asyncio.ensure_future(anext(heard))
                committed = await asyncio.to_thread(teller.tell, ["one"])
                await hearing
                times.append(time.perf_counter() - committed)
    return Spread.of(times[WARM_UP:])


async def told(teller: Teller, sockets: dict[str, list[ClientConnection]], rounds: int) -> Spread:
    """Return the time from a commit until the last socket of a learner has the message."""
    times = []
    for _ in range(WARM_UP + rounds):
        learner = random.choice(list(sockets))
        hearing = asyncio.gather(*map(_heard, sockets[learner]))
        committed = await asyncio.to_thread(teller.tell, [learner])
        async with asyncio.timeout(PATIENCE_SECONDS):
            times.append(max(await hearing) - committed)
    return Spread.of(times[WARM_UP:])


async def told_to_all(teller: Teller, learners: Sequence[str], sockets: Sequence[ClientConnection]) -> Spread:
    """Return the times from one commit of a message to each learner until each socket has its own."""
    hearing = asyncio.gather(*map(_heard, sockets))
    committed = await asyncio.to_thread(teller.tell, learners)
    async with asyncio.timeout(PATIENCE_SECONDS):
        return Spread.of([at - committed for at in await hearing])


async def _heard(socket: ClientConnection) -> float:
    while json.loads(await socket.recv())["type"] != "message":
        pass
    return time.perf_counter()


async def _with_a_broker(rounds: int, database_url: str) -> Figures:
    """Measure, beside a broker that realtime asks whether it is there."""
    app = web.Application()
    app.router.add_route("*", "/", lambda _: asyncio.sleep(0, web.Response()))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    broker_port, port, echo_port = free_ports(3)
    await web.TCPSite(runner, "127.0.0.1", broker_port).start()
    settings = {
        "DATABASE_URL": database_url,
        "BROKER_URL": f"http://127.0.0.1:{broker_port}/",
        "PROFILE": "dev",
        "AUTH_REQUIRED": "false",
        "RATE_LIMITS": "false",
        "PORT": str(port),
        "LOG_LEVEL": "WARNING",
    }
    with (
        running([sys.executable, "-m", "functions.realtime"], port, "/ws/chat/", **settings) as realtime,
        running([sys.executable, "-c", ECHO, str(echo_port)], echo_port) as echo,
    ):
        return await measure(rounds, realtime, echo, Teller(database_url), database_url)


def main(arguments: list[str]) -> int:
    """Measure, print, and fail where a message took 100 ms or more at the 95th percentile."""
    parser = argparse.ArgumentParser(prog="scripts/bench realtime", add_help=False, allow_abbrev=False)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with database() as url:
        figures = uvloop.run(_with_a_broker(options.rounds, url))
    print(json.dumps(asdict(figures)) if options.json else "\n".join(figures.lines()))
    return 0 if max(figures.one.p95, figures.three.p95, figures.among_many.p95) < 100 else 1
