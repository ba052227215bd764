"""Exercise hands out what suits and takes submissions in, each exactly once, whatever arrives how often."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from exercise_stage import SUM, SUM_ID, ask, hand_in, kept, tried

from functions.shared.database import PostgreSQL
from functions.shared.errors import TryAgainLater
from functions.shared.events import LearnerContext
from functions.shared.testing import KNOWS


@pytest.fixture
def exercise(function):
    return function("exercise")


def test_an_exercise_is_handed_out_without_its_hidden_tests_and_solution(exercise, db):
    answer = ask(exercise, "Give me an exercise on loops")

    assert (answer.status, answer.event["type"]) == (200, "org.learnflow.exercise.generated.v1")
    assert (answer.data["exercise_id"], answer.data["difficulty"]) == (SUM_ID, "easy")
    assert (len(answer.data["tests"]), answer.data["hidden_tests"]) == (3, 3)
    assert not any(test.call.encode() in answer.body for test in SUM.tests if test.hidden)
    assert b"total += number" not in answer.body
    assert db.execute("SELECT learner_id, exercise_id FROM exercises_given").fetchall() == [("ada", SUM_ID)]


def test_who_asks_again_gets_another_and_who_asks_twice_by_the_same_event_gets_the_same(exercise):
    first, again = ask(exercise, "loops", "e1"), ask(exercise, "loops", "e1")
    second = ask(exercise, "loops", "e2")
    somebody_else = ask(exercise, "loops", "e3", learner="bob")

    assert first.data == again.data == somebody_else.data
    assert second.data["exercise_id"] == "loops/countdown"


def test_two_requests_at_once_get_two_exercises(exercise):
    both = Barrier(2)

    def at_once(event_id):
        both.wait(10)
        return ask(exercise, "loops", event_id).data["exercise_id"]

    with ThreadPoolExecutor(2) as pool:
        came = list(pool.map(at_once, ["e1", "e2"]))

    assert sorted(came) == ["loops/countdown", SUM_ID]


def test_what_was_handed_out_more_than_an_hour_ago_may_come_again(exercise, db):
    ask(exercise, "loops", "e1")
    db.execute("UPDATE exercises_given SET given_at = now() - interval '61 minutes'")

    assert ask(exercise, "loops", "e2").data["exercise_id"] == SUM_ID


def test_what_the_learner_has_passed_does_not_come_again(exercise):
    hand_in(exercise)
    tried(exercise)

    assert ask(exercise, "loops").data["exercise_id"] == "loops/countdown"


def test_the_difficulty_follows_what_is_told_of_the_learner_else_what_is_known(exercise, db):
    ask(exercise, "hello")
    for topic, mastery in (("loops", 60), ("lists", 20)):
        db.execute(KNOWS, {"learner": "ada", "topic": topic, "mastery": mastery})
    context = LearnerContext(mastery={"loops": 95})

    assert ask(exercise, "loops", "e2").data["difficulty"] == "medium"
    assert ask(exercise, "loops", "e3", context=context).data["difficulty"] == "hard"
    assert ask(exercise, "an easy one on loops", "e4", context=context).data["difficulty"] == "easy"
    assert ask(exercise, "loops", "e5", difficulty="easy").data["difficulty"] == "easy"
    assert ask(exercise, "anything", "e6").data["topic"] == "lists"


@pytest.mark.parametrize(
    ("attached", "said"),
    [({"question": "generators"}, "on **generators** yet"), ({"topic": "cooking"}, "on that yet")],
)
def test_where_there_is_no_exercise_it_is_said_and_nothing_is_kept(exercise, db, attached, said):
    answer = ask(exercise, **attached)

    assert (answer.data["exercise_id"], answer.data["topic"], answer.data["tests"]) == (None, None, [])
    assert said in answer.data["description"]
    assert "Give me an exercise on variables" in answer.data["description"]
    assert db.execute("SELECT count(*) FROM exercises_given").fetchone() == (0,)


def test_a_submission_is_kept_and_what_is_tried_says_nothing_of_what_must_come(exercise, db):
    answer = hand_in(exercise)

    assert (answer.status, answer.event["type"]) == (200, "org.learnflow.grading.requested.v1")
    assert set(answer.data) == {"submission_id", "code", "trials"}
    assert answer.data["submission_id"] == "s1"
    assert [set(trial) for trial in answer.data["trials"]] == [{"call", "before", "stdin"}] * len(SUM.tests)
    assert kept(db, "id, learner_id, exercise_id, code, status, attempt, score") == [
        ("s1", "ada", SUM_ID, SUM.solution, "pending", 1, None)
    ]


def test_a_submission_that_comes_again_is_asked_for_again_and_is_one_attempt(exercise, db):
    first, again = hand_in(exercise), hand_in(exercise)

    assert (first.event["id"], first.body) == (again.event["id"], again.body)
    assert kept(db, "id, attempt") == [("s1", 1)]


def test_attempts_are_counted_for_each_learner_and_exercise(exercise, db):
    hand_in(exercise, event_id="s1")
    hand_in(exercise, event_id="s2")
    hand_in(exercise, event_id="s3", learner="bob")
    hand_in(exercise, "print(1)", event_id="s4", exercise_id="loops/countdown")

    assert kept(db, "id, attempt") == [("s1", 1), ("s2", 2), ("s3", 1), ("s4", 1)]


def test_attempts_at_once_are_counted_one_by_one(exercise, db):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: hand_in(exercise, event_id=f"s{n // 2}"), range(16)))

    assert {answer.status for answer in answers} <= {200, 503}  # the pool is smaller than the crowd
    while answers := [a for a in answers if a.status == 503]:
        answers = [hand_in(exercise, event_id=f"s{n}") for n in range(8)]
    assert sorted(kept(db, "attempt")) == [(n,) for n in range(1, 9)]


@pytest.mark.parametrize(
    ("attached", "said", "topic"),
    [
        ({"exercise_id": "loops/cooking"}, "I know no exercise called `loops/cooking`", "loops"),
        ({"exercise_id": "../secrets"}, "I know no exercise called `../secrets`", None),
        ({"exercise_id": "sum-of-evens"}, "I know no exercise called", None),
        ({"exercise_id": ""}, "I know no exercise called", None),
        ({"code": " \n# todo"}, "There is no code in what you handed in yet", "loops"),
        ({"code": "x" * 65_537}, "more than the 64 KB", "loops"),
        ({"code": "'" + "\x01" * 40_000 + "'"}, "more than the 64 KB", "loops"),
    ],
)
def test_what_cannot_be_tried_is_answered_at_once_and_is_no_attempt(exercise, db, attached, said, topic):
    answer = hand_in(exercise, **attached)

    assert (answer.status, answer.event["type"]) == (200, "org.learnflow.exercise.graded.v1")
    assert (answer.data["score"], answer.data["passed"], answer.data["attempt"]) == (None, False, 0)
    assert (answer.data["topic"], answer.data["submission_id"]) == (topic, "s1")
    assert said in answer.data["feedback"]
    assert kept(db) == []


def test_a_name_that_leads_elsewhere_is_not_repeated_to_whoever_sent_it(exercise, db):
    answer = hand_in(exercise, exercise_id="https://elsewhere.net/answers")

    assert "elsewhere" not in answer.data["feedback"]
    assert "smaller step" in answer.data["feedback"]
    assert kept(db) == []


def test_what_python_cannot_read_is_an_attempt_graded_at_once_with_its_line(exercise, db):
    answer = hand_in(exercise, "def sum_of_evens(numbers):\n    return (1\n")

    assert (answer.data["score"], answer.data["attempt"], answer.data["passed"]) == (0, 1, False)
    assert "in line 2: **'(' was never closed**" in answer.data["feedback"]
    assert kept(db) == [("s1", 1, "graded", 0, False)]


def test_the_largest_submission_is_taken_in(exercise):
    assert hand_in(exercise, "#" + "\n" * 65_534 + "x").event["type"] == "org.learnflow.grading.requested.v1"


def test_another_event_cannot_replace_a_submission(exercise, db):
    hand_in(exercise)

    assert hand_in(exercise, "print(1)", event_id="s9", correlationid="s1").status == 422
    assert kept(db, "id, code") == [("s1", SUM.solution)]


def test_a_learner_who_goes_takes_everything_along(exercise, db):
    ask(exercise, "loops")
    hand_in(exercise)
    db.execute("DELETE FROM users WHERE id = 'ada'")

    assert kept(db) == []
    assert db.execute("SELECT count(*) FROM exercises_given").fetchone() == (0,)


def test_without_a_database_it_asks_to_be_tried_again(exercise, monkeypatch):
    nowhere = PostgreSQL("postgresql://nobody@127.0.0.1:1/none?connect_timeout=1")
    monkeypatch.setattr(exercise, "db", nowhere)

    assert hand_in(exercise).status == TryAgainLater.status
    nowhere.close()
