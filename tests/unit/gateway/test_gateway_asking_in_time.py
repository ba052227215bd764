"""An answer that comes at the worst moment is not missed."""

import asyncio
from dataclasses import replace
from typing import Any, cast

import pytest

from functions.shared.edge.asking import Gateway
from functions.shared.edge.requests import RequestState
from functions.shared.edge.waiting import Waiters

pytestmark = pytest.mark.anyio

PENDING = RequestState("r-1", "question", "pending", None, None, False, False, "hash", None, None)


@pytest.fixture
def anyio_backend() -> str:
    """The loop the gateway runs on."""
    return "asyncio"


class Late(Gateway):
    """A gateway whose request is answered, and announced, just while its still pending row is read."""

    def __init__(self) -> None:
        self.waiters = Waiters()
        super().__init__(cast(Any, None), cast(Any, None), self.waiters, source="/here")
        self.looks = 0

    async def _state(self, request_id: str, learner: str) -> RequestState | None:
        self.looks += 1
        if self.looks == 2:  # the first look that is part of the waiting
            self.waiters.ring(request_id)
        return PENDING if self.looks <= 2 else replace(PENDING, status="answered")


async def test_an_answer_announced_while_the_row_is_read_is_not_missed():
    gateway = Late()
    started = asyncio.get_running_loop().time()
    state = await gateway.look("r-1", "ada", seconds=5)

    assert state is not None
    assert state.status == "answered"
    assert asyncio.get_running_loop().time() - started < 1
    assert len(gateway.waiters) == 0
