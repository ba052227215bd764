"""Reading the curriculum: each file when it is first needed, and once.

A function starts without it; the first question reads the small files that tell topics apart, and one lesson.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from functions.curriculum.models import Curriculum, Lesson, PlannedTopic, Topic
from functions.curriculum.practice import Exercise, QuizQuestion
from functions.shared.explaining import Example
from functions.shared.payload import Level

HOME = Path(__file__).parent
_TOPICS = HOME / "topics"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster, where PyYAML was built with libyaml

_LESSON = re.compile(r"\A---\n(?P<header>.*?)\n---\n(?P<body>.*)\Z", re.DOTALL)
_EXAMPLE = re.compile(
    r"## Example: (?P<title>[^\n]+)\n+```python\n(?P<code>.*?)```\n+```output\n(?P<output>.*?)```\s*\Z",
    re.DOTALL,
)
_START_OF_EXAMPLE = re.compile(r"^(?=## Example: )", re.MULTILINE)


class LessonUnreadable(Exception):
    """A lesson file does not have the form that README.md describes."""


@cache
def curriculum() -> Curriculum:
    """Read every `topic.yaml` and `planned.yaml`."""
    topics = tuple(
        Topic.model_validate({"id": file.parent.name} | _yaml(file.read_text("utf-8")))
        for file in sorted(_TOPICS.glob("*/topic.yaml"))
    )
    planned = _yaml((HOME / "planned.yaml").read_text("utf-8"))
    return Curriculum(
        topics=topics,
        planned=tuple(PlannedTopic.model_validate({"id": name} | entry) for name, entry in planned.items()),
    )


def exercise_called(exercise_id: str) -> tuple[Topic, Exercise] | None:
    """Return the exercise of an id such as `loops/sum-of-evens` and its topic; None if there is none."""
    topic_id, _, name = exercise_id.partition("/")
    topic = curriculum().topic(topic_id)
    if topic is None:
        return None
    return next(((topic, exercise) for exercise in exercises(topic_id) if exercise.id == name), None)


@cache
def lesson(topic_id: str, level: Level) -> Lesson:
    """Read one lesson; KeyError if there is no such topic, LessonUnreadable if the file has another form."""
    file = _folder(topic_id) / f"{level}.md"
    return parsed_lesson(file.read_text("utf-8"), name=f"{topic_id}/{file.name}")


@cache
def exercises(topic_id: str) -> tuple[Exercise, ...]:
    """Read a topic's exercises, the easy ones first; KeyError if there is no such topic."""
    return tuple(Exercise.model_validate({"id": name} | entry) for name, entry in _entries(topic_id, "exercises"))


@cache
def quiz(topic_id: str) -> tuple[QuizQuestion, ...]:
    """Read a topic's quiz questions; KeyError if there is no such topic."""
    return tuple(QuizQuestion.model_validate({"id": name} | entry) for name, entry in _entries(topic_id, "quiz"))


@cache
def content_version() -> str:
    """Return 12 hex digits that change whenever a file of the curriculum does."""
    digest = hashlib.sha256()
    for file in sorted(path for path in _TOPICS.rglob("*") if path.suffix in {".yaml", ".md"}):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(_TOPICS).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:12]


def parsed_lesson(text: str, *, name: str) -> Lesson:
    """Return the lesson that a Markdown file holds; `name` is how errors call the file."""
    parts = _LESSON.match(text)
    if parts is None:
        raise LessonUnreadable(f"{name}: does not begin with front matter between two lines of ---")
    prose, *examples = _START_OF_EXAMPLE.split(parts["body"])
    return Lesson(
        **_yaml(parts["header"]),
        prose=prose.strip(),
        examples=tuple(_parsed_example(example, name=name) for example in examples),
    )


def _folder(topic_id: str) -> Path:
    if curriculum().topic(topic_id) is None:
        raise KeyError(topic_id)
    return _TOPICS / topic_id


def _entries(topic_id: str, kind: str) -> Iterable[tuple[str, dict[str, Any]]]:
    return _yaml((_folder(topic_id) / f"{kind}.yaml").read_text("utf-8")).items()


def _parsed_example(text: str, *, name: str) -> Example:
    parts = _EXAMPLE.match(text)
    if parts is None:
        title = text.splitlines()[0]
        raise LessonUnreadable(f"{name}: '{title}' is not one python block followed by one output block")
    return Example(title=parts["title"].strip(), code=parts["code"], output=parts["output"])


def _yaml(text: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(text, Loader=_Loader)  # noqa: S506 -- a safe loader, both ways
    return loaded
