"""The level of an explanation follows from how the question is worded."""

from __future__ import annotations

import pytest

from functions.concepts.find import Finder
from functions.concepts.level import level_for
from functions.curriculum.models import Topic
from functions.curriculum.reading import curriculum
from functions.shared.payload import Level


@pytest.mark.parametrize(
    ("question", "level"),
    [
        ("What is a loop?", "beginner"),
        ("", "beginner"),
        ("explain loops like I'm five", "beginner"),
        ("explain loops like im 5 pls", "beginner"),
        ("ELI5 decorators", "beginner"),
        ("can you explain it simply", "beginner"),
        ("in simple terms, how does the event loop work internally?", "beginner"),
        ("I'm new to Python. What are classes?", "beginner"),
        ("decorators for dummies", "beginner"),
        ("async from scratch", "beginner"),
        ("How do Python loops work?", "beginner"),
        ("I know the basics of loops, what comes next?", "elementary"),
        ("I'm not a beginner, explain classes", "elementary"),
        ("loops, but not too advanced please", "elementary"),
        ("common mistakes with functions", "elementary"),
        ("what are the pitfalls of default arguments", "elementary"),
        ("when should I use a class", "elementary"),
        ("how exactly does a for loop work", "intermediate"),
        ("what really happens when I call a function", "intermediate"),
        ("the mechanics of await", "intermediate"),
        ("decorators in depth", "advanced"),
        ("Explain loops in detail", "advanced"),
        ("how do classes work under the hood", "advanced"),
        ("how does async work internally", "advanced"),
        ("advanced decorators", "advanced"),
        ("how are functions implemented in CPython", "advanced"),
        ("a deep dive into generators", "advanced"),
        ("performance of loops", "advanced"),
    ],
)
def test_the_wording_tells_the_level(question: str, level: Level) -> None:
    assert level_for(question) == level


@pytest.mark.parametrize(
    ("question", "level"),
    [
        ("What is a closure?", "intermediate"),
        ("what are *args", "elementary"),
        ("what is the mro", "intermediate"),
        ("what does __slots__ do", "advanced"),
        ("what is a function", "beginner"),
        ("what is a closure, in simple words", "beginner"),
        ("closures in depth", "advanced"),
    ],
)
def test_a_part_of_a_topic_is_explained_at_the_level_that_teaches_it(question: str, level: Level) -> None:
    best = Finder(curriculum()).find(question)[0]

    assert isinstance(best.subject, Topic)
    assert level_for(question, best.subject, best.names) == level


@pytest.mark.parametrize(
    ("mastery", "level"),
    [
        (0, "beginner"),
        (40, "beginner"),
        (41, "elementary"),
        (70, "elementary"),
        (71, "intermediate"),
        (90, "intermediate"),
        (91, "advanced"),
        (100, "advanced"),
    ],
)
def test_who_knows_a_topic_well_gets_the_deeper_lesson(mastery: int, level: Level) -> None:
    assert level_for("What is a loop?", mastery=mastery) == level


def test_what_the_question_says_counts_more_than_mastery() -> None:
    assert level_for("explain loops like I'm five", mastery=95) == "beginner"
    assert level_for("loops, but in depth please", mastery=5) == "advanced"
