"""Struggle misses no sign and gives none twice, whatever arrives when, how often, from whom and with what in it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from random import Random
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from struggle_stage import at, explained, graded, hand_in, keep_question, practise, raised_at, run, signs, slip, tell

from functions.shared.database import PostgreSQL
from functions.shared.errors import TryAgainLater
from functions.shared.events import ExerciseSubmitted
from functions.shared.running import CodeExecuted
from functions.shared.serving import Function, Handler
from functions.struggle.handler import HANDLERS
from functions.struggle.signals import COOLDOWN, SAME_ERROR_TIMES, SAME_ERROR_WINDOW


@pytest.fixture
def struggle(function):
    return function("struggle")


def test_an_event_that_comes_again_gets_the_same_answer_and_adds_nothing(struggle, db):
    answers = [slip(struggle, minute) for minute in (0, 1, 2, 3)]
    again = [run(struggle, minute) for minute in (0, 1, 2, 3)]

    assert [(answer.status, answer.body) for answer in again] == [(answer.status, answer.body) for answer in answers]
    assert again[3].event["id"] == answers[3].event["id"]
    assert len(signs(db)) == 1
    assert db.execute("SELECT count(*) FROM error_occurrences").fetchone() == (4,)


def test_three_errors_do_not_become_four_by_coming_again(struggle, db):
    for _ in range(3):
        for minute in (0, 1, 2):
            assert run(struggle, minute).status == 204
    assert signs(db) == []


def test_two_results_of_one_run_are_one_error(struggle, db):
    for minute in (0, 1, 2):
        run(struggle, minute)
        assert run(struggle, minute, id=f"again {minute}", correlationid=f"run at {minute}, request").status == 204
    assert db.execute("SELECT count(*) FROM error_occurrences").fetchone() == (3,)


learners = (f"learner-{number}" for number in count())
MOMENTS = st.lists(st.tuples(st.integers(0, 150), st.booleans(), st.booleans()), max_size=9)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MOMENTS, st.randoms())
def test_in_any_order_there_is_a_sign_exactly_if_four_came_within_ten_minutes_and_never_two_in_the_cooldown(
    struggle, db, moments, random
):
    """Each event comes twice. Of a question, debug may have kept the error long before struggle hears of it."""
    learner = next(learners)
    events = list(enumerate(moments))
    for number, (minute, is_question, is_kept_first) in events:
        if is_question and is_kept_first:
            keep_question(db, minute, id=str(number), learner=learner, program=str(number))
    deliveries = events * 2
    random.shuffle(deliveries)
    told = set()
    for number, (minute, is_question, _) in deliveries:
        named = {"id": str(number), "learner": learner}
        if is_question:
            keep_question(db, minute, program=str(number), **named)
            answer = explained(struggle, minute, source="/learnflow/debug", **named)
        else:
            answer = run(struggle, minute, program=str(number), **named)
        if answer.status == 200 and answer.data["signal"] == "same_error":
            told.add(answer.data["signal_id"])

    raised = raised_at(db, "same_error", learner)
    ordered = sorted(at(minute) for minute, _, _ in moments)
    four = zip(ordered, ordered[SAME_ERROR_TIMES - 1 :], strict=False)
    assert bool(raised) is any(last - first <= SAME_ERROR_WINDOW for first, last in four)
    assert all(after - before >= COOLDOWN for before, after in pairwise(raised))
    assert len(told) == len(raised)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 120), min_size=4, max_size=9), st.randoms())
def test_in_any_order_an_hour_of_nothing_but_errors_is_told_exactly_if_it_holds_six(struggle, db, minutes, random):
    learner = next(learners)
    events = list(enumerate(minutes))
    random.shuffle(events)
    for number, minute in events:
        run(struggle, minute, f"Own{number}Error", id=str(number), learner=learner)

    ordered = sorted(minutes)
    raised = raised_at(db, "error_quotient", learner)
    assert bool(raised) is any(last - first <= 60 for first, last in zip(ordered, ordered[5:], strict=False))
    assert all(after - before >= COOLDOWN for before, after in pairwise(raised))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(range(1, 7)), st.booleans())
def test_in_any_order_an_exercise_that_fails_is_told_once(struggle, db, order, are_kept_first):
    """Attempts lie further apart than the cooldown: yet what comes in one go gives no sign for each."""
    learner = next(learners)
    if are_kept_first:
        for attempt in order:
            hand_in(db, attempt, 40 * attempt, learner=learner)
        for attempt in order:
            graded(struggle, attempt, 40 * attempt, learner=learner)
        assert raised_at(db, "failing_exercise", learner) == [at(240)]
    else:
        for attempt in order:
            practise(struggle, db, attempt, 40 * attempt, learner=learner)
        raised = raised_at(db, "failing_exercise", learner)
        assert at(240) in raised
        assert all(after - before >= COOLDOWN for before, after in pairwise(raised))


@pytest.mark.parametrize("earlier", [2, 3])
def test_of_two_errors_at_once_one_is_the_sign(struggle, db, earlier):
    with ThreadPoolExecutor(2) as pool:
        for learner in (f"at-once-{number}" for number in range(10)):
            for minute in range(earlier):
                run(struggle, minute, learner=learner)
            both = Barrier(2)

            def at_once(minute, learner=learner, both=both):
                both.wait(10)
                return run(struggle, minute, learner=learner).status

            assert sorted(pool.map(at_once, [5, 6])) == [200, 204]
            assert signs(db, learner=learner) == [("same_error", "NameError")]


class Crash(Exception):
    """Stands for a process that dies."""


def test_a_crash_after_the_work_leaves_nothing_and_the_redelivery_does_all_of_it(struggle, database, db):
    def crashes(*args):
        HANDLERS[CodeExecuted].handle(*args)
        raise Crash

    crashing = Function("struggle", {CodeExecuted: Handler(crashes)}, db=database)
    for minute in (0, 1, 2):
        run(struggle, minute)

    assert run(crashing, 3).status == 500
    assert signs(db) == []
    assert db.execute("SELECT count(*) FROM error_occurrences").fetchone() == (3,)
    assert run(struggle, 3).status == 200


STRANGERS = [
    {"source": "/learnflow/gateway"},
    {"source": "/learnflow/struggle"},
    {"source": "https://elsewhere.org"},
    {"ingress": "code.submissions"},
]


@pytest.mark.parametrize("wrong", STRANGERS, ids=lambda wrong: next(iter(wrong.values())))
def test_what_another_tells_than_whose_word_it_is_is_refused(struggle, db, wrong):
    for number in (1, 2, 3, 4):
        keep_question(db, number)
        hand_in(db, number, number)
    answers = [run(struggle, 5, **wrong), explained(struggle, 4, **wrong), graded(struggle, 4, 5, **wrong)]

    assert [answer.status for answer in answers] == [422] * 3
    assert signs(db) == []
    assert db.execute("SELECT count(*) FROM struggle_runs").fetchone() == (0,)


def test_another_of_our_functions_is_another_as_well(struggle):
    answers = [
        run(struggle, 0, source="/learnflow/debug"),
        explained(struggle, 0, source="/learnflow/exercise"),
        graded(struggle, 1, 0, source="/learnflow/sandbox-runner"),
    ]

    assert [answer.status for answer in answers] == [422] * 3


def test_what_is_not_for_struggle_is_refused(struggle):
    assert tell(struggle, ExerciseSubmitted(exercise_id="loops/e", code=""), 0, id="s1").status == 422


NOISE = Random(7).randbytes(500_000).hex()  # a megabyte that cannot be compressed to fit into an index


@pytest.mark.parametrize(
    "error",
    [NOISE, "\x00", "", "Évil\nSubject: spam\r\n", "\u202egnorW", "🐍" * 70_000, "%s {0} ' ; --"],
    ids=lambda error: ascii(error[:12]),
)
def test_whatever_an_error_is_called_it_is_harmless(struggle, db, error):
    answers = [slip(struggle, minute, error, line=2**40, code_hash=NOISE) for minute in range(4)]

    assert [answer.status for answer in answers] == [204, 204, 204, 200]
    told = answers[-1].data
    assert told["reason"].isprintable()
    assert len(told["reason"]) < 300
    assert told["evidence"]["error_type"] == signs(db, "about")[0][0]


def test_errors_with_long_names_and_among_others_are_told_as_a_quotient(struggle, db):
    answers = [run(struggle, minute, str(minute) + NOISE) for minute in range(6)]

    assert [answer.status for answer in answers] == [204] * 5 + [200]
    assert signs(db) == [("error_quotient", "runs")]


TO_COME = ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00", "2999-01-01T00:00:00Z"]
LONG_PAST = ["0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "1600-02-29T12:00:00+05:30"]


@pytest.mark.parametrize("when", TO_COME)
def test_what_is_said_to_happen_in_future_happened_when_it_was_received(struggle, db, when):
    begun = datetime.now(UTC)
    answers = [run(struggle, when, id=str(number)) for number in range(3)]
    answers.append(run(struggle, datetime.now(UTC), id="now"))

    assert [answer.status for answer in answers] == [204, 204, 204, 200]
    (raised,) = raised_at(db, "same_error")
    assert begun <= raised <= datetime.now(UTC)


@pytest.mark.parametrize("when", LONG_PAST)
def test_what_is_said_to_have_happened_long_ago_is_taken_and_says_nothing_of_today(struggle, db, when):
    answers = [run(struggle, when, id=str(number)) for number in range(3)]
    answers.append(run(struggle, 0, id="noon"))

    assert [answer.status for answer in answers] == [204] * 4
    assert run(struggle, when, id="fourth").status == 200
    assert raised_at(db, "same_error") == [datetime(1970, 1, 1, tzinfo=UTC)]


@pytest.mark.parametrize("when", [*TO_COME, *LONG_PAST])
def test_submissions_of_odd_times_are_told_and_then_followed_by_quiet_too(struggle, db, when):
    answers = [practise(struggle, db, attempt, when) for attempt in (1, 2, 3, 4, 5)]

    assert [answer.status for answer in answers] == [204, 204, 204, 200, 204]
    (raised,) = raised_at(db, "failing_exercise")
    assert raised <= datetime.now(UTC)


def test_a_submission_of_a_time_to_come_does_not_silence_what_comes_after(struggle, db):
    practise(struggle, db, 1, TO_COME[0])
    for attempt in (2, 3, 4):
        practise(struggle, db, attempt, attempt)
    db.execute("UPDATE struggle_signals SET raised_at = raised_at - %s", [timedelta(hours=1)])

    assert practise(struggle, db, 5, 5).status == 200


def test_a_machine_that_fails_without_a_pause_costs_no_more_than_a_learner_and_is_told_about_once(struggle, db):
    for number in range(250):
        run(struggle, number / 100, id=str(number))

    assert sorted(signs(db)) == [("error_quotient", "runs"), ("same_error", "NameError")]


def test_a_learner_who_goes_takes_everything_along(struggle, db):
    for minute in range(4):
        run(struggle, minute)
    db.execute("DELETE FROM users WHERE id = 'ada'")

    assert signs(db) == []
    assert db.execute("SELECT count(*) FROM struggle_runs").fetchone() == (0,)


def test_without_a_database_it_asks_to_be_tried_again(struggle, monkeypatch):
    nowhere = PostgreSQL("postgresql://nobody@127.0.0.1:1/none?connect_timeout=1")
    monkeypatch.setattr(struggle, "db", nowhere)

    assert run(struggle, 0).status == TryAgainLater.status
    nowhere.close()
