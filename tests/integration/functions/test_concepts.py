"""Concepts explains what is asked, keeps what it explained, and admits what it has no lesson on."""

import pytest

from functions.concepts.handler import BuiltInTutor, find_explanation
from functions.concepts.queries import cached_explanation, remember_explanation
from functions.shared.events import ExplanationRequested, LearnerContext
from functions.shared.testing import arriving, deliver, received


@pytest.fixture
def concepts(function):
    return function("concepts")


class CountingTutor(BuiltInTutor):
    """The built-in tutor, counting how often it is asked."""

    def __init__(self, version="t1"):
        self._version = version
        self.asked = 0

    @property
    def version(self):
        return self._version

    def explain(self, topic_id, level, question):
        self.asked += 1
        return super().explain(topic_id, level, question)


def ask(concepts, question="", event_id="e1", **attached):
    request = ExplanationRequested(question=question, **attached)
    return deliver(concepts, *arriving(request, source="/learnflow/triage", id=event_id, correlationid="r1", hops="1"))


def kept(db):
    return db.execute("SELECT topic, level FROM explanations ORDER BY topic, level").fetchall()


def test_a_question_is_answered_with_the_lesson_and_the_lesson_is_kept(concepts, db):
    answer = ask(concepts, "What is a for loop in Python?", confidence=0.9)

    assert answer.status == 200
    assert answer.event["type"] == "org.learnflow.concept.explained.v1"
    assert (answer.data["topic"], answer.data["level"], answer.data["confidence"]) == ("loops", "beginner", 0.9)
    assert answer.data["examples"][0]["output"]
    assert kept(db) == [("loops", "beginner")]


def test_who_knows_the_topic_gets_the_lesson_that_fits(concepts):
    knows = LearnerContext(mastery={"loops": 80, "classes": 5})

    levels = [
        ask(concepts, "What is a for loop?", "e1", context=knows).data["level"],
        ask(concepts, "What is a class?", "e2", context=knows).data["level"],
        ask(concepts, "What is a decorator?", "e3", context=knows).data["level"],
        ask(concepts, "What is a for loop?", "e4", context=knows, level="beginner").data["level"],
    ]

    assert levels == ["intermediate", "beginner", "beginner", "beginner"]


def test_the_same_topic_is_explained_once_for_two_askers(concepts, db):
    first = ask(concepts, "What is a for loop?", "e1")
    second = ask(concepts, "explain loops", "e2")

    assert second.data == first.data
    assert kept(db) == [("loops", "beginner")]


def test_an_explanation_that_is_kept_is_not_made_again(database):
    event = received(ExplanationRequested(question="explain loops"))
    tutor = CountingTutor()
    fresh = find_explanation(event, database, tutor=tutor)
    with database.transaction() as db:
        remember_explanation(db, fresh.answer, tutor_version=fresh.keep_as)

    assert find_explanation(event, database, tutor=tutor) == fresh._replace(keep_as=None)
    assert tutor.asked == 1


def test_an_explanation_of_an_older_tutor_is_made_again(database):
    event = received(ExplanationRequested(question="explain loops"))
    fresh = find_explanation(event, database, tutor=CountingTutor("t1"))
    with database.transaction() as db:
        remember_explanation(db, fresh.answer, tutor_version=fresh.keep_as)
    newer = CountingTutor("t2")

    find_explanation(event, database, tutor=newer)

    assert newer.asked == 1


def test_of_two_explanations_at_once_the_first_stays(database):
    tutor = CountingTutor()
    first = tutor.explain("loops", "beginner", "")
    second = first.model_copy(update={"title": "Another"})
    with database.transaction() as db:
        remember_explanation(db, first, tutor_version="t1")
        remember_explanation(db, second, tutor_version="t1")

        assert cached_explanation(db, topic="loops", level="beginner", tutor_version="t1") == first


def test_a_topic_without_a_lesson_is_admitted_and_nothing_is_kept(concepts, db):
    answer = ask(concepts, "Explain regular expressions")

    assert answer.data["topic"] is None
    assert "no lesson on **regular expressions** yet" in answer.data["explanation"]
    assert answer.data["near_topics"]
    assert kept(db) == []


@pytest.mark.parametrize(
    ("attached", "topic", "level"),
    [
        ({"topic": "decorators", "level": "advanced"}, "decorators", "advanced"),
        ({"topic": "for loops"}, "loops", "beginner"),
        ({"topic": "generators", "question": "and what are loops?"}, None, "beginner"),
        ({"topic": "no such thing", "question": "what are loops?"}, None, "beginner"),
        ({"question": "classes, under the hood"}, "classes", "advanced"),
        ({"question": "classes, under the hood", "level": "elementary"}, "classes", "elementary"),
        ({"question": "what is this?", "code": "async def f():\n    await g()\n"}, "async", "beginner"),
    ],
)
def test_what_the_asker_names_decides_before_what_is_found(concepts, attached, topic, level):
    answer = ask(concepts, **attached)

    assert (answer.data["topic"], answer.data["level"]) == (topic, level)


def test_an_unsure_routing_ends_with_the_second_guess_and_is_kept_without_it(concepts, db):
    unsure = ask(concepts, "loops", "e1", confidence=0.4, second_guess="exercise")
    sure = ask(concepts, "loops", "e2", confidence=0.9)

    assert unsure.data["explanation"].endswith(
        "I was not sure that this is what you were after. "
        "If you were looking for something to practise on instead, ask for an exercise."
    )
    assert unsure.data["explanation"].startswith(sure.data["explanation"])
    assert "practise on instead" not in sure.data["explanation"]
