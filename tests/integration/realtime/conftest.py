"""A realtime on a real database, in front of a broker that records, really served."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from functions.shared.settings import Settings
from tests.integration.gateway.gateway_stage import Functions, RecordingBroker, settings
from tests.integration.realtime.live_stage import Replica, World, locked, replica


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """The loop that realtime runs on."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def broker() -> AsyncIterator[RecordingBroker]:
    """A broker that takes every event, and nothing happens."""
    async with RecordingBroker().served() as broker:
        yield broker


@pytest.fixture
async def answering(broker: RecordingBroker, database_url: str) -> AsyncIterator[RecordingBroker]:
    """A broker behind which questions are answered."""
    functions = Functions(database_url)
    broker.on_post = functions.play
    yield broker
    await broker.settle()
    functions.db.close()


@pytest.fixture
def here(broker: RecordingBroker, database_url: str) -> Settings:
    """Settings of a realtime that believes whoever comes, in front of the broker, on the test's database."""
    return settings(database_url=database_url, broker_url=broker.url)


@pytest.fixture
async def live(here: Settings) -> AsyncIterator[Replica]:
    """A replica that believes whoever comes."""
    async with replica(here) as running:
        yield running


@pytest.fixture
async def guarded(here: Settings) -> AsyncIterator[Replica]:
    """A replica to which everybody has to show a token."""
    async with replica(locked(here), auth_seconds=0.3) as running:
        yield running


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """What happens elsewhere."""
    world = World(database_url)
    yield world
    world.close()
