"""What a running edge is made of, and how routes get at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from functions.shared.edge.asking import Gateway
from functions.shared.edge.database import AsyncPostgreSQL
from functions.shared.edge.identity import Doorman, require_safe
from functions.shared.edge.limiting import Limiter
from functions.shared.edge.listening import Listener
from functions.shared.edge.posting import Broker
from functions.shared.edge.waiting import Waiters
from functions.shared.settings import Settings, SettingsError


@dataclass(frozen=True)
class Parts:
    """The parts of one replica, for one event loop."""

    service: str
    settings: Settings
    database: AsyncPostgreSQL
    broker: Broker
    waiters: Waiters
    listener: Listener
    gateway: Gateway
    doorman: Doorman
    limiter: Limiter


def make_parts(settings: Settings, service: str) -> Parts:
    """Return the parts, none of which has connected to anything yet.

    Raises SettingsError for a strange address, and where anybody could pass for anybody.
    """
    require_safe(settings)
    try:
        broker = Broker(settings.broker_url)
    except ValueError as error:
        raise SettingsError(f"cannot start: BROKER_URL: {error}") from error
    database, waiters = AsyncPostgreSQL(settings.database_url), Waiters()
    return Parts(
        service=service,
        settings=settings,
        database=database,
        broker=broker,
        waiters=waiters,
        listener=Listener(settings.database_url, waiters.hear, waiters.ring_all),
        gateway=Gateway(database, broker, waiters, source=f"/learnflow/{service}"),
        doorman=Doorman(settings),
        limiter=Limiter(database, settings.rates),
    )


def parts(request: Request) -> Parts:
    """Return the parts of the replica that serves a request."""
    found: Parts = request.app.state.parts
    return found


async def _gateway(request: Request) -> Gateway:
    return parts(request).gateway


TheGateway = Annotated[Gateway, Depends(_gateway)]


async def _database(request: Request) -> AsyncPostgreSQL:
    return parts(request).database


TheDatabase = Annotated[AsyncPostgreSQL, Depends(_database)]
