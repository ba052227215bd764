"""Finding the topic of a question: two labelled files of questions, and the rules one by one.

`questions.yaml` is what the finder was developed with. `topic_questions.jsonl` was labelled before the finder was asked
any of it. One half served to tune it; of the other half, when it was first asked, 89 % had the right topic first and
93 % among the first three. What that showed has been mended since, so now both halves guard against getting worse.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from functions.concepts.find import READ_CHARACTERS, Finder
from functions.curriculum.models import Topic
from functions.curriculum.reading import curriculum
from scripts.stack.evaluating.topics import LABELLED, figures, read, score

FINDER = Finder(curriculum())
QUESTIONS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("questions.yaml").read_text("utf-8"))
LEAST_TOP_1 = 0.95
LEAST_TOP_3 = 0.96


def lesson_on(question: str, code: str | None = None, error_message: str | None = None) -> str | None:
    """The topic whose lesson would answer, or None where none would."""
    found = FINDER.find(question, code, error_message)
    return found[0].subject.id if found and isinstance(found[0].subject, Topic) else None


def expected(question: dict[str, Any]) -> list[str | None]:
    topic = question["topic"]
    return topic if isinstance(topic, list) else [topic]


@pytest.mark.parametrize("split", [None, "held-out"])
def test_the_topic_of_nearly_every_labelled_question_is_found(split: str | None) -> None:
    found = figures(score(read(LABELLED, split), FINDER))

    assert found.top_1 >= LEAST_TOP_1
    assert found.top_3 >= LEAST_TOP_3


def test_at_least_95_percent_of_the_questions_it_was_developed_with_find_their_topic() -> None:
    missed = [q["ask"] for q in QUESTIONS if lesson_on(q["ask"], q.get("code")) not in expected(q)]

    assert len(missed) <= 0.05 * len(QUESTIONS), missed


def test_there_are_200_labelled_questions_half_of_them_held_out_and_15_for_each_topic() -> None:
    questions = read(LABELLED)
    topics = [topic for question in questions for topic in question.right]

    assert len(questions) >= 200
    assert 2 * len(read(LABELLED, "held-out")) == len(questions)
    assert all(topics.count(topic.id) >= 15 for topic in curriculum().topics)
    assert topics.count(None) >= 25
    assert sum(bool(question.code) or "\n" in question.query for question in questions) >= 50


def test_no_question_was_labelled_twice() -> None:
    asked = [(question.query, question.code) for question in read(LABELLED)]

    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize("question", [q for q in QUESTIONS if expected(q) == [None]], ids=lambda q: q["ask"][:40])
def test_what_there_is_no_lesson_on_gets_no_lesson(question: dict[str, Any]) -> None:
    assert lesson_on(question["ask"], question.get("code")) is None


def test_a_topic_without_lessons_is_recognised_by_name() -> None:
    best = FINDER.find("Explain Python generators")[0]

    assert (best.subject.id, best.subject.title) == ("generators", "Generators")


def test_the_longest_name_wins() -> None:
    assert [match.subject.id for match in FINDER.find("What is a generator function?")] == ["generators"]


def test_what_is_asked_about_comes_before_what_is_known_already() -> None:
    ranked = FINDER.find("I know functions and classes, but what are decorators?")

    assert [match.subject.id for match in ranked] == ["decorators", "functions", "classes"]
    assert ranked[0].score > 3 * ranked[1].score


def test_what_stands_after_instead_is_not_asked_about() -> None:
    assert lesson_on("when should I use a while loop instead of recursion?") == "loops"
    assert lesson_on("unlike classes, what can functions do?") == "functions"


def test_a_long_name_counts_wherever_it_stands() -> None:
    assert lesson_on("how can two functions run at the same time?") == "async"


def test_articles_within_a_name_do_not_matter() -> None:
    assert FINDER.find("how to sort my list")[0].names == FINDER.find("how to sort a list")[0].names


def test_code_and_errors_decide_only_where_the_words_do_not() -> None:
    code = "for n in numbers:\n    print(n)\n"

    assert lesson_on("what is this?", code) == "loops"
    assert lesson_on("what is a dictionary?", code) == "dictionaries"
    assert lesson_on("what is this?", None, "RuntimeWarning: coroutine 'main' was never awaited") == "async"
    assert lesson_on("what is a dictionary?", None, "RuntimeWarning: coroutine 'main' was never awaited") == (
        "dictionaries"
    )


def test_code_and_errors_count_for_more_than_words_that_only_hint() -> None:
    assert lesson_on("what does this print?", "for n in [1, 2]:\n    print(n)\n") == "loops"


def test_code_is_not_about_what_the_learner_knows() -> None:
    code = "def shout(word):\n    return word.upper()\n"

    assert lesson_on("explain", code) == "functions"
    assert lesson_on("I know def, but what does the rest do?", code) == "strings"


def test_of_an_error_the_last_line_tells() -> None:
    traceback = "Traceback (most recent call last):\n  File \"loops.py\", line 1, in <module>\nKeyError: 'bob'"

    assert lesson_on("what is this?", None, traceback) == "exceptions"


@pytest.mark.parametrize(
    ("code", "topic"),
    [
        ("score = 1\nlives = score\n", "variables"),
        ('print(word.strip() + "!")\n', "strings"),
        ("print(17 // 5, 17 % 5)\n", "numbers"),
        ("if age > 17:\n    print(age)\n", "conditionals"),
        ("for n in [1, 2]:\n    if n > 1:\n        print(n)\n", "loops"),
        ("pets = []\npets.append(1)\nprint(pets[0])\n", "lists"),
        ('ages = {"Ann": 9}\nif "Bo" not in ages:\n    ages["Bo"] = 8\n', "dictionaries"),
        ("def half(n):\n    return n / 2\n", "functions"),
        ("class Dog:\n    def names(self):\n        for name in self.all:\n            print(name)\n", "classes"),
        ("for n in all:\n    try:\n        load(n)\n    except OSError:\n        print(n)\n", "exceptions"),
        ("async def main():\n    for x in y:\n        await x\n", "async"),
        ("@timed\ndef half(n):\n    return n / 2\n", "decorators"),
        ("def count():\n    n = 0\n    while True:\n        yield n\n", None),  # generators
        ("with open(path) as file:\n    text = file.read()\n", None),  # context managers
    ],
)
def test_what_is_special_in_code_counts_for_more_than_what_every_program_has(code: str, topic: str | None) -> None:
    assert lesson_on("what does this do?", code) == topic


def test_words_in_strings_and_comments_are_not_code() -> None:
    found = FINDER.find("explain this", 'message = "class for while @x"  # for def\n')

    assert {match.subject.id for match in found} <= {"variables", "strings"}


def test_an_email_address_is_no_decorator() -> None:
    assert lesson_on("what is me@example.com") is None


def test_a_misspelt_name_counts_a_little_less_than_the_name() -> None:
    right, wrong = FINDER.find("explain decorators"), FINDER.find("explain decoraters")

    assert right[0].subject.id == wrong[0].subject.id == "decorators"
    assert right[0].score > wrong[0].score


@given(st.text(), st.none() | st.text(), st.none() | st.text())
def test_any_text_is_answered_with_a_ranking(question: str, code: str | None, error: str | None) -> None:
    scores = [match.score for match in FINDER.find(question, code, error)]

    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    "text",
    [
        "what is a lop of strnigs 'and \"for `while\n",
        *("\n", " ", "for in ", "in", "`", "if (", '"', "'" * 3, "a.", "@(", "loops ", "while ", "class a("),
        *("1.", "[", "{a:", "-", "lambda:", "x = ", "unlike a ", "if a in ", 'f"{'),
    ],
)
def test_of_a_question_without_end_only_the_beginning_is_read(text: str) -> None:
    beginning = (text * READ_CHARACTERS)[:READ_CHARACTERS]
    endless = beginning + "\n\nWhat is a decorator?\n\n@decorator\ndef f(): pass\n"

    assert FINDER.find(endless, endless) == FINDER.find(beginning, beginning)
