"""Exercises and quizzes as learners get them: every solution passes, no starter does, every quiz answer is true."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from functions.curriculum.constructs import CONSTRUCTS, calls_in, constructs_in
from functions.curriculum.practice import APPROX_TOLERANCE, Exercise, ExerciseTest, QuizQuestion
from functions.curriculum.reading import HOME, curriculum, exercises, quiz

TOPICS = [topic.id for topic in curriculum().topics]
EXERCISES = [pytest.param(exercise, id=f"{topic}-{exercise.id}") for topic in TOPICS for exercise in exercises(topic)]
QUESTIONS = [pytest.param(question, id=f"{topic}-{question.id}") for topic in TOPICS for question in quiz(topic)]
every_exercise = pytest.mark.parametrize("exercise", EXERCISES)
every_question = pytest.mark.parametrize("question", QUESTIONS)

# What is tried is run in a fresh interpreter, one test after the other, each on a module of its own.
TRIER = """
import contextlib, io, json, sys
source, tests = json.load(sys.stdin)
said = []
for test in tests:
    names, printed = {"__name__": "__main__"}, io.StringIO()
    sys.stdin = io.StringIO(test["stdin"])
    outcome = {}
    with contextlib.redirect_stdout(printed):
        try:
            exec(compile(source, "program.py", "exec"), names)
            if test["call"] is not None:
                printed.seek(0), printed.truncate()
            exec(test["before"], names)
            if test["call"] is not None:
                outcome["value"] = repr(eval(test["call"], names))
        except Exception as error:
            outcome["raised"] = type(error).__name__
    said.append(outcome | {"printed": printed.getvalue()})
print(json.dumps(said))
"""


def tried(source: str, tests: tuple[ExerciseTest, ...]) -> list[dict[str, str]]:
    """What came of each test."""
    inputs = [test.model_dump(include={"call", "before", "stdin"}) for test in tests]
    run = subprocess.run(
        [sys.executable, "-I", "-X", "utf8", "-c", TRIER],
        input=json.dumps([source, inputs]), capture_output=True, text=True, timeout=20, check=True,
    )  # fmt: skip
    outcomes: list[dict[str, str]] = json.loads(run.stdout)
    return outcomes


def passes(test: ExerciseTest, outcome: dict[str, str]) -> bool:
    if test.raises is not None:
        return outcome.get("raised") == test.raises
    if test.prints is not None:
        return "raised" not in outcome and shown(outcome["printed"]) == shown(test.prints)
    if "value" not in outcome:
        return False
    if test.compare == "equal":
        return outcome["value"] == repr(test.expected)
    value = literal(outcome["value"])
    if test.compare == "approx":
        return value == pytest.approx(test.expected, abs=APPROX_TOLERANCE, rel=APPROX_TOLERANCE)
    return sorted(map(repr, value)) == sorted(map(repr, test.expected))


def literal(text: str) -> Any:
    return ExerciseTest(call="_", expect=text).expected


def shown(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().split("\n")]


@pytest.fixture(scope="module")
def outcomes() -> dict[str, list[dict[str, str]]]:
    """What came of the tests of each exercise, by the source that was tried."""
    sources = [(source, param.values[0].tests) for param in EXERCISES for source in (param.values[0].solution, param.values[0].starter)]  # fmt: skip  # noqa: E501
    with ThreadPoolExecutor(2) as pool:
        return {
            source: came
            for (source, _), came in zip(sources, pool.map(lambda pair: tried(*pair), sources), strict=True)
        }


@every_exercise
def test_the_reference_solution_passes_every_test(
    exercise: Exercise, outcomes: dict[str, list[dict[str, str]]]
) -> None:
    came = outcomes[exercise.solution]

    assert [(test.call, outcome) for test, outcome in zip(exercise.tests, came, strict=True) if not passes(test, outcome)] == []  # fmt: skip  # noqa: E501


@every_exercise
def test_the_starter_fails(exercise: Exercise, outcomes: dict[str, list[dict[str, str]]]) -> None:
    came = outcomes[exercise.starter]
    passed = [passes(test, outcome) for test, outcome in zip(exercise.tests, came, strict=True)]

    assert sum(passed) < len(passed) / 2


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


def test_the_page_for_authors_shows_an_exercise_and_a_question_that_are_read() -> None:
    page = (HOME / "README.md").read_text("utf-8")
    (exercise,), (question,) = (
        list(yaml.safe_load(page.split(f"## {name}.yaml")[1].split("```yaml\n")[1].split("```")[0]).items())
        for name in ("exercises", "quiz")
    )
    shown_exercise = Exercise.model_validate({"id": exercise[0]} | exercise[1])
    shown_question = QuizQuestion.model_validate({"id": question[0]} | question[1])

    came = tried(shown_exercise.solution, shown_exercise.tests)
    assert all(passes(test, outcome) for test, outcome in zip(shown_exercise.tests, came, strict=True))
    assert shown(_run(shown_question.code or "").stdout) == shown(shown_question.answer.text)


@pytest.mark.parametrize(
    ("test", "complaint"),
    [
        ({"call": "f()"}, "exactly one"),
        ({"call": "f()", "expect": "1", "prints": "1"}, "exactly one"),
        ({"call": "f(", "expect": "1"}, "no Python"),
        ({"call": "f()", "expect": "f()"}, "no Python literal"),
        ({"expect": "1"}, "needs a call"),
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
