"""Finding the topic of a question: a labelled file of questions, and the rules one by one."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from functions.concepts.find import Finder, parted
from functions.curriculum.models import Topic
from functions.curriculum.reading import curriculum

FINDER = Finder(curriculum())
QUESTIONS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("questions.yaml").read_text("utf-8"))


def lesson_on(question: str, code: str | None = None) -> str | None:
    """The topic whose lesson would answer, or None where none would."""
    found = FINDER.find(question, code)
    return found[0].subject.id if found and isinstance(found[0].subject, Topic) else None


def expected(question: dict[str, Any]) -> list[str | None]:
    topic = question["topic"]
    return topic if isinstance(topic, list) else [topic]


def test_at_least_95_percent_of_the_labelled_questions_find_their_topic(capsys: pytest.CaptureFixture[str]) -> None:
    missed = [q for q in QUESTIONS if lesson_on(q["ask"], q.get("code")) not in expected(q)]
    right = 1 - len(missed) / len(QUESTIONS)
    with capsys.disabled():
        print(f"\nfinder: {right:.1%} of {len(QUESTIONS)} questions; missed: {[q['ask'][:60] for q in missed]}")

    assert len(QUESTIONS) >= 60
    assert right >= 0.95


@pytest.mark.parametrize("question", [q for q in QUESTIONS if expected(q) == [None]], ids=lambda q: q["ask"][:40])
def test_what_there_is_no_lesson_on_gets_no_lesson(question: dict[str, Any]) -> None:
    assert lesson_on(question["ask"], question.get("code")) is None


def test_every_topic_is_asked_about_in_ten_ways() -> None:
    asked = [topic for question in QUESTIONS for topic in expected(question)]

    assert all(asked.count(topic.id) >= 10 for topic in curriculum().topics)


def test_a_topic_without_lessons_is_recognised_by_name() -> None:
    best = FINDER.find("Explain Python variables")[0]

    assert (best.subject.id, best.subject.title) == ("variables", "Variables")


def test_the_longest_name_wins() -> None:
    assert [match.subject.id for match in FINDER.find("What is a generator function?")] == ["generators"]


def test_what_is_asked_about_comes_before_what_is_known_already() -> None:
    ranked = FINDER.find("I know functions and classes, but what are decorators?")

    assert [match.subject.id for match in ranked] == ["decorators", "functions", "classes"]
    assert ranked[0].score > 3 * ranked[1].score


def test_code_decides_only_where_the_words_do_not() -> None:
    code = "for n in numbers:\n    print(n)\n"

    assert lesson_on("what is this?", code) == "loops"
    assert lesson_on("what is a dictionary?", code) is None


def test_in_code_the_topic_that_needs_most_others_wins() -> None:
    code = "class Dog:\n    @cached\n    def names(self):\n        for name in self.all:\n            return name\n"

    assert lesson_on("explain", code.replace("    @cached\n", "")) == "classes"
    assert lesson_on("explain", "for x in y:\n    pass\n") == "loops"


def test_words_in_strings_and_comments_are_not_code() -> None:
    assert lesson_on("explain this", 'message = "class for while @x"  # for def\n') is None


def test_pasted_code_is_parted_from_what_is_said() -> None:
    prose, code = parted("please explain\n```python\nfor x in y:\n    z(x)\n```\nand `@` too")

    assert prose.split() == ["please", "explain", "and", "@", "too"]
    assert code == "for x in y:\n    z(x)\n\n@"


def test_an_email_address_is_no_decorator() -> None:
    assert lesson_on("what is me@example.com") is None


def test_a_misspelt_name_counts_a_little_less_than_the_name() -> None:
    right, wrong = FINDER.find("explain decorators"), FINDER.find("explain decoraters")

    assert right[0].subject.id == wrong[0].subject.id == "decorators"
    assert right[0].score > wrong[0].score


@given(st.text(), st.none() | st.text())
def test_any_text_is_answered_with_a_ranking(question: str, code: str | None) -> None:
    scores = [match.score for match in FINDER.find(question, code)]

    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    "text",
    [
        "what is a lop of strnigs 'and \"for `while\n",
        *("\n", " ", "for in ", "in", "`", "if (", '"', "'" * 3, "a.", "@(", "loops ", "while ", "class a("),
    ],
)
def test_a_question_made_to_be_slow_takes_no_more_than_its_length(text: str) -> None:
    def seconds(length: int) -> float:
        long = text * (length // len(text))
        start = time.perf_counter()
        FINDER.find(long, long)
        FINDER.find("for " + long, "'" + long)
        return time.perf_counter() - start

    seconds(1_000)
    # Quadratic work would take 64 times as long for 8 times the text; noise does not.
    assert min(seconds(160_000) for _ in range(3)) < 30 * min(seconds(20_000) for _ in range(3))
