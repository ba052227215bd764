"""Learners for a class: real accounts that log in, and what they work on. Nothing of them stays behind."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain

import psycopg

from functions.curriculum.fitting import full_id
from functions.curriculum.reading import curriculum, exercises
from functions.gateway.erasing import erase
from scripts.stack.create_user import create_user
from scripts.stack.places import ROOT
from tests.load.learner import Lesson

QUESTIONS = ROOT / "functions" / "triage" / "training" / "unseen.jsonl"
ASKED = {"query": "question", "code": "code", "error_message": "error_message"}


@dataclass(frozen=True)
class Pupil:
    """Somebody who can log in."""

    id: str
    username: str
    password: str


@contextmanager
def pupils(database_url: str, number: int) -> Iterator[list[Pupil]]:
    """Make accounts, and erase them with everything about them when the block ends."""
    run = secrets.token_hex(4)

    def made(place: int) -> Pupil:
        username, password = f"class-{run}-{place}", secrets.token_urlsafe(12)
        return Pupil(create_user(database_url, username, password, "learner", f"Learner {place}"), username, password)

    with ThreadPoolExecutor(2) as threads:
        everybody = list(threads.map(made, range(number)))
    try:
        yield everybody
    finally:
        asyncio.run(_erase(database_url, [each.id for each in everybody]))


async def _erase(database_url: str, people: list[str]) -> None:
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as db:
        for person in people:
            await erase(db, person)


def lesson() -> Lesson:
    """Return what a class works on: questions as learners word them, and the whole curriculum."""
    asked = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    questions = [{ASKED[name]: text for name, text in each.items() if name in ASKED} for each in asked]
    topics = [topic.id for topic in curriculum().topics]
    every = chain.from_iterable(((topic, exercise) for exercise in exercises(topic)) for topic in topics)
    return Lesson(questions, topics, {full_id(topic, exercise.id): exercise.solution for topic, exercise in every})
