"""Every route's example in API.md is answered as the page shows it: with that status, and an answer of that shape."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from api_steps import PASSWORD, STEPS, Step
from guide_reader import Reader

from scripts.stack.pages import api
from scripts.stack.places import ROOT

pytestmark = pytest.mark.timeout(240)
FILE = ROOT / api.EXAMPLES
LONGEST = 100
"""Characters of a text, and lines of one that is no JSON (CSV, metrics), that the page shows."""
LINES = 6
SECRET = {"access_token", "refresh_token"}


@pytest.fixture(scope="module")
def answers(reader: Reader) -> dict[str, Any]:
    """What was asked and answered, by route."""
    return dict(walk(reader))


def test_every_route_has_an_example():
    assert sorted(step.route for step in STEPS) == sorted(api.routes())


def test_every_example_is_answered_as_the_page_shows_it(answers, request: pytest.FixtureRequest):
    if request.config.getoption("--update-examples"):
        FILE.write_text(json.dumps(answers, indent=1, ensure_ascii=False) + "\n")
    recorded = json.loads(FILE.read_text())

    assert {route: found for route in answers if (found := unlike(recorded[route], answers[route], route))} == {}


def test_answers_are_alike_where_they_have_the_same_fields_of_the_same_kinds():
    assert unlike({"id": "a", "n": 3, "tags": ["x"], "at": None}, {"id": "b", "n": 0.5, "tags": [], "at": "x"}) == []
    assert unlike({"status": 200}, {"status": 404}) == [".status"]
    assert unlike({"answer": {"a": 1}}, {"answer": {"b": 1}}) == [".answer"]
    assert unlike([{"a": 1}], [{"a": "1"}]) == [".0.a"]


def walk(reader: Reader) -> Iterator[tuple[str, Any]]:
    """Take every step, and yield what was asked and answered."""
    people = {"admin": reader.make("root", "admin"), "leaver": ""}
    known: dict[str, str] = {}
    with httpx.Client(base_url=reader.gateway, timeout=40) as client:
        for username in ("leaver", "teacher"):
            body = {"username": username, "password": PASSWORD}
            client.post("/api/v1/auth/register", json=body).raise_for_status()
            people[username] = reader.log_in(username, PASSWORD)
        me = client.get("/api/v1/me", headers={"Authorization": f"Bearer {people['teacher']}"})
        known["teacher"] = me.json()["id"]
        for step in STEPS:
            if step.who == "learner" and "learner" not in people:
                people["learner"] = reader.log_in("mira", PASSWORD)
            headers = step.headers | ({} if step.who == "nobody" else {"Authorization": f"Bearer {people[step.who]}"})
            body = filled(step.body, known)
            target = filled(step.target, known)
            answer = client.request(step.route.split(" ")[0], target, json=body, headers=headers)
            assert answer.status_code < 400, f"{step.route}: {answer.text}"
            told = read(answer)
            known |= {name: str(at(told, place)) for name, place in step.keeps.items()}
            if step.route == "PATCH /api/v1/users/{id}":
                people["teacher"] = reader.log_in("teacher", PASSWORD)
            if step.route == "POST /api/v1/me/password":
                people["leaver"] = reader.log_in("leaver", f"{PASSWORD}-too")
            yield step.route, example_of(step, target, body, answer.status_code, told)


def example_of(step: Step, target: str, body: Any, status: int, told: Any) -> dict[str, Any]:
    """What is recorded of a step."""
    shown = {} if step.who == "nobody" else {"Authorization": "Bearer …"}
    request = {"method": step.route.split(" ")[0], "path": target, "headers": shown | step.headers, "body": cut(body)}
    return {"request": request, "answer": {"status": status, "body": cut(told)}}


def read(answer: httpx.Response) -> Any:
    """The answer as JSON, as text, or None where it is empty."""
    if not answer.content:
        return None
    return answer.json() if "json" in answer.headers["content-type"] else answer.text


def at(value: Any, place: str) -> Any:
    """What lies at a dotted path."""
    for part in place.split("."):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def filled(value: Any, known: dict[str, str]) -> Any:
    """A body or a path with what is kept in place of its names."""
    if isinstance(value, str):
        return re.sub(r"\$(\w+)", lambda found: known[found[1]], value)
    if isinstance(value, dict):
        return {key: filled(inner, known) for key, inner in value.items()}
    return [filled(each, known) for each in value] if isinstance(value, list) else value


def cut(value: Any, key: str = "") -> Any:
    """A value as the page shows it: long texts cut, of a list the first, no token."""
    if isinstance(value, str):
        if key in SECRET:
            return "…"
        if key == "" and value.count("\n") > LINES:
            return "\n".join([*value.splitlines()[:LINES], "…"])
        return value if len(value) <= LONGEST else f"{value[:LONGEST].rstrip()}…"
    if isinstance(value, dict):
        return {name: cut(inner, name) for name, inner in value.items()}
    return [cut(each, key) for each in value[:1]] if isinstance(value, list) else value


def unlike(recorded: Any, answered: Any, place: str = "") -> list[str]:
    """Where two values differ in their fields, in what kind of value those hold, or in a status. What is null or an
    empty list may be anything at another time."""
    if None in (recorded, answered) or [] in (recorded, answered):
        return []
    if isinstance(recorded, dict) and isinstance(answered, dict) and set(recorded) == set(answered):
        return [found for key in recorded for found in unlike(recorded[key], answered[key], f"{place}.{key}")]
    if isinstance(recorded, list) and isinstance(answered, list):
        return unlike(recorded[0], answered[0], f"{place}.0")
    if place.endswith(".status"):
        return [] if recorded == answered else [place]
    same = kind(recorded) == kind(answered) and not isinstance(recorded, dict)
    return [] if same else [place]


def kind(value: Any) -> str:
    """What a value is, whole numbers and others alike."""
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
