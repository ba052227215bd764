"""A function in front of a language model asks it no more often than learner and courses may, whatever happens."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import psycopg
import pytest
from allowance_stage import WISH, Model, Stage, given_course, used

from functions.shared.allowance_meter import Limits, metered
from functions.shared.database import PostgreSQL
from functions.shared.errors import TryAgainLater
from functions.shared.testing import NOON, received


@pytest.fixture
def stage(database):
    return Stage(database, limit=3)


def test_a_learner_has_so_many_answers_and_then_the_built_in_tutor(stage, db):
    assert [stage.ask(f"e{n}") for n in range(5)] == ["a-model"] * 3 + ["built-in"] * 2
    assert stage.ask("e9", learner="bob") == "a-model"
    assert used(db) == {"ada": 3, "bob": 1}


def test_the_next_day_there_are_new_ones(stage):
    first = [stage.ask(f"e{n}") for n in range(4)]
    stage.now += timedelta(hours=12)

    assert first[-1] == "built-in"
    assert stage.ask("e9") == "a-model"


def test_the_learners_of_a_course_share_what_it_has(stage, db):
    given_course(db, "c", "ada", "bob", limit=4)

    answers = [stage.ask(f"{who}{n}", learner=who) for n in range(3) for who in ("ada", "bob", "eve")]

    assert Counter(answers) == {"a-model": 7, "built-in": 2}
    assert used(db) == {"ada": 2, "bob": 2, "eve": 3, "c": 4}


def test_where_one_course_has_nothing_left_nothing_is_counted_anywhere(stage, db):
    given_course(db, "a", "ada", limit=9)
    given_course(db, "b", "ada", limit=1)
    given_course(db, "c", "ada")

    assert [stage.ask(f"e{n}") for n in range(3)] == ["a-model", "built-in", "built-in"]
    assert used(db) == {"ada": 1, "a": 1, "b": 1, "c": 1}
    assert db.execute("SELECT id FROM model_grants").fetchall() == [("e0",)]


def test_a_course_without_a_model_lets_none_of_its_learners_ask_it(stage, db):
    given_course(db, "a", "ada")
    given_course(db, "b", "ada", model=False)

    assert stage.ask("e1") == "built-in"
    assert stage.model.asked == {}
    assert used(db) == {}


@pytest.mark.parametrize("failure", [TryAgainLater(), ValueError("what the model said makes no sense")])
def test_what_the_model_did_not_answer_is_given_back(stage, db, failure):
    given_course(db, "c", "ada", limit=1)
    stage.model.fails = [failure]

    assert stage.ask("e1") in {500, 503}
    assert used(db) == {}
    assert stage.ask("e1") == "a-model"
    assert used(db) == {"ada": 1, "c": 1}


def test_an_event_that_comes_again_counts_once(stage, db):
    assert [stage.ask("e1") for _ in range(3)] == ["a-model"] * 3
    assert stage.model.asked == {"ada": 1}
    assert used(db) == {"ada": 1}


def test_what_breaks_after_the_model_has_answered_counts_once_and_is_answered_even_if_nothing_is_left(stage, db):
    stage.broken = 3

    assert [stage.ask("e1") for _ in range(4)] == [503, 503, 503, "a-model"]
    assert stage.model.asked == {"ada": 4}
    assert used(db) == {"ada": 1}


def test_an_event_that_was_counted_before_midnight_counts_for_that_day(stage, db):
    stage.broken = 1
    stage.ask("e1")
    stage.now += timedelta(hours=13)

    assert stage.ask("e1") == "a-model"
    assert db.execute("SELECT day, model_answers FROM learner_quotas").fetchall() == [(NOON.date(), 1)]


def test_however_many_ask_at_once_no_more_are_given_than_there_are(database, db):
    given_course(db, "a", "ada", "bob", "eve", limit=7)
    given_course(db, "b", "bob", "eve")
    given_course(db, "c", "eve", "ada", limit=5)
    stage, barrier = Stage(database, limit=4), Barrier(12)

    def together(n):
        barrier.wait(20)
        return [stage.ask(f"e{n}-{m}", learner=("ada", "bob", "eve")[(n + m) % 3]) for m in range(4)]

    with ThreadPoolExecutor(12) as pool:
        answers = Counter(answer for answers in pool.map(together, range(12)) for answer in answers)

    counted = used(db)
    assert answers == {"a-model": 7, "built-in": 41}
    assert counted["a"] == 7 == counted["ada"] + counted["bob"] + counted["eve"]
    assert counted["c"] == counted["ada"] + counted["eve"] <= 5
    assert max(counted[who] for who in ("ada", "bob", "eve")) <= 4
    assert sum(stage.model.asked.values()) == 7


def test_the_same_event_twice_at_once_counts_once(database, db):
    stage, barrier = Stage(database, limit=1), Barrier(6)

    def together(_):
        barrier.wait(20)
        return stage.ask("e1")

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(together, range(6))) == {"a-model"}
    assert used(db) == {"ada": 1}


def test_without_a_database_nothing_is_asked():
    nowhere, model = PostgreSQL("postgresql://127.0.0.1:1/x?connect_timeout=1"), Model()
    event = received(WISH)
    try:
        with pytest.raises(TryAgainLater):
            metered(lambda _: model.explain(event), event, nowhere, function="concepts", limits=Limits(9), now=NOON)
    finally:
        nowhere.close()
    assert model.asked == {}


def test_a_model_that_fails_while_the_database_is_gone_is_what_is_told(database_url, db):
    database = PostgreSQL(database_url)
    event = received(WISH)

    def fail(_):
        db.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'learnflow'")
        raise KeyError("the model")

    with pytest.raises(KeyError):
        metered(fail, event, database, function="concepts", limits=Limits(9), now=NOON)
    database.close()
    assert used(db) == {"ada": 1}  # the next delivery finds it counted


def test_everything_of_a_learner_goes_with_them(stage, db: psycopg.Connection):
    given_course(db, "c", "ada")
    stage.ask("e1")
    db.execute("DELETE FROM users WHERE id = 'ada'")

    assert db.execute("SELECT count(*) FROM model_grants").fetchone() == (0,)
    assert used(db) == {"c": 1}
