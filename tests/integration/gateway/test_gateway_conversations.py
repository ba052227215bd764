"""Conversations: begun by what is asked or by name, listed, read, renamed, deleted with all that was said in them."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

import httpx
import psycopg
import pytest
from gateway_stage import (
    EXPLAINED,
    QUESTION,
    Functions,
    RecordingBroker,
    body_of,
    fields,
    given_quiz,
    posted,
    problem,
    reply_as,
    running,
)

from functions.shared.settings import Settings

pytestmark = pytest.mark.anyio

ADA = {"X-Learner-Id": "ada"}
BOB = {"X-Learner-Id": "bob"}
HERE = "/api/v1/conversations"


async def ask(
    client: httpx.AsyncClient, session: str | None = "monday", who: dict[str, str] = ADA, **question: Any
) -> str:
    """Ask something in a session and return the request's id."""
    body = {**QUESTION, "session_id": session, **question}
    response = await client.post("/api/v1/query", json=body, headers=who)
    assert response.status_code in {200, 202}, response.text
    return str(response.json()["id"])


async def listed(client: httpx.AsyncClient, query: str = "", who: dict[str, str] = ADA) -> dict[str, Any]:
    response = await client.get(f"{HERE}{query}", headers=who)
    assert response.status_code == 200, response.text
    document: dict[str, Any] = response.json()
    return document


async def read(
    client: httpx.AsyncClient, conversation: str, query: str = "", who: dict[str, str] = ADA
) -> dict[str, Any]:
    response = await client.get(f"{HERE}/{quote(conversation, safe='')}{query}", headers=who)
    assert response.status_code == 200, response.text
    document: dict[str, Any] = response.json()
    return document


async def count(db: psycopg.AsyncConnection, table: str) -> int:
    row = await (await db.execute(f"SELECT count(*) FROM {table}")).fetchone()
    assert row is not None
    return int(row[0])


async def test_the_first_question_of_a_session_begins_a_conversation(client: httpx.AsyncClient):
    await ask(client, question="Hi! How do loops work? I have no idea.")

    (found,) = (await listed(client))["conversations"]
    assert (found["id"], found["title"], found["questions"]) == ("monday", "How do loops work?", 1)
    assert found["created_at"] == found["last_at"]
    assert found["links"] == {"self": f"{HERE}/monday"}


async def test_the_title_stays_that_of_the_first_question(client: httpx.AsyncClient):
    await ask(client, question="How do loops work?")
    await ask(client, question="What is a list?")

    (found,) = (await listed(client))["conversations"]
    assert (found["title"], found["questions"]) == ("How do loops work?", 2)


@pytest.mark.parametrize("session", [None, "", " \n", ".", ".."])
async def test_what_names_no_session_belongs_to_no_conversation(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection, session: str | None
):
    await ask(client, session)

    assert (await listed(client))["conversations"] == []
    assert await (await db.execute("SELECT conversation_id FROM requests")).fetchone() == (None,)


async def test_whatever_carries_a_session_belongs_to_its_conversation(
    client: httpx.AsyncClient, db: psycopg.AsyncConnection
):
    await given_quiz(db, "ada", "q-1")
    for path, body in {
        "/api/v1/debug": {"code": "print(x)", "error_message": "NameError: name 'x' is not defined"},
        "/api/v1/query": QUESTION,
        "/api/v1/review": {"code": "x = 1"},
        "/api/v1/execute": {"code": "print(1)"},
        "/api/v1/concepts/explain": {"topic": "loops"},
        "/api/v1/exercises/generate": {"topic": "loops"},
        "/api/v1/exercises/loops/sum-of-evens/submissions": {"code": "pass"},
        "/api/v1/quizzes/next": {"topic": "loops"},
        "/api/v1/quizzes/q-1/answers": {"choice": 0},
    }.items():
        response = await client.post(path, json={**body, "session_id": "monday"}, headers=ADA)
        assert response.status_code == 202, response.text

    document = await read(client, "monday")
    assert document["title"] == "Debugging: NameError"
    assert [turn["kind"] for turn in document["turns"]] == [
        "debugging", "question", "review", "execution", "explanation", "exercise", "submission", "quiz", "quiz_answer",
    ]  # fmt: skip


async def test_a_conversation_shows_what_was_asked_and_answered_in_order(
    client: httpx.AsyncClient, answering: RecordingBroker
):
    first = await ask(client, question="Can you explain how Python loops work?")
    await answering.settle()
    second = await ask(client, question="Why does this crash?", code="print(x)", error_message="NameError: x")
    await answering.settle()

    document = await read(client, "monday")
    one, two = document["turns"]
    assert (one["id"], two["id"]) == (first, second)
    assert (one["asked"], one["status"], one["routed_to"]) == (
        {"question": "Can you explain how Python loops work?"}, "answered", "concepts",
    )  # fmt: skip
    assert one["answer"]["type"] == "org.learnflow.concept.explained.v1"
    assert one["answer"]["explanation"] == EXPLAINED.explanation
    assert two["asked"] == {
        "question": "Why does this crash?", "code": "print(x)", "error_message": "NameError: x",
    }  # fmt: skip
    assert two["answer"]["cause"] == "misspelt_name"
    assert one["links"] == {"self": f"/api/v1/requests/{first}"}
    assert document["questions"] == 2


async def test_what_is_not_answered_yet_is_shown_as_such(client: httpx.AsyncClient):
    await ask(client)

    (turn,) = (await read(client, "monday"))["turns"]
    assert (turn["status"], turn["routed_to"], turn["answer"]) == ("pending", None, None)


async def test_a_question_repeated_with_its_key_is_one_turn_and_touches_nothing(client: httpx.AsyncClient):
    body = {**QUESTION, "session_id": "monday"}
    headers = {**ADA, "Idempotency-Key": "k"}
    for _ in range(2):
        assert (await client.post("/api/v1/query", json=body, headers=headers)).status_code == 202
        await ask(client, "tuesday")
    await client.post("/api/v1/query", json=body, headers=headers)

    assert [(each["id"], each["questions"]) for each in (await listed(client))["conversations"]] == [
        ("tuesday", 2),
        ("monday", 1),
    ]


async def test_conversations_are_listed_a_page_at_a_time_the_latest_first(client: httpx.AsyncClient):
    for session in ("a", "b", "c", "d", "e", "b"):
        await ask(client, session)

    first = await listed(client, "?limit=2")
    second = await listed(client, f"?limit=2&cursor={first['next']}")
    last = await listed(client, f"?limit=2&cursor={second['next']}")

    assert [[each["id"] for each in page["conversations"]] for page in (first, second, last)] == [
        ["b", "e"], ["d", "c"], ["a"],
    ]  # fmt: skip
    assert last["next"] is None


async def test_turns_are_shown_a_page_at_a_time_the_earliest_first(client: httpx.AsyncClient):
    asked = [await ask(client) for _ in range(5)]

    first = await read(client, "monday", "?limit=3")
    last = await read(client, "monday", f"?limit=3&cursor={first['next']}")

    assert [turn["id"] for turn in first["turns"] + last["turns"]] == asked
    assert (len(first["turns"]), last["next"]) == (3, None)


@pytest.mark.parametrize("cursor", ["x", "!!", "WzFd", "W10", "a" * 3000])
async def test_what_is_no_cursor_is_refused(client: httpx.AsyncClient, cursor: str):
    await ask(client)

    assert fields(await client.get(f"{HERE}?cursor={cursor}", headers=ADA)) == ["query.cursor"]
    assert fields(await client.get(f"{HERE}/monday?cursor={cursor}", headers=ADA)) == ["query.cursor"]


async def test_a_conversation_can_be_begun_before_anything_is_asked(client: httpx.AsyncClient):
    begun = await client.post(HERE, json={}, headers=ADA)
    id = begun.json()["id"]

    assert begun.status_code == 201
    assert (begun.json()["title"], begun.json()["questions"]) == (None, 0)
    assert begun.headers["Location"] == begun.json()["links"]["self"] == f"{HERE}/{id}"
    await ask(client, id, question="What is a list?")
    (found,) = (await listed(client))["conversations"]
    assert (found["id"], found["title"]) == (id, "What is a list?")


async def test_a_title_that_was_given_is_not_replaced_by_a_question(client: httpx.AsyncClient):
    begun = (await client.post(HERE, json={"title": "  For \n Friday "}, headers=ADA)).json()
    await ask(client, begun["id"])

    assert (await read(client, begun["id"]))["title"] == "For Friday"


async def test_a_conversation_can_be_given_another_title(client: httpx.AsyncClient):
    await ask(client)
    renamed = await client.patch(f"{HERE}/monday", json={"title": "Loops"}, headers=ADA)
    await ask(client, question="What is a list?")

    assert (renamed.status_code, renamed.json()["title"], renamed.json()["questions"]) == (200, "Loops", 1)
    assert (await read(client, "monday"))["title"] == "Loops"


@pytest.mark.parametrize("title", ["", " \n", "x" * 201, None, 7])
async def test_a_title_has_to_say_something_in_one_line(client: httpx.AsyncClient, title: object):
    await ask(client)

    assert fields(await client.patch(f"{HERE}/monday", json={"title": title}, headers=ADA)) == ["body.title"]


@pytest.mark.parametrize(
    "session", ["a/b", "../x", "%2F", "a?b#c", "a b", "ünï 🐍", "/", "x" * 128, "\x00", "a\nb", "a//b/", ";=&+"]
)
async def test_a_conversation_is_found_whatever_its_client_called_it(client: httpx.AsyncClient, session: str):
    await ask(client, session)
    ((found),) = (await listed(client))["conversations"]
    link = found["links"]["self"]

    assert link == f"{HERE}/{quote(found['id'], safe='')}"
    assert (await client.get(link, headers=ADA)).json()["questions"] == 1
    assert (await client.patch(link, json={"title": "Mine"}, headers=ADA)).json()["id"] == found["id"]
    assert (await client.delete(link, headers=ADA)).status_code == 204
    problem(await client.get(link, headers=ADA), 404)


@pytest.mark.parametrize("path", ["/nothing", "/%20", "/..%2F", "/%00", "/"])
async def test_a_conversation_that_there_is_not_is_not_found(client: httpx.AsyncClient, path: str):
    problem(await client.get(f"{HERE}{path}", headers=ADA), 404)
    problem(await client.patch(f"{HERE}{path}", json={"title": "Mine"}, headers=ADA), 404)
    problem(await client.delete(f"{HERE}{path}", headers=ADA), 404)


async def test_somebody_elses_conversation_is_not_there(client: httpx.AsyncClient):
    await ask(client, who=ADA)

    assert (await listed(client, who=BOB))["conversations"] == []
    problem(await client.get(f"{HERE}/monday", headers=BOB), 404)
    problem(await client.patch(f"{HERE}/monday", json={"title": "Mine"}, headers=BOB), 404)
    problem(await client.delete(f"{HERE}/monday", headers=BOB), 404)
    assert (await read(client, "monday"))["questions"] == 1


async def test_two_people_may_call_their_conversations_the_same(client: httpx.AsyncClient):
    await ask(client, who=ADA, question="How do loops work?")
    await ask(client, who=BOB, question="What is a list?")

    assert (await read(client, "monday", who=ADA))["title"] == "How do loops work?"
    assert (await read(client, "monday", who=BOB))["title"] == "What is a list?"


async def test_what_was_said_in_a_conversation_goes_with_it(
    client: httpx.AsyncClient, answering: RecordingBroker, db: psycopg.AsyncConnection
):
    kept = await ask(client, "tuesday")
    gone = await ask(client, "monday")
    await answering.settle()
    response = await client.delete(f"{HERE}/monday", headers=ADA)

    assert (response.status_code, response.content) == (204, b"")
    assert [each["id"] for each in (await listed(client))["conversations"]] == ["tuesday"]
    problem(await client.get(f"/api/v1/requests/{gone}", headers=ADA), 404)
    for table, column in (("requests", "id"), ("messages", "request_id")):
        assert await (await db.execute(f"SELECT {column} FROM {table}")).fetchall() == [(kept,)]


async def test_an_answer_that_comes_after_the_deletion_is_not_kept(
    client: httpx.AsyncClient, broker: RecordingBroker, functions: Functions, db: psycopg.AsyncConnection
):
    await ask(client)
    routed = await asyncio.to_thread(functions.route, *broker.posts[0])
    await client.delete(f"{HERE}/monday", headers=ADA)
    await asyncio.to_thread(functions.deliver, reply_as(routed, EXPLAINED, function="concepts"))

    assert [await count(db, table) for table in ("requests", "messages", "conversations")] == [0, 0, 0]


async def test_no_answer_escapes_a_deletion_at_the_same_time(
    client: httpx.AsyncClient, broker: RecordingBroker, functions: Functions, db: psycopg.AsyncConnection
):
    for _ in range(10):
        await ask(client)
    answers = [reply_as(posted(*post), EXPLAINED, function="concepts") for post in broker.posts]
    await asyncio.gather(
        *(asyncio.to_thread(functions.deliver, answer) for answer in answers),
        client.delete(f"{HERE}/monday", headers=ADA),
    )

    assert [await count(db, table) for table in ("requests", "messages")] == [0, 0]


async def test_what_was_deleted_does_not_come_back_under_its_key(
    client: httpx.AsyncClient, broker: RecordingBroker, db: psycopg.AsyncConnection
):
    body, headers = {**QUESTION, "session_id": "monday"}, {**ADA, "Idempotency-Key": "k"}
    await client.post("/api/v1/query", json=body, headers=headers)
    await client.delete(f"{HERE}/monday", headers=ADA)
    again = await client.post("/api/v1/query", json=body, headers=headers)

    assert problem(again, 422)["type"].endswith("key-reused")
    assert [await count(db, table) for table in ("requests", "conversations")] == [0, 0]
    assert len(broker.posts) == 1


async def test_a_session_that_was_deleted_can_begin_anew(client: httpx.AsyncClient):
    await ask(client, question="How do loops work?")
    await client.delete(f"{HERE}/monday", headers=ADA)
    await ask(client, question="What is a list?")

    document = await read(client, "monday")
    assert (document["title"], document["questions"]) == ("What is a list?", 1)


async def test_first_questions_at_the_same_time_begin_one_conversation_on_two_replicas(
    client: httpx.AsyncClient, here: Settings
):
    async with running(here) as other:
        asked = await asyncio.gather(
            *(ask(replica, question=f"Question {n}?") for n in range(8) for replica in (client, other))
        )
        (seen,) = (await listed(other))["conversations"]

    document = await read(client, "monday", "?limit=50")
    assert seen["questions"] == document["questions"] == 16
    assert document["title"] in {f"Question {n}?" for n in range(8)}
    assert sorted(turn["id"] for turn in document["turns"]) == sorted(asked)


async def test_questions_and_deletions_at_the_same_time_leave_no_request_without_its_conversation(
    client: httpx.AsyncClient, here: Settings, db: psycopg.AsyncConnection
):
    async with running(here) as other:
        for _ in range(3):
            await asyncio.gather(
                *(ask(client) for _ in range(6)), *(other.delete(f"{HERE}/monday", headers=ADA) for _ in range(3))
            )

    left = (await listed(client))["conversations"]
    assert sum(each["questions"] for each in left) == await count(db, "requests")


async def test_a_follow_up_is_understood_over_the_api(
    client: httpx.AsyncClient, answering: RecordingBroker, functions: Functions
):
    await ask(client)
    await answering.settle()
    answering.on_post = None
    await ask(client, question="give me an exercise on that")
    routed = await asyncio.to_thread(functions.route, *answering.posts[-1])

    assert body_of(answering.posts[-1])["session_id"] == "monday"
    assert routed.type == "org.learnflow.exercise.requested.v1"
    assert routed.data.topic == "loops"  # type: ignore[attr-defined]  # an exercise request's
