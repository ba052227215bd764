"""What becomes of a question in which no topic was found, by what a model says of it and what a course has opened."""

from __future__ import annotations

import pytest

from functions.concepts.about import about_of, may_be_explained
from functions.concepts.placing import answer_of, given_of
from functions.concepts.wording import explained
from functions.curriculum.reading import curriculum
from functions.shared.conversing import Turn
from functions.shared.events import ExplanationRequested, LearnerContext, QuestionDeclined
from functions.shared.explaining import ConceptExplained
from functions.shared.guard.guarding import Known, objections
from functions.shared.guard.reading import texts_of
from functions.shared.prompts.placing import PlacedSaid
from functions.shared.tutor import Explanation

TURN = Turn(kind="question", question="What is a list?", intent="concepts", topic="lists")
ASKED = ExplanationRequested(
    question="Why does my thing forget what I told it?", code="x = 1\n", error_message="…", level="elementary",
    confidence=0.5, second_guess="quiz", context=LearnerContext(mastery={"loops": 40}, turns=(TURN,)),
)  # fmt: skip
ABOUT = about_of(ASKED, None)
EVERYTHING = curriculum()
LOOPS_ALONE = curriculum().opened(frozenset({"loops"}))
NOTHING_OPEN = curriculum().opened(frozenset())
SAID = {
    "is_about_python": True,
    "topic": "loops",
    "near": ["lists", "functions"],
    "title": "Again and again",
    "explanation": "A loop does something again.",
    "examples": [],
    "diagram": None,
}


def answered(course=EVERYTHING, **fields):
    return answer_of(PlacedSaid.model_validate(SAID | fields), ASKED, ABOUT, course, "a-model")


def near(answer):
    return [each.topic for each in answer.near_topics]


def test_the_question_the_open_lessons_and_the_turns_before_go_in():
    given = given_of(ASKED, ABOUT, LOOPS_ALONE)

    assert (given.question, given.code, given.error_message) == (ASKED.question, ASKED.code, ASKED.error_message)
    assert (given.level, given.turns, given.is_limited) == ("elementary", (TURN,), True)
    assert [each.topic for each in given.lessons] == ["loops"]
    assert given_of(ASKED, ABOUT, EVERYTHING).is_limited is False


def test_a_lesson_that_is_named_is_the_topic_and_the_first_to_go_on_with():
    answer = answered()

    assert isinstance(answer, Explanation)
    assert (answer.topic, answer.level, answer.answered_by) == ("loops", "elementary", "a-model")
    assert near(answer) == ["loops", *(each.topic for each in curriculum().near(curriculum().topic("loops")))]
    assert "no lesson" not in explained(answer, ASKED, EVERYTHING).explanation


def test_without_a_lesson_the_answer_says_so_and_names_those_that_lie_near():
    told = explained(answered(topic=None), ASKED, EVERYTHING)

    assert (told.topic, told.answered_by, near(told)) == (None, "a-model", ["lists", "functions"])
    assert told.explanation.startswith("A loop does something again.\n\nI have no lesson on this")
    assert "- Explain lists in Python." in told.explanation
    assert "ask for a quiz" in told.explanation


def test_a_lesson_that_there_is_not_is_none():
    assert answered(topic="knitting").topic is None


@pytest.mark.parametrize("course", [EVERYTHING, LOOPS_ALONE], ids=["everything open", "loops alone"])
def test_what_is_not_about_programming_is_declined_as_kindly_as_ever(course):
    declined = answered(course, is_about_python=False, topic=None, title="", explanation="")

    assert isinstance(declined, QuestionDeclined)
    assert declined.reason == "off_topic"
    assert declined.message.startswith("I can only help with learning Python.")
    assert "ask for a quiz" in declined.message
    assert declined.suggestions


def test_what_belongs_to_no_lesson_of_a_course_is_not_explained_in_it():
    answer = answered(LOOPS_ALONE, topic=None)

    assert isinstance(answer, ConceptExplained)
    assert (answer.topic, answer.title, answer.answered_by) == (None, "No lesson on this yet", "built-in")
    assert near(answer) == ["loops"]
    assert SAID["explanation"] not in answer.explanation


def test_what_belongs_to_a_lesson_that_is_closed_will_have_to_wait():
    answer = answered(LOOPS_ALONE, topic="classes")

    assert isinstance(answer, ConceptExplained)
    assert (answer.topic, answer.answered_by, near(answer)) == (None, "built-in", ["loops"])
    assert "**Classes** will have to wait" in answer.explanation


@pytest.mark.parametrize("title", ["Decorators step by step", "What a generator gives"], ids=["closed", "planned"])
def test_in_a_course_nothing_closed_is_explained_under_the_name_of_something_open(title):
    with pytest.raises(ValueError, match="which is not open in this course"):
        answered(LOOPS_ALONE, title=title)

    assert answered(LOOPS_ALONE, title="What a while loop does").topic == "loops"
    assert answered(EVERYTHING, title=title).topic == "loops"


@pytest.mark.parametrize(
    ("asked", "course", "may"),
    [
        (ASKED, EVERYTHING, True),
        (ASKED, LOOPS_ALONE, True),
        (ASKED, NOTHING_OPEN, False),
        (ExplanationRequested(question=" "), EVERYTHING, False),
        (ExplanationRequested(question="", code="x = 1"), EVERYTHING, True),
    ],
)
def test_a_model_may_look_for_a_topic_where_there_is_something_to_look_in_and_one_is_open(asked, course, may):
    assert may_be_explained(asked, about_of(asked, None), course) is may


def test_what_is_said_of_ourselves_beside_a_model_s_answer_speaks_for_nothing_that_is_guarded():
    told = explained(answered(topic=None), ASKED, EVERYTHING)
    declined = answered(is_about_python=False)

    assert objections((*texts_of(told), *texts_of(declined)), Known()) == ()
