"""No exercise of the curriculum tells its learner how it is solved, nor is any held back for something else."""

from __future__ import annotations

import pytest

from functions.curriculum.models import Topic
from functions.curriculum.practice import Exercise
from functions.curriculum.reading import curriculum, exercises
from functions.exercise.wording import generated, smaller
from functions.shared.guard.guarding import Known, objections
from functions.shared.guard.reading import texts_of
from functions.shared.guarded import guarded

EVERY = [
    pytest.param(topic, exercise, id=f"{topic.id}-{exercise.id}")
    for topic in curriculum().topics
    for exercise in exercises(topic.id)
]
every_exercise = pytest.mark.parametrize(("topic", "exercise"), EVERY)


@every_exercise
def test_nothing_speaks_against_an_exercise_as_it_is_handed_out(topic: Topic, exercise: Exercise) -> None:
    known = Known(solutions=(exercise.solution,), given=(exercise.starter,))

    assert objections(texts_of(generated(topic, exercise)), known) == ()


@every_exercise
def test_an_exercise_that_shows_its_solution_is_a_smaller_step_instead(topic: Topic, exercise: Exercise) -> None:
    known = Known(solutions=(exercise.solution,), given=(exercise.starter,))
    shows = generated(topic, exercise).model_copy(update={"starter": exercise.solution})

    said = guarded(shows, known, smaller, function="exercise")

    assert (said.exercise_id, said.starter) == (None, "")
    assert "Here is a smaller step" in said.description
