"""Concepts has a model say what a question is about in which it found no topic itself, and answers honestly without."""

import pytest
from by_model_stage import CHECK, COUNTS, EXPLAINED, in_a_course, printing, ran, saying
from debug_stage import SUM_ID, hand_out

from functions.curriculum.reading import exercise_called
from functions.shared.events import ExplanationRequested
from functions.shared.testing import arriving, deliver
from tests.model_stand_in import fails

QUESTION = "Must I write that out again for every friend?"
DECLINED = "org.learnflow.question.declined.v1"


def placing(*examples, topic="loops", near=("lists",), **fields):
    """Have a model find a question to be about a topic."""
    return saying(*examples, **{"topic": topic, "near": list(near), "title": "Once written, done for each", **fields})


@pytest.fixture
def concepts(function, stand_in):
    """Concepts, which asks a model that knows what a question is about."""
    stand_in.manner = placing(COUNTS)
    return function("concepts")


def ask(concepts, question=QUESTION, event_id="e1", **attached):
    request = ExplanationRequested(question=question, **attached)
    named = {"source": "/learnflow/triage", "id": event_id, "correlationid": "r1", "hops": "1"}
    return deliver(concepts, *arriving(request, learner="ada", **named))


def near(answer):
    return [each["topic"] for each in answer.data["near_topics"]]


def kept(db):
    return db.execute("SELECT count(*) FROM explanations").fetchone()[0]


def test_a_question_in_which_no_topic_is_found_is_explained_under_the_one_that_the_model_names(concepts, stand_in, db):
    check = ask(concepts)
    answer = ran(concepts, check, printing("0\n1\n2\n"))

    assert check.event["type"] == CHECK
    assert (answer.event["type"], answer.data["topic"], answer.data["answered_by"]) == (EXPLAINED, "loops", "stand-in")
    assert near(answer)[0] == "loops"
    assert answer.data["examples"] == [COUNTS]
    told = stand_in.asked[0].body["messages"][1]["content"]
    assert all(each in told for each in (QUESTION, "decorators: Decorators", "Open topics: all."))
    assert kept(db) == 0


def test_what_there_is_no_lesson_on_is_explained_with_that_said_and_never_kept(concepts, stand_in, db):
    stand_in.manner = placing(COUNTS, topic=None)

    answer = ran(concepts, ask(concepts), printing("0\n1\n2\n"))

    assert (answer.data["topic"], answer.data["answered_by"], near(answer)) == (None, "stand-in", ["lists"])
    assert "I have no lesson on this" in answer.data["explanation"]
    assert "- Explain lists in Python." in answer.data["explanation"]
    assert kept(db) == 0


def test_what_is_about_something_else_is_declined(concepts, stand_in, db):
    stand_in.manner = placing(is_about_python=False, topic=None, near=[], title="", explanation="")

    answer = ask(concepts, second_guess="quiz")

    assert (answer.event["type"], answer.data["reason"]) == (DECLINED, "off_topic")
    assert answer.data["message"].startswith("I can only help with learning Python.")
    assert len(stand_in.asked) == 1


def test_without_the_model_it_is_said_honestly_that_there_is_no_lesson(concepts, stand_in):
    stand_in.manner = fails(401)

    answer = ask(concepts)

    assert (answer.data["topic"], answer.data["title"], answer.data["answered_by"]) == (
        None, "No lesson on this yet", "built-in",
    )  # fmt: skip


def test_in_a_course_without_a_model_nobody_is_asked(concepts, stand_in, db):
    in_a_course(db, model=False)

    assert ask(concepts).data["answered_by"] == "built-in"
    assert stand_in.asked == []


def test_in_a_course_the_model_chooses_among_what_is_open(concepts, stand_in, db):
    in_a_course(db, allowed_topics=["loops", "lists"])

    answer = ran(concepts, ask(concepts), printing("0\n1\n2\n"))

    told = stand_in.asked[0].body["messages"][1]["content"]
    assert (answer.data["topic"], answer.data["answered_by"]) == ("loops", "stand-in")
    assert "Open topics: the listed ones alone." in told
    assert "decorators" not in told
    assert set(near(answer)) <= {"loops", "lists"}


@pytest.mark.parametrize("named", [None, "decorators"])
def test_what_a_course_has_not_opened_is_not_explained_whatever_the_model_says(concepts, stand_in, db, named):
    in_a_course(db, allowed_topics=["loops"])
    stand_in.manner = placing(COUNTS, topic=named)

    answer = ask(concepts)

    assert (answer.event["type"], answer.data["topic"], answer.data["answered_by"]) == (EXPLAINED, None, "built-in")
    assert (near(answer), answer.data["examples"]) == (["loops"], [])


def test_in_a_course_a_closed_topic_under_an_open_name_is_objected_to_and_then_not_heard(concepts, stand_in, db):
    in_a_course(db, allowed_topics=["loops"])
    stand_in.manner = placing(COUNTS, title="Decorators step by step")

    answer = ask(concepts)

    assert (answer.data["answered_by"], len(stand_in.asked)) == ("built-in", 2)
    assert "not open in this course" in stand_in.asked[1].body["messages"][-1]["content"]


def test_a_model_that_gives_the_solution_away_is_not_heard_here_either(concepts, stand_in, db):
    hand_out(db)
    _, exercise = exercise_called(SUM_ID)
    stand_in.manner = placing({"title": "Here it is", "code": exercise.solution, "output": None}, topic=None)

    answer = ask(concepts)

    assert (answer.data["answered_by"], len(stand_in.asked)) == ("built-in", 2)
    assert exercise.solution not in str(answer.data)


def test_a_question_that_comes_again_is_answered_alike_and_nobody_is_asked_again(concepts, stand_in):
    stand_in.manner = placing({**COUNTS, "output": None}, topic=None)

    assert ask(concepts) == ask(concepts)
    assert len(stand_in.asked) == 1
