"""What we say in words of our own, with nothing of a learner's in it, passes the guard that every answer passes."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from functions.concepts import wording as concepts
from functions.concepts.trying import as_run, untried
from functions.curriculum.constructs import Construct
from functions.curriculum.reading import curriculum
from functions.exercise import feedback
from functions.exercise import wording as exercise
from functions.quiz import wording as quiz
from functions.review import wording as review
from functions.review.catalogue import catalogue
from functions.review.model import Unreadable
from functions.shared.declining import decline_off_topic
from functions.shared.doubt import with_doubt
from functions.shared.events import ExplanationRequested, QuestionAsked
from functions.shared.explaining import Example
from functions.shared.guard.guarding import Known, Objection, Objectionable, objections
from functions.shared.guard.reading import texts_of
from functions.shared.guard.weaker import Function, smaller_step
from functions.shared.helping import CodeReviewed, Suggested
from functions.shared.payload import Intent
from functions.shared.running import Ran
from functions.shared.tutor import Explanation
from functions.triage.readable import LARGEST_ATTACHMENT, LONGEST_QUESTION, decline_unreadable

EVERYTHING = curriculum()
COURSES = (EVERYTHING, EVERYTHING.opened(frozenset({"loops"})), EVERYTHING.opened(frozenset()))
SUBJECTS = (None, *EVERYTHING.topics, *EVERYTHING.planned)
ALONE = Explanation(
    topic=None,
    title="Loops",
    level="beginner",
    explanation="A loop repeats.",
    examples=(Example(title="Twice", code="print(1)\n", output="1\n"),),
    near_topics=EVERYTHING.suggested(),
    answered_by="a-model",
)
SUGGESTED = Suggested(
    rule="model", category="naming", line=1, reason="It says little.", before="x", checked="unavailable"
)
REVIEWED = CodeReviewed(quality=50, summary="", more=1, suggestions=(SUGGESTED,))


def refused(question: str = "", **attached: str) -> object:
    return decline_unreadable(QuestionAsked(question=question, **attached))


SAID = {
    "triage": (
        *(decline_off_topic(guess) for guess in (None, *get_args(Intent))),
        refused(),
        refused("x" * (LONGEST_QUESTION + 1)),
        refused("x", code="x" * (LARGEST_ATTACHMENT + 1)),
        refused("\x00" * 20),
    ),
    "doubt": tuple(with_doubt("", guess) for guess in get_args(Intent)),
    "concepts": (
        *(concepts.no_lesson(subject, "beginner", course) for subject in SUBJECTS for course in COURSES),
        *(concepts.not_open(topic, "beginner", course) for topic in EVERYTHING.topics for course in COURSES),
        *(concepts.explained(ALONE, ExplanationRequested(question=""), course) for course in COURSES),
        untried(ALONE),
        as_run(ALONE, [Ran(outcome="ok", stdout="2\n")]),
    ),
    "exercise": (
        *(exercise.no_exercise(subject, course) for subject in SUBJECTS for course in COURSES),
        *(exercise.not_open(topic, course) for topic in EVERYTHING.topics for course in COURSES),
        *(feedback.not_open(topic) for topic in EVERYTHING.topics),
        *map(exercise.construct, get_args(Construct)),
        *(feedback.EMPTY, feedback.TOO_LARGE, feedback.NOT_TRIED, *feedback._ENDS.values()),
        feedback.no_such_exercise("loops/sum-of-evens"),
    ),
    "quiz": (
        *(quiz.no_question(subject, course) for subject in SUBJECTS for course in COURSES),
        *(quiz.not_open(topic, course) for topic in EVERYTHING.topics for course in COURSES),
        *(quiz.NO_SUCH_QUIZ, quiz.NO_LONGER_ASKED, quiz.no_such_option(3)),
    ),
    "review": (
        *(review.NO_CODE, review.TOO_LARGE, review.unreadable(Unreadable("invalid syntax", 1))),
        review.unreadable(Unreadable("invalid syntax", None)),
        *(re.sub(r"\{\w+\}", "`x`", entry.reason) for entry in catalogue().values()),
        review.summed_up(REVIEWED, None),
        review.summed_up(REVIEWED.model_copy(update={"suggestions": ()}), None),
    ),
    "a smaller step": tuple(
        smaller_step(function, [Objection(kind, "")])
        for function in get_args(Function)
        for kind in get_args(Objectionable)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_no_sentence_of_ours_is_objected_to(name: str) -> None:
    found = {str(said): objections(texts_of(said), Known()) for said in SAID[name]}

    assert found
    assert "None" not in found
    assert {said: why for said, why in found.items() if why} == {}


def test_a_sentence_that_says_more_than_it_may_would_be_found() -> None:
    told = concepts.no_lesson(None, "beginner", EVERYTHING)
    leading = told.model_copy(update={"explanation": f"{told.explanation} See https://elsewhere.net/answers."})

    assert [each.kind for each in objections(texts_of(leading), Known())] == ["unsafe"]
