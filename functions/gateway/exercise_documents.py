"""The JSON of running code and of exercises: request bodies, and what there is to practise on."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from functions.curriculum.models import Topic
from functions.curriculum.practice import Exercise
from functions.curriculum.showing import visible_tests
from functions.gateway.queries import Practice
from functions.shared.edge.documents import MAX_SESSION_ID, Body
from functions.shared.events import ExerciseRequested
from functions.shared.payload import Difficulty
from functions.shared.practising import ExerciseSubmitted, VisibleTest
from functions.shared.running import MAX_CODE_BYTES, CodeSubmitted


def _bounded(text: str) -> str:
    if len(text.encode()) > MAX_CODE_BYTES:
        raise PydanticCustomError("too_long", "At most 65,536 bytes as UTF-8")
    return text


def _not_empty(code: str) -> str:
    if not code.strip():
        raise PydanticCustomError("empty", "There is no code in it")
    return code


Code = Annotated[str, AfterValidator(_bounded), AfterValidator(_not_empty)]
SessionId = Annotated[
    str | None, Field(max_length=MAX_SESSION_ID, description="The conversation it belongs to, as the client names it.")
]


class Program(Body):
    """A Python program to run."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"code": "name = input()\nprint('Hello,', name)", "stdin": "Ada\n"}, {"code": "print(6 * 7)"}]
        }
    )

    code: Code = Field(description="The program; at most 64 KiB as UTF-8.")
    stdin: Annotated[str, AfterValidator(_bounded)] = Field("", description="What input() reads; at most 64 KiB.")
    session_id: SessionId = None

    def submitted(self) -> CodeSubmitted:
        """Return the event's payload."""
        return CodeSubmitted(**self.model_dump())


class ExerciseWish(Body):
    """A wish for something to practise on; what is left out is chosen to suit the learner."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"topic": "loops", "difficulty": "easy"}, {}]})

    topic: str | None = Field(None, description="The topic's id, as GET /api/v1/concepts lists it.")
    difficulty: Difficulty | None = None
    question: str = Field("", description="What the learner wants to practise, in their own words.")
    session_id: SessionId = None

    def requested(self) -> ExerciseRequested:
        """Return the event's payload."""
        return ExerciseRequested(**self.model_dump())


class Attempt(Body):
    """A solution to the exercise that the path names."""

    code: Code = Field(description="The learner's whole program; at most 64 KiB as UTF-8.")
    session_id: SessionId = None

    def submitted(self, exercise_id: str) -> ExerciseSubmitted:
        """Return the event's payload."""
        return ExerciseSubmitted(exercise_id=exercise_id, code=self.code, session_id=self.session_id)


class Solution(Attempt):
    """A solution to an exercise."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"exercise_id": "loops/sum-of-evens", "code": "def sum_of_evens(numbers):\n    return 0\n"}]
        }
    )

    exercise_id: str = Field(description="The exercise's id, as GET /api/v1/exercises lists it.")


class ListedExercise(BaseModel):
    """An exercise, and how far the learner is with it."""

    id: str = Field(description="`<topic>/<exercise>`.", examples=["loops/sum-of-evens"])
    topic: str
    title: str
    difficulty: Difficulty
    passed: bool
    attempts: int = Field(description="How often the learner has handed it in.")
    best_score: int | None = Field(description="0 to 100; null before anything was graded.")


class ExercisesDocument(BaseModel):
    """What there is to practise on."""

    exercises: list[ListedExercise]


class ExerciseDocument(ListedExercise):
    """All of an exercise that a learner may see."""

    description: str = Field(description="Markdown.")
    starter: str = Field(description="What to begin with.")
    requires: tuple[str, ...] = Field(description="What the code must use.")
    forbids: tuple[str, ...] = Field(description="What it must not call; `.sort` is a method.")
    tests: tuple[VisibleTest, ...]
    hidden_tests: int = Field(description="How many more tests there are.")
    hints: int = Field(description="How many hints there are.")
    solution: str | None = Field(
        description="One way to do it; null until the learner has passed, and in a course that shows none."
    )


def listed(topic: Topic, exercise: Exercise, practice: Practice) -> ListedExercise:
    """Return an exercise as it is listed."""
    return ListedExercise(
        id=f"{topic.id}/{exercise.id}",
        topic=topic.id,
        title=exercise.title,
        difficulty=exercise.difficulty,
        passed=practice.passed,
        attempts=practice.attempts,
        best_score=practice.best_score,
    )


def shown(topic: Topic, exercise: Exercise, practice: Practice, *, with_solution: bool) -> ExerciseDocument:
    """Return an exercise as its learner may see it: the solution only if it is no secret."""
    tests = visible_tests(exercise)
    return ExerciseDocument(
        **listed(topic, exercise, practice).model_dump(),
        description=exercise.description,
        starter=exercise.starter,
        requires=exercise.requires,
        forbids=exercise.forbids,
        tests=tests,
        hidden_tests=len(exercise.tests) - len(tests),
        hints=len(exercise.hints),
        solution=exercise.solution if with_solution else None,
    )
