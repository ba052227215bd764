"""Flaws: why an exercise that a model wrote is none to hand out, as far as reading it tells. Pure.

Each is said in a sentence that a model can act on. What only a run can tell stands in proving.py.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from functions.curriculum.practice import Difficulty, Exercise
from functions.shared.guard.guarding import WHY
from functions.shared.guard.normalising import statements
from functions.shared.guard.reading import outside_code, texts_of
from functions.shared.guard.solution import gives_away
from functions.shared.guard.streams import Reading, read
from functions.shared.payload import Payload
from functions.shared.running import MAX_TRIALS, bytes_in_an_event

FlawKind = Literal["tests", "size", "difficulty", "chance", "markup", "near_copy", "told"]

FEWEST_TESTS, MOST_TESTS = 4, MAX_TRIALS // 2
"""Two programs are tried in one check."""
LONGEST_PROGRAM, LONGEST_TEST = 4_000, 1_000
"""Bytes, as JSON, of a program and of all that is said of a test: twenty trials of each fit into an event."""
STATEMENTS: dict[Difficulty, tuple[int, int]] = {"easy": (2, 12), "medium": (2, 16), "hard": (6, 24)}
"""The fewest and the most that a solution has: what the curriculum's own have, or lines that the prompt asks for."""
DECISIONS: dict[Difficulty, tuple[int, int]] = {"easy": (0, 4), "medium": (0, 8), "hard": (1, 12)}
"""The same of what goes one way or the other, or again and again: nothing is hard in a row of assignments."""
_DECIDING = (
    ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.comprehension, ast.ExceptHandler, ast.BoolOp,
    ast.match_case, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda,
)  # fmt: skip
_BY_CHANCE = frozenset({"random", "secrets", "time", "datetime", "uuid", "os", "socket", "threading"})
_TAG = re.compile(r"<[/!?]?[a-z][^<>]*>|<!--", re.IGNORECASE)
_NOTHING = read(())


@dataclass(frozen=True)
class Flaw:
    """Something that speaks against an exercise, and what its author is to do about it."""

    kind: FlawKind
    why: str


def flaw_in(exercise: Exercise, others: Iterable[Exercise], shown: Payload) -> Flaw | None:
    """Return the first thing that speaks against an exercise; None where it may be tried. `others` are those there are
    already, `shown` is what its learner would see of it."""
    found = _in_tests(exercise) or _in_size(exercise) or _in_difficulty(exercise) or _by_chance(exercise)
    found = found or _in_markup(exercise)
    if found:
        return found
    if is_near_copy(exercise, others):
        return Flaw("near_copy", "This is much the same as an exercise that there is already. Think of another task.")
    said = Reading(tuple(text.text for text in (*texts_of(shown), *texts_of(exercise.hints))))
    if gives_away(said, _NOTHING, exercise.solution, (exercise.starter,)):
        return Flaw("told", WHY["solution"])
    return None


def is_near_copy(exercise: Exercise, others: Iterable[Exercise]) -> bool:
    """Whether a solution is one of another exercise too, as the guard against leaks of solutions sees it: the same
    statements whatever the names, or the same function."""
    now = read((f"```python\n{exercise.solution}```",))
    return any(gives_away(now, _NOTHING, other.solution, (other.starter,)) for other in others)


def _in_tests(exercise: Exercise) -> Flaw | None:
    tests = exercise.tests
    if not FEWEST_TESTS <= len(tests) <= MOST_TESTS:
        return Flaw("tests", f"There are {len(tests)} tests. Write five or six.")
    came = {(test.expect, test.prints, test.raises, test.holds) for test in tests}
    if len(came) < 2:
        return Flaw("tests", "Every test expects the same. Write tests whose expected values differ.")
    tried = [(test.call, test.before, test.stdin) for test in tests]
    if len(set(tried)) < len(tried):
        return Flaw("tests", "Two tests try the same. Let each try something else.")
    return None


def _in_size(exercise: Exercise) -> Flaw | None:
    if max(map(bytes_in_an_event, (exercise.solution, exercise.starter))) > LONGEST_PROGRAM:
        return Flaw("size", f"A program has at most {LONGEST_PROGRAM} bytes. Write a shorter one.")
    said = (
        "".join(filter(None, (test.call, test.before, test.stdin, test.expect, test.prints))) for test in exercise.tests
    )
    if max(map(bytes_in_an_event, said)) > LONGEST_TEST:
        return Flaw("size", f"A test has at most {LONGEST_TEST} bytes. Write shorter ones.")
    return None


def _in_difficulty(exercise: Exercise) -> Flaw | None:
    tree = ast.parse(exercise.solution)
    decisions = sum(isinstance(node, _DECIDING) for node in ast.walk(tree)) - _outermost(tree)
    return _out_of_range(exercise.difficulty, "statements", len(statements(tree)), STATEMENTS) or _out_of_range(
        exercise.difficulty, "loops and branches", decisions, DECISIONS
    )


def _outermost(tree: ast.Module) -> int:
    """Return how many functions a program defines at its top: these decide nothing by themselves."""
    return sum(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) for node in tree.body)


def _out_of_range(
    difficulty: Difficulty, what: str, found: int, ranges: dict[Difficulty, tuple[int, int]]
) -> Flaw | None:
    fewest, most = ranges[difficulty]
    if fewest <= found <= most:
        return None
    change = "harder" if found < fewest else "easier"
    wanted = f"One that is {difficulty} has {fewest} to {most}: write something {change}."
    return Flaw("difficulty", f"The solution has {found} {what}. {wanted}")


def _by_chance(exercise: Exercise) -> Flaw | None:
    programs: Sequence[str] = (exercise.solution, *(test.before for test in exercise.tests))
    used = {name for program in programs for name in _imported(ast.parse(program))} & _BY_CHANCE
    if not used:
        return None
    return Flaw("chance", f"The solution imports {', '.join(sorted(used))}. Do without time, chance and files.")


def _in_markup(exercise: Exercise) -> Flaw | None:
    """Return what speaks against texts that are shown as Markdown: tags, which some clients would take for their own,
    and others would swallow. Where links may lead is the guard's to say."""
    if "\n" in exercise.title:
        return Flaw("markup", "The title has several lines. Write one of at most six words.")
    hidden = (test.category for test in exercise.tests)
    for text in (exercise.title, exercise.description, *exercise.hints, *hidden):
        if found := _TAG.search(outside_code(text)):
            return Flaw("markup", f"There is {found[0][:40]} in a text, which is no Markdown. Put it in backticks.")
    return None


def _imported(tree: ast.AST) -> Iterable[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]
