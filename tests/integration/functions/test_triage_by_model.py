"""Triage asks a model where its classifier is unsure, and goes on without one."""

import json

import pytest
from by_model_stage import in_a_course
from test_triage_turns import EXPLAINED, NINE, given_turn

from functions.shared.envelope import cloud_event, to_http
from functions.shared.events import QuestionAsked
from functions.shared.testing import arriving, deliver
from functions.triage.linear import UNSURE, LinearClassifier
from tests.model_stand_in import fails, says

UNCLEAR = "loops"
CLEAR = "Can you explain how Python loops work?"


def saying(intent, *, is_sure=True, second_guess=None):
    """Have a model say what a question is after."""
    said = {"wants": "something", "intent": intent, "is_sure": is_sure, "second_guess": second_guess}
    return says(json.dumps(said))


@pytest.fixture
def triage(function, stand_in):
    stand_in.manner = saying("concepts")
    return function("triage")


def ask(triage, question=UNCLEAR, event_id="e1", **attached):
    return deliver(triage, *arriving(QuestionAsked(question=question, **attached), id=event_id))


def alone(question=UNCLEAR):
    """Return the classifier's own routing."""
    return LinearClassifier().classify(QuestionAsked(question=question))


def test_what_the_classifier_is_sure_of_no_model_is_asked(triage, stand_in):
    assert alone(CLEAR).confidence >= UNSURE

    assert ask(triage, CLEAR).event["type"] == "org.learnflow.explanation.requested.v1"
    assert stand_in.asked == []


def test_where_it_is_unsure_the_model_decides(triage, stand_in):
    assert alone().confidence < UNSURE
    assert alone().intent != "concepts"

    answer = ask(triage, code="SECRET = 1", error_message="NameError: name 'other' is not defined")
    routed = ask(triage, event_id="e2")

    assert routed.event["type"] == "org.learnflow.explanation.requested.v1"
    assert (routed.data["confidence"], routed.data["second_guess"]) == (0.9, None)
    sent = stand_in.asked[-1].body["messages"][1]["content"]
    assert UNCLEAR in sent
    assert "exercise 55%" in sent
    assert answer.data["code"] == "SECRET = 1"
    assert "SECRET" not in str([asked.body for asked in stand_in.asked])


def test_a_model_that_is_unsure_too_leaves_the_doubt(triage, stand_in):
    stand_in.manner = saying("quiz", is_sure=False, second_guess="concepts")

    answer = ask(triage)

    assert answer.event["type"] == "org.learnflow.quiz.requested.v1"
    assert answer.data["confidence"] < UNSURE
    assert answer.data["second_guess"] == "concepts"


@pytest.mark.parametrize("manner", [fails(401), says("exercise, I think"), says("", refusal="No.")])
def test_a_model_that_does_not_answer_leaves_it_at_the_classifiers_guess(triage, stand_in, manner):
    stand_in.manner = manner

    answer = ask(triage)

    assert answer.event["type"] == "org.learnflow.exercise.requested.v1"
    assert (answer.data["confidence"], answer.data["second_guess"]) == (alone().confidence, alone().second_guess)
    assert stand_in.asked


def test_a_course_without_a_model_has_the_classifiers_guess(triage, stand_in, db):
    in_a_course(db, model=False)

    assert ask(triage).data["confidence"] == alone().confidence
    assert stand_in.asked == []


def test_a_model_declines_what_is_not_about_python(triage, stand_in):
    stand_in.manner = saying("off_topic")

    assert ask(triage).event["type"] == "org.learnflow.question.declined.v1"


def test_what_a_model_understands_takes_over_the_topic_of_the_turn_before(triage, stand_in, db):
    given_turn(db, "r1", 0, routed_to="concepts", answer=EXPLAINED, question="How do loops work?")
    assert alone("show one").confidence < UNSURE
    asked = QuestionAsked(question="show one", session_id="monday")

    answer = deliver(
        triage,
        *to_http(
            cloud_event(asked, learner="ada", now=NINE.replace(hour=10), id="e1", source="/learnflow/gateway", hops="0")
        ),
    )

    assert answer.event["type"] == "org.learnflow.explanation.requested.v1"
    assert answer.data["topic"] == "loops"
    assert "How do loops work?" in stand_in.asked[0].body["messages"][1]["content"]


def test_a_question_that_comes_again_is_routed_alike_and_nobody_is_asked_again(triage, stand_in):
    assert ask(triage) == ask(triage)
    assert len(stand_in.asked) == 1
