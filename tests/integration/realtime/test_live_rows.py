"""Many who wait to be read for are read for together, each from where they are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from functions.realtime import rows as reading
from functions.realtime.cursor import Cursor
from functions.realtime.queries import Told, Wish, told_after
from functions.realtime.rows import MOST_TOGETHER, Rows
from functions.shared.edge.database import AsyncPostgreSQL
from functions.shared.errors import TryAgainLater
from tests.integration.realtime.live_stage import World

pytestmark = pytest.mark.anyio


@pytest.fixture
async def rows(database_url: str) -> AsyncIterator[Rows]:
    """What was said, on the test's database."""
    database = AsyncPostgreSQL(database_url)
    await database.open()
    yield Rows(database)
    await database.close()


@pytest.fixture
def queries(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """For how many each query reads."""
    sizes: list[int] = []

    async def counted(db: Any, wishes: Sequence[Wish]) -> list[Told]:
        sizes.append(len(wishes))
        return await told_after(db, wishes)

    monkeypatch.setattr(reading, "told_after", counted)
    return sizes


async def test_many_at_once_take_few_queries_and_get_what_is_theirs(rows: Rows, queries: list[int], world: World):
    for learner in ("ada", "bo"):
        await world.tells(learner, f"for {learner}")
        await world.alerts(learner, title=f"for {learner}")
    seen = (await rows.after("ada", Cursor())).frames[-1].cursor
    assert seen is not None
    queries.clear()

    wanted = [("ada", Cursor()), ("bo", Cursor()), ("ada", seen), ("nobody", Cursor())] * 25
    pages = await asyncio.gather(*(rows.after(*each) for each in wanted))

    told = [[*(_said(frame.body) for frame in page.frames)] for page in pages]
    assert told == [["for ada"] * 2, ["for bo"] * 2, [], []] * 25
    assert sum(queries) == 100
    assert max(queries) <= MOST_TOGETHER
    assert len(queries) <= 5


def _said(body: Any) -> str:
    said: str = body["message"]["explanation"] if "message" in body else body["alert"]["title"]
    return said


async def test_one_that_gives_up_disturbs_nobody(rows: Rows, world: World):
    await world.tells("ada")
    asking = [asyncio.create_task(rows.after("ada", Cursor())) for _ in range(3)]
    await asyncio.sleep(0)
    asking[1].cancel()
    found = await asyncio.gather(*asking, return_exceptions=True)

    assert isinstance(found[1], asyncio.CancelledError)
    assert [len(page.frames) for page in (found[0], found[2]) if not isinstance(page, BaseException)] == [1, 1]


async def test_all_who_wait_learn_that_the_database_is_away_and_may_ask_again():
    database = AsyncPostgreSQL("postgresql://127.0.0.1:1/nowhere")
    await database.open()
    rows = Rows(database)
    for _ in range(2):
        found = await asyncio.gather(*(rows.after("ada", Cursor()) for _ in range(3)), return_exceptions=True)
        assert [type(each) for each in found] == [TryAgainLater] * 3
    await database.close()
