"""A school with a sign-on of its own: its keys, the server that shows them, and tokens, its own and forged ones."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec, rsa

ISSUER, AUDIENCE = "https://login.school.example", "learnflow-at-school"
RSA, OTHER_RSA = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
EC = ec.generate_private_key(ec.SECP256R1())
SHARED_SECRET = b"a secret that was shown by mistake"


def shown(algorithm: str, key: Any, **members: str) -> dict[str, Any]:
    """Return a public key as an issuer shows it."""
    return {**jwt.get_algorithm_by_name(algorithm).to_jwk(key, as_dict=True), "use": "sig", **members}


@dataclass
class School:
    """The sign-on of a school: a server that shows its keys. `is_down` makes it answer 503."""

    keys: list[dict[str, Any]] = field(
        default_factory=lambda: [
            shown("RS256", RSA.public_key(), kid="rsa", alg="RS256"),
            shown("ES256", EC.public_key(), kid="ec"),
        ]
    )
    url: str = ""
    is_down: bool = False
    asked: int = 0

    async def show(self, _request: web.Request) -> web.Response:
        """Show the keys."""
        self.asked += 1
        return web.json_response({"keys": self.keys}, status=503 if self.is_down else 200)

    def settings(self) -> dict[str, str]:
        """Return the settings of those who believe it."""
        return {"issuer": ISSUER, "audience": AUDIENCE, "jwks_url": self.url}


@asynccontextmanager
async def serving(school: School) -> AsyncIterator[School]:
    """Let a school answer."""
    app = web.Application()
    app.router.add_get("/keys", school.show)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    school.url = f"http://127.0.0.1:{runner.addresses[0][1]}/keys"
    try:
        yield school
    finally:
        await runner.cleanup()


def claims(**changes: Any) -> dict[str, Any]:
    """Return what a token of the school's says; a change to None leaves a claim out."""
    now = datetime.now(UTC)
    said = {"iss": ISSUER, "aud": AUDIENCE, "sub": "ada", "iat": now, "exp": now + timedelta(minutes=5), **changes}
    return {name: value for name, value in said.items() if value is not None}


def token(*, key: Any = RSA, algorithm: str = "RS256", kid: str | None = "rsa", **changes: Any) -> str:
    """Return a token that says what the school's says, with changes."""
    return jwt.encode(claims(**changes), key, algorithm=algorithm, headers={"kid": kid} if kid else None)


def by_hand(header: dict[str, Any], secret: bytes | None) -> str:
    """Return a token as no library would make it, signed by HMAC-SHA256 or not at all."""
    said = {name: int(v.timestamp()) if isinstance(v, datetime) else v for name, v in claims().items()}
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, said)]
    signature = hmac.new(secret, b".".join(parts), hashlib.sha256).digest() if secret is not None else b""
    return b".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()
