"""Exercises and quizzes as learners get them: they keep their own rules, and every quiz answer is true.

That every solution passes and no starter does is tried in the sandbox: tests/sandbox/test_every_exercise.py.
"""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from functions.curriculum.constructs import CONSTRUCTS, calls_in, constructs_in
from functions.curriculum.practice import Exercise, ExerciseTest, QuizQuestion
from functions.curriculum.reading import HOME, curriculum, exercises, quiz

TOPICS = [topic.id for topic in curriculum().topics]
EXERCISES = [pytest.param(exercise, id=f"{topic}-{exercise.id}") for topic in TOPICS for exercise in exercises(topic)]
QUESTIONS = [pytest.param(question, id=f"{topic}-{question.id}") for topic in TOPICS for question in quiz(topic)]
every_exercise = pytest.mark.parametrize("exercise", EXERCISES)
every_question = pytest.mark.parametrize("question", QUESTIONS)


def shown(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().split("\n")]


@every_exercise
def test_the_solution_uses_what_is_required_and_calls_nothing_forbidden(exercise: Exercise) -> None:
    assert set(exercise.requires) <= constructs_in(exercise.solution)
    assert not set(exercise.forbids) & calls_in(exercise.solution)


@every_exercise
def test_no_hint_gives_the_solution_away(exercise: Exercise) -> None:
    lines = {line.strip() for line in exercise.solution.splitlines()} - {
        line.strip() for line in exercise.starter.splitlines()
    }
    given = {line for line in lines if len(line) > 12 and any(line in hint for hint in exercise.hints)}

    assert len(given) <= len(lines) / 3


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_has_exercises_from_easy_to_hard_and_five_questions(topic: str) -> None:
    difficulties = [exercise.difficulty for exercise in exercises(topic)]

    assert set(difficulties) == {"easy", "medium", "hard"}
    assert difficulties == sorted(difficulties, key=["easy", "medium", "hard"].index)
    assert len(quiz(topic)) >= 5


@pytest.fixture(scope="module")
def printed() -> dict[str, subprocess.CompletedProcess[str]]:
    """What the code of each question prints, by the code."""
    codes = [code for param in QUESTIONS if (code := param.values[0].code) and param.values[0].asks_for_output]
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(codes, pool.map(_run, codes), strict=True))


def _run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-X", "utf8", "-c", code], capture_output=True, text=True, timeout=10, check=False
    )


@every_question
def test_a_question_for_the_output_has_the_output_for_its_answer(
    question: QuizQuestion, printed: dict[str, subprocess.CompletedProcess[str]]
) -> None:
    if not question.asks_for_output:
        assert all(option.explanation for option in question.options)
        return
    assert question.code
    run = printed[question.code]

    assert (shown(run.stdout), run.returncode) == (shown(question.answer.text), 0)
    assert all(shown(option.text) != shown(run.stdout) for option in question.options if not option.correct)


def test_the_right_answer_does_not_stand_at_the_same_place_always() -> None:
    places = [param.values[0].options.index(param.values[0].answer) for param in QUESTIONS]

    assert all(places.count(place) > len(places) / 8 for place in (0, 1, 2))


def test_the_page_for_authors_shows_a_question_that_is_read() -> None:
    page = (HOME / "README.md").read_text("utf-8")
    ((name, question),) = yaml.safe_load(page.split("## quiz.yaml")[1].split("```yaml\n")[1].split("```")[0]).items()
    shown_question = QuizQuestion.model_validate({"id": name} | question)

    assert shown(_run(shown_question.code or "").stdout) == shown(shown_question.answer.text)


@pytest.mark.parametrize(
    ("test", "complaint"),
    [
        ({"call": "f()"}, "exactly one"),
        ({"call": "f()", "expect": "1", "prints": "1"}, "exactly one"),
        ({"call": "f(", "expect": "1"}, "no Python"),
        ({"call": "f()", "expect": "f()"}, "no Python literal"),
        ({"expect": "1"}, "need a call"),
        ({"holds": "value > 1"}, "need a call"),
        ({"call": "f()", "holds": "value >"}, "no Python"),
        ({"call": "f()", "expect": "1", "holds": "value == 1"}, "exactly one"),
        ({"call": "f()", "expect": "1", "hidden": True}, "category"),
        ({"call": "f()", "expects": "1"}, "expects"),
    ],
)
def test_a_test_that_says_too_little_or_too_much_is_refused(test: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        ExerciseTest.model_validate(test)


@pytest.mark.parametrize(
    ("correct", "complaint"), [((False, False, False), "exactly one"), ((True, True, False), "exactly one")]
)
def test_a_question_without_exactly_one_answer_is_refused(correct: tuple[bool, ...], complaint: str) -> None:
    options = [{"text": str(n), "explanation": "e", "correct": right} for n, right in enumerate(correct)]

    with pytest.raises(ValidationError, match=complaint):
        QuizQuestion.model_validate({"id": "q", "question": "?", "difficulty": "easy", "options": options})


def test_constructs_are_seen_in_the_syntax_not_in_the_words() -> None:
    program = "def f(n):\n    'for while class'\n    return f(n - 1) + sum([x for x in n[1:]])\n"

    assert constructs_in(program) == {"function", "recursion", "return", "comprehension", "list", "slice"}
    assert calls_in(program + "f('x').strip().sort()\n") == {"f", "sum", ".strip", ".sort"}


def test_every_construct_has_a_program_that_shows_it() -> None:
    everything = """
@cached
class A:
    async def f(self, n=lambda: 0):
        for x in [1]:
            x += 1
        while n:
            with n as m:
                raise m[1:]
        try:
            return f"{n}" if n else {1: A.f(n)}
        except E:
            pass
def g(n):
    return [g(x) for x in n]
"""
    assert constructs_in(everything) == set(CONSTRUCTS)
