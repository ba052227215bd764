"""Nobody hears what is told to others: whoever is not who they say is refused before there is a WebSocket."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import websockets

from functions.shared.settings import Settings
from tests.integration.realtime.live_stage import Client, Replica, World, client, locked, refusal, replica, token

pytestmark = pytest.mark.anyio

TYPES = "urn:learnflow:problem:"


def bearing(held: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {held}"}


async def test_a_token_in_the_query_opens_ones_own(guarded: Replica, world: World):
    async with client(guarded.url("ada", token=token("ada"))) as ada:
        await world.tells("ada")
        await ada.hears()


async def test_a_token_in_the_header_opens_ones_own(guarded: Replica):
    async with client(guarded.url("ada"), additional_headers=bearing(token("ada"))):
        pass


@pytest.mark.parametrize(
    ("held", "status", "slug"),
    [
        (token("bo"), 403, "not-yours"),
        (token("bo", "teacher"), 403, "not-yours"),
        (token("bo", "admin"), 403, "not-yours"),
        (token("ada", at=datetime.now(UTC) - timedelta(hours=1)), 401, "who-are-you"),
        (token("ada")[:-3] + "abc", 401, "who-are-you"),
        ("nonsense", 401, "who-are-you"),
        ("", 401, "who-are-you"),
    ],
    ids=["somebody-else", "a-teacher", "an-admin", "expired", "forged", "nonsense", "empty"],
)
async def test_any_other_token_is_refused_before_there_is_a_websocket(
    guarded: Replica, held: str, status: int, slug: str
):
    by_query = await refusal(guarded.url("ada", token=held))
    by_header = await refusal(guarded.url("ada"), additional_headers=bearing(held))

    for refused, problem in (by_query, by_header):
        assert (refused, problem["type"], problem["status"]) == (status, TYPES + slug, status)
    assert guarded.connected == 0


async def test_a_service_may_listen_for_whom_it_names(guarded: Replica):
    held = {"token": token("school", "service")}
    async with client(guarded.url("ada", **held), additional_headers={"X-Learner-Id": "ada"}):
        pass

    assert (await refusal(guarded.url("ada", **held)))[0] == 403
    assert (await refusal(guarded.url("ada", **held), additional_headers={"X-Learner-Id": "bo"}))[0] == 403


@pytest.mark.parametrize(
    ("path", "field"),
    [("a%20b", "path.student_id"), ("a" * 65, "path.student_id"), ("ada?last_id=1", "query.last_id")],
)
async def test_what_makes_no_sense_is_refused_by_name(live: Replica, path: str, field: str):
    status, problem = await refusal(f"ws://127.0.0.1:{live.port}/ws/chat/{path}")

    assert (status, [each["field"] for each in problem["errors"]]) == (422, [field])


async def test_pages_of_known_origins_alone_may_connect(live: Replica):
    async with client(live.url("ada"), origin="http://localhost:3000"):
        pass

    status, problem = await refusal(live.url("ada"), origin="http://elsewhere.example")
    assert (status, problem["type"]) == (403, TYPES + "strange-origin")


async def test_where_nobody_logs_in_the_path_says_who_listens(live: Replica):
    async with client(live.url("ada")) as ada:
        assert ada.frames[0]["student_id"] == "ada"
    assert (await refusal(live.url("ada"), additional_headers={"X-Learner-Id": "bo"}))[0] == 403


async def test_without_the_database_nobody_is_let_in_and_all_are_told_when_to_try_again(here: Settings):
    async with replica(replace(here, database_url="postgresql://127.0.0.1:1/nowhere")) as away:
        status, problem = await refusal(away.url("ada"))

    assert (status, problem["type"]) == (503, TYPES + "unavailable")


async def test_the_first_message_may_bring_the_token(guarded: Replica, world: World):
    async with websockets.connect(guarded.url("ada")) as socket:
        ada = Client(socket)
        await ada.says(type="auth", token=token("ada"))
        await ada.hears("authenticated")
        await ada.hears("hello")
        await world.tells("ada")
        await ada.hears()


@pytest.mark.parametrize(
    ("said", "code", "slug"),
    [
        ({"type": "auth", "token": token("bo")}, 4403, "not-yours"),
        ({"type": "auth", "token": "nonsense"}, 4401, "who-are-you"),
        ({"type": "ping"}, 4401, "who-are-you"),
        ({"type": "ask", "id": "1", "question": "What is a loop?"}, 4401, "who-are-you"),
        ({"type": "auth"}, 1008, "invalid-request"),
        ([], 1008, "malformed-json"),
    ],
    ids=["somebody-else", "nonsense", "a-ping", "a-question", "no-token", "no-object"],
)
async def test_any_other_first_message_ends_it_with_a_problem_and_a_code(
    guarded: Replica, world: World, said: object, code: int, slug: str
):
    async with websockets.connect(guarded.url("ada", last_id="0.0")) as socket:
        stranger = Client(socket)
        await world.tells("ada", "secret")
        await socket.send(json.dumps(said))
        assert await stranger.is_closed() == code

    [frame] = stranger.frames
    assert (frame["type"], frame["problem"]["type"]) == ("problem", TYPES + slug)


async def test_whoever_says_nothing_at_all_is_let_go(guarded: Replica):
    async with websockets.connect(guarded.url("ada")) as socket:
        silent = Client(socket)
        assert await silent.is_closed() == 4401
    assert guarded.connected == 0


async def test_whoever_leaves_without_a_word_is_forgotten(guarded: Replica):
    async with websockets.connect(guarded.url("ada")):
        pass
    async with client(guarded.url("ada", token=token("ada"))):
        assert guarded.connected == 1


async def test_a_login_that_ends_is_announced_and_a_new_token_prolongs_it(guarded: Replica):
    ending = token("ada", at=datetime.now(UTC) - timedelta(minutes=14, seconds=50))
    async with client(guarded.url("ada", token=ending)) as ada:
        notice = await ada.hears("login-again")
        assert 0 < notice["in_ms"] <= 10_000
        await ada.says(type="auth", token=token("ada"))
        await ada.hears("authenticated")
        await ada.hears_nothing()


async def test_a_login_that_has_ended_ends_the_connection_and_says_from_where_to_go_on(guarded: Replica, world: World):
    ending = token("ada", at=datetime.now(UTC) - timedelta(minutes=14, seconds=59))
    async with client(guarded.url("ada", token=ending)) as ada:
        await world.tells("ada")
        assert await ada.is_closed() == 4401

    assert (ada.frames[-1]["type"], ada.frames[-1]["in_ms"]) == ("login-again", 0)
    assert ada.frames[-1]["last_id"] == ada.last_id


@pytest.mark.parametrize(("held", "slug"), [("nonsense", "who-are-you"), (token("bo"), "not-yours")])
async def test_a_later_token_that_is_not_believed_changes_nothing(guarded: Replica, held: str, slug: str):
    async with client(guarded.url("ada", token=token("ada"))) as ada:
        await ada.says(type="auth", token=held)
        assert (await ada.hears("problem"))["problem"]["type"] == TYPES + slug
        await ada.hears_nothing()


async def test_no_token_is_ever_logged(here: Settings, capfd: pytest.CaptureFixture[str]):
    held = token("ada")
    async with replica(locked(here)) as guarded:
        async with client(guarded.url("ada", token=held)):
            pass
        await refusal(guarded.url("bo", token=held))

    assert held not in "".join(capfd.readouterr())
