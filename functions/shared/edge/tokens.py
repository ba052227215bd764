"""Access tokens: who somebody is and what they are, signed; short-lived, and believed without asking the database."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

import jwt

from functions.shared.edge import outside
from functions.shared.events import LEARNER_ID, NAMESPACE
from functions.shared.settings import AuthSettings

Role = Literal["learner", "teacher", "admin", "service"]

LIFETIME = timedelta(minutes=15)
"""Of an access token; how long somebody who is locked out or demoted may go on at most."""
_OURS = "learnflow"
_LEEWAY = timedelta(seconds=30)
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
    login: str | None = field(default=None, compare=False)
    """The log-in that the token came from: a family of refresh tokens."""
    through: str | None = field(default=None, compare=False)
    """The service that acts for them."""
    until: float | None = field(default=None, compare=False)
    """When the token ends, in seconds since the epoch."""


class NotBelieved(Exception):
    """A token that proves nothing; the text says why, without quoting it."""


class Tokens:
    """Makes and reads access tokens. For one event loop."""

    def __init__(self, auth: AuthSettings) -> None:
        self._auth = auth
        self._outside = outside.OutsideKeys(auth.jwks_url) if auth.jwks_url else None

    @property
    def can_make(self) -> bool:
        """Whether there is a key to sign with: where nobody has to log in, there need not be."""
        return bool(self._auth.keys)

    def make(self, person: Person, now: datetime) -> str:
        """Return a token for a person, good for 15 minutes."""
        kid, key = next(iter(self._auth.keys.items()))
        claims = {
            **({"sid": person.login} if person.login else {}),
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
        """Return the person whom a token is about.

        Raises NotBelieved for one that proves nothing (any more), TryAgainLater where an outside issuer has to be asked
        for its keys and does not answer.
        """
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") in outside.ALGORITHMS:
                return await self._read_outside(token, header)
            return self._read_ours(token, header)
        except jwt.ExpiredSignatureError as error:
            raise NotBelieved("The access token has expired. POST /api/v1/auth/refresh brings a new one.") from error
        except (jwt.PyJWTError, ValueError, OverflowError, RecursionError) as error:
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
        return Person(claims["sub"], claims["role"], login=claims.get("sid"), until=claims["exp"])

    async def _read_outside(self, token: str, header: dict[str, Any]) -> Person:
        key = await self._outside.key(str(header.get("kid"))) if self._outside else None
        if key is None:
            raise jwt.InvalidKeyError
        claims = jwt.decode(
            token,
            key,
            algorithms=[key.algorithm_name],
            issuer=self._auth.issuer,
            audience=self._auth.audience,
            leeway=_LEEWAY,
            options={"require": ["exp", "sub"]},
        )
        role = outside_role(claims.get(self._auth.role_claim))
        return Person(outside_id(self._auth.issuer, claims["sub"]), role, is_outside=True, until=claims["exp"])


def outside_id(issuer: str, subject: str) -> str:
    """Return the id that somebody has here whom another issuer speaks for: always the same, and nobody else's."""
    return f"u-{uuid.uuid5(uuid.uuid5(NAMESPACE, f'issuer:{issuer}'), subject)}"


def outside_role(said: object) -> Role:
    """Return what somebody is here of whom another issuer says a role or several; a learner, whatever else it says."""
    named: Iterable[object] = said if isinstance(said, list) else [said]
    known = {each for each in named if isinstance(each, str)}
    return next((role for role in _OUTSIDE_ROLES if role in known), "learner")
