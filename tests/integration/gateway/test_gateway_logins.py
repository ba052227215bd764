"""Log-ins are prolonged once a token, end when somebody else has one, and are not to be guessed."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import psycopg
import pytest
from gateway_stage import problem, running
from identity_stage import OTHER_PASSWORD, PASSWORD, bearing, locked, log_in, me, refresh, register

from functions.gateway import passwords
from functions.shared.settings import Settings

pytestmark = pytest.mark.anyio

NAME_HASHES = "SELECT name_hash, failures FROM login_failures"


async def fail(client: httpx.AsyncClient, times: int, username: str = "ada") -> list[int]:
    """Try wrong passwords, one after the other, and return the statuses."""
    return [(await log_in(client, username, OTHER_PASSWORD)).status_code for _ in range(times)]


async def let_pass(db: psycopg.AsyncConnection, seconds: int) -> None:
    """Make it so that what failed did so earlier."""
    await db.execute(
        "UPDATE login_failures SET last_at = last_at - %(ago)s, locked_until = locked_until - %(ago)s",
        {"ago": timedelta(seconds=seconds)},
    )


async def log_out(client: httpx.AsyncClient, token: str) -> int:
    return (await client.post("/api/v1/auth/logout", json={"refresh_token": token})).status_code


async def test_a_refresh_token_brings_the_next_and_is_used_up(guarded: httpx.AsyncClient):
    first = await register(guarded)
    second = (await refresh(guarded, first)).json()
    third = (await refresh(guarded, second)).json()

    assert len({each["refresh_token"] for each in (first, second, third)}) == 3
    assert first["user"] == second["user"] == third["user"]
    assert (await me(guarded, third)).status_code == 200


async def test_a_refresh_token_that_comes_again_ends_the_log_in_and_no_other(guarded: httpx.AsyncClient):
    stolen, elsewhere = await register(guarded), (await log_in(guarded)).json()
    thief = (await refresh(guarded, stolen)).json()

    problem(await refresh(guarded, stolen), 401)
    problem(await refresh(guarded, thief), 401)
    assert (await refresh(guarded, elsewhere)).status_code == 200


async def test_of_many_who_use_a_refresh_token_at_once_one_goes_on_and_not_for_long(guarded: httpx.AsyncClient):
    login = await register(guarded)
    responses = await asyncio.gather(*(refresh(guarded, login) for _ in range(8)))

    assert sorted(response.status_code for response in responses) == [200] + [401] * 7
    [went_on] = [response.json() for response in responses if response.status_code == 200]
    problem(await refresh(guarded, went_on), 401)


async def test_a_rotation_in_the_moment_of_a_revocation_does_not_save_the_family(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    first = await register(guarded)
    second = (await refresh(guarded, first)).json()
    # What a rotation leaves that was under way while the family was revoked: a token which nobody revoked.
    third = (await refresh(guarded, second)).json()
    await db.execute("UPDATE refresh_tokens SET revoked_at = now() WHERE used_at IS NOT NULL")

    problem(await refresh(guarded, third), 401)


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "\x00", "é" * 43])
async def test_what_is_no_refresh_token_brings_nothing(guarded: httpx.AsyncClient, token: str):
    problem(await refresh(guarded, {"refresh_token": token}), 401)
    assert await log_out(guarded, token) == 204


async def test_an_access_token_is_no_refresh_token_nor_the_other_way_round(guarded: httpx.AsyncClient):
    login = await register(guarded)

    assert (await refresh(guarded, {"refresh_token": login["access_token"]})).status_code in {401, 422}
    problem(await guarded.get("/api/v1/me", headers=bearing(login["refresh_token"])), 401)


async def test_a_refresh_token_expires(guarded: httpx.AsyncClient, db: psycopg.AsyncConnection):
    login = await register(guarded)
    await db.execute("UPDATE refresh_tokens SET expires_at = now()")

    problem(await refresh(guarded, login), 401)


async def test_who_is_deleted_cannot_go_on(guarded: httpx.AsyncClient, db: psycopg.AsyncConnection):
    login = await register(guarded)
    await db.execute("DELETE FROM users WHERE id = %s", [login["user"]["id"]])

    problem(await refresh(guarded, login), 401)
    problem(await log_in(guarded), 401)


async def test_logging_out_ends_the_log_in_and_may_be_said_twice(guarded: httpx.AsyncClient):
    login, elsewhere = await register(guarded), (await log_in(guarded)).json()
    latest = (await refresh(guarded, login)).json()

    assert [await log_out(guarded, latest["refresh_token"]) for _ in range(2)] == [204, 204]
    problem(await refresh(guarded, latest), 401)
    assert (await refresh(guarded, elsewhere)).status_code == 200


async def test_refresh_tokens_are_kept_as_hashes(guarded: httpx.AsyncClient, db: psycopg.AsyncConnection):
    login = await register(guarded)
    [kept] = await (await db.execute("SELECT token_hash FROM refresh_tokens")).fetchall()

    assert len(kept[0]) == 32
    assert login["refresh_token"].encode() not in kept[0]
    row = await (await db.execute("SELECT string_agg(t::text, ' ') FROM refresh_tokens t")).fetchone()
    assert row
    assert login["refresh_token"] not in row[0]


async def test_a_log_in_goes_on_at_another_replica(guarded: httpx.AsyncClient, here: Settings):
    login = await register(guarded)
    async with running(locked(here)) as other:
        assert (await me(other, login)).status_code == 200
        assert (await refresh(other, login)).status_code == 200
    problem(await refresh(guarded, login), 401)


async def test_after_five_failures_a_name_is_locked_even_to_who_knows_the_password(guarded: httpx.AsyncClient):
    await register(guarded)

    assert await fail(guarded, 5) == [401] * 5
    response = await log_in(guarded)
    assert problem(response, 429)["type"].endswith("locked")
    assert 15 < int(response.headers["retry-after"]) <= 30
    assert (await log_in(guarded, "ADA")).status_code == 429


async def test_a_name_that_is_nobodys_is_locked_just_the_same(guarded: httpx.AsyncClient):
    assert await fail(guarded, 6, "nobody") == [401] * 5 + [429]
    assert await fail(guarded, 1, "somebody-else") == [401]


async def test_the_lock_grows_with_every_failure_and_ends(guarded: httpx.AsyncClient, db: psycopg.AsyncConnection):
    await register(guarded)
    await fail(guarded, 5)
    waits = []
    for _ in range(8):
        locked_for = int((await log_in(guarded)).headers["retry-after"])
        waits.append(locked_for)
        await let_pass(db, locked_for)
        assert await fail(guarded, 1) == [401]

    longest = [30, 60, 120, 240, 480, 960, 1920, 3600]
    assert all(most / 2 < wait <= most for wait, most in zip(waits, longest, strict=True))
    await let_pass(db, 3600)
    assert (await log_in(guarded)).status_code == 200


async def test_success_clears_what_failed(guarded: httpx.AsyncClient, db: psycopg.AsyncConnection):
    await register(guarded)
    await fail(guarded, 4)

    assert (await log_in(guarded)).status_code == 200
    assert await (await db.execute(NAME_HASHES)).fetchall() == []
    assert await fail(guarded, 5) == [401] * 5


async def test_what_failed_yesterday_counts_no_more(guarded: httpx.AsyncClient, db: psycopg.AsyncConnection):
    await fail(guarded, 5)
    await let_pass(db, 25 * 3600)

    assert await fail(guarded, 6) == [401] * 5 + [429]


async def test_guesses_at_the_same_time_are_no_more_than_guesses_one_by_one(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    await register(guarded)
    responses = await asyncio.gather(*(log_in(guarded, password=OTHER_PASSWORD) for _ in range(30)))
    statuses = [response.status_code for response in responses]

    assert sorted(statuses) == [401] * 5 + [429] * 25
    assert all(1 <= int(each.headers["retry-after"]) <= 30 for each in responses if each.status_code == 429)
    [(name, failures)] = await (await db.execute(NAME_HASHES)).fetchall()
    assert (len(name), failures) == (32, 5)


async def test_guesses_of_two_replicas_are_counted_together(guarded: httpx.AsyncClient, here: Settings):
    await register(guarded)
    async with running(locked(here)) as other:
        responses = await asyncio.gather(
            *(log_in(client, password=OTHER_PASSWORD) for client in (guarded, other) for _ in range(10))
        )

    assert sorted(response.status_code for response in responses) == [401] * 5 + [429] * 15


async def test_names_and_passwords_that_were_tried_are_not_kept(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    await fail(guarded, 1, "my-password-by-mistake")
    row = await (await db.execute("SELECT string_agg(t::text, ' ') FROM login_failures t")).fetchone()

    assert row
    assert "mistake" not in row[0]


async def test_a_log_in_that_a_password_change_overtakes_opens_nothing(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection, monkeypatch: pytest.MonkeyPatch
):
    await register(guarded)
    matches = passwords.Passwords.matches

    async def overtaken(self: passwords.Passwords, password_hash: str | None, password: str) -> bool:
        right = await matches(self, password_hash, password)
        await db.execute("UPDATE accounts SET password_hash = 'another'")
        return right

    monkeypatch.setattr(passwords.Passwords, "matches", overtaken)

    problem(await log_in(guarded), 401)


async def test_more_log_ins_at_once_than_can_be_served_are_asked_to_come_again_and_cost_no_try(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection, monkeypatch: pytest.MonkeyPatch
):
    await register(guarded)
    monkeypatch.setattr(passwords, "MOST_WAITING", 0)
    response = await log_in(guarded)

    problem(response, 503)
    assert response.headers["retry-after"]
    assert await (await db.execute(NAME_HASHES)).fetchall() == []


async def test_neither_passwords_nor_tokens_are_logged(
    guarded: httpx.AsyncClient, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
):
    caplog.set_level("DEBUG")
    login = await register(guarded, "ada@example.org", name="Ada")
    again = (await refresh(guarded, login)).json()
    await me(guarded, again)
    await guarded.get("/api/v1/me", headers=bearing(again["access_token"][:-3]))
    await log_in(guarded, "ada@example.org", OTHER_PASSWORD)
    await guarded.post("/api/v1/auth/login", json={"username": "ada@example.org", "password": [OTHER_PASSWORD]})
    await refresh(guarded, login)
    await log_out(guarded, again["refresh_token"])
    said = capsys.readouterr()
    logged = said.out + said.err + caplog.text

    assert "/api/v1/auth/register" in logged
    secrets = [PASSWORD, OTHER_PASSWORD, "ada@example.org"]
    secrets += [each[name] for each in (login, again) for name in ("access_token", "refresh_token")]
    assert not [secret for secret in secrets if secret in logged]
    assert login["access_token"].rpartition(".")[2] not in logged
