"""Keys and the database's password are changed while the edge serves: nobody is logged out, or at once everybody."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import websockets
from gateway_process_stage import served
from gateway_stage import RecordingBroker
from identity_stage import log_in, me, refresh, register
from psycopg.conninfo import make_conninfo

from functions.shared.edge.tokens import Person, Tokens
from functions.shared.settings import AuthSettings
from scripts.stack.migrations import migrate
from tests.servers import a_postgres

pytestmark = pytest.mark.anyio

OLD, NEW = (f"{name}:{secrets.token_urlsafe(48)}" for name in ("old", "new"))
STEPS = {"before": OLD, "1 behind": f"{OLD},{NEW}", "2 in front": f"{NEW},{OLD}", "4 alone": NEW}
"""AUTH_KEYS at each step; step 3 is to wait."""


@dataclass
class Edge:
    """A replica of the gateway and one of realtime."""

    gateway: httpx.AsyncClient
    realtime: httpx.AsyncClient

    async def lets_in(self, login: dict[str, Any]) -> tuple[bool, bool]:
        """Whether the gateway, and whether realtime, believes somebody's access token."""
        return (await me(self.gateway, login)).status_code == 200, await self._listens(login)

    async def _listens(self, login: dict[str, Any]) -> bool:
        where = f"ws://127.0.0.1:{self.realtime.base_url.port}/ws/chat/{login['user']['id']}"
        try:
            async with websockets.connect(f"{where}?token={login['access_token']}") as socket:
                return '"hello"' in str(await socket.recv())
        except websockets.InvalidStatus as refused:
            if refused.response.status_code != 401:
                raise
            return False


@asynccontextmanager
async def edge(broker: RecordingBroker, database_url: str, keys: str) -> AsyncIterator[Edge]:
    """Run both as processes that know these keys."""
    known = {"AUTH_REQUIRED": "true", "AUTH_KEYS": keys}
    async with (
        served(broker, database_url, **known) as (gateway, _),
        served(broker, database_url, "realtime", **known) as (realtime, _),
    ):
        yield Edge(gateway, realtime)


async def test_in_four_steps_nobody_is_logged_out(broker: RecordingBroker, database_url: str):
    """At each step replicas of the step before still serve beside the new ones, as while a revision rolls out."""
    running: list[tuple[AsyncExitStack, Edge]] = []
    logins: list[dict[str, Any]] = []
    try:
        for keys in STEPS.values():
            stack = AsyncExitStack()
            new = await stack.enter_async_context(edge(broker, database_url, keys))
            running.append((stack, new))
            if not logins:
                logins.append(await register(new.gateway))
                continue
            refreshed = await refresh(new.gateway, logins[-1])
            assert refreshed.status_code == 200, refreshed.text
            logins.append(refreshed.json())
            before = running.pop(0)
            # Step 3 waits until what the old key signed has expired: here it is not, and ends with the old key.
            held = logins[:1] if keys != NEW else []
            for login in [*held, *logins[-2:]]:
                for replica in (before[1], new):
                    assert await replica.lets_in(login) == (True, True), keys
            await before[0].aclose()

        assert await running[0][1].lets_in(logins[0]) == (False, False)
        assert (await refresh(running[0][1].gateway, logins[-1])).status_code == 200
    finally:
        for stack, _ in running:
            await stack.aclose()


async def test_a_key_that_leaked_is_replaced_at_once_and_with_it_every_token_it_signed(
    broker: RecordingBroker, database_url: str
):
    async with edge(broker, database_url, OLD) as before:
        login = await register(before.gateway)
        assert await before.lets_in(login) == (True, True)
    kid, key = OLD.split(":")
    thief = Tokens(AuthSettings(keys={kid: key.encode()}))
    forged = {
        "user": login["user"],
        "access_token": thief.make(Person(login["user"]["id"], "admin"), datetime.now(UTC)),
    }

    async with edge(broker, database_url, NEW) as after:
        assert await after.lets_in(login) == (False, False)
        assert await after.lets_in(forged) == (False, False)
        refreshed = await refresh(after.gateway, login)
        assert refreshed.status_code == 200
        assert await after.lets_in(refreshed.json()) == (True, True)


@pytest.fixture
def guarded_database() -> Iterator[tuple[str, str]]:
    """A database of one owner, whom two log-ins act as: URLs of its superuser, and of the log-ins without password.

    A PostgreSQL of our own, as nothing else asks for passwords.
    """
    with a_postgres() as superuser:
        with psycopg.connect(superuser, autocommit=True) as db:
            rules = Path(db.execute("SHOW hba_file").fetchone()[0])
            rules.write_text("local all learnflow_a,learnflow_b scram-sha-256\n" + rules.read_text())
            db.execute("SELECT pg_reload_conf()")
            db.execute("CREATE ROLE learnflow NOLOGIN")
            for name in ("learnflow_a", "learnflow_b"):
                db.execute(f"CREATE ROLE {name} LOGIN IN ROLE learnflow")
                db.execute(f"ALTER ROLE {name} SET role = learnflow")
            db.execute("CREATE DATABASE learnflow OWNER learnflow")
        yield superuser, make_conninfo(superuser, dbname="learnflow", user="")


async def test_two_log_ins_change_the_databases_password_and_nobody_waits(
    broker: RecordingBroker, guarded_database: tuple[str, str]
):
    superuser, database = guarded_database
    first = make_conninfo(database, user="learnflow_a", password="first-password")
    second = make_conninfo(database, user="learnflow_b", password="second-password")
    with psycopg.connect(superuser, autocommit=True) as db:
        db.execute("ALTER ROLE learnflow_a PASSWORD 'first-password'")
        migrate(first)
        async with edge(broker, first, OLD) as before:
            login = await register(before.gateway)

            db.execute("ALTER ROLE learnflow_b PASSWORD 'second-password'")
            async with edge(broker, second, OLD) as after:
                for replica in (before, after):
                    assert await replica.lets_in(login) == (True, True)
                db.execute("ALTER ROLE learnflow_a PASSWORD NULL")
                db.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'learnflow_a'")

                assert (await log_in(before.gateway)).status_code == 503
                assert (await log_in(after.gateway)).status_code == 200
                assert await after.lets_in(login) == (True, True)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(first)


async def test_with_one_log_in_those_who_are_connected_stay_so_until_they_are_renewed(
    broker: RecordingBroker, guarded_database: tuple[str, str]
):
    superuser, database = guarded_database
    first = make_conninfo(database, user="learnflow_a", password="first-password")
    with psycopg.connect(superuser, autocommit=True) as db:
        db.execute("ALTER ROLE learnflow_a PASSWORD 'first-password'")
        migrate(first)
        async with edge(broker, first, OLD) as before:
            await register(before.gateway)

            db.execute("ALTER ROLE learnflow_a PASSWORD 'second-password'")

            assert (await log_in(before.gateway)).status_code == 200
            with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
                psycopg.connect(first)
            async with edge(broker, make_conninfo(first, password="second-password"), OLD) as after:
                assert (await log_in(after.gateway)).status_code == 200
