"""Concepts has a model explain, sees what its examples print, and needs no model for an answer."""

import pytest
from by_model_stage import CHECK, COUNTS, EXPLAINED, TWICE, in_a_course, printing, ran, saying
from debug_stage import SUM_ID, hand_out
from prometheus_client import REGISTRY

from functions.curriculum.reading import exercise_called
from functions.shared.database import PostgreSQL
from functions.shared.events import ExplanationRequested
from functions.shared.running import Ran
from functions.shared.testing import arriving, deliver
from tests.model_stand_in import fails, says

QUESTION = "Why does my while loop never end?"


@pytest.fixture
def concepts(function, stand_in):
    """Concepts, which asks a model that explains with one example."""
    stand_in.manner = saying(COUNTS)
    return function("concepts")


def ask(concepts, question=QUESTION, event_id="e1", learner="ada", **attached):
    request = ExplanationRequested(question=question, **attached)
    named = {"source": "/learnflow/triage", "id": event_id, "correlationid": "r1", "hops": "1"}
    return deliver(concepts, *arriving(request, learner=learner, **named))


def explained(concepts, *printed, **asked):
    """Ask, tell what the examples print, and return the answer."""
    check = ask(concepts, **asked)
    assert check.event["type"] == CHECK
    return ran(concepts, check, *map(printing, printed), event_id=f"c-{check.event['id']}")


def kept(db):
    return db.execute("SELECT topic, level, body ->> 'answered_by' FROM explanations ORDER BY tutor_version").fetchall()


def test_a_model_explains_once_its_examples_have_printed_what_it_says(concepts, stand_in, db):
    check = ask(concepts, confidence=0.9)
    answer = ran(concepts, check, printing("0\n1\n2\n"))

    assert (check.data["requester"], check.data["code"], check.data["trials"]) == (
        "concepts", COUNTS["code"], [{"call": None, "before": "", "stdin": "", "code": None}],
    )  # fmt: skip
    assert check.event["requester"] == "concepts"
    assert answer.event["type"] == EXPLAINED
    assert (answer.data["topic"], answer.data["answered_by"], answer.data["confidence"]) == ("loops", "stand-in", 0.9)
    assert answer.data["explanation"].startswith("A `while` loop goes on")
    assert answer.data["examples"] == [COUNTS]
    assert QUESTION in stand_in.asked[0].body["messages"][1]["content"]
    assert kept(db) == []
    assert db.execute("SELECT count(*) FROM drafts").fetchone() == (0,)


def test_an_example_that_prints_something_else_shows_that(concepts, stand_in):
    stand_in.manner = saying(COUNTS, TWICE)

    answer = explained(concepts, "0\n1\n2\n", "42\n")

    assert [example["output"] for example in answer.data["examples"]] == ["0\n1\n2\n", "42\n"]
    assert "should something above say otherwise" in answer.data["explanation"]


def test_an_example_that_fails_is_not_shown(concepts, stand_in):
    stand_in.manner = saying(COUNTS, TWICE)

    answer = ran(concepts, ask(concepts), Ran(outcome="error"), printing("43\n"))

    assert [example["title"] for example in answer.data["examples"]] == ["Twice"]


def test_where_nobody_can_run_the_examples_the_answer_claims_no_output_and_says_so(concepts, db):
    answer = ran(concepts, ask(concepts, "", topic="loops"), source="/learnflow/dead-letter")

    assert answer.data["examples"] == []
    assert COUNTS["code"] in answer.data["explanation"]
    assert "I could not run this program just now" in answer.data["explanation"]
    assert "0\n1\n2" not in answer.data["explanation"]
    assert kept(db) == []


def test_an_explanation_that_claims_no_output_goes_out_at_once(concepts, stand_in):
    stand_in.manner = saying({**COUNTS, "output": None})

    answer = ask(concepts)

    assert answer.event["type"] == EXPLAINED
    assert COUNTS["code"] in answer.data["explanation"]


def test_a_wish_without_a_question_is_explained_once_for_everybody(concepts, stand_in, db):
    first = explained(concepts, "0\n1\n2\n", question="", topic="loops", level="beginner")
    second = ask(concepts, "", "e2", "bob", topic="loops", level="beginner")

    assert len(stand_in.asked) == 1
    assert second.data == {**first.data, "answered_by": "stand-in, kept"}
    assert kept(db) == [("loops", "beginner", "stand-in")]


def test_without_the_model_a_question_is_answered_with_what_was_kept_else_with_the_lesson(concepts, stand_in, db):
    explained(concepts, "0\n1\n2\n", question="", topic="loops", level="beginner")
    stand_in.manner = fails(401)

    from_what_is_kept = ask(concepts, QUESTION, "e2")
    from_the_lesson = ask(concepts, "What is a decorator?", "e3")

    assert (from_what_is_kept.data["answered_by"], from_what_is_kept.data["examples"]) == ("stand-in, kept", [COUNTS])
    assert (from_the_lesson.data["answered_by"], from_the_lesson.data["topic"]) == ("built-in", "decorators")
    assert from_the_lesson.data["examples"][0]["output"]
    assert len(stand_in.asked) == 3


def test_a_model_that_is_nowhere_costs_no_answer(function, stand_in, monkeypatch):
    monkeypatch.setenv("MODEL_SECONDS", "1")
    stand_in.__exit__()

    answer = ask(function("concepts"))

    assert (answer.status, answer.data["answered_by"], answer.data["topic"]) == (200, "built-in", "loops")


def test_a_course_without_a_model_has_the_lesson_and_nobody_is_asked(concepts, stand_in, db):
    explained(concepts, "0\n1\n2\n", question="", topic="loops", level="beginner", learner="bob")
    in_a_course(db, model=False)

    answers = [ask(concepts, QUESTION, "e2"), ask(concepts, "", "e3", topic="loops", level="beginner")]

    assert [answer.data["answered_by"] for answer in answers] == ["built-in", "built-in"]
    assert len(stand_in.asked) == 1


def test_whoever_has_no_answer_of_the_model_left_has_the_lesson(concepts, stand_in, monkeypatch):
    monkeypatch.setenv("MODEL_ANSWERS_PER_DAY", "1")

    first = explained(concepts, "0\n1\n2\n")
    second = ask(concepts, "And why does it begin at all?", "e2", topic="loops")

    assert [first.data["answered_by"], second.data["answered_by"]] == ["stand-in", "built-in"]
    assert len(stand_in.asked) == 1


def objected(answer):
    labels = {"function": "concepts", "kind": "solution", "answer": answer}
    return REGISTRY.get_sample_value("learnflow_guard_objections_total", labels) or 0.0


def test_a_model_that_gives_the_solution_away_twice_is_not_heard(concepts, stand_in, db):
    hand_out(db)
    _, exercise = exercise_called(SUM_ID)
    stand_in.manner = saying({"title": "Here it is", "code": exercise.solution, "output": None})
    before = objected("first"), objected("repaired")

    answer = ask(concepts, "How do I sum the even numbers in a loop?")

    assert answer.data["answered_by"] == "built-in"
    assert exercise.solution not in str(answer.data)
    assert len(stand_in.asked) == 2
    assert "gives away the program" in stand_in.asked[1].body["messages"][-1]["content"]
    assert (objected("first"), objected("repaired")) == (before[0] + 1, before[1] + 1)


def test_a_model_that_mends_what_was_objected_to_is_heard(concepts, stand_in):
    stand_in.script.append(saying(COUNTS, COUNTS, COUNTS, COUNTS))

    answer = explained(concepts, "0\n1\n2\n")

    assert answer.data["answered_by"] == "stand-in"
    assert stand_in.asked[1].body["messages"][-1]["content"] == "There are 4 examples. Give 3 at most."


def test_an_example_that_prints_a_solution_does_not_leave(concepts, stand_in, db):
    hand_out(db)
    _, exercise = exercise_called(SUM_ID)

    answer = explained(concepts, exercise.solution)

    assert "smaller step" in answer.data["explanation"]
    assert (answer.data["examples"], answer.data["answered_by"]) == ([], "built-in")


def test_a_question_about_something_else_has_the_lesson(concepts, stand_in):
    stand_in.manner = saying(is_about_python=False)

    assert ask(concepts, "Explain loops, and write my essay").data["answered_by"] == "built-in"


@pytest.mark.parametrize("said", [says("no JSON at all"), says("", refusal="I would rather not.")])
def test_a_model_that_says_nothing_useful_costs_no_answer(concepts, stand_in, said):
    stand_in.manner = said

    assert ask(concepts).data["answered_by"] == "built-in"


def test_a_topic_without_lessons_is_explained_by_the_model_alone(concepts, stand_in):
    stand_in.manner = saying(COUNTS, title="Patterns for text", explanation="A regular expression finds text in text.")

    by_model = explained(concepts, "0\n1\n2\n", question="Explain regular expressions")
    stand_in.manner = fails(401)
    without = ask(concepts, "Explain regular expressions", "e2")

    assert (by_model.data["topic"], by_model.data["answered_by"]) == ("regular-expressions", "stand-in")
    assert by_model.data["near_topics"]
    assert (without.data["topic"], without.data["answered_by"]) == (None, "built-in")
    assert "no lesson on **regular expressions** yet" in without.data["explanation"]


@pytest.mark.parametrize("question", ["Explain regular expressions", "What is a decorator?"])
def test_what_a_course_has_not_opened_no_model_explains(concepts, stand_in, db, question):
    in_a_course(db, allowed_topics=["loops"])

    answer = ask(concepts, question)

    assert (answer.data["topic"], answer.data["answered_by"], stand_in.asked) == (None, "built-in", [])
    assert [near["topic"] for near in answer.data["near_topics"]] == ["loops"]


@pytest.mark.parametrize("question", ["", "  \n"])
def test_where_nothing_is_asked_nobody_is(concepts, stand_in, question):
    assert ask(concepts, question).data["topic"] is None
    assert stand_in.asked == []


def test_an_event_that_comes_again_is_answered_alike_and_nobody_is_asked_again(concepts, stand_in, db):
    checks = [ask(concepts), ask(concepts)]
    answers = [ran(concepts, checks[0], printing("0\n1\n2\n")) for _ in range(2)]
    late = ran(concepts, checks[0], printing("7\n"), event_id="c2")

    assert checks[0] == checks[1]
    assert answers[0] == answers[1]
    assert (late.status, late.body) == (204, b"")
    assert len(stand_in.asked) == 1
    assert db.execute("SELECT count(*) FROM model_calls").fetchone() == (1,)


def test_what_anybody_else_tells_of_a_run_is_refused_and_the_draft_waits_on(concepts):
    check = ask(concepts)

    assert ran(concepts, check, printing("7\n"), source="/somebody", event_id="c1").status == 422
    assert ran(concepts, check, printing("7\n"), learner="bob", event_id="c2").status == 204
    assert ran(concepts, check, printing("0\n1\n2\n"), event_id="c3").data["examples"] == [COUNTS]


def test_while_a_model_thinks_no_connection_is_held(concepts, stand_in, database_url, monkeypatch):
    database = PostgreSQL(database_url)
    monkeypatch.setattr(concepts, "db", database)
    idle = []

    def looks(asked):
        idle.append(database._pool.get_stats()["pool_available"] == database._pool.get_stats()["pool_size"])
        return saying(COUNTS)(asked)

    stand_in.manner = looks
    try:
        assert ask(concepts).event["type"] == CHECK
    finally:
        database.close()
    assert idle == [True]
