"""Every route has one rule, which stands in the table below, and is answered as the rule says to everybody."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import product
from typing import Any, Literal, get_args

import httpx
import psycopg
import pytest
from authorisation_stage import CALLERS, OWNERS, Caller, Owner, given_world, path_of
from fastapi import FastAPI
from fastapi.routing import APIRoute, APIWebSocketRoute, RouteContext, iter_route_contexts
from gateway_stage import problem, settings
from identity_stage import locked

from functions.gateway.app import create_app
from functions.realtime.app import create_app as create_realtime
from functions.shared.edge.identity import Rule, rules_of
from functions.shared.edge.tokens import Role
from functions.shared.settings import Settings

pytestmark = pytest.mark.anyio

GATEWAY: dict[str, Rule] = {
    "POST /api/triage": "signed in",
    "POST /api/v1/auth/login": "anybody",
    "POST /api/v1/auth/logout": "anybody",
    "POST /api/v1/auth/refresh": "anybody",
    "POST /api/v1/auth/register": "anybody",
    "GET /api/v1/concepts": "signed in",
    "POST /api/v1/concepts/explain": "signed in",
    "GET /api/v1/conversations": "signed in",
    "POST /api/v1/conversations": "signed in",
    "DELETE /api/v1/conversations/{id}": "signed in",
    "GET /api/v1/conversations/{id}": "signed in",
    "PATCH /api/v1/conversations/{id}": "signed in",
    "GET /api/v1/courses": "signed in",
    "POST /api/v1/courses": "teacher",
    "DELETE /api/v1/courses/{id}": "course's teacher",
    "GET /api/v1/courses/{id}": "course's teacher",
    "PATCH /api/v1/courses/{id}": "course's teacher",
    "POST /api/v1/courses/{id}/code": "course's teacher",
    "GET /api/v1/courses/{id}/learners": "course's teacher",
    "GET /api/v1/courses/{id}/learners.csv": "course's teacher",
    "DELETE /api/v1/courses/{id}/learners/{learner_id}": "course's teacher or oneself",
    "GET /api/v1/courses/{id}/learners/{learner_id}/timeline": "course's teacher",
    "POST /api/v1/debug": "signed in",
    "POST /api/v1/enrolments": "signed in",
    "POST /api/v1/execute": "signed in",
    "GET /api/v1/exercises": "signed in",
    "POST /api/v1/exercises/generate": "signed in",
    "POST /api/v1/exercises/submit": "signed in",
    "GET /api/v1/exercises/{topic}/{exercise}": "signed in",
    "POST /api/v1/exercises/{topic}/{exercise}/submissions": "signed in",
    "GET /api/v1/health": "anybody",
    "DELETE /api/v1/me": "signed in",
    "GET /api/v1/me": "signed in",
    "PATCH /api/v1/me": "signed in",
    "GET /api/v1/me/export": "signed in",
    "GET /api/v1/me/limits": "signed in",
    "GET /api/v1/me/model-calls": "signed in",
    "POST /api/v1/me/password": "signed in",
    "GET /api/v1/metrics": "anybody",
    "POST /api/v1/notifications/publish": "signed in",
    "POST /api/v1/notifications/send": "signed in",
    "POST /api/v1/notifications/subscribe": "signed in",
    "POST /api/v1/notifications/{id}/dismiss": "signed in",
    "POST /api/v1/notifications/{id}/read": "signed in",
    "GET /api/v1/notifications/{user_id}": "oneself",
    "POST /api/v1/progress": "signed in",
    "GET /api/v1/progress/{user_id}": "oneself or their teacher",
    "POST /api/v1/query": "signed in",
    "GET /api/v1/query/{id}": "signed in",
    "GET /api/v1/quizzes": "signed in",
    "POST /api/v1/quizzes/next": "signed in",
    "POST /api/v1/quizzes/{id}/answers": "signed in",
    "GET /api/v1/ready": "anybody",
    "GET /api/v1/requests/{id}": "signed in",
    "POST /api/v1/review": "signed in",
    "DELETE /api/v1/subscriptions/{id}": "signed in",
    "GET /api/v1/submissions/{id}": "signed in",
    "GET /api/v1/subscriptions": "signed in",
    "GET /api/v1/users": "admin",
    "PATCH /api/v1/users/{id}": "admin",
    "GET /docs": "anybody",
    "GET /health": "anybody",
    "GET /metrics": "anybody",
    "GET /ready": "anybody",
}
REALTIME: dict[str, Rule] = {
    "GET /api/v1/health": "anybody",
    "GET /api/v1/metrics": "anybody",
    "GET /api/v1/ready": "anybody",
    "GET /api/v1/stream/{student_id}": "oneself",
    "GET /docs": "anybody",
    "GET /health": "anybody",
    "GET /metrics": "anybody",
    "GET /ready": "anybody",
    "WS /ws/chat/{student_id}": "oneself",
}
NAMED = re.compile(r"\{(?:\w+_)?id\b")
"""What names something of somebody's in a path."""
CLOSED = [name for name, rule in GATEWAY.items() if rule != "anybody"]
UNRULED = {"GET /openapi.json"}
"""What is no route of ours: the description, which anybody may read."""

IMPLIED: dict[Rule, set[Rule]] = {
    "anybody": set(),
    "signed in": set(),
    "oneself": {"signed in"},
    "teacher": {"signed in"},
    "admin": {"signed in"},
    "course's teacher": {"signed in", "teacher"},
    "course's teacher or oneself": {"signed in"},
    "oneself or their teacher": {"signed in"},
}
"""The rules that a rule asks of somebody on the way."""

BODIES: dict[str, Any] = {
    "PATCH /api/v1/conversations/{id}": {"title": "Another"},
    "PATCH /api/v1/courses/{id}": {"title": "Another"},
    "POST /api/v1/quizzes/{id}/answers": {"choice": 1},
    "PATCH /api/v1/users/{id}": {"role": "teacher"},
}
"""What has to be sent so that it is looked at whose something is; elsewhere an empty body gets as far."""

ROLES: set[Role] = set(get_args(Role))
Answer = Literal[401, 403, 404, "let through"]


@pytest.fixture(scope="module")
def _one_database(new_database: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    with new_database() as url:
        yield url


@pytest.fixture
def database_url(_one_database: str) -> str:
    """One database for all tests here: each begins the world anew."""
    return _one_database


def ruled(app: FastAPI) -> Iterator[tuple[str, RouteContext]]:
    """Yield every route of an application by its method and path."""
    for route in iter_route_contexts(app.routes):
        websocket = isinstance(route.original_route, APIWebSocketRoute)
        for method in {"WS"} if websocket else (route.methods or set()) - {"HEAD"}:
            yield f"{method} {route.path.replace(':path}', '}')}", route


def effective(route: RouteContext) -> set[Rule]:
    """Return the rules of a route that no other of its rules implies."""
    if not isinstance(route.original_route, APIRoute | APIWebSocketRoute):
        return set()
    rules = rules_of(route)  # type: ignore[arg-type]  # it has what a route has
    return rules - {implied for rule in rules for implied in IMPLIED[rule]}


@pytest.mark.parametrize(("create", "table"), [(create_app, GATEWAY), (create_realtime, REALTIME)])
def test_every_route_has_exactly_the_rule_that_the_table_says(create: Any, table: dict[str, Rule]):
    app = create(locked(settings(database_url="postgresql:///nowhere")))
    found = {name: effective(route) for name, route in ruled(app) if name not in UNRULED}

    assert found == {name: {rule} for name, rule in table.items()}


def expected(rule: Rule, name: str, caller: Caller, owner: Owner) -> Answer:
    """Return what a rule says to a caller about what is their own or another's."""
    yes: Answer = "let through"
    own = owner == "own"
    if rule == "anybody":
        return yes
    if caller.role is None:
        return 401
    if rule == "signed in":
        return yes if own or "{id" not in name else 404
    if rule == "oneself":
        return yes if own else 403
    if rule == "teacher":
        return yes if caller.is_teacher else 403
    if rule == "admin":
        return yes if caller.role == "admin" else 403
    if rule == "oneself or their teacher":
        return yes if own or caller.role == "admin" else 403
    if rule == "course's teacher or oneself" and own:
        return yes
    if not caller.is_teacher:
        return 403
    return yes if own or caller.role == "admin" else 404


def answer(response: httpx.Response, name: str) -> Answer:
    """Return what an answer amounts to; where the path names something of ours, not finding it is no way through."""
    status = response.status_code
    if status in {401, 403} or (status == 404 and NAMED.search(name)):
        problem(response, status)
        return status  # type: ignore[return-value]  # one of those just named
    assert status < 500 or "ready" in name, response.text
    return "let through"


@pytest.mark.parametrize("name", GATEWAY)
async def test_everybody_is_answered_as_the_rule_says(
    guarded: httpx.AsyncClient, db: psycopg.AsyncConnection, name: str
):
    method = name.partition(" ")[0]
    await given_world(db)
    for (who, caller), owner in product(CALLERS.items(), OWNERS):
        path = path_of(name, caller, owner)
        response = await guarded.request(method, path, headers=caller.headers, json=BODIES.get(name, {}))

        assert answer(response, name) == expected(GATEWAY[name], name, caller, owner), (who, owner, response.text)
        if method != "GET":
            await given_world(db)


async def test_nobody_but_a_service_acts_for_somebody_else_anywhere(guarded: httpx.AsyncClient):
    for name in CLOSED:
        for role in ROLES - {"service"}:
            caller = Caller("ada", role)
            headers = {**caller.headers, "X-Learner-Id": "bob"}
            path = path_of(name, caller, "another's")
            response = await guarded.request(name.partition(" ")[0], path, headers=headers, json={})

            assert (name, problem(response, 403)["title"]) == (name, "This is somebody else's")


async def test_what_is_no_token_opens_nothing_anywhere(guarded: httpx.AsyncClient):
    for name in CLOSED:
        path = path_of(name, CALLERS["a learner"], "own")
        for authorization in ("Bearer x.y.z", "Bearer ", "Basic YWRhOmFkYQ=="):
            headers = {"Authorization": authorization, "X-Learner-Id": "ada"}
            response = await guarded.request(name.partition(" ")[0], path, headers=headers, json={})

            assert (name, problem(response, 401)["title"]) == (name, "Please log in")


@pytest.mark.parametrize(
    "name", [name for name, rule in REALTIME.items() if name.startswith("GET") and rule == "oneself"]
)
async def test_nobody_listens_to_what_somebody_else_is_told(here: Settings, name: str):
    app = create_realtime(locked(here))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://realtime", timeout=60) as client:
        for caller in CALLERS.values():
            response = await client.get(path_of(name, caller, "another's"), headers=caller.headers)

            problem(response, 401 if caller.role is None else 403)
