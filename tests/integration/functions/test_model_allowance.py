"""A function in front of a language model asks it no more often than learner and courses may, whatever happens."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Lock

import psycopg
import pytest

from functions.shared.allowance import Refused
from functions.shared.allowance_meter import metered
from functions.shared.database import PostgreSQL
from functions.shared.errors import TryAgainLater
from functions.shared.events import ExplanationRequested
from functions.shared.explaining import ConceptExplained
from functions.shared.serving import Function, Handler
from functions.shared.testing import NOON, arriving, deliver, received

WISH = ExplanationRequested(question="what is a loop?", confidence=0.9)
BUILT_IN = ConceptExplained(
    topic="loops", title="Loops", level="beginner", explanation="A loop repeats.", answered_by="built-in"
)


class Model:
    """A language model that counts how often it is asked; `fails` holds what goes wrong next."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.fails: list[Exception] = []
        self._lock = Lock()

    def explain(self, event) -> ConceptExplained:
        """Explain, in its own words."""
        with self._lock:
            self.asked[event.learner] += 1
            failure = self.fails.pop(0) if self.fails else None
        if failure is not None:
            raise failure
        return BUILT_IN.model_copy(update={"answered_by": "a-model"})


class Stage:
    """A function whose answers come from a language model where there is one left, else are built in."""

    def __init__(self, database: PostgreSQL, limit: int) -> None:
        self.model, self.limit, self.now = Model(), limit, NOON
        self.database = database
        self.broken = 0
        """How many times what comes after the model breaks."""
        self.function = Function(
            "concepts", {ExplanationRequested: Handler(self.handle, before=self.before)}, db=database
        )

    def before(self, event, database):
        """Ask the model, if there is an answer left."""
        return metered(
            lambda _: self.model.explain(event), event, database, function="concepts", limit=self.limit, now=self.now
        )

    def handle(self, _event, _db, found):
        """Answer with what the model said, or with what is built in and why."""
        if self.broken:
            self.broken -= 1
            raise TryAgainLater
        if isinstance(found, Refused):
            return BUILT_IN.model_copy(update={"explanation": str(found)})
        return found

    def ask(self, id, learner="ada"):
        """Deliver an event; return who answered, or the status of a failure."""
        answer = deliver(self.function, *arriving(WISH, learner=learner, id=id))
        return answer.data["answered_by"] if answer.status == 200 else answer.status


@pytest.fixture
def database(database_url):
    database = PostgreSQL(database_url)
    yield database
    database.close()


@pytest.fixture
def stage(database):
    return Stage(database, limit=3)


def given_course(db, course, *learners, limit=None, model=True):
    """Make a course that learners are in."""
    for user in ("tess", *learners):
        db.execute("INSERT INTO users (id) VALUES (%s) ON CONFLICT DO NOTHING", [user])
    db.execute(
        "INSERT INTO courses (id, teacher_id, title, code, model, daily_model_answers)"
        " VALUES (%s, 'tess', %s, %s, %s, %s)",
        [course, course, course, model, limit],
    )
    for learner in learners:
        db.execute("INSERT INTO enrolments (course_id, learner_id) VALUES (%s, %s)", [course, learner])


def used(db):
    """Return how many answers everybody and every course had."""
    rows = db.execute("""
        SELECT learner_id, model_answers FROM learner_quotas WHERE model_answers > 0
        UNION ALL SELECT course_id, model_answers FROM course_quotas WHERE model_answers > 0""").fetchall()
    return dict(rows)


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
            metered(lambda _: model.explain(event), event, nowhere, function="concepts", limit=9, now=NOON)
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
        metered(fail, event, database, function="concepts", limit=9, now=NOON)
    database.close()
    assert used(db) == {"ada": 1}  # the next delivery finds it counted


def test_everything_of_a_learner_goes_with_them(stage, db: psycopg.Connection):
    given_course(db, "c", "ada")
    stage.ask("e1")
    db.execute("DELETE FROM users WHERE id = 'ada'")

    assert db.execute("SELECT count(*) FROM model_grants").fetchone() == (0,)
    assert used(db) == {"c": 1}


def taking(stage, tokens, cost=0):
    """Have each answer of the stage's model take so many tokens."""

    def before(event, database):
        def ask(meter):
            meter.add(tokens, cost)
            return stage.model.explain(event)

        return metered(
            ask, event, database, function="concepts", limit=stage.limit, token_limit=stage.token_limit,
            reserve=stage.reserve, now=stage.now,
        )  # fmt: skip

    stage.before, stage.token_limit, stage.reserve = before, 1000, 500
    stage.function = Function(
        "concepts", {ExplanationRequested: Handler(stage.handle, before=before)}, db=stage.database
    )
    return stage


def taken(db):
    """Return tokens and cost of everybody and every course."""
    rows = db.execute("""
        SELECT learner_id, tokens, cost FROM learner_quotas
        UNION ALL SELECT course_id, tokens, cost FROM course_quotas""").fetchall()
    return {who: (int(tokens), int(cost)) for who, tokens, cost in rows if tokens or cost}


def test_what_an_answer_took_is_counted_instead_of_what_was_reserved(stage, db):
    given_course(db, "c", "ada")
    taking(stage, 120, cost=7)

    assert [stage.ask("e1"), stage.ask("e2")] == ["a-model"] * 2
    assert taken(db) == {"ada": (240, 14), "c": (240, 14)}
    assert db.execute("SELECT sum(reserved) FROM model_grants").fetchone() == (0,)


def test_whoever_took_their_tokens_has_the_built_in_tutor_until_midnight(database, db):
    stage = taking(Stage(database, limit=50), 400)

    assert [stage.ask(f"e{n}") for n in range(4)] == ["a-model"] * 3 + ["built-in"]
    assert taken(db) == {"ada": (1200, 0)}
    stage.now += timedelta(hours=12)
    assert stage.ask("e9") == "a-model"


def test_the_tokens_of_a_course_are_for_all_its_learners_together(database, db):
    given_course(db, "c", "ada", "bob")
    db.execute("UPDATE courses SET daily_model_tokens = 700")
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


def test_of_twenty_who_ask_at_once_as_many_are_answered_as_the_tokens_may_last_for(database, db):
    given_course(db, "c", "ada", "bob")
    db.execute("UPDATE courses SET daily_model_tokens = 3000")
    stage, barrier = taking(Stage(database, limit=50), 450), Barrier(20)
    stage.token_limit = 100_000
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
    assert taken(db)["c"] == (6 * 450, 0)
