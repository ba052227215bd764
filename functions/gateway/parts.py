"""What a running gateway is made of, and how routes get at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from functions.gateway.asking import Gateway
from functions.gateway.database import AsyncPostgreSQL
from functions.gateway.listening import Listener
from functions.gateway.posting import Broker
from functions.gateway.waiting import Waiters
from functions.shared.settings import Settings, SettingsError


@dataclass(frozen=True)
class Parts:
    """The parts of one gateway, for one event loop."""

    database: AsyncPostgreSQL
    broker: Broker
    waiters: Waiters
    listener: Listener
    gateway: Gateway


def make_parts(settings: Settings) -> Parts:
    """Return the parts, none of which has connected to anything yet. Raises SettingsError for a strange address."""
    try:
        broker = Broker(settings.broker_url)
    except ValueError as error:
        raise SettingsError(f"cannot start: BROKER_URL: {error}") from error
    database, waiters = AsyncPostgreSQL(settings.database_url), Waiters()
    return Parts(
        database=database,
        broker=broker,
        waiters=waiters,
        listener=Listener(settings.database_url, waiters),
        gateway=Gateway(database, broker, waiters),
    )


def parts(request: Request) -> Parts:
    """Return the parts of the gateway that serves a request."""
    found: Parts = request.app.state.parts
    return found


async def _gateway(request: Request) -> Gateway:
    return parts(request).gateway


TheGateway = Annotated[Gateway, Depends(_gateway)]


async def _database(request: Request) -> AsyncPostgreSQL:
    return parts(request).database


TheDatabase = Annotated[AsyncPostgreSQL, Depends(_database)]
