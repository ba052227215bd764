"""Wording: what is said with an exercise, and when there is none."""

from __future__ import annotations

import re

from functions.curriculum.constructs import Construct
from functions.curriculum.models import Curriculum, Subject, Topic
from functions.curriculum.practice import Exercise, ExerciseTest
from functions.curriculum.showing import visible_tests
from functions.exercise.choosing import full_id
from functions.shared.doubt import with_doubt
from functions.shared.payload import Intent
from functions.shared.practising import ExerciseGenerated

LONGEST_SHOWN = 300
"""Characters of a value, a text or a message that a learner is shown."""

_CONSTRUCTS: dict[Construct, str] = {
    "for": "a `for` loop",
    "while": "a `while` loop",
    "loop": "a loop",
    "comprehension": "a comprehension",
    "if": "an `if`",
    "function": "a function",
    "class": "a class",
    "try": "a `try`",
    "raise": "a `raise`",
    "with": "a `with` block",
    "lambda": "a `lambda`",
    "f-string": "an f-string",
    "slice": "a slice",
    "decorator": "a decorator",
    "async": "`async` or `await`",
    "recursion": "a function that calls itself",
    "return": "a `return`",
    "dictionary": "a dictionary",
    "list": "a list",
    "augmented-assignment": "an assignment such as `+=`",
}


def generated(topic: Topic, exercise: Exercise, second_guess: Intent | None = None) -> ExerciseGenerated:
    """Return the exercise as a learner gets it: neither hidden tests nor the solution."""
    return ExerciseGenerated(
        exercise_id=full_id(topic.id, exercise.id),
        topic=topic.id,
        title=exercise.title,
        difficulty=exercise.difficulty,
        description=with_doubt(exercise.description.strip(), second_guess),
        starter=exercise.starter,
        requires=exercise.requires,
        forbids=exercise.forbids,
        tests=visible_tests(exercise),
        hidden_tests=sum(test.hidden for test in exercise.tests),
        hints=len(exercise.hints),
    )


def no_exercise(subject: Subject | None, curriculum: Curriculum) -> ExerciseGenerated:
    """Say that there is no exercise on a subject, or on one that is not known, and what there is."""
    near = curriculum.near(subject) if subject else ()
    others = (topic.as_near for topic in curriculum.by_depth if topic.as_near not in near)
    what = f"**{_in_a_sentence(subject.title)}**" if subject else "that"
    suggestions = "\n".join(f"- Give me an exercise on {_in_a_sentence(topic.title)}." for topic in (*near, *others))
    return ExerciseGenerated(
        exercise_id=None,
        topic=None,
        hints=0,
        title=f"No exercise on {_in_a_sentence(subject.title)} yet" if subject else "No exercise on this yet",
        description=f"I have no exercise on {what} yet, and I would rather say so than give you something else."
        f"\n\nHere is what you can practise; ask, for example:\n\n{suggestions}",
    )


def expected(test: ExerciseTest) -> str:
    """Return the value, text or exception that must come of a test, as it stands in Python or in the output."""
    if test.holds is not None:
        return f"a value for which {test.holds}"
    return test.expect if test.expect is not None else test.prints if test.prints is not None else f"{test.raises}"


def construct(name: Construct) -> str:
    """Return a construct in words."""
    return _CONSTRUCTS[name]


def code(text: str, language: str = "text") -> str:
    """Return text as Markdown code, whatever it holds: within the line or, where it has several, as a block."""
    text = text.strip("\n")
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    if "\n" in text:
        fence = max(fence, "```", key=len)
        return f"\n\n{fence}{language}\n{text}\n{fence}\n\n"
    padding = " " if not text.strip() or "`" in text else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def cut(text: str) -> str:
    """Return text that is not too long to be shown."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def listed(parts: tuple[str, ...]) -> str:
    """Return the parts as one enumerates them: a, b and c."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def _in_a_sentence(title: str) -> str:
    """Return a title as it stands within a sentence: "Loops" becomes "loops", "NumPy" stays."""
    return title[0].lower() + title[1:] if title.split()[0][1:].islower() else title
