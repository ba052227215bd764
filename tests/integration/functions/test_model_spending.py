"""A function in front of a language model takes no more tokens and money than learner, courses and month may."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from allowance_stage import RESERVE, WISH, Stage, given_course, months, taken, taking, used

from functions.shared.allowance import Taken
from functions.shared.allowance_meter import Limits
from functions.shared.allowance_queries import count, grant, held_month, held_used
from functions.shared.testing import NOON, arriving, deliver, received


@pytest.fixture
def stage(database):
    return Stage(database, limit=3)


def test_what_an_answer_took_is_counted_instead_of_what_was_reserved(stage, db):
    given_course(db, "c", "ada")
    taking(stage, 120, cost=7)

    assert [stage.ask("e1"), stage.ask("e2")] == ["a-model"] * 2
    assert taken(db) == {"ada": (240, 14), "c": (240, 14)}
    assert db.execute("SELECT sum(reserved) FROM model_grants").fetchone() == (0,)


def test_whoever_has_too_few_tokens_left_has_the_built_in_tutor_until_midnight(database, db):
    stage = taking(Stage(database, limit=50), 400)

    assert [stage.ask(f"e{n}") for n in range(4)] == ["a-model"] * 2 + ["built-in"] * 2
    assert taken(db) == {"ada": (800, 0)}
    stage.now += timedelta(hours=12)
    assert stage.ask("e9") == "a-model"


def test_the_tokens_of_a_course_are_for_all_its_learners_together(database, db):
    given_course(db, "c", "ada", "bob")
    db.execute("UPDATE courses SET daily_model_tokens = 1000")
    stage = taking(Stage(database, limit=50), 400)

    assert [stage.ask("e1"), stage.ask("e2", learner="bob")] == ["a-model"] * 2
    assert stage.ask("e3", learner="bob") == "built-in"
    assert stage.ask("e4", learner="eve") == "a-model"


def test_a_model_that_failed_has_given_no_answer_but_taken_its_tokens(stage, db):
    taking(stage, 300, cost=5)
    stage.model.fails = [ValueError("what the model said makes no sense")]

    assert stage.ask("e1") == 500
    assert (used(db), taken(db)) == ({}, {"ada": (300, 5)})
    assert stage.ask("e1") == "a-model"
    assert (used(db), taken(db)) == ({"ada": 1}, {"ada": (600, 10)})


def test_what_breaks_after_the_model_has_answered_takes_tokens_each_time(stage, db):
    taking(stage, 100)
    stage.broken = 2

    assert [stage.ask("e1") for _ in range(3)] == [503, 503, "a-model"]
    assert (used(db), taken(db)) == ({"ada": 1}, {"ada": (300, 0)})


@pytest.mark.parametrize(
    ("limits", "what"),
    [
        ({"daily_model_tokens": 3000}, "tokens"),
        ({"daily_model_cost": 3000}, "cost"),
        ({"month_cost": 3000}, "cost"),
        ({"month_cost": 3000, "daily_model_cost": 3100, "daily_model_tokens": 3200}, "cost"),
    ],
    ids=["tokens", "cost", "cost of the month", "all"],
)
def test_of_twenty_who_ask_at_once_as_many_are_answered_as_a_limit_is_sure_to_last_for(database, db, limits, what):
    given_course(db, "c", "ada", "bob")
    for column, value in limits.items():
        if column != "month_cost":
            db.execute(f"UPDATE courses SET {column} = %s", [value])
    stage, barrier = Stage(database, limit=50), Barrier(20)
    reserve = Taken(500, 500) if "daily_model_cost" in limits or "month_cost" in limits else RESERVE
    own = Limits(50, tokens=100_000, cost=100_000, month_cost=limits.get("month_cost"))
    taking(stage, 450, cost=450 if reserve.cost else 0, limits=own, reserve=reserve)
    everybody_asks = Barrier(20)
    explain = stage.model.explain

    def slowly(event):
        everybody_asks.wait(60)
        return explain(event)

    def together(n):
        barrier.wait(20)
        answer = stage.ask(f"e{n}", learner=("ada", "bob")[n % 2])
        if answer == "built-in":
            everybody_asks.wait(60)
        return answer

    stage.model.explain = slowly
    with ThreadPoolExecutor(20) as pool:
        answers = Counter(pool.map(together, range(20)))

    assert answers == {"a-model": 6, "built-in": 14}
    assert getattr(Taken(*taken(db)["c"]), what) == 6 * 450
    assert months(db) == ([] if what == "tokens" else [6 * 450])


def test_what_an_answer_may_cost_is_set_aside_and_what_it_did_not_cost_given_back(stage, db):
    given_course(db, "c", "ada")
    taking(stage, 100, cost=30, limits=Limits(9, cost=250), reserve=Taken(500, 100))
    aside = []
    explain = stage.model.explain

    def looks(event):
        aside.append((taken(db), months(db)))
        return explain(event)

    stage.model.explain = looks
    answers = [stage.ask(f"e{n}") for n in range(7)]

    assert aside[0] == ({"ada": (500, 100), "c": (500, 100)}, [100])
    assert aside[1] == ({"ada": (600, 130), "c": (600, 130)}, [130])
    assert answers == ["a-model"] * 6 + ["built-in"]  # 6 * 30 + 100 > 250
    assert (taken(db), months(db)) == ({"ada": (600, 180), "c": (600, 180)}, [180])
    assert db.execute("SELECT sum(reserved), sum(reserved_cost) FROM model_grants").fetchone() == (0, 0)


@pytest.mark.parametrize(
    ("own", "course", "said"),
    [
        (Limits(9, cost=99), None, "Your money for the language model does not suffice"),
        (Limits(9), 99, "Your course's money for the language model does not suffice"),
        (Limits(9, month_cost=99), None, "more from the first of next month"),
        (Limits(9, tokens=499), None, "Your tokens of the language model do not suffice"),
        (Limits(0, cost=99), None, "Your answers of the language model are used up"),
    ],
)
def test_a_refusal_says_which_limit_it_was_and_counts_nothing(stage, db, own, course, said):
    given_course(db, "c", "ada")
    db.execute("UPDATE courses SET daily_model_cost = %s", [course])
    taking(stage, 100, limits=own, reserve=Taken(500, 100))

    answer = deliver(stage.function, *arriving(WISH, learner="ada", id="e1"))

    assert answer.data["answered_by"] == "built-in"
    assert said in answer.data["explanation"]
    assert (used(db), taken(db), months(db), stage.model.asked) == ({}, {}, [], {})


def test_an_event_that_asks_again_sets_aside_what_that_takes_too(stage, db):
    taking(stage, 100, cost=60, limits=Limits(1, cost=220), reserve=Taken(500, 100))
    stage.broken = 3

    assert [stage.ask("e1") for _ in range(4)] == [503, 503, 503, "built-in"]
    assert (used(db), taken(db), stage.model.asked) == ({"ada": 1}, {"ada": (300, 180)}, {"ada": 3})


def test_what_a_process_set_aside_that_ended_in_the_middle_is_given_back_by_the_next_delivery(stage, db):
    taking(stage, 100, cost=60, limits=Limits(1, cost=220), reserve=Taken(500, 100))
    event = received(WISH, learner="ada", id="e1")
    with stage.database.transaction() as connection:
        counted = grant(connection, "concepts", event, NOON.date(), stage.reserve)
        held_used(connection, counted)
        held_month(connection, counted)
        count(connection, counted)

    assert taken(db) == {"ada": (500, 100)}
    assert stage.ask("e1") == "a-model"
    assert (used(db), taken(db), months(db)) == ({"ada": 1}, {"ada": (100, 60)}, [60])


def test_what_everybody_spends_in_a_month_is_for_the_next_month_nothing(stage, db):
    taking(stage, 1, cost=90, limits=Limits(9, month_cost=200), reserve=Taken(1, 100))
    first = [stage.ask("e1"), stage.ask("e2", learner="bob"), stage.ask("e3", learner="eve")]
    stage.now += timedelta(days=31)

    assert first == ["a-model", "a-model", "built-in"]
    assert stage.ask("e4", learner="eve") == "a-model"
    assert months(db) == [180, 90]


def test_what_failed_and_cost_something_counts_for_the_money_and_not_as_an_answer(stage, db):
    taking(stage, 300, cost=60, limits=Limits(9, month_cost=200), reserve=Taken(500, 100))
    stage.model.fails = [ValueError("what the model said makes no sense")]

    assert stage.ask("e1") == 500
    assert (used(db), taken(db), months(db)) == ({}, {"ada": (300, 60)}, [60])


def test_where_nothing_costs_anything_no_month_is_kept(stage, db):
    taking(stage, 100, limits=Limits(9, cost=1, month_cost=1))

    assert stage.ask("e1") == "a-model"
    assert months(db) == []
