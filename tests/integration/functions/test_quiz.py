"""Quiz asks what suits and takes answers, each exactly once, and counts the first answer to a question alone."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from functions.curriculum.practice import QuizQuestion
from functions.curriculum.reading import curriculum, quiz
from functions.quiz import handler
from functions.quiz.wording import NO_LONGER_ASKED
from functions.shared.database import PostgreSQL
from functions.shared.errors import TryAgainLater
from functions.shared.events import LearnerContext, QuizRequested
from functions.shared.quizzing import QuizAnswered
from functions.shared.testing import KNOWS, NOON, arriving, deliver

LOOPS = quiz("loops")
FIRST = "loops/range-stops-before"


@pytest.fixture
def quizzer(function):
    return function("quiz")


def at(minute):
    return (NOON + timedelta(minutes=minute)).isoformat()


def ask(quizzer, question="", event_id="e1", learner="ada", minute=0, **attached):
    named = {"source": "/learnflow/triage", "correlationid": f"q-{event_id}", "hops": "1"}
    request = QuizRequested(**{"question": question, **attached})
    headers, body = arriving(request, learner=learner, id=event_id, **named)
    return deliver(quizzer, {**headers, "ce-time": at(minute)}, body)


def answer(quizzer, choice, quiz_id="q-e1", event_id="a1", learner="ada", minute=0):
    headers, body = arriving(QuizAnswered(quiz_id=quiz_id, choice=choice), learner=learner, id=event_id)
    return deliver(quizzer, {**headers, "ce-time": at(minute)}, body)


def asked_of(db, quiz_id):
    """Return what was asked, and the place of the right option as it was shown."""
    question_id, order = db.execute("SELECT question_id, option_order FROM quizzes WHERE id = %s", [quiz_id]).fetchone()
    question = next(each for each in quiz(question_id.partition("/")[0]) if question_id.endswith(f"/{each.id}"))
    return question, order.index(question.options.index(question.answer))


def asked_and_answered(quizzer, db, n, right, minute=0, topic="loops"):
    """Ask for a question and answer it; return the question's id and what came of it."""
    posed = ask(quizzer, topic, f"e{n}", minute=minute)
    place = asked_of(db, f"q-e{n}")[1]
    choice = place if right else (place + 1) % len(posed.data["options"])
    came = answer(quizzer, choice, f"q-e{n}", f"a{n}", minute=minute)
    return came.data["question_id"], came


def kept(db, columns="question_id, times, first_right, last_right"):
    return db.execute(f"SELECT {columns} FROM quiz_answers ORDER BY learner_id, question_id").fetchall()


def test_a_question_is_posed_without_its_answer(quizzer, db):
    posed = ask(quizzer, "Quiz me on loops")
    question, _ = asked_of(db, "q-e1")

    assert (posed.status, posed.event["type"]) == (200, "org.learnflow.quiz.posed.v1")
    assert (posed.data["quiz_id"], posed.data["topic"], posed.data["difficulty"]) == ("q-e1", "loops", "easy")
    assert (posed.data["question"], posed.data["code"]) == (question.question, question.code)
    assert len(posed.data["options"]) == len(question.options)
    assert (posed.data["title"], posed.data["answered"]) == ("A question on loops", 0)
    for option in question.options:
        assert json.dumps(option.explanation, ensure_ascii=False)[1:-1].encode() not in posed.body
    assert b"correct" not in posed.body
    assert question.id.encode() not in posed.body + str(posed.headers).encode()
    assert db.execute("SELECT learner_id, topic, question_id FROM quizzes").fetchall() == [("ada", "loops", FIRST)]


def test_the_same_request_gets_the_same_question_in_the_same_order_and_makes_one_quiz(quizzer, db):
    first, again = ask(quizzer, "loops"), ask(quizzer, "loops")

    assert (first.event["id"], first.data) == (again.event["id"], again.data)
    assert db.execute("SELECT count(*) FROM quizzes").fetchone() == (1,)


def test_another_event_cannot_replace_a_quiz(quizzer, db):
    ask(quizzer, "loops")
    request = QuizRequested(question="lists")
    named = {"source": "/learnflow/triage", "correlationid": "q-e1", "hops": "1"}

    assert deliver(quizzer, *arriving(request, learner="bob", id="e9", **named)).status == 422
    assert db.execute("SELECT learner_id, topic FROM quizzes").fetchall() == [("ada", "loops")]


def test_two_requests_at_once_get_two_questions(quizzer, db):
    both = Barrier(2)

    def at_once(event_id):
        both.wait(10)
        return ask(quizzer, "loops", event_id).status

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(at_once, ["e1", "e2"])) == [200, 200]

    assert db.execute("SELECT count(DISTINCT question_id) FROM quizzes").fetchone() == (2,)


def test_a_question_left_open_more_than_an_hour_ago_may_come_again(quizzer, db):
    ask(quizzer, "loops", "e1")
    ask(quizzer, "loops", "e2", minute=59)
    ask(quizzer, "loops", "e3", minute=61)

    assert asked_of(db, "q-e1")[0] == asked_of(db, "q-e3")[0] != asked_of(db, "q-e2")[0]


def test_what_was_answered_is_not_asked_until_all_were_and_then_what_was_wrong_longest_ago(quizzer, db):
    wrong = {2, 4}
    came = [asked_and_answered(quizzer, db, n, n not in wrong, minute=10 * n)[0] for n in range(len(LOOPS))]
    again = [asked_and_answered(quizzer, db, n, right=True, minute=10 * n)[0] for n in range(7, 10)]

    assert sorted(came) == sorted(f"loops/{question.id}" for question in LOOPS)
    assert again == [came[2], came[4], came[0]]


def test_how_many_were_answered_is_said_with_the_next(quizzer, db):
    asked_and_answered(quizzer, db, 1, right=True)
    asked_and_answered(quizzer, db, 2, right=False)
    asked_and_answered(quizzer, db, 3, right=False, topic="lists")

    assert ask(quizzer, "loops", "e4").data["answered"] == 2
    assert ask(quizzer, "loops", "e5", learner="bob").data["answered"] == 0


def test_the_difficulty_and_the_topic_follow_what_is_told_of_the_learner_else_what_is_known(quizzer, db):
    ask(quizzer, "loops")
    for topic, mastery in (("loops", 60), ("lists", 20)):
        db.execute(KNOWS, {"learner": "ada", "topic": topic, "mastery": mastery})
    context = LearnerContext(mastery={"loops": 95})

    assert ask(quizzer, "loops", "e2").data["difficulty"] == "medium"
    assert ask(quizzer, "loops", "e3", context=context).data["difficulty"] == "hard"
    assert ask(quizzer, "an easy one on loops", "e4", context=context).data["difficulty"] == "easy"
    assert ask(quizzer, "quiz me", "e5").data["topic"] == "lists"


def test_who_nothing_is_known_of_begins_with_the_first_topic(quizzer):
    assert ask(quizzer, "Quiz me!").data["topic"] == curriculum().by_depth[0].id


def test_where_there_are_no_questions_it_is_said_and_nothing_is_kept(quizzer, db):
    posed = ask(quizzer, "quiz me on generators")

    assert (posed.data["quiz_id"], posed.data["topic"], posed.data["options"]) == (None, None, [])
    assert "I have no questions on **generators** yet" in posed.data["question"]
    assert db.execute("SELECT count(*) FROM quizzes").fetchone() == (0,)


def test_a_topic_that_is_named_and_not_there_is_not_taken_for_another(quizzer, db):
    posed = ask(quizzer, "a question on loops", topic="knitting")

    assert posed.status == 200
    assert (posed.data["quiz_id"], posed.data["topic"], posed.data["options"]) == (None, None, [])
    assert "I have no questions on **this** yet" in posed.data["question"]
    assert "- Quiz me on loops." in posed.data["question"]
    assert db.execute("SELECT count(*) FROM quizzes").fetchone() == (0,)


def test_a_topic_that_is_named_counts_before_the_words(quizzer):
    assert ask(quizzer, "a question on lists", topic="loops").data["topic"] == "loops"


def test_a_right_answer_is_told_and_explained_and_counts(quizzer, db):
    ask(quizzer, "loops")
    question, place = asked_of(db, "q-e1")
    came = answer(quizzer, place)

    assert (came.status, came.event["type"]) == (200, "org.learnflow.quiz.graded.v1")
    assert (came.data["correct"], came.data["counts"], came.data["topic"]) == (True, True, "loops")
    assert came.data["choice"] == came.data["right_choice"] == place
    assert (came.data["quiz_id"], came.data["question_id"]) == ("q-e1", FIRST)
    assert question.answer.explanation in came.data["explanation"]
    assert kept(db) == [(FIRST, 1, True, True)]


def test_a_wrong_answer_is_told_with_both_explanations(quizzer, db):
    options = ask(quizzer, "loops").data["options"]
    question, place = asked_of(db, "q-e1")
    came = answer(quizzer, (place + 1) % len(options))

    assert (came.data["correct"], came.data["counts"], came.data["right_choice"]) == (False, True, place)
    assert f"**This is right:** {options[place]}" in came.data["explanation"]
    assert sum(option.explanation in came.data["explanation"] for option in question.options) == 2
    assert kept(db) == [(FIRST, 1, False, False)]


def test_the_same_answer_arriving_again_gets_the_same_reply_and_is_one_answer(quizzer, db):
    ask(quizzer, "loops")
    first, again = answer(quizzer, 0), answer(quizzer, 0)

    assert (first.event["id"], first.data, True) == (again.event["id"], again.data, first.data["counts"])
    assert kept(db, "times") == [(1,)]


def test_a_repeated_answer_is_told_and_does_not_count(quizzer, db):
    ask(quizzer, "loops")
    _, place = asked_of(db, "q-e1")
    answer(quizzer, (place + 1) % 3, event_id="a1")
    again = answer(quizzer, place, event_id="a2", minute=1)

    assert (again.data["correct"], again.data["counts"]) == (True, False)
    assert "the first answer is the one that counts" in again.data["explanation"]
    assert kept(db) == [(FIRST, 2, False, True)]


def test_the_same_question_in_another_quiz_does_not_count_either(quizzer, db):
    ask(quizzer, "loops", "e1")
    ask(quizzer, "loops", "e2", minute=61)
    first = answer(quizzer, asked_of(db, "q-e1")[1], "q-e1", "a1", minute=62)
    other = answer(quizzer, asked_of(db, "q-e2")[1], "q-e2", "a2", minute=63)

    assert first.data["question_id"] == other.data["question_id"]
    assert (first.data["counts"], other.data["counts"]) == (True, False)


def test_of_answers_at_once_one_counts(quizzer, db):
    ask(quizzer, "loops")
    both = Barrier(2)

    def at_once(n):
        both.wait(10)
        return answer(quizzer, n % 3, event_id=f"a{n}").data["counts"]

    for round_ in range(5):
        with ThreadPoolExecutor(2) as pool:
            counts = pool.map(at_once, [2 * round_, 2 * round_ + 1])
        assert sorted(counts) == ([False, True] if round_ == 0 else [False, False])
    assert kept(db, "times") == [(10,)]


def test_what_is_asked_next_follows_the_latest_answer_in_whatever_order_they_arrive(quizzer, db):
    ask(quizzer, "loops")
    _, place = asked_of(db, "q-e1")
    answer(quizzer, (place + 1) % 3, event_id="a2", minute=5)
    answer(quizzer, place, event_id="a1", minute=4)

    assert kept(db) == [(FIRST, 2, False, False)]
    assert kept(db, "answered_at") == [(NOON + timedelta(minutes=5),)]


@pytest.mark.parametrize(("quiz_id", "learner"), [("q-e1", "bob"), ("q-e9", "ada"), ("", "ada"), ("`'; --\x00", "ada")])
def test_a_quiz_of_somebody_else_or_of_nobody_is_none_and_tells_nothing(quizzer, db, quiz_id, learner):
    ask(quizzer, "loops")
    question, _ = asked_of(db, "q-e1")
    came = answer(quizzer, 0, quiz_id, learner=learner)

    assert (came.status, came.data["correct"], came.data["counts"]) == (200, None, False)
    assert (came.data["topic"], came.data["question_id"], came.data["right_choice"]) == (None, None, None)
    assert came.data["explanation"].startswith("I have not asked you this question.")
    assert not any(option.explanation in came.data["explanation"] for option in question.options)
    assert kept(db) == []


@pytest.mark.parametrize("choice", [4, 5, 10**30])
def test_a_choice_that_is_no_option_is_said_and_is_no_answer(quizzer, db, choice):
    ask(quizzer, "loops")
    place = asked_of(db, "q-e1")[1]
    came = answer(quizzer, choice)

    assert (came.data["correct"], came.data["counts"], came.data["right_choice"]) == (None, False, None)
    assert "there are 4, and they are counted from 0 to 3" in came.data["explanation"]
    assert kept(db) == []
    assert answer(quizzer, place, event_id="a2").data["counts"]


@pytest.mark.parametrize("choice", ["-1", "null", '"first"', "1.5"])
def test_a_choice_that_is_no_place_is_malformed(quizzer, choice):
    headers, _ = arriving(QuizAnswered(quiz_id="q-e1", choice=0))
    body = f'{{"quiz_id": "q-e1", "choice": {choice}}}'.encode()

    assert deliver(quizzer, headers, body).status == 400


@pytest.mark.parametrize("now", ["changed", "gone", "topic gone"])
def test_a_question_that_is_no_longer_the_same_is_not_graded(quizzer, db, monkeypatch, now):
    ask(quizzer, "loops")
    question, place = asked_of(db, "q-e1")
    turned = QuizQuestion.model_validate({**question.model_dump(), "options": question.options[::-1]})
    if now == "topic gone":
        db.execute("UPDATE quizzes SET topic = 'knitting', question_id = 'knitting/first'")
    else:
        others = tuple(each for each in LOOPS if each != question)
        monkeypatch.setattr(handler, "quiz", lambda _: (turned, *others) if now == "changed" else others)
    came = answer(quizzer, place)

    assert (came.data["correct"], came.data["counts"], came.data["right_choice"]) == (None, False, None)
    assert came.data["explanation"] == NO_LONGER_ASKED
    assert kept(db) == []


def test_a_learner_who_goes_takes_everything_along(quizzer, db):
    ask(quizzer, "loops")
    answer(quizzer, 0)
    db.execute("DELETE FROM users WHERE id = 'ada'")
    assert kept(db) == db.execute("SELECT id FROM quizzes").fetchall() == []


def test_without_a_database_it_asks_to_be_tried_again(quizzer, monkeypatch):
    nowhere = PostgreSQL("postgresql://nobody@127.0.0.1:1/none?connect_timeout=1")
    monkeypatch.setattr(quizzer, "db", nowhere)

    assert ask(quizzer).status == answer(quizzer, 0).status == TryAgainLater.status
    nowhere.close()
