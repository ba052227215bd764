"""Access tokens: who somebody is and what they are, signed; short-lived, and believed without asking the database."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

import jwt

from functions.shared.events import LEARNER_ID, NAMESPACE
from functions.shared.settings import AuthSettings

Role = Literal["learner", "teacher", "admin", "service"]

LIFETIME = timedelta(minutes=15)
"""Of an access token; how long somebody who is locked out or demoted may go on at most."""
OUTSIDE_ALGORITHMS = ("RS256", "ES256")
_OURS = "learnflow"
_LEEWAY = timedelta(seconds=30)
_JWKS_SECONDS = 300
_OUTSIDE_ROLES: tuple[Role, ...] = ("teacher", "learner")
"""What an outside issuer may say somebody is, the most first: nobody there makes an admin here."""


@dataclass(frozen=True)
class Person:
    """Who asks. `is_outside` are those whom another issuer speaks for: they have no password here; `is_nobody`, where
    nobody has to log in, those who did not even say who they are."""

    id: str
    role: Role = "learner"
    is_outside: bool = False
    is_nobody: bool = False


class NotBelieved(Exception):
    """A token that proves nothing; the text says why, without quoting it."""


class Tokens:
    """Makes and reads access tokens. For one event loop."""

    def __init__(self, auth: AuthSettings) -> None:
        self._auth = auth
        self._outside = jwt.PyJWKClient(auth.jwks_url, lifespan=_JWKS_SECONDS, timeout=5) if auth.jwks_url else None

    def make(self, person: Person, now: datetime) -> str:
        """Return a token for a person, good for 15 minutes."""
        kid, key = next(iter(self._auth.keys.items()))
        claims = {
            "iss": _OURS,
            "aud": _OURS,
            "sub": person.id,
            "role": person.role,
            "iat": now,
            "exp": now + LIFETIME,
            "jti": str(uuid.uuid4()),
        }
        return jwt.encode(claims, key, algorithm="HS256", headers={"kid": kid})

    async def read(self, token: str) -> Person:
        """Return the person whom a token is about. Raises NotBelieved for one that proves nothing (any more)."""
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") in OUTSIDE_ALGORITHMS:
                return await self._read_outside(token)
            return self._read_ours(token, header)
        except jwt.ExpiredSignatureError as error:
            raise NotBelieved("The access token has expired. POST /api/v1/auth/refresh brings a new one.") from error
        except jwt.PyJWTError as error:
            raise NotBelieved("The access token is not one that is believed here.") from error

    def _read_ours(self, token: str, header: dict[str, Any]) -> Person:
        key = self._auth.keys.get(str(header.get("kid")))
        if key is None:
            raise jwt.InvalidKeyError
        claims = jwt.decode(
            token,
            key,
            algorithms=["HS256"],
            issuer=_OURS,
            audience=_OURS,
            leeway=_LEEWAY,
            options={"require": ["exp", "iat", "sub", "role"]},
        )
        if claims["role"] not in get_args(Role) or not LEARNER_ID.fullmatch(claims["sub"]):
            raise jwt.InvalidTokenError
        return Person(claims["sub"], claims["role"])

    async def _read_outside(self, token: str) -> Person:
        if self._outside is None:
            raise jwt.InvalidIssuerError
        key = await asyncio.to_thread(self._outside.get_signing_key_from_jwt, token)
        claims = jwt.decode(
            token,
            key,
            algorithms=list(OUTSIDE_ALGORITHMS),
            issuer=self._auth.issuer,
            audience=self._auth.audience,
            leeway=_LEEWAY,
            options={"require": ["exp", "sub"]},
        )
        role = outside_role(claims.get(self._auth.role_claim))
        return Person(outside_id(self._auth.issuer, claims["sub"]), role, is_outside=True)


def outside_id(issuer: str, subject: str) -> str:
    """Return the id that somebody has here whom another issuer speaks for: always the same, and nobody else's."""
    return f"u-{uuid.uuid5(uuid.uuid5(NAMESPACE, f'issuer:{issuer}'), subject)}"


def outside_role(said: object) -> Role:
    """Return what somebody is here of whom another issuer says a role or several; a learner, whatever else it says."""
    named: Iterable[object] = said if isinstance(said, list) else [said]
    known = {each for each in named if isinstance(each, str)}
    return next((role for role in _OUTSIDE_ROLES if role in known), "learner")
