"""Everybody sees what a language model was sent for them, and that nothing is where there is no model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import httpx
import psycopg
import pytest
from gateway_stage import fields, running

from functions.shared.database import Connection, PostgreSQL
from functions.shared.model_log import MOST_RECEIVED, MOST_SENT, record_answer, record_call
from functions.shared.settings import ModelSettings, Settings, read_settings
from functions.shared.testing import NOON

pytestmark = pytest.mark.anyio
ADA = {"X-Learner-Id": "ada"}
CALLS = "/api/v1/me/model-calls"


@pytest.fixture
def kept(database_url: str) -> Iterator[Connection]:
    """A function's connection."""
    database = PostgreSQL(database_url)
    with database.reading() as connection:
        yield connection
    database.close()


def call(db: Connection, minutes: int, learner: str = "ada", said: str = "What is a loop?") -> str:
    """Keep that a model was asked, minutes after noon."""
    return record_call(
        db,
        learner=learner,
        called_at=NOON + timedelta(minutes=minutes),
        function="concepts",
        model="small-model",
        sent=[{"role": "system", "content": "You teach."}, {"role": "user", "content": said}],
    )


async def test_where_there_is_no_model_it_says_that_nothing_leaves(client: httpx.AsyncClient) -> None:
    shown = (await client.get(CALLS, headers=ADA)).json()

    assert shown == {
        "model": None,
        "note": "No language model is set up here: nothing that you write leaves LearnFlow. Its own tutor answers.",
        "model_calls": [],
        "next": None,
    }


async def test_what_was_sent_and_came_back_is_shown_as_it_was(here: Settings, kept: Connection) -> None:
    answered = call(kept, 0)
    record_answer(kept, answered, "It repeats.", prompt_tokens=12, answer_tokens=3)
    lost = call(kept, 1)

    async with running(replace(here, model=ModelSettings(default="small-model"))) as client:
        shown = (await client.get(CALLS, headers=ADA)).json()

    assert shown["model"] == "small-model"
    assert "as it was sent" in shown["note"]
    assert [(each["id"], each["received"], each["prompt_tokens"]) for each in shown["model_calls"]] == [
        (lost, None, None),
        (answered, "It repeats.", 12),
    ]
    assert shown["model_calls"][1]["sent"] == [
        {"role": "system", "content": "You teach."},
        {"role": "user", "content": "What is a loop?"},
    ]
    assert shown["model_calls"][1]["called_at"] == "2026-03-20T12:00:00Z"


async def test_nobody_sees_what_was_sent_for_others(client: httpx.AsyncClient, kept: Connection) -> None:
    call(kept, 0, learner="bob")

    assert (await client.get(CALLS, headers=ADA)).json()["model_calls"] == []


async def test_pages_follow_each_other_whatever_comes_in_meanwhile(client: httpx.AsyncClient, kept: Connection) -> None:
    ids = [call(kept, minutes) for minutes in (0, 0, 1, 2, 2)]
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        shown = (await client.get(CALLS, params={"limit": "2", **cursor}, headers=ADA)).json()
        seen += [each["id"] for each in shown["model_calls"]]
        if shown["next"] is None:
            break
        cursor = {"cursor": shown["next"]}
        call(kept, 3)

    assert sorted(seen) == sorted(ids)
    assert [ids.index(each) >= 3 for each in seen] == [True, True, False, False, False]


@pytest.mark.parametrize(
    ("params", "field"), [({"limit": "0"}, "query.limit"), ({"cursor": "never-one"}, "query.cursor")]
)
async def test_what_is_no_page_is_refused(client: httpx.AsyncClient, params: dict[str, str], field: str) -> None:
    assert fields(await client.get(CALLS, params=params, headers=ADA)) == [field]


async def test_what_is_long_is_kept_within_bounds(
    client: httpx.AsyncClient, kept: Connection, db: psycopg.AsyncConnection
) -> None:
    record_answer(kept, call(kept, 0, said="long\x00" * MOST_SENT), "x" * 10 * MOST_RECEIVED)

    (shown,) = (await client.get(CALLS, headers=ADA)).json()["model_calls"]
    assert shown["received"].endswith(f"x… ({9 * MOST_RECEIVED} characters more)")
    assert len(shown["sent"][1]["content"]) < MOST_SENT + 50
    assert len(shown["received"]) < MOST_RECEIVED + 50


def test_which_model_is_told_by_the_environment() -> None:
    assert read_settings(environ={}).model.names == ""
    named = {"OPENAI_MODEL": "small-model", "OPENAI_MODEL_EXERCISE": "large-model", "OPENAI_MODEL_TRIAGE": "off"}
    assert read_settings(environ=named).model.names == "large-model, small-model"
