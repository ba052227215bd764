"""Teachers, courses and those who are in them, for tests of a gateway where everybody logs in."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import psycopg
from identity_stage import as_person

COURSES = "/api/v1/courses"
ENROLMENTS = "/api/v1/enrolments"


def tess() -> dict[str, str]:
    """The headers of the teacher that most tests are about."""
    return as_person("tess", "teacher")


def theo() -> dict[str, str]:
    """The headers of another teacher."""
    return as_person("theo", "teacher")


def ada() -> dict[str, str]:
    """The headers of a learner."""
    return as_person("ada")


def bob() -> dict[str, str]:
    """The headers of another learner."""
    return as_person("bob")


def root() -> dict[str, str]:
    """The headers of an admin."""
    return as_person("root", "admin")


async def new_course(client: httpx.AsyncClient, who: dict[str, str] | None = None, **wish: Any) -> dict[str, Any]:
    """Let a teacher make a course and return it."""
    response = await client.post(COURSES, json={"title": "Python 1b", **wish}, headers=who or tess())
    assert response.status_code == 201, response.text
    document: dict[str, Any] = response.json()
    return document


async def join(client: httpx.AsyncClient, course: dict[str, Any], who: dict[str, str] | None = None) -> httpx.Response:
    """Let a learner join a course by its code."""
    return await client.post(ENROLMENTS, json={"code": course["code"]}, headers=who or ada())


async def given_course(
    db: psycopg.AsyncConnection, *learners: str, teacher: str = "tess", role: str = "teacher"
) -> str:
    """Make it so that a teacher has a course, and learners are in it; return its id."""
    course = str(uuid.uuid4())
    await db.execute("INSERT INTO users (id, role) VALUES (%s, %s) ON CONFLICT DO NOTHING", [teacher, role])
    await db.execute(
        "INSERT INTO courses (id, teacher_id, title, code) VALUES (%s, %s, 'Python 1b', %s)",
        [course, teacher, course[:8].upper()],
    )
    for learner in learners:
        await db.execute("INSERT INTO users (id) VALUES (%s) ON CONFLICT DO NOTHING", [learner])
        await db.execute("INSERT INTO enrolments (course_id, learner_id) VALUES (%s, %s)", [course, learner])
    return course
