"""People register, log in, and say who they are; nobody learns who else does, or gets a password back."""

from __future__ import annotations

import asyncio
import unicodedata
from typing import Any

import httpx
import psycopg
import pytest
from argon2 import PasswordHasher
from gateway_stage import fields, problem
from identity_stage import OTHER_PASSWORD, PASSWORD, as_person, bearing, log_in, me, refresh, register

from functions.gateway.passwords import LANES, MEMORY_KIB, PASSES

pytestmark = pytest.mark.anyio


async def test_who_registers_is_a_learner_and_logged_in(guarded: httpx.AsyncClient):
    login = await register(guarded, "Ada@Example.org", name="Ada")

    assert login["user"] == {"id": login["user"]["id"], "username": "ada@example.org", "name": "Ada", "role": "learner"}
    assert (login["token_type"], login["expires_in"], login["refresh_expires_in"]) == ("Bearer", 900, 30 * 24 * 3600)
    seen = (await me(guarded, login)).json()
    assert {name: seen[name] for name in ("id", "username", "name", "role")} == login["user"]
    assert seen["time_zone"] == "UTC"


async def test_who_registered_can_log_in(guarded: httpx.AsyncClient):
    registered = await register(guarded)
    response = await log_in(guarded)

    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    assert response.json()["user"] == registered["user"]
    assert response.json()["refresh_token"] != registered["refresh_token"]


async def test_who_is_logged_in_may_ask_and_who_is_not_may_not(guarded: httpx.AsyncClient):
    login = await register(guarded)
    question = {"question": "What is a loop?"}

    problem(await guarded.post("/api/v1/query", json=question), 401)
    taken = await guarded.post("/api/v1/query", json=question, headers=bearing(login["access_token"]))
    assert taken.status_code == 202
    seen = await guarded.get(taken.headers["location"], headers=bearing(login["access_token"]))
    assert seen.status_code == 200


@pytest.mark.parametrize("body", [{"role": "admin"}, {"id": "ada"}, {"user_id": "ada"}])
async def test_nobody_chooses_their_role_or_id(guarded: httpx.AsyncClient, body: dict[str, str]):
    response = await guarded.post("/api/v1/auth/register", json={"username": "ada", "password": PASSWORD, **body})

    assert fields(response) == [f"body.{next(iter(body))}"]


async def test_who_registers_never_becomes_somebody_who_was_there(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    await db.execute("INSERT INTO users (id) VALUES ('ada')")
    login = await register(guarded, "ada")

    assert login["user"]["id"] != "ada"
    assert login["user"]["id"].startswith("u-")


@pytest.mark.parametrize("again", ["ada@example.org", "ADA@EXAMPLE.ORG", "ａda@example.org"])
async def test_a_username_is_somebodys_however_it_is_typed(guarded: httpx.AsyncClient, again: str):
    await register(guarded, "Ada@example.org")
    response = await guarded.post("/api/v1/auth/register", json={"username": again, "password": OTHER_PASSWORD})

    assert fields(response, 409) == ["body.username"]
    assert (await log_in(guarded, again)).status_code == 200


async def test_of_many_who_want_a_username_at_once_one_gets_it_and_no_trace_is_left_of_the_others(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    body = {"username": "ada", "password": PASSWORD}
    responses = await asyncio.gather(*(guarded.post("/api/v1/auth/register", json=body) for _ in range(6)))

    assert sorted(response.status_code for response in responses) == [201, 409, 409, 409, 409, 409]
    row = await (await db.execute("SELECT count(*) FROM users")).fetchone()
    assert row == (1,)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"username": "ab"}, "username"),
        ({"username": "a" * 255}, "username"),
        ({"username": "ada lovelace"}, "username"),
        ({"username": "ada\u200b"}, "username"),
        ({"username": "ada\n"}, "username"),
        ({"password": "short"}, "password"),
        ({"password": "x" * 257}, "password"),
        ({"password": "e\u0301" * 5}, "password"),
        ({"password": "Password123"}, "password"),
        ({"password": "aaaaaaaaaaaa"}, "password"),
        ({"username": "ada-of-london", "password": "ADA-of-London"}, "password"),
        ({"username": "ada-of-london@example.org", "password": "ada-of-london"}, "password"),
        ({"name": ""}, "name"),
        ({"name": " "}, "name"),
    ],
)
async def test_what_may_not_be_is_named_and_not_repeated(
    guarded: httpx.AsyncClient, changes: dict[str, str], named: str
):
    body = {"username": "somebody", "password": PASSWORD, **changes}
    response = await guarded.post("/api/v1/auth/register", json=body)

    assert fields(response) == [f"body.{named}"]
    assert body["password"] not in response.text


async def test_a_password_is_the_same_from_every_keyboard(guarded: httpx.AsyncClient):
    composed = "caf\u00e9 cr\u00e8me br\u00fbl\u00e9e"
    await register(guarded, password=composed)

    assert (await log_in(guarded, password=unicodedata.normalize("NFD", composed))).status_code == 200


async def test_a_wrong_password_and_an_unknown_name_are_told_alike(guarded: httpx.AsyncClient):
    await register(guarded)
    wrong, unknown = await log_in(guarded, password=OTHER_PASSWORD), await log_in(guarded, "nobody")

    assert problem(wrong, 401) == problem(unknown, 401)
    assert wrong.headers["www-authenticate"] == "Bearer"


async def test_passwords_are_kept_as_argon2id_hashes(guarded: httpx.AsyncClient, db: psycopg.AsyncConnection):
    await register(guarded, "ada")
    await register(guarded, "bob")
    hashes = [row[0] for row in await (await db.execute("SELECT password_hash FROM accounts")).fetchall()]

    assert hashes[0] != hashes[1]
    assert all(each.startswith(f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$") for each in hashes)


async def test_a_hash_of_another_time_is_made_anew_when_its_owner_logs_in(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    await register(guarded)
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    await db.execute("UPDATE accounts SET password_hash = %s", [weak])

    assert (await log_in(guarded, password=OTHER_PASSWORD)).status_code == 401
    assert await (await db.execute("SELECT password_hash FROM accounts")).fetchone() == (weak,)
    assert (await log_in(guarded)).status_code == 200
    [kept] = await (await db.execute("SELECT password_hash FROM accounts")).fetchone() or [""]
    assert f"m={MEMORY_KIB},t={PASSES}" in kept
    assert (await log_in(guarded)).status_code == 200


async def test_one_changes_ones_name_and_time_zone(guarded: httpx.AsyncClient):
    login = await register(guarded, name="Ada")
    headers = bearing(login["access_token"])

    changed = await guarded.patch("/api/v1/me", json={"time_zone": "Europe/Vienna"}, headers=headers)
    assert (changed.json()["name"], changed.json()["time_zone"]) == ("Ada", "Europe/Vienna")
    changed = await guarded.patch("/api/v1/me", json={"name": None}, headers=headers)
    assert (changed.json()["name"], changed.json()["time_zone"]) == (None, "Europe/Vienna")
    assert (await me(guarded, login)).json() == changed.json()


@pytest.mark.parametrize("body", [{"time_zone": "Mars/Olympus"}, {"time_zone": None}, {"role": "admin"}, {"name": 1}])
async def test_nothing_else_about_oneself_is_changed(guarded: httpx.AsyncClient, body: dict[str, Any]):
    login = await register(guarded)
    response = await guarded.patch("/api/v1/me", json=body, headers=bearing(login["access_token"]))

    assert fields(response) == [f"body.{next(iter(body))}"]


async def test_who_has_no_account_is_known_by_their_id_and_has_a_time_zone(client: httpx.AsyncClient):
    headers = {"X-Learner-Id": "grace"}
    seen = (await client.get("/api/v1/me", headers=headers)).json()

    assert (seen["id"], seen["username"], seen["role"]) == ("grace", None, "learner")
    changed = await client.patch("/api/v1/me", json={"time_zone": "Asia/Tokyo"}, headers=headers)
    assert changed.json()["time_zone"] == "Asia/Tokyo"
    problem(await client.patch("/api/v1/me", json={"name": "Grace"}, headers=headers), 409)
    passwords = {"old_password": PASSWORD, "new_password": OTHER_PASSWORD}
    problem(await client.post("/api/v1/me/password", json=passwords, headers=headers), 409)


async def test_where_no_key_is_set_nobody_logs_in_and_is_told_so(client: httpx.AsyncClient):
    said = problem(await log_in(client), 409)

    assert "X-Learner-Id" in said["detail"]


async def test_a_new_password_ends_every_other_log_in(guarded: httpx.AsyncClient):
    here, elsewhere = await register(guarded), (await log_in(guarded)).json()
    response = await guarded.post(
        "/api/v1/me/password",
        json={"old_password": PASSWORD, "new_password": OTHER_PASSWORD},
        headers=bearing(here["access_token"]),
    )

    assert response.status_code == 204
    problem(await refresh(guarded, elsewhere), 401)
    assert (await refresh(guarded, here)).status_code == 200
    problem(await log_in(guarded), 401)
    assert (await log_in(guarded, password=OTHER_PASSWORD)).status_code == 200


async def test_a_password_is_changed_only_by_who_knows_it_and_guesses_count(guarded: httpx.AsyncClient):
    login = await register(guarded)
    body = {"old_password": OTHER_PASSWORD, "new_password": "nine-hungry-foxes"}
    headers = bearing(login["access_token"])

    for _ in range(5):
        response = await guarded.post("/api/v1/me/password", json=body, headers=headers)
        assert fields(response, 403) == ["body.old_password"]
    assert int((await guarded.post("/api/v1/me/password", json=body, headers=headers)).headers["retry-after"]) > 1
    problem(await log_in(guarded), 429)
    assert (await refresh(guarded, login)).status_code == 200


async def test_a_new_password_may_not_be_the_username_either(guarded: httpx.AsyncClient):
    login = await register(guarded, "ada-of-london")
    response = await guarded.post(
        "/api/v1/me/password",
        json={"old_password": PASSWORD, "new_password": "Ada-of-London"},
        headers=bearing(login["access_token"]),
    )

    assert fields(response) == ["body.new_password"]


async def test_an_admin_finds_people_and_says_what_they_are(guarded: httpx.AsyncClient):
    admin = as_person("root", "admin")
    logins = {name: await register(guarded, name) for name in ("ada@example.org", "bob", "cleo")}
    first = (await guarded.get("/api/v1/users", params={"limit": 2}, headers=admin)).json()
    rest = (await guarded.get("/api/v1/users", params={"limit": 2, "cursor": first["next"]}, headers=admin)).json()
    found = (await guarded.get("/api/v1/users", params={"query": "EXAMPLE"}, headers=admin)).json()

    assert [each["username"] for each in first["users"] + rest["users"]] == ["ada@example.org", "bob", "cleo"]
    assert rest["next"] is None
    assert [each["id"] for each in found["users"]] == [logins["ada@example.org"]["user"]["id"]]
    bob = logins["bob"]["user"]["id"]
    changed = await guarded.patch(f"/api/v1/users/{bob}", json={"role": "teacher"}, headers=admin)
    assert changed.json()["role"] == "teacher"
    assert (await refresh(guarded, logins["bob"])).json()["user"]["role"] == "teacher"


async def test_a_role_counts_from_the_next_access_token_on(guarded: httpx.AsyncClient, db: psycopg.AsyncConnection):
    login = await register(guarded)
    await db.execute("UPDATE users SET role = 'admin' WHERE id = %s", [login["user"]["id"]])

    problem(await guarded.get("/api/v1/users", headers=bearing(login["access_token"])), 403)
    again = (await refresh(guarded, login)).json()
    assert (await guarded.get("/api/v1/users", headers=bearing(again["access_token"]))).status_code == 200


async def test_an_admin_changes_neither_themselves_nor_nobody(guarded: httpx.AsyncClient):
    admin = as_person("root", "admin")

    problem(await guarded.patch("/api/v1/users/root", json={"role": "learner"}, headers=admin), 409)
    problem(await guarded.patch("/api/v1/users/nobody", json={"role": "learner"}, headers=admin), 404)
    response = await guarded.patch("/api/v1/users/nobody", json={"role": "king"}, headers=admin)
    assert fields(response) == ["body.role"]
