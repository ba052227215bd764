"""Exercise: something new to practise, written by a model in the curriculum's form. Pure.

Whether it is any good only the sandbox can tell: nothing of it is shown before its solution was seen to pass, its
starter to fail, and a trivial answer too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import ConfigDict, Field, ValidationError

from functions.curriculum.constructs import Construct, constructs_in
from functions.curriculum.practice import Exercise
from functions.shared.model.asking import Prompt, Said
from functions.shared.payload import Difficulty, Level
from functions.shared.prompts.checking import objection, python_said, readable
from functions.shared.prompts.fencing import LONGEST_FACTS, LONGEST_QUESTION, listed, one_line, text
from functions.shared.prompts.files import PromptFile
from functions.shared.prompts.inputs import Input

LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_HINT, LONGEST_PROGRAM = 80, 2_000, 400, 4_000
"""Characters that an answer may have."""
MOST_TITLES, MOST_TESTS = 40, 12
LONGEST_ID = 60
FILE = PromptFile("exercise", 1, frozenset({"difficulty", "level", "topic", "taught", "titles", "wish"}))


class ExerciseInput(Input):
    """What is to be practised, and what there is already."""

    topic: str = Field(description="The topic's id in the curriculum.")
    title: str = Field(description="The topic's title.")
    difficulty: Difficulty
    level: Level
    titles: tuple[str, ...] = Field(default=(), description="Of the exercises that the topic has already.")
    taught: tuple[str, ...] = Field(
        default=(), description="Titles of the topics that the learner knows, this one included."
    )
    constructs: tuple[Construct, ...] = Field(default=(), description="What of Python may be needed; empty: anything.")
    wish: str = Field(default="", description="What the learner asked for, in their own words.")


class TestSaid(Said):
    """One thing to try."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    call: str | None = Field(description='The call, e.g. "total([1, 2])"; null where the whole program is tried.')
    stdin: str = Field(description='What input() reads, a line end after each answer; "" for nothing.')
    kind: Literal["returns", "prints", "raises"]
    expected: str = Field(description="The value as a Python literal, the printed text, or the exception's name.")
    hidden: bool = Field(description="Whether the learner does not see it. At least one is hidden, two are not.")
    category: str = Field(description='What a hidden test is about, e.g. "an empty list"; "" for one that is seen.')


class ExerciseSaid(Said):
    """Something to practise."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    title: str = Field(description="At most six words, unlike those there are.")
    description: str = Field(description="Markdown: what to write, what it gets, what it gives back, one example.")
    solution: str = Field(description="A whole program that passes every test, without backticks.")
    starter: str = Field(description="What the learner begins with: valid Python that passes no test.")
    requires: list[Construct] = Field(description="What the learner's code must use; often none.")
    tests: list[TestSaid] = Field(description="Five or six.")
    hints: list[str] = Field(description="Two or three, from general to special; none is the solution.")


def exercise_prompt(given: ExerciseInput) -> Prompt[ExerciseSaid]:
    """Return the prompt for an exercise."""
    return FILE.filled(
        ExerciseSaid,
        said={"difficulty": given.difficulty, "level": given.level},
        data={
            "topic": listed("topic", (("id", given.topic), ("title", given.title))),
            "taught": listed("taught", _taught(given)),
            "titles": text("titles", "\n".join(map(one_line, given.titles[:MOST_TITLES])), LONGEST_FACTS),
            "wish": text("wish", given.wish, LONGEST_QUESTION // 4),
        },
    )


def exercise_of(said: ExerciseSaid, given: ExerciseInput) -> Exercise:
    """Return the exercise in the curriculum's form, under an id made of its title.

    Raises ValueError, with a sentence for the model, where it can be none: a program that Python cannot read, a
    solution without what it requires or with what is not taught, a title that there is, tests that say too little.
    """
    title = readable("title", said.title, LONGEST_TITLE)
    exercise_id = id_of(title)
    if exercise_id in map(id_of, given.titles):
        raise ValueError(f"There is an exercise called {title} already. Think of another one.")
    if len(said.tests) > MOST_TESTS:
        raise ValueError(f"There are {len(said.tests)} tests. Write five or six.")
    solution = python_said("The solution", readable("solution", said.solution, LONGEST_PROGRAM))
    _check_constructs(solution, said, given)
    fields = {
        "id": exercise_id,
        "title": title,
        "difficulty": given.difficulty,
        "description": readable("description", said.description, LONGEST_DESCRIPTION),
        "starter": python_said("The starter", readable("starter", said.starter, LONGEST_PROGRAM)),
        "solution": solution,
        "hints": [readable("hint", hint, LONGEST_HINT) for hint in said.hints],
        "requires": list(dict.fromkeys(said.requires)),
        "tests": [_test(each) for each in said.tests],
    }
    if fields["starter"] == solution:
        raise ValueError("The starter is the solution. Leave the part that is to be practised to the learner.")
    try:
        return Exercise.model_validate(fields)
    except ValidationError as wrong:
        raise ValueError(objection("The exercise has not the form it needs", wrong)) from wrong


def id_of(title: str) -> str:
    """Return a title as an exercise's id: `Sum of the evens!` is `sum-of-the-evens`."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    name = "-".join(words)[:LONGEST_ID].strip("-")
    return name if name[:1].isalpha() else f"exercise-{name}".strip("-")


def _test(said: TestSaid) -> dict[str, Any]:
    came = {"returns": "expect", "prints": "prints", "raises": "raises"}[said.kind]
    return {
        "call": said.call.strip() if said.call and said.call.strip() else None,
        "stdin": said.stdin,
        came: said.expected if said.kind == "prints" else said.expected.strip(),
        "hidden": said.hidden,
        "category": said.category.strip() if said.hidden else "",
    }


def _check_constructs(solution: str, said: ExerciseSaid, given: ExerciseInput) -> None:
    used = constructs_in(solution)
    if missing := sorted(set(said.requires) - used):
        raise ValueError(f"The solution has not what the exercise requires: {', '.join(missing)}.")
    if given.constructs and (early := sorted(used - set(given.constructs))):
        raise ValueError(f"The solution uses what is not taught yet: {', '.join(early)}. Do without.")


def _taught(given: ExerciseInput) -> Iterator[tuple[str, object]]:
    yield "topics", ", ".join(given.taught)
    yield "of Python nothing but", ", ".join(given.constructs)
