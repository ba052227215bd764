"""Whatever is sent, the API answers as /openapi.json says it does, and never with an error of its own."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
import schemathesis
import uvicorn
from gateway_stage import Functions, Headers, RecordingBroker, settings
from hypothesis import HealthCheck
from hypothesis import settings as how
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from functions.gateway.app import create_app
from functions.shared.edge.tokens import Person, Role, Tokens
from functions.shared.progressing import ActivityRecorded
from functions.shared.settings import AuthSettings

AUTH = AuthSettings(keys={"k1": b"k" * 32})
ROLES: tuple[Role, ...] = ("learner", "teacher", "admin")
EXAMPLES = 12
"""Of each operation in each role."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]

described = schemathesis.openapi.from_dict(create_app(settings(auth=AUTH)).openapi())


@dataclass
class Running:
    """A gateway that answers at `url`."""

    url: str
    db: psycopg.Connection[Any]

    def headers(self, role: Role) -> dict[str, str]:
        """Return the headers of somebody in a role whom nobody has seen before."""
        person = Person(f"{role}-{uuid.uuid4()}", role)
        self.db.execute("INSERT INTO users (id, role) VALUES (%s, %s)", [person.id, role])
        return {"Authorization": f"Bearer {Tokens(AUTH).make(person, datetime.now(UTC))}"}


@pytest.fixture(scope="module")
def gateway(new_database: Callable[[], AbstractContextManager[str]]) -> Iterator[Running]:
    """A gateway in a thread of its own, behind which everything is answered."""
    with new_database() as database_url, psycopg.connect(database_url, autocommit=True) as db:
        started, addresses, over = threading.Event(), [], threading.Event()

        async def serve() -> None:
            async with RecordingBroker().served() as broker:
                functions = Functions(database_url)

                async def play(headers: Headers, body: bytes) -> None:
                    if headers["ce-type"] != ActivityRecorded.TYPE:  # which nobody answers
                        await functions.play(headers, body)

                broker.on_post = play
                here = settings(auth=AUTH, database_url=database_url, broker_url=broker.url)
                server = uvicorn.Server(uvicorn.Config(create_app(here), port=0, log_config=None))
                serving = asyncio.create_task(server.serve())
                while not server.started:
                    await asyncio.sleep(0.01)
                addresses.append(server.servers[0].sockets[0].getsockname())
                started.set()
                await asyncio.to_thread(over.wait)
                server.should_exit = True
                await serving
                await broker.settle()
                functions.db.close()

        thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
        thread.start()
        assert started.wait(20)
        yield Running(f"http://127.0.0.1:{addresses[0][1]}", db)
        over.set()
        thread.join(20)


@pytest.mark.parametrize("role", ROLES)
@described.parametrize()
@how(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
def test_every_answer_is_one_that_is_described(case: schemathesis.Case, gateway: Running, role: Role):
    response = case.call(base_url=gateway.url, headers=gateway.headers(role), timeout=40)

    case.validate_response(response, checks=CHECKS)
