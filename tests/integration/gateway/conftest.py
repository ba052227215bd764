"""A gateway on a real database, in front of a broker that records."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import psycopg
import pytest
from gateway_stage import Functions, RecordingBroker, running, settings
from identity_stage import locked
from privacy_stage import Everybody, Life

from functions.shared.settings import Settings


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """The loop the gateway runs on."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def broker() -> AsyncIterator[RecordingBroker]:
    """A broker that takes every event, and nothing happens."""
    async with RecordingBroker().served() as broker:
        yield broker


@pytest.fixture
async def functions(database_url: str, broker: RecordingBroker) -> AsyncIterator[Functions]:
    """The functions behind the broker, which finish what they do before their database goes."""
    functions = Functions(database_url)
    yield functions
    await broker.settle()
    functions.db.close()


@pytest.fixture
def answering(broker: RecordingBroker, functions: Functions) -> RecordingBroker:
    """A broker behind which questions are answered."""
    broker.on_post = functions.play
    return broker


@pytest.fixture
def here(broker: RecordingBroker, database_url: str) -> Settings:
    """Settings of a gateway in front of the broker, on the test's database."""
    return settings(database_url=database_url, broker_url=broker.url)


@pytest.fixture
async def client(here: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a gateway in front of the broker."""
    async with running(here) as client:
        yield client


@pytest.fixture
async def doorstep(broker: RecordingBroker) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a gateway without a database: whatever is refused has to be refused before one is needed."""
    nowhere = settings(database_url="postgresql://127.0.0.1:1/nowhere", broker_url=broker.url)
    async with running(nowhere) as client:
        yield client


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[psycopg.AsyncConnection]:
    """A connection to the gateway's database."""
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as db:
        yield db


@pytest.fixture
async def guarded(here: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a gateway where everybody has to log in."""
    async with running(locked(here)) as client:
        yield client


@pytest.fixture
async def life(
    guarded: httpx.AsyncClient, broker: RecordingBroker, db: psycopg.AsyncConnection, database_url: str
) -> AsyncIterator[Life]:
    """Somebody of whom every table holds something."""
    everybody = Everybody(database_url)
    life = Life(guarded, broker, everybody, db)
    await life.live()
    yield life
    everybody.db.close()
