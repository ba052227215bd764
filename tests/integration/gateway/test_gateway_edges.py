"""What surrounds the API: probes, metrics, CORS and the description."""

from __future__ import annotations

import re
from datetime import datetime

import httpx
import pytest
from gateway_stage import PLAYED, QUESTION, RecordingBroker, running, until
from gateway_stage import settings as settings_of
from jsonschema import Draft202012Validator

from functions.shared.edge.listening import LISTENING
from functions.shared.events import FOR_PEOPLE

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("prefix", ["", "/api/v1"])
async def test_the_process_says_that_it_is_alive_and_ready(
    client: httpx.AsyncClient, broker: RecordingBroker, prefix: str
):
    health, ready = await client.get(f"{prefix}/health"), await client.get(f"{prefix}/ready")

    assert (health.status_code, ready.status_code) == (200, 200)
    assert health.json() == {
        "status": "ok", "service": "gateway", "timestamp": health.json()["timestamp"], "checks": {}
    }  # fmt: skip
    assert datetime.fromisoformat(health.json()["timestamp"]).tzinfo is not None
    assert ready.json()["checks"] == {"database": "ok", "broker": "ok"}


async def test_without_its_dependencies_the_process_is_alive_but_not_ready():
    nowhere = settings_of(database_url="postgresql://127.0.0.1:1/x", broker_url="http://127.0.0.1:1/x")
    async with running(nowhere) as client:
        health, ready = await client.get("/health"), await client.get("/ready")

    assert health.status_code == 200
    assert ready.status_code == 503
    assert ready.json()["status"] == "unavailable"
    assert "does not answer" in ready.json()["checks"]["database"]
    assert "does not answer" in ready.json()["checks"]["broker"]


async def test_requests_are_counted_by_route_and_status(client: httpx.AsyncClient):
    def served(text: str, **labels: str) -> float:
        wanted = ",".join(f'{name}="{value}"' for name, value in sorted(labels.items()))
        found = re.search(rf"^learnflow_http_requests_total\{{{re.escape(wanted)}\}} (\S+)$", text, re.MULTILINE)
        return float(found[1]) if found else 0

    async def counted() -> tuple[float, float, float]:
        text = (await client.get("/metrics")).text
        return (
            served(text, method="POST", route="/api/v1/query", status="202"),
            served(text, method="GET", route="/api/v1/requests/{id}", status="404"),
            served(text, method="GET", route="other", status="404"),
        )

    before = await counted()
    await client.post("/api/v1/query", json=QUESTION)
    await client.get("/api/v1/requests/what-the-learner-wrote")
    await client.get("/what-the-learner-wrote")
    after = await counted()

    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 1, 1]


async def test_metrics_are_prometheus_text_without_anything_a_learner_wrote(client: httpx.AsyncClient):
    await client.request("SECRET", "/api/v1/query?secret=1")
    await until(lambda: LISTENING._value.get() == 1)
    response = await client.get("/api/v1/metrics")

    assert response.headers["content-type"].startswith("text/plain")
    for name in ("learnflow_http_request_seconds_bucket", "learnflow_waiters 0.0", "learnflow_listening 1.0"):
        assert name in response.text
    assert "secret" not in response.text.lower()


async def test_the_frontend_may_call_and_read_what_it_needs(client: httpx.AsyncClient):
    origin = {"Origin": "http://localhost:3000"}
    asked = "content-type,idempotency-key,prefer,x-learner-id"
    preflight = await client.options(
        "/api/v1/query",
        headers={**origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": asked},
    )
    response = await client.post("/api/v1/query", json=QUESTION, headers=origin)
    problem = await client.post("/api/v1/query", content=b"x" * 200_000, headers=origin)

    assert preflight.status_code == 200
    assert {"POST", "DELETE"} <= set(preflight.headers["access-control-allow-methods"].split(", "))
    assert set(asked.split(",")) <= set(preflight.headers["access-control-allow-headers"].lower().split(", "))
    for answer in (response, problem):
        assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"
        exposed = set(answer.headers["access-control-expose-headers"].split(", "))
        assert exposed == {"Location", "Preference-Applied", "Retry-After"}


async def test_another_origin_may_not(doorstep: httpx.AsyncClient):
    preflight = await doorstep.options(
        "/api/v1/query", headers={"Origin": "http://elsewhere", "Access-Control-Request-Method": "POST"}
    )

    assert preflight.status_code == 400
    assert "access-control-allow-origin" not in preflight.headers


async def test_the_description_is_there_to_read_and_to_generate_from(doorstep: httpx.AsyncClient):
    docs, openapi = await doorstep.get("/docs"), await doorstep.get("/openapi.json")

    assert docs.status_code == 200
    assert {"/api/v1/query", "/api/v1/courses/{id}", "/api/v1/me/export", "/health"} <= set(openapi.json()["paths"])
    assert "HTTPValidationError" not in openapi.text
    for reference in set(re.findall(r'"#/components/schemas/(\w+)"', openapi.text)):
        assert reference in openapi.json()["components"]["schemas"]


async def test_every_operation_has_a_plain_name_of_its_own(doorstep: httpx.AsyncClient):
    paths = (await doorstep.get("/openapi.json")).json()["paths"]
    names = sorted(method["operationId"] for methods in paths.values() for method in methods.values())

    assert len(names) > 40
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z]+(_[a-z]+)*", name) for name in names)


async def test_every_problem_of_every_route_is_described_as_one(doorstep: httpx.AsyncClient):
    paths = (await doorstep.get("/openapi.json")).json()["paths"]
    described = [
        (path, status, response)
        for path, methods in paths.items()
        for method in methods.values()
        for status, response in method["responses"].items()
        if int(status) >= 400 and path != "/ready"
    ]

    assert {status for _, status, _ in described} >= {"400", "403", "404", "413", "415", "422", "500", "502", "503"}
    for path, status, response in described:
        assert list(response["content"]) == ["application/problem+json"], (path, status)
        assert response["description"]


async def test_examples_and_real_answers_are_as_described(client: httpx.AsyncClient, answering: RecordingBroker):
    openapi = (await client.get("/openapi.json")).json()

    def check(name: str, document: object) -> None:
        schema = {"$ref": f"#/components/schemas/{name}", "components": openapi["components"]}
        Draft202012Validator(schema).validate(document)

    for example in openapi["components"]["schemas"]["Question"]["examples"]:
        check("Question", example)
        check("Accepted", (await client.post("/api/v1/query", json=example)).json())
    answered = await client.post("/api/v1/query", json=QUESTION, headers={"Prefer": "wait=10"})
    check("RequestDocument", answered.json())
    for _, answer in PLAYED.values():
        check(type(answer).__name__, {"type": answer.TYPE, **answer.model_dump(mode="json")})
    for path, body in {
        "execute": "Program",
        "exercises/generate": "ExerciseWish",
        "exercises/submit": "Solution",
        "quizzes/next": "QuizWish",
    }.items():
        for example in openapi["components"]["schemas"][body]["examples"]:
            check(body, example)
            answered = await client.post(f"/api/v1/{path}", json=example, headers={"Prefer": "wait=10"})
            check("RequestDocument", answered.json())
    check("ExercisesDocument", (await client.get("/api/v1/exercises")).json())
    check("ExerciseDocument", (await client.get("/api/v1/exercises/loops/countdown")).json())
    for body in ("Choice", "Notice", "Activity"):
        for example in openapi["components"]["schemas"][body]["examples"]:
            check(body, example)
    for body in ("CourseWish", "CourseChange", "Joining", "NewConversation", "Renaming", "SubscriptionWish"):
        for example in openapi["components"]["schemas"][body]["examples"]:
            check(body, example)
    own = {"webhook_url": "https://school.example.org/learnflow"}
    check("SubscribedDocument", (await client.post("/api/v1/notifications/subscribe", json=own)).json())
    check("CoursesDocument", (await client.get("/api/v1/courses")).json())
    check("SubscriptionsDocument", (await client.get("/api/v1/subscriptions")).json())
    check("NotificationsDocument", (await client.get("/api/v1/notifications/demo")).json())
    check("Standing", (await client.get("/api/v1/progress/demo")).json())
    check("LimitsDocument", (await client.get("/api/v1/me/limits")).json())
    check("QuizzesDocument", (await client.get("/api/v1/quizzes")).json())
    for example in openapi["components"]["schemas"]["TriageQuestion"]["examples"]:
        check("RoutingDocument", (await client.post("/api/triage", json=example)).json())
    check("ProblemDocument", (await client.post("/api/v1/query", json={})).json())
    check("ProblemDocument", (await client.get("/nowhere")).json())
    check("Report", (await client.get("/ready")).json())
    with pytest.raises(Exception, match="is not valid under any"):
        check("RequestDocument", {**answered.json(), "answer": {"type": "something.else"}})


async def test_every_answer_there_is_is_described(doorstep: httpx.AsyncClient):
    schemas = (await doorstep.get("/openapi.json")).json()["components"]["schemas"]
    described = {
        schemas[option["$ref"].rpartition("/")[2]]["properties"]["type"]["const"]
        for option in schemas["RequestDocument"]["properties"]["answer"]["anyOf"]
        if "$ref" in option
    }

    assert described == {payload.TYPE for payload in FOR_PEOPLE}


async def test_nobody_else_keeps_what_a_learner_was_told(client: httpx.AsyncClient):
    response = await client.post("/api/v1/query", json=QUESTION)

    assert response.headers["cache-control"] == "no-store"
    assert (await client.get(response.headers["location"])).headers["cache-control"] == "no-store"
