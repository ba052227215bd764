"""People who log in, for the tests of a gateway where one has to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx

from functions.shared.edge.tokens import Person, Role, Tokens
from functions.shared.settings import AuthSettings, Settings

KEYS = {"k1": b"k" * 32}
PASSWORD = "seven-brave-otters"
OTHER_PASSWORD = "eight-sleepy-owls"


def locked(here: Settings, **changes: Any) -> Settings:
    """Return settings of a gateway where everybody has to log in."""
    return replace(here, auth=AuthSettings(**{"keys": KEYS, **changes}))


def bearing(token: str) -> dict[str, str]:
    """Return the headers of somebody with this access token."""
    return {"Authorization": f"Bearer {token}"}


def as_person(user: str, role: Role = "learner") -> dict[str, str]:
    """Return the headers of somebody who is logged in, in a role."""
    return bearing(Tokens(AuthSettings(keys=KEYS)).make(Person(user, role), datetime.now(UTC)))


async def register(client: httpx.AsyncClient, username: str = "ada", **changes: Any) -> dict[str, Any]:
    """Register somebody and return their log-in."""
    response = await client.post("/api/v1/auth/register", json={"username": username, "password": PASSWORD, **changes})
    assert response.status_code == 201, response.text
    login: dict[str, Any] = response.json()
    return login


async def log_in(client: httpx.AsyncClient, username: str = "ada", password: str = PASSWORD) -> httpx.Response:
    """Try to log in."""
    return await client.post("/api/v1/auth/login", json={"username": username, "password": password})


async def refresh(client: httpx.AsyncClient, login: dict[str, Any]) -> httpx.Response:
    """Try to go on with a log-in."""
    return await client.post("/api/v1/auth/refresh", json={"refresh_token": login["refresh_token"]})


async def me(client: httpx.AsyncClient, login: dict[str, Any]) -> httpx.Response:
    """Ask who somebody is, as they."""
    return await client.get("/api/v1/me", headers=bearing(login["access_token"]))
