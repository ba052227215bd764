"""The curriculum as its readers get it: what it promises in README.md, checked for every topic and lesson."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

import pytest

from functions.concepts.words import words
from functions.curriculum.models import LEVELS, Topic
from functions.curriculum.reading import HOME, curriculum, lesson
from functions.shared.explaining import Example
from functions.shared.mermaid import flowchart
from functions.shared.payload import Level

CURRICULUM = curriculum()
TOPICS = CURRICULUM.topics
LESSONS = [(topic, level) for topic in TOPICS for level in LEVELS]
EXAMPLES = [
    pytest.param(example, id=f"{topic.id}-{level}-{number}")
    for topic, level in LESSONS
    for number, example in enumerate(lesson(topic.id, level).examples, start=1)
]
every_lesson = pytest.mark.parametrize(("topic", "level"), LESSONS, ids=lambda part: getattr(part, "id", part))
every_topic = pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.id)

MOST_SHARED = 0.45
"""Share of a lesson's words that another level of the topic may share."""


def test_the_twelve_first_topics_have_lessons() -> None:
    assert {topic.id for topic in TOPICS} >= {
        "variables", "strings", "numbers", "conditionals", "loops", "lists", "dictionaries", "functions", "classes",
        "exceptions", "async", "decorators",
    }  # fmt: skip


@pytest.fixture(scope="module")
def printed() -> dict[str, subprocess.CompletedProcess[str]]:
    """What each example's code prints when a fresh interpreter runs it, by its code."""
    codes = [param.values[0].code for param in EXAMPLES]  # type: ignore[union-attr]
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(codes, pool.map(_run, codes), strict=True))


def _run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-X", "utf8", "-c", code], capture_output=True, text=True, timeout=10, check=False
    )


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_prints_exactly_what_it_says(
    example: Example, printed: dict[str, subprocess.CompletedProcess[str]]
) -> None:
    run = printed[example.code]

    assert (run.stdout, run.stderr, run.returncode) == (example.output, "", 0)


@every_lesson
def test_a_lesson_has_150_to_400_words_and_one_to_three_examples(topic: Topic, level: Level) -> None:
    taught = lesson(topic.id, level)
    fenced = re.sub(r"^```.*?^```", "", taught.prose, flags=re.DOTALL | re.MULTILINE)

    assert 150 <= len(fenced.split()) <= 400
    assert 1 <= len(taught.examples) <= 3


@every_lesson
def test_the_python_in_a_lessons_prose_compiles(topic: Topic, level: Level) -> None:
    for fragment in re.findall(r"```python\n(.*?)```", lesson(topic.id, level).prose, re.DOTALL):
        assert ast.parse(fragment).body


@every_topic
def test_the_levels_of_a_topic_are_different_lessons(topic: Topic) -> None:
    told = {level: Counter(_notable(lesson(topic.id, level).prose)) for level in LEVELS}

    for one, other in combinations(LEVELS, 2):
        shared = (told[one] & told[other]).total() / min(told[one].total(), told[other].total())
        assert shared < MOST_SHARED, f"{topic.id}: {one} and {other} share {shared:.0%} of their words"
    titles = {lesson(topic.id, level).title for level in LEVELS}
    codes = {example.code for level in LEVELS for example in lesson(topic.id, level).examples}
    assert len(titles) == len(LEVELS)
    assert len(codes) == sum(len(lesson(topic.id, level).examples) for level in LEVELS)


def _notable(prose: str) -> list[str]:
    return [word for word in words(prose) if len(word) > 3]


@every_topic
def test_beginners_read_shorter_words_than_the_advanced(topic: Topic) -> None:
    def length(level: Level) -> float:
        told = re.findall(r"[a-z]+", lesson(topic.id, level).prose.lower())
        return sum(map(len, told)) / len(told)

    assert length("beginner") < length("intermediate")
    assert length("beginner") < length("advanced") - 0.4


@every_topic
def test_every_level_has_a_misconception_of_its_own(topic: Topic) -> None:
    assert {mistake.level for mistake in topic.misconceptions} == set(LEVELS)


@every_topic
def test_a_word_taught_at_a_level_is_in_the_lesson_of_that_level(topic: Topic) -> None:
    for level, names in topic.taught_at.items():
        taught = lesson(topic.id, level)
        told = " ".join(words(" ".join((taught.prose, *(example.code for example in taught.examples)))))
        missing = [name for name in names if not all(word in told for word in words(name))]
        assert not missing, f"{topic.id}/{level}.md never speaks of {missing}"


def test_prerequisites_are_topics_or_planned_and_lead_in_no_circle() -> None:
    known = {topic.id for topic in TOPICS} | {planned.id for planned in CURRICULUM.planned}

    assert {need for topic in TOPICS for need in topic.prerequisites} <= known
    assert all(CURRICULUM.depth(topic.id) <= len(TOPICS) for topic in TOPICS)  # a circle would never return


def test_near_topics_have_lessons_and_are_other_topics() -> None:
    taught = {topic.id for topic in TOPICS}

    for subject in (*TOPICS, *CURRICULUM.planned):
        assert set(subject.near) <= taught - {subject.id}, subject.id


def test_no_topic_is_both_taught_and_planned() -> None:
    assert not {topic.id for topic in TOPICS} & {planned.id for planned in CURRICULUM.planned}


def test_no_word_belongs_to_two_topics() -> None:
    owners: dict[tuple[str, ...], set[str]] = {}
    for subject in (*TOPICS, *CURRICULUM.planned):
        for name in (*subject.names, *subject.keywords):
            owners.setdefault(words(name), set()).add(subject.id)

    assert {" ".join(name): ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_every_file_belongs_to_a_lesson() -> None:
    names = ("topic.yaml", "exercises.yaml", "quiz.yaml", *(f"{level}.md" for level in LEVELS))
    expected = {f"{topic.id}/{name}" for topic in TOPICS for name in names}
    topics = HOME / "topics"

    assert {file.relative_to(topics).as_posix() for file in topics.rglob("*") if file.is_file()} == expected


@every_topic
def test_the_diagram_names_its_nodes_and_reaches_all_of_them(topic: Topic) -> None:
    graph = topic.diagram
    reached, before = {graph.nodes[0].id}, 0
    while len(reached) > before:
        before = len(reached)
        reached |= {edge.target for edge in graph.edges if edge.source in reached}

    assert reached == {node.id for node in graph.nodes}
    assert flowchart(graph).count("\n") == 1 + len(graph.nodes) + len(graph.edges)
