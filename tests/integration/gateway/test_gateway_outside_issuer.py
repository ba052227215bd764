"""A school's own sign-on speaks for its people here: by what its public keys confirm, and by nothing else."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import psycopg
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from gateway_stage import RecordingBroker, problem, running
from identity_stage import bearing, locked, log_in, register
from school_stage import EC, ISSUER, OTHER_RSA, RSA, SHARED_SECRET, School, by_hand, claims, serving, shown, token

from functions.shared.edge.outside import FRESH_SECONDS, PAUSE_SECONDS, STALE_SECONDS, OutsideKeys
from functions.shared.edge.tokens import outside_id
from functions.shared.errors import TryAgainLater
from functions.shared.settings import Settings

pytestmark = pytest.mark.anyio


@pytest.fixture
async def school() -> AsyncIterator[School]:
    """A school whose sign-on answers."""
    async with serving(School()) as school:
        yield school


@pytest.fixture
async def client(here: Settings, school: School) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a gateway that believes the school."""
    async with running(locked(here, **school.settings())) as client:
        yield client


@pytest.mark.parametrize(("key", "algorithm", "kid"), [(RSA, "RS256", "rsa"), (EC, "ES256", "ec")])
async def test_whom_the_school_speaks_for_is_somebody_here(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection, key: Any, algorithm: str, kid: str
):
    headers = bearing(token(key=key, algorithm=algorithm, kid=kid))
    asked = await client.post("/api/v1/query", json={"question": "What is a loop?"}, headers=headers)

    assert asked.status_code == 202
    row = await (await db.execute("SELECT user_id FROM requests")).fetchone()
    assert row == (outside_id(ISSUER, "ada"),)
    assert (await client.get(asked.headers["location"], headers=headers)).status_code == 200


async def test_they_have_a_profile_from_the_first_moment_and_no_password_here(client: httpx.AsyncClient):
    headers = bearing(token(roles=["teacher"]))
    seen = (await client.get("/api/v1/me", headers=headers)).json()

    assert (seen["id"], seen["username"], seen["role"]) == (outside_id(ISSUER, "ada"), None, "teacher")
    passwords = {"old_password": "seven-brave-otters", "new_password": "eight-sleepy-owls"}
    problem(await client.post("/api/v1/me/password", json=passwords, headers=headers), 409)


async def test_a_role_comes_with_the_token_and_goes_with_it(client: httpx.AsyncClient):
    for said, role in (("teacher", "teacher"), (["learner"], "learner"), (["admin", "service"], "learner")):
        seen = await client.get("/api/v1/me", headers=bearing(token(roles=said)))
        assert seen.json()["role"] == role


async def test_nobody_outside_makes_an_admin(client: httpx.AsyncClient):
    problem(await client.get("/api/v1/users", headers=bearing(token(roles=["admin"]))), 403)


async def test_people_of_the_same_name_here_and_there_are_not_the_same(client: httpx.AsyncClient):
    ours = await register(client, "ada")
    theirs = await client.get("/api/v1/me", headers=bearing(token(sub=ours["user"]["id"])))

    assert theirs.json()["id"] != ours["user"]["id"]
    assert (await log_in(client, "ada")).status_code == 200


WRONG: dict[str, str] = {
    "another issuer": token(iss="https://login.elsewhere.example"),
    "us as the issuer": token(iss="learnflow", aud="learnflow"),
    "no issuer": token(iss=None),
    "another audience": token(aud="another-app"),
    "no audience": token(aud=None),
    "nobody": token(sub=None),
    "no end": token(exp=None),
    "over": token(exp=datetime.now(UTC) - timedelta(minutes=2)),
    "not yet": token(nbf=datetime.now(UTC) + timedelta(minutes=5)),
    "another's key": token(key=OTHER_RSA),
    "a key that nobody has": token(kid="unheard-of"),
    "no key": token(kid=None),
    "the key of another kind": token(key=EC, algorithm="ES256", kid="rsa"),
    "another algorithm": token(algorithm="RS512"),
    "another padding": token(algorithm="PS256"),
    "no algorithm": by_hand({"alg": "none", "kid": "rsa"}, None),
    "no algorithm, spelt otherwise": by_hand({"alg": "nOnE", "kid": "rsa"}, None),
    "the public key for a secret": by_hand(
        {"alg": "HS256", "kid": "rsa"}, RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    ),
    "the public key for a secret, by another name": by_hand(
        {"alg": "RS256", "kid": "rsa"}, RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    ),
    "a key of its own": jwt.encode(
        claims(), OTHER_RSA, "RS256", headers={"kid": "rsa", "jwk": shown("RS256", OTHER_RSA.public_key())}
    ),
    "changed": token()[:-8] + "AAAAAAAA",
}


@pytest.mark.parametrize("what", WRONG)
async def test_a_token_that_the_school_did_not_mean_for_us_is_not_believed(client: httpx.AsyncClient, what: str):
    response = await client.get("/api/v1/me", headers=bearing(WRONG[what]))

    problem(response, 401)
    assert WRONG[what] not in response.text


async def test_a_secret_that_the_school_shows_signs_nothing(client: httpx.AsyncClient, school: School):
    secret = base64.urlsafe_b64encode(SHARED_SECRET).decode().rstrip("=")
    school.keys.append({"kty": "oct", "k": secret, "kid": "shared", "alg": "HS256", "use": "sig"})

    for algorithm in ("HS256", "RS256"):
        forged = by_hand({"alg": algorithm, "kid": "shared"}, SHARED_SECRET)
        problem(await client.get("/api/v1/me", headers=bearing(forged)), 401)
    assert school.asked == 1


async def test_a_key_that_is_not_for_signatures_confirms_none(client: httpx.AsyncClient, school: School):
    school.keys[0]["use"] = "enc"

    problem(await client.get("/api/v1/me", headers=bearing(token())), 401)


async def test_a_school_that_does_not_answer_is_no_reason_to_refuse_anybody_for_good(
    client: httpx.AsyncClient, school: School
):
    school.is_down = True
    response = await client.get("/api/v1/me", headers=bearing(token()))

    problem(response, 503)
    assert response.headers["retry-after"]
    ours = await register(client)
    assert (await client.get("/api/v1/me", headers=bearing(ours["access_token"]))).status_code == 200


@pytest.mark.parametrize("keys", [[], "keys", [{"kty": "RSA"}]])
async def test_a_school_that_shows_nonsense_is_taken_for_one_that_does_not_answer(
    client: httpx.AsyncClient, school: School, keys: Any
):
    school.keys = keys

    problem(await client.get("/api/v1/me", headers=bearing(token())), 503)


async def test_where_there_is_no_school_its_tokens_prove_nothing(guarded: httpx.AsyncClient):
    problem(await guarded.get("/api/v1/me", headers=bearing(token())), 401)


async def test_somebody_elses_token_does_not_open_what_is_mine(client: httpx.AsyncClient, broker: RecordingBroker):
    asked = await client.post("/api/v1/query", json={"question": "Why?"}, headers=bearing(token(sub="ada")))
    location = asked.headers["location"]

    problem(await client.get(location, headers=bearing(token(sub="bob"))), 404)
    assert (await client.get(location, headers=bearing(token(sub="ada")))).status_code == 200
    assert len(broker.posts) == 1


async def test_keys_are_fetched_now_and_then_and_outlast_a_school_that_is_down_for_a_while(school: School):
    now = 0.0
    keys = OutsideKeys(school.url, clock=lambda: now)

    assert await keys.key("rsa")
    now = FRESH_SECONDS - 1
    assert await keys.key("rsa")
    assert school.asked == 1
    school.is_down, now = True, FRESH_SECONDS + 1
    assert await keys.key("rsa")
    assert school.asked == 2
    now = STALE_SECONDS + 1
    with pytest.raises(TryAgainLater):
        await keys.key("rsa")
    school.is_down, now = False, now + PAUSE_SECONDS + 1
    assert await keys.key("rsa")


async def test_a_key_that_the_school_took_back_is_believed_no_longer_than_it_is_fresh(school: School):
    now = 0.0
    keys = OutsideKeys(school.url, clock=lambda: now)

    assert await keys.key("rsa")
    del school.keys[0]
    now = FRESH_SECONDS + 1
    assert await keys.key("rsa") is None
    assert await keys.key("ec")


async def test_a_new_key_of_the_schools_is_found_and_made_up_ones_do_not_flood_it(school: School):
    now = 0.0
    keys = OutsideKeys(school.url, clock=lambda: now)
    await keys.key("rsa")
    school.keys.append(shown("RS256", OTHER_RSA.public_key(), kid="new"))

    for number in range(50):
        assert await keys.key(f"made-up-{number}") is None
    assert school.asked == 1
    now = PAUSE_SECONDS
    assert await keys.key("new")
    assert school.asked == 2
