"""Concepts: what can be explained is listed with what the learner knows, and any of it is explained on request."""

from __future__ import annotations

import json

import httpx
import psycopg
import pytest
from gateway_stage import RecordingBroker, problem

from functions.curriculum.reading import curriculum
from functions.shared.testing import KNOWS

pytestmark = pytest.mark.anyio

ADA = {"X-Learner-Id": "ada"}


async def given_mastery(db: psycopg.AsyncConnection, learner: str, topic: str, mastery: int) -> None:
    await db.execute("INSERT INTO users (id) VALUES (%s) ON CONFLICT DO NOTHING", [learner])
    await db.execute(KNOWS, {"learner": learner, "topic": topic, "mastery": mastery})


async def test_every_topic_is_listed_after_those_it_needs(client: httpx.AsyncClient):
    listed = (await client.get("/api/v1/concepts")).json()["concepts"]

    topics = [concept["topic"] for concept in listed]
    assert set(topics) == {topic.id for topic in curriculum().topics}
    for concept in listed:
        needed = set(concept["prerequisites"]) & set(topics)
        assert needed <= set(topics[: topics.index(concept["topic"])])
        assert concept["title"]
        assert concept["summary"]
        assert set(concept["near"]) <= set(topics)


async def test_each_learner_sees_their_own_mastery(client: httpx.AsyncClient, db: psycopg.AsyncConnection):
    await given_mastery(db, "ada", "loops", 72)
    await given_mastery(db, "bob", "classes", 15)

    concepts = (await client.get("/api/v1/concepts", headers=ADA)).json()["concepts"]

    known = {concept["topic"]: concept["mastery"] for concept in concepts}
    assert known.pop("loops") == 72
    assert set(known.values()) == {None}


async def test_a_topic_is_explained_without_a_question(client: httpx.AsyncClient, broker: RecordingBroker):
    response = await client.post("/api/v1/concepts/explain", json={"topic": "loops", "level": "advanced"}, headers=ADA)

    assert response.status_code == 202
    headers, body = broker.posts[0]
    assert headers["ce-type"] == "org.learnflow.explanation.requested.v1"
    assert (headers["ce-id"], headers["ce-subject"]) == (response.json()["id"], "ada")
    assert {"topic": "loops", "level": "advanced"}.items() <= json.loads(body).items()


async def test_the_explanation_can_be_waited_for(client: httpx.AsyncClient, answering: RecordingBroker):
    response = await client.post("/api/v1/concepts/explain", json={"topic": "loops"}, headers={"Prefer": "wait=20"})

    assert (response.status_code, response.json()["status"]) == (200, "answered")
    assert response.json()["answer"]["type"] == "org.learnflow.concept.explained.v1"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"topic": "knitting"}, "body.topic"),
        ({}, "body.topic"),
        ({"topic": "loops", "level": "expert"}, "body.level"),
        ({"topic": "loops", "levle": "advanced"}, "body.levle"),
    ],
)
async def test_a_wish_that_cannot_be_granted_names_its_field(doorstep: httpx.AsyncClient, body: dict, field: str):
    response = await doorstep.post("/api/v1/concepts/explain", json=body)

    assert [error["field"] for error in problem(response, 422)["errors"]] == [field]


async def test_a_list_that_cannot_be_read_is_a_problem_for_later(doorstep: httpx.AsyncClient):
    assert problem(await doorstep.get("/api/v1/concepts"), 503)["title"] == "Not available right now"
