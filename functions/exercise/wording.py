"""Wording: what is said with an exercise, and when there is none."""

from __future__ import annotations

from functions.curriculum.constructs import Construct
from functions.curriculum.fitting import full_id
from functions.curriculum.models import Curriculum, Subject, Topic
from functions.curriculum.naming import in_a_sentence
from functions.curriculum.offering import closed, closed_title, offered
from functions.curriculum.practice import Exercise, ExerciseTest
from functions.curriculum.showing import visible_tests
from functions.shared.doubt import with_doubt
from functions.shared.payload import Intent
from functions.shared.practising import ExerciseGenerated

BUILT_IN = "built-in"
"""How the built-in tutor signs what it gives."""

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


def smaller(step: str) -> ExerciseGenerated:
    """Return a smaller step (Markdown) in the place of an exercise that may not leave."""
    return ExerciseGenerated(exercise_id=None, topic=None, hints=0, title="A smaller step", description=step)


def no_exercise(subject: Subject | None, curriculum: Curriculum) -> ExerciseGenerated:
    """Say that there is no exercise on a subject, or on one that is not known, and what there is."""
    what = f"**{in_a_sentence(subject.title)}**" if subject else "that"
    return _nothing_given(
        f"No exercise on {in_a_sentence(subject.title)} yet" if subject else "No exercise on this yet",
        f"I have no exercise on {what} yet, and I would rather say so than give you something else.",
        subject,
        curriculum,
    )


def not_open(topic: Topic, curriculum: Curriculum) -> ExerciseGenerated:
    """Say that a learner's course has not opened a topic, and which it has; the nearest to what was asked first."""
    return _nothing_given(closed_title("exercise", topic), closed(topic), topic, curriculum)


def _nothing_given(title: str, why: str, subject: Subject | None, curriculum: Curriculum) -> ExerciseGenerated:
    intro = "Here is what you can practise; ask, for example:"
    instead = offered(curriculum.suggested(subject), intro, "Give me an exercise on {}.")
    return ExerciseGenerated(exercise_id=None, topic=None, hints=0, title=title, description=f"{why}\n\n{instead}")


def expected(test: ExerciseTest) -> str:
    """Return the value, text or exception that must come of a test, as it stands in Python or in the output."""
    if test.holds is not None:
        return f"a value for which {test.holds}"
    return test.expect if test.expect is not None else test.prints if test.prints is not None else f"{test.raises}"


def construct(name: Construct) -> str:
    """Return a construct in words."""
    return _CONSTRUCTS[name]
