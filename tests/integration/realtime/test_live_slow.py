"""A client that does not read keeps nobody waiting, holds little, and is let go."""

from __future__ import annotations

import pytest

from functions.realtime.queries import PAGE
from functions.shared.settings import Settings
from tests.integration.realtime.live_stage import World, client, listener_that_does_not_read, replica, texts, until

pytestmark = pytest.mark.anyio

MANY = 40
LARGE = "x" * 150_000
"""Forty of these are more than the buffers of two kernels take."""


@pytest.mark.parametrize(
    ("path", "is_websocket"), [("/ws/chat/ada", True), ("/api/v1/stream/ada", False)], ids=["websocket", "stream"]
)
async def test_a_client_that_does_not_read_is_cut_and_nobody_else_notices(
    here: Settings, world: World, path: str, is_websocket: bool
):
    async with (
        replica(here, send_seconds=1.0) as live,
        listener_that_does_not_read(live, path, websocket=is_websocket),
        client(live.url("ada"), max_size=None) as reading,
        client(live.url("bo")) as bo,
    ):
        for number in range(MANY):
            await world.tells("ada", f"{number} {LARGE}")
        await world.tells("bo", "in between")
        await bo.hears()
        while len(texts(reading.frames)) < MANY:
            await reading.hears()
        await until(lambda: live.connected == 2)
        await reading.hears_nothing()
        await bo.hears_nothing()

    assert [text.split()[0] for text in texts(reading.frames)] == [str(number) for number in range(MANY)]


async def test_what_waits_for_a_slow_client_waits_in_the_database(here: Settings, world: World):
    async with (
        replica(here) as live,
        replica(here) as other,
        listener_that_does_not_read(live, "/ws/chat/ada?last_id=0.0", websocket=True),
        client(other.url("ada"), max_size=None) as reading,
    ):
        rows, read = live.app.state.live.rows, []
        unwatched = rows.after

        async def watched(*arguments: object) -> object:
            page = await unwatched(*arguments)
            read.append(len(page.frames))
            return page

        rows.after = watched
        for number in range(MANY):
            await world.tells("ada", f"{number} {LARGE}")
        while len(texts(reading.frames)) < MANY:  # by then it could have read on too, and must not have
            await reading.hears()

        assert 0 < sum(read) < MANY
        assert max(read) <= PAGE
