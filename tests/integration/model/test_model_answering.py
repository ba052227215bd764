"""How a function asks a model: quotas first, kept before it is sent, told while it works, checked before it is seen."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event

import psycopg
import pytest
from model_stage import GOOD, KEY, asking
from prometheus_client import REGISTRY

from functions.shared.database import PostgreSQL
from functions.shared.errors import Erased, TryAgainLater
from functions.shared.events import DebuggingRequested
from functions.shared.model.answering import ask_model
from functions.shared.model.asking import NoAnswer
from functions.shared.model.limits import most_used
from functions.shared.model.openai_model import OpenAIModel
from functions.shared.settings import Settings, read_settings
from functions.shared.testing import received
from tests.model_stand_in import cuts, fails, hangs, says

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)
TOOK = 13 + len(GOOD) // 4
"""Tokens of `asking()` and GOOD by the stand-in's count."""


class Stage:
    """A function that asks for advice, on a database of its own."""

    def __init__(self, url: str, model: OpenAIModel, settings: Settings) -> None:
        self.database = PostgreSQL(url)
        self.model, self.settings, self.now = model, settings, NOON

    def ask(self, id: str = "e1", *, learner: str = "ada", guard=lambda _: ()):
        """Return what the model answers to an event."""
        event = received(DebuggingRequested(question="why?", confidence=0.9), learner=learner, id=id)
        return ask_model(
            event, self.database, asking(), model=self.model, settings=self.settings, function="debug",
            now=self.now, guard=guard,
        )  # fmt: skip

    def refused(self, id: str = "e1", **how) -> NoAnswer:
        """Return why there is none."""
        with pytest.raises(NoAnswer) as none:
            self.ask(id, **how)
        return none.value


@pytest.fixture
def stage(database_url, model, stand_in):
    stand_in.manner = says(GOOD)
    settings = read_settings(
        environ={"OPENAI_MODEL": "stand-in", "OPENAI_API_KEY": KEY, "MODEL_PRICE_IN": "2", "MODEL_PRICE_OUT": "10"}
    )
    stage = Stage(database_url, model, settings)
    yield stage
    stage.database.close()


@pytest.fixture
def db(database_url):
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


def calls(db):
    """Return every call that is kept, in order."""
    return db.execute(
        "SELECT sent, received, prompt_tokens, answer_tokens, cost FROM model_calls ORDER BY ctid"
    ).fetchall()


def quotas(db):
    """Return answers, tokens and cost of everybody and every course."""
    rows = db.execute("""
        SELECT learner_id, model_answers, tokens, cost FROM learner_quotas
        UNION ALL SELECT course_id, model_answers, tokens, cost FROM course_quotas""").fetchall()
    return {who: tuple(map(int, numbers)) for who, *numbers in rows}


def in_a_course(db, *learners, **columns):
    """Put learners into a course."""
    for user in ("tess", *learners):
        db.execute("INSERT INTO users (id) VALUES (%s) ON CONFLICT DO NOTHING", [user])
    db.execute("INSERT INTO courses (id, teacher_id, title, code) VALUES ('c', 'tess', 'C', 'c')")
    for name, value in columns.items():
        db.execute(f"UPDATE courses SET {name} = %s", [value])
    for learner in learners:
        db.execute("INSERT INTO enrolments (course_id, learner_id) VALUES ('c', %s)", [learner])


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_an_answer_is_kept_with_what_was_sent_and_what_it_took(stage, db):
    in_a_course(db, "ada")
    answered = stage.ask()

    assert answered.answer.line == 3
    ((sent, got, prompt_tokens, answer_tokens, cost),) = calls(db)
    assert sent == [dict(message) for message in asking().messages]
    assert (got, prompt_tokens + answer_tokens) == (GOOD, TOOK)
    assert cost == 2 * prompt_tokens + 10 * answer_tokens
    assert quotas(db) == {"ada": (1, TOOK, cost), "c": (1, TOOK, cost)}


def test_whoever_asked_is_told_that_it_is_written_and_then_that_it_is_checked(stage, db):
    db.execute("INSERT INTO users (id) VALUES ('ada')")
    db.execute("INSERT INTO requests (id, user_id, kind, body, body_hash) VALUES ('e1', 'ada', 'question', '{}', '')")
    db.execute("LISTEN learnflow")

    stage.ask()
    stage.ask("not-of-a-request")

    told = [json.loads(notice.payload) for notice in db.notifies(timeout=2)]
    assert told == [{"request": "e1", "learner": "ada", "stage": stage} for stage in ("writing", "checking")]


def test_what_is_sent_is_kept_before_it_is(stage, db, stand_in):
    stand_in.manner = hangs()
    stage.settings = replace(stage.settings, model=replace(stage.settings.model, seconds=3))
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(stage.refused)
        stand_in.wait_until_asked()
        ((sent, got, *_),) = calls(db)
        assert asked.result().reason == "late"

    assert sent[1]["content"].endswith("tortoise not turn?")
    assert got is None


def test_an_answer_that_the_guard_objects_to_is_asked_for_once_more(stage, db, stand_in):
    stand_in.script += [says(GOOD.replace("Look at line 3.", "Here is the solution."))]

    answered = stage.ask(guard=lambda said: ["Do not show it."] if "solution" in said.steps[0].text else [])

    assert answered.answer.steps[0].text == "Look at line 3."
    assert stand_in.asked[1].body["messages"][-1] == {"role": "user", "content": "Do not show it."}
    assert len(calls(db)) == 2
    assert quotas(db)["ada"][0] == 1


@pytest.mark.parametrize("then", [says(GOOD), says("no JSON"), fails(401)])
def test_an_answer_that_does_not_get_better_is_none(stage, db, stand_in, then):
    stand_in.script += [says(GOOD), then, then]

    assert stage.refused(guard=lambda _: ["No."]).reason == "blocked"
    assert quotas(db)["ada"][0] == 0
    assert quotas(db)["ada"][1] >= TOOK
    assert len(calls(db)) == 2


def test_without_time_for_another_try_the_first_objection_is_the_last(stage, stand_in):
    stage.settings = replace(stage.settings, model=replace(stage.settings.model, seconds=1))

    assert stage.refused(guard=lambda _: ["No."]).reason in {"blocked", "late"}
    assert len(stand_in.asked) <= 1


def test_a_learner_without_answers_or_tokens_left_asks_nobody(stage, db, stand_in):
    few = {"model_answers_per_day": 2}
    stage.settings = replace(stage.settings, **few)
    stage.ask("e1")
    stage.ask("e2")

    none = stage.refused("e3")
    assert (none.reason, len(stand_in.asked), len(calls(db))) == ("quota", 2, 2)
    assert "midnight" in none.detail

    stage.settings = replace(stage.settings, model_answers_per_day=50, model_tokens_per_day=most_used(asking()).tokens)
    assert stage.refused("e4").reason == "quota"
    stage.now += timedelta(days=1)
    assert stage.ask("e5").answer.line == 3


@pytest.mark.parametrize(
    ("cost_of", "whose"), [("cost_per_day", "Your money"), ("cost_per_month", "Everybody's money")]
)
def test_a_learner_without_money_left_asks_nobody(stage, db, stand_in, cost_of, whose):
    most = stage.settings.model.cost(most_used(asking()))
    stage.settings = replace(stage.settings, model=replace(stage.settings.model, **{cost_of: most}))
    stage.ask("e1")

    none = stage.refused("e2")

    assert (none.reason, len(stand_in.asked), len(calls(db))) == ("quota", 1, 1)
    assert none.detail.startswith(whose)
    assert 0 < quotas(db)["ada"][2] < most


def test_whatever_a_model_makes_of_a_question_it_takes_no_more_than_was_set_aside(stage, db, stand_in):
    """Unreadable, mended, objected to, unreadable again, mended again: that is as much as a question is asked."""
    long = GOOD.replace("Look at line 3.", "x" * 400)
    stand_in.script += [says("no JSON"), says(long), says("no JSON"), says(GOOD)]
    most = most_used(asking())

    stage.ask(guard=lambda said: ["No." * 20] if said.steps[0].text.startswith("x") else [])

    _, tokens, cost = quotas(db)["ada"]
    assert len(stand_in.asked) == 4
    assert TOOK < tokens <= most.tokens
    assert cost <= stage.settings.model.cost(most)


def test_a_course_without_a_model_turns_it_off_for_its_learners(stage, db, stand_in):
    in_a_course(db, "ada", model=False)

    none = stage.refused()

    assert (none.reason, none.detail) == ("off", "Your course answers without a language model.")
    assert (stand_in.asked, calls(db)) == ([], [])
    assert stage.ask("e2", learner="bob").answer.line == 3


def test_where_no_model_is_set_up_the_database_is_not_asked_either(stage):
    nowhere = PostgreSQL("postgresql://127.0.0.1:1/x?connect_timeout=1")
    stage.model = OpenAIModel(read_settings(environ={}).model)
    stage.database.close()
    stage.database = nowhere

    assert stage.refused().reason == "off"


@pytest.mark.parametrize("limited", ["daily_model_tokens", "daily_model_cost"])
def test_of_twenty_who_ask_at_once_no_more_are_sent_on_than_their_course_can_pay(stage, db, stand_in, limited):
    most = most_used(asking())
    in_a_course(
        db, "ada", "bob", **{limited: 3 * (most.tokens if "tokens" in limited else stage.settings.model.cost(most))}
    )
    stage.settings = replace(stage.settings, model=replace(stage.settings.model, seconds=60))
    others_are_refused = Event()

    def at_last(asked):
        assert others_are_refused.wait(60)
        return says(GOOD)(asked)

    def one(n):
        try:
            return stage.ask(f"e{n}", learner=("ada", "bob")[n % 2]).text
        except NoAnswer as none:
            refusals.append(none.reason)
            if len(refusals) == 17:
                others_are_refused.set()
            return none.reason

    stand_in.manner, refusals = at_last, []
    with ThreadPoolExecutor(20) as pool:
        came = Counter(pool.map(one, range(20)))

    assert came == {GOOD: 3, "quota": 17}
    assert len(stand_in.asked) == 3
    assert quotas(db)["c"][:2] == (3, 3 * TOOK)


@pytest.mark.parametrize("manner", [fails(401), cuts(fails(500), after_bytes=3), says("", refusal="No.")])
def test_a_call_that_fails_is_kept_and_given_back(stage, db, stand_in, manner):
    stand_in.manner = manner

    assert stage.refused().reason in {"failed", "refused"}
    assert quotas(db)["ada"][0] == 0
    assert len(calls(db)) == 1


def test_what_was_never_sent_is_not_said_to_have_been(stage, db, stand_in):
    stand_in.manner = fails(429)

    assert stage.refused("e1").reason == "busy"
    assert stage.refused("e2").reason == "open"
    assert len(calls(db)) == 1


def test_outcomes_tokens_and_cost_are_counted(stage, stand_in):
    names = [
        ("learnflow_model_answers_total", {"task": "debug", "outcome": "answered"}),
        ("learnflow_model_answers_total", {"task": "debug", "outcome": "malformed"}),
        ("learnflow_model_seconds_count", {"task": "debug"}),
        ("learnflow_model_tokens_total", {"task": "debug", "of": "prompt"}),
        ("learnflow_model_cost_total", {"task": "debug"}),
    ]
    before = [counted(name, **labels) for name, labels in names]
    stage.ask("e1")
    stand_in.manner = says("no JSON")
    stage.refused("e2")

    after = [counted(name, **labels) for name, labels in names]
    grown = [b - a for a, b in zip(before, after, strict=True)]
    assert grown[:3] == [1, 1, 2]
    assert grown[3] > 26
    assert 0.0 < grown[4] < 0.01


def test_nothing_is_sent_for_a_learner_who_is_deleted(stage, db, stand_in):
    db.execute("INSERT INTO erased (id_hash) VALUES (erasure_hash('ada'))")

    with pytest.raises(Erased):
        stage.ask()
    assert stand_in.asked == []


def test_nothing_is_sent_where_it_cannot_be_kept(stage, stand_in):
    stage.database.close()
    stage.database = PostgreSQL("postgresql://127.0.0.1:1/x?connect_timeout=1")

    with pytest.raises(TryAgainLater):
        stage.ask()
    assert stand_in.asked == []
