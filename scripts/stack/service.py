"""A service at the gateway, for whoever holds the key that access tokens are signed with."""

from __future__ import annotations

from collections.abc import Generator
from datetime import UTC, datetime

import httpx

from functions.shared.edge.tokens import Person, Tokens
from functions.shared.settings import read_settings


def tokens_of(auth_keys: str) -> Tokens:
    """Return what makes the tokens that are believed where AUTH_KEYS is this."""
    return Tokens(read_settings(environ={"AUTH_KEYS": auth_keys}).auth)


class Service(httpx.Auth):
    """A service that acts for the learners whom its requests name in X-Learner-Id; its tokens are made as needed."""

    def __init__(self, name: str, auth_keys: str) -> None:
        self._person = Person(name, "service")
        self._tokens = tokens_of(auth_keys)

    def token(self) -> str:
        """Return an access token that is good for 15 minutes from now."""
        return self._tokens.make(self._person, datetime.now(UTC))

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Show a token of this moment, unless the request brings somebody's own."""
        request.headers.setdefault("Authorization", f"Bearer {self.token()}")
        yield request
