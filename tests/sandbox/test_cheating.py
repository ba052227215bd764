"""No submission scores more than it deserves: hostile ones in the real sandbox, graded by the real grading."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from cheats import CHEATS, RIGHT_ANSWER

from functions.curriculum.practice import Exercise
from functions.curriculum.reading import exercises
from functions.exercise.comparing import same
from functions.exercise.feedback import graded_test, on_grade
from functions.exercise.grading import Grade, grade, trials
from functions.exercise.values import Unknown, decode
from functions.shared.events import MAX_EVENT_BYTES
from functions.shared.running import Ran
from sandbox_runner.backends import Backend, make_backend
from sandbox_runner.limits import load_limits
from sandbox_runner.program import Program

SUM, COUNTDOWN, *_, TRIANGLE = exercises("loops")
Graded = Callable[[Exercise, str], Grade]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Backend]:
    """The backend of a pod as gradings use it, with less time."""
    with make_backend("pod", replace(load_limits().graded(), wall_seconds=1.0)) as backend:
        yield backend


@pytest.fixture(scope="module")
def graded(sandbox: Backend) -> Iterator[Graded]:
    """Return what tries a program in the sandbox and grades what came of it, as it comes through an event."""
    with ThreadPoolExecutor(2) as pool:

        def of(exercise: Exercise, code: str) -> Grade:
            programs = [Program(code, trial.stdin, trial.before, trial.call) for trial in trials(exercise)]
            results = [json.dumps(result.as_dict()) for result in pool.map(sandbox.run, programs)]
            return grade(exercise, code, [Ran.model_validate_json(result) for result in results])

        yield of


@pytest.mark.parametrize("cheat", CHEATS)
def test_a_cheat_gets_nothing(graded: Graded, cheat: str) -> None:
    came = graded(SUM, CHEATS[cheat])

    assert came.score == 0, [(verdict.test.call, verdict.ran) for verdict in came.verdicts if verdict.passed]
    assert on_grade(came, SUM)


@pytest.mark.parametrize("cheat", CHEATS)
def test_what_a_cheat_makes_of_its_results_fits_an_event(graded: Graded, cheat: str) -> None:
    came = graded(SUM, CHEATS[cheat])

    shown = [graded_test(verdict).model_dump(mode="json") for verdict in came.verdicts]
    results = [verdict.ran.model_dump(mode="json") for verdict in came.verdicts]
    assert len(json.dumps(results)) < MAX_EVENT_BYTES
    assert len(json.dumps(shown)) + len(json.dumps(on_grade(came, SUM))) < MAX_EVENT_BYTES / 4


def test_a_forged_answer_is_worth_what_the_answer_is_worth(graded: Graded) -> None:
    """A program may say what it likes, without calling anything; it is right only where it says what is right."""
    forged = f"""
import random
for fd in range(3, 64):
    try:
        random._os.write(fd, {RIGHT_ANSWER.encode()!r})
    except OSError:
        pass
random._os._exit(0)
"""
    came = graded(SUM, forged)

    assert [verdict.test.call for verdict in came.verdicts if verdict.passed] == ["sum_of_evens([1, 2, 3, 4])"]
    assert came.score == 16


def test_who_knows_only_the_visible_answers_gets_only_those(graded: Graded) -> None:
    visible = {test.call: test.expect for test in SUM.tests if not test.hidden}
    learnt = f"""
def sum_of_evens(numbers):
    for _ in []: pass
    return {{ {", ".join(f"{str(call)[13:-1]!r}: {value}" for call, value in visible.items())} }}.get(str(numbers))
"""
    came = graded(SUM, learnt)

    assert came.score == 50
    assert not any(verdict.passed for verdict in came.verdicts if verdict.test.hidden)


@pytest.mark.parametrize(
    "code",
    [
        "print('Go!')",
        "print('3\\n2\\n1\\nGo!')\nprint('1\\nGo!')\nprint('Go!')",
        "import sys\nsys.stderr.write('3\\n2\\n1\\nGo!\\n')",
        "import sys, random\nsys.stdout.write('3\\n2\\n1\\nGo!\\n')\nsys.stdout.flush()\nrandom._os.abort()",
        "print('3\\n2\\n1\\nGo!')\n1 / 0",
    ],
)
def test_of_a_program_only_what_it_prints_for_its_input_counts(graded: Graded, code: str) -> None:
    came = graded(COUNTDOWN, code)

    assert came.score <= 25
    assert sum(verdict.passed for verdict in came.verdicts) <= 1


def test_a_program_that_raises_what_a_test_expects_whatever_it_is_asked_gets_nothing(graded: Graded) -> None:
    assert graded(TRIANGLE, "raise ValueError").score == 0


@pytest.mark.parametrize("way", ["for", "while", "with prints of its own", "with a subclass inside"])
def test_a_correct_submission_gets_100(graded: Graded, way: str) -> None:
    code = {
        "for": SUM.solution,
        "while": "def sum_of_evens(n):\n  t = 0\n  while n:\n    t += n[0] * (1 - n[0] % 2)\n    n = n[1:]\n  return t",
        "with prints of its own": SUM.solution + "print(sum_of_evens([2, 4]))\n",
        "with a subclass inside": "class N(int): pass\n"
        + SUM.solution.replace("total = 0", "total = N()").replace("return total", "return int(total)"),
    }[way]

    came = graded(SUM, code)

    assert (came.score, came.passed) == (100, True), [verdict.ran for verdict in came.verdicts]


VALUES = """None, True, 0, -3, 2**53, 2**53 + 1, -(10**400), 1.0, -0.0, 1e300, float("inf"), float("nan"), 1 + 2j,
complex("nan+infj"), "text", "ü\\0\\ud800", b"ab", [], [1, [2]], (1,), {1, 2}, frozenset({"a"}), {}, {"a": {1: (2,)}},
{(1, 2): [None]}, [{"a": {"b": [1.5, True]}}]"""


def test_a_value_comes_out_of_the_sandbox_as_it_is(sandbox: Backend) -> None:
    values = eval(f"[{VALUES}]")

    for number, value in enumerate(values):
        result = sandbox.run(Program(f"values = [{VALUES}]", call=f"values[{number}]")).as_dict()
        came = decode(Ran.model_validate_json(json.dumps(result)).value)
        assert same(value, came, "equal"), (value, came)


@pytest.mark.parametrize(
    ("call", "type_"),
    [("range(3)", "range"), ("object()", "object"), ("[0] * 50_000", "list"), ("print", "builtin_function_or_method")],
)
def test_what_is_no_plain_value_or_too_large_a_one_comes_out_unknown(sandbox: Backend, call: str, type_: str) -> None:
    came = decode(sandbox.run(Program("", call=call)).value)

    assert isinstance(came, Unknown)
    assert came.type == type_
