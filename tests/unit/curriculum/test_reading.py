"""Reading the curriculum: only what a question needs, once, and with errors an author can act on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from functions.curriculum import reading
from functions.curriculum.reading import LessonUnreadable, content_version, curriculum, lesson, parsed_lesson

GOOD = """---
title: T
summary: S
---
Prose.

## Example: One

```python
print(1)
```

```output
1
```
"""


@pytest.fixture(autouse=True)
def _nothing_read_yet() -> Iterator[None]:
    _forget()
    yield
    _forget()


def _forget() -> None:
    for read in (curriculum, lesson, content_version):
        read.cache_clear()


def test_a_lesson_is_prose_and_examples() -> None:
    taught = parsed_lesson(GOOD, name="x")

    assert (taught.title, taught.summary, taught.prose) == ("T", "S", "Prose.")
    assert [example.model_dump() for example in taught.examples] == [
        {"title": "One", "code": "print(1)\n", "output": "1\n"}
    ]


def test_reading_one_lesson_reads_no_other() -> None:
    lesson("loops", "beginner")
    lesson("loops", "beginner")

    assert lesson.cache_info().currsize == 1
    assert curriculum.cache_info().misses == 1


def test_there_is_no_lesson_outside_the_topics() -> None:
    with pytest.raises(KeyError):
        lesson("../loops", "beginner")
    with pytest.raises(KeyError):
        lesson("regular-expressions", "beginner")


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        (GOOD.removeprefix("---\n"), "front matter"),
        (GOOD.replace("```output", "```text"), "'## Example: One' is not one python block"),
        (GOOD + "\nAnd then?\n", "'## Example: One' is not one python block"),
    ],
)
def test_a_lesson_of_another_form_is_refused_with_its_name(broken: str, complaint: str) -> None:
    with pytest.raises(LessonUnreadable, match=f"loops/beginner.md.*{complaint}"):
        parsed_lesson(broken, name="loops/beginner.md")


def test_a_misspelt_field_is_refused() -> None:
    with pytest.raises(ValidationError, match="sumary"):
        parsed_lesson(GOOD.replace("summary", "sumary"), name="x")


def test_what_was_read_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        curriculum().topics[0].title = "Other"


def test_the_version_changes_with_any_lesson_and_with_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = content_version()
    copy = tmp_path / "topics"
    shutil.copytree(reading.HOME / "topics", copy)
    monkeypatch.setattr(reading, "_TOPICS", copy)
    content_version.cache_clear()
    same = content_version()
    file = copy / "loops" / "advanced.md"
    file.write_text(file.read_text("utf-8") + "\n", "utf-8")
    content_version.cache_clear()

    assert same == original
    assert content_version() != original


def test_a_topic_lies_deeper_than_all_that_it_needs() -> None:
    known = curriculum()

    assert known.depth("regular-expressions") == 0  # there is no lesson on it
    assert known.depth("variables") == 1
    for topic in known.topics:
        assert all(known.depth(needed) < known.depth(topic.id) for needed in topic.prerequisites)
    assert known.by_depth[0].id == "variables"
