"""An access token of ours is believed while its key is, and nothing else is taken for one."""

from __future__ import annotations

import asyncio
import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest
from gateway_stage import problem, running
from hypothesis import example, given
from hypothesis import strategies as st
from identity_stage import KEYS, as_person, bearing, locked, register

from functions.shared.edge.tokens import NotBelieved, Tokens
from functions.shared.settings import AuthSettings, Settings

pytestmark = pytest.mark.anyio


async def test_a_key_that_is_no_longer_first_is_believed_until_it_is_taken_away(here: Settings):
    new = b"n" * 32
    before = as_person("ada")
    async with running(locked(here, keys={"k2": new, **KEYS})) as both:
        assert (await both.get("/api/v1/me", headers=before)).status_code == 200
        made = await register(both)
    async with running(locked(here, keys={"k2": new})) as after:
        problem(await after.get("/api/v1/me", headers=before), 401)
        assert (await after.get("/api/v1/me", headers=bearing(made["access_token"]))).status_code == 200


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")  # of the forgery
@pytest.mark.parametrize(
    "changes",
    [
        {"headers": {"kid": "k2"}},
        {"headers": {}},
        {"algorithm": "HS512"},
        {"key": b"x" * 32},
        {"claims": {"iss": "another"}},
        {"claims": {"aud": "another"}},
        {"claims": {"role": "king"}},
        {"claims": {"sub": "../x"}},
        {"claims": {"exp": 1}},
        {"claims": {"exp": 1e400}},
        {"claims": {"iat": 1e10}},
    ],
    ids=str,
)
async def test_a_token_that_is_not_as_ours_are_is_not_believed(guarded: httpx.AsyncClient, changes: dict[str, Any]):
    now = datetime.now(UTC)
    ours = {"iss": "learnflow", "aud": "learnflow", "sub": "ada", "role": "learner", "iat": now}
    said = {**ours, "exp": now + timedelta(minutes=5), **changes.get("claims", {})}
    key, algorithm = changes.get("key", KEYS["k1"]), changes.get("algorithm", "HS256")
    made = jwt.encode(said, key, algorithm=algorithm, headers=changes.get("headers", {"kid": "k1"}))

    problem(await guarded.get("/api/v1/me", headers=bearing(made)), 401)


def _encoded(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


@given(st.one_of(st.text(), st.lists(st.binary(), min_size=3, max_size=3).map(lambda p: ".".join(map(_encoded, p)))))
@example(_encoded(b"[" * 40_000) + ".e30.AA")
@example(_encoded(b'{"alg": "HS256", "kid": ["k1"]}') + ".e30.AA")
@example(_encoded(b'{"alg": "HS256", "kid": "\\ud800"}') + ".e30.AA")
@example(_encoded(b'{"alg": ["RS256"], "kid": "k1"}') + ".e30.AA")
@example(_encoded(b'{"alg": {"RS256": 1}}') + ".e30.AA")
@example("\ud800.\ud800.\ud800")
def test_whatever_is_sent_for_a_token_is_told_to_be_none(text: str):
    with pytest.raises(NotBelieved):
        asyncio.run(Tokens(AuthSettings(keys=KEYS)).read(text))
