"""Notification keeps an alert for each who is to be told, once, whatever comes twice or from outside."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from notification_stage import (
    REACHED,
    SIGN,
    alerts,
    asked,
    deliveries,
    detected,
    know,
    receiving,
    subscribe,
    teach,
    updated,
)

from functions.notification.recipients import MOST_TOLD
from functions.shared.events import MAX_EVENT_BYTES


@pytest.fixture
def broker(monkeypatch):
    with receiving() as broker:
        monkeypatch.setenv("BROKER_URL", broker.url)
        yield broker


@pytest.fixture
def notification(function, broker):
    return function("notification")


def clock(hours):
    return (datetime.now(UTC) + timedelta(hours=hours)).time().replace(microsecond=0)


def test_a_sign_of_struggle_reaches_the_learner_kindly_and_the_teacher_with_its_reason(notification, db, broker):
    teach(db, "teacher", "ada")

    answer = detected(notification)

    assert answer.status == 204
    ((raised, data),) = broker.events
    kept = db.execute(
        "SELECT user_id, id, severity, message, evidence, signal_id FROM alerts ORDER BY user_id"
    ).fetchall()
    (ada, ada_id, how, kind_words, nothing, _), (teacher, teacher_id, severity, reason, evidence, signal_id) = kept
    assert (ada, how, nothing) == ("ada", "info", {})
    assert SIGN.reason not in kind_words
    assert (teacher, severity, signal_id) == ("teacher", "warning", "sign-1")
    assert SIGN.reason in reason
    assert evidence == {**SIGN.evidence, "signal": "same_error"}
    assert data == {
        "kind": "struggle",
        "severity": "warning",
        "about": "ada",
        "recipients": [{"user_id": "ada", "alert_id": ada_id}, {"user_id": "teacher", "alert_id": teacher_id}],
    }
    assert (raised["type"], raised["subject"], raised["alertkind"]) == (
        "org.learnflow.alert.raised.v1", "ada", "struggle"
    )  # fmt: skip


def test_without_a_teacher_only_the_learner_is_told(notification, db):
    teach(db, "teacher", "bob")
    subscribe(db, "teacher")

    detected(notification)

    assert alerts(db) == [("ada", "struggle", "info")]


def test_who_teaches_a_learner_twice_and_subscribed_thrice_is_told_once(notification, db, broker):
    for _ in range(2):
        teach(db, "teacher", "ada", "bob")
    for learner in ("ada", "teacher", None):
        subscribe(db, "teacher", learner, email=f"{learner}@example.org")
    teach(db, "other-teacher", "ada")

    detected(notification)

    assert [user for user, _, _ in alerts(db)] == ["ada", "other-teacher", "teacher"]
    assert deliveries(db, "channel, target") == [("email", "ada@example.org")]


def test_a_teachers_own_subscription_says_how_they_are_told_of_those_whom_they_teach(notification, db):
    teach(db, "teacher", "ada")
    subscribe(db, "teacher", "teacher", email="teacher@example.org")

    detected(notification)

    assert deliveries(db, "channel, target") == [("email", "teacher@example.org")]


def test_everybody_is_everybody_whom_one_teaches_when_it_happens(notification, db):
    course = teach(db, "teacher", "ada")
    subscribe(db, "teacher", kinds=("progress",))
    subscribe(db, "teacher", "bob", kinds=("progress",))

    def told(event_id):
        updated(notification, event_id=event_id)
        return [user for (user,) in db.execute("SELECT user_id FROM alerts ORDER BY seq")]

    assert told("p1") == ["ada", "teacher"]
    db.execute("DELETE FROM enrolments")
    assert told("p2") == ["ada", "teacher", "ada"]
    db.execute("INSERT INTO enrolments VALUES (%s, 'ada')", [course])
    assert told("p3") == ["ada", "teacher", "ada", "ada", "teacher"]


@pytest.mark.parametrize(("left", "told"), [("nothing", 2), ("the course", 1), ("the role", 1), ("the learner", 1)])
def test_a_subscription_to_one_learner_ends_with_teaching_them(notification, db, left, told):
    teach(db, "teacher", "ada")
    subscribe(db, "teacher", "ada")
    if left == "the course":
        db.execute("DELETE FROM courses")
    elif left == "the role":
        know(db, "teacher", "learner")
    elif left == "the learner":
        db.execute("DELETE FROM enrolments")

    detected(notification)
    updated(notification)

    assert len(alerts(db)) == 2 * told


@pytest.mark.parametrize(("role", "told"), [("admin", True), ("service", True), ("teacher", False), ("learner", False)])
def test_of_anybody_only_admins_and_services_are_told_who_subscribed(notification, db, role, told):
    know(db, "head", role)
    know(db, "silent", role)
    subscribe(db, "head")
    subscribe(db, "head", "ada")

    detected(notification)
    updated(notification)

    assert [user for user, _, _ in alerts(db)] == ["ada", "ada", *(["head", "head"] if told else [])]


def test_who_teaches_and_is_in_the_course_too_is_told_kindly_and_once(notification, db):
    teach(db, "ada", "ada")

    detected(notification)

    assert alerts(db) == [("ada", "struggle", "info")]


def test_a_level_that_changed_reaches_the_learner_and_who_subscribed_to_progress(notification, db):
    know(db, "head", "admin")
    subscribe(db, "head")
    teach(db, "teacher", "ada")
    subscribe(db, "teacher", "ada", kinds=("struggle",))

    updated(notification)

    assert alerts(db) == [("ada", "progress", "info"), ("head", "progress", "info")]


def test_progress_without_a_new_level_is_told_to_nobody(notification, db, broker):
    teach(db, "teacher", "ada")
    subscribe(db, "teacher", "ada")

    answer = updated(notification, REACHED.model_copy(update={"previous_level": "green"}))

    assert (answer.status, alerts(db), broker.got) == (204, [], [])


def test_a_message_reaches_whom_it_names_and_where_it_names_nobody_who_asked(notification, db):
    asked(notification, "bob", "carla", "bob", event_id="m1")
    asked(notification, event_id="m2")

    assert alerts(db, "user_id, about, title") == [
        ("ada", "ada", "Hello"), ("bob", "ada", "Hello"), ("carla", "ada", "Hello")
    ]  # fmt: skip


def test_an_event_that_comes_again_tells_nobody_again_but_the_platform(notification, db, broker):
    teach(db, "teacher", "ada")
    subscribe(db, "teacher", "ada", email="teacher@example.org")

    detected(notification)
    detected(notification)

    first, again = broker.events
    assert first == again
    assert len(alerts(db)) == 2
    assert sorted(deliveries(db, "channel, status", where="true")) == [
        ("email", "pending"), ("in_app", "sent"), ("in_app", "sent")
    ]  # fmt: skip


def test_even_an_inbox_that_forgot_tells_nobody_twice(notification, db):
    teach(db, "teacher", "ada")
    subscribe(db, "teacher", "ada", email="teacher@example.org")
    detected(notification)
    db.execute("TRUNCATE inbox")

    detected(notification)

    assert (len(alerts(db)), len(deliveries(db))) == (2, 1)


def test_the_edge_is_woken_by_ids_only_when_all_is_kept(notification, db, broker):
    db.execute("LISTEN learnflow")

    detected(notification)

    (notice,) = db.notifies(timeout=5, stop_after=1)
    assert json.loads(notice.payload) == {"learner": "ada", "alert": broker.events[0][1]["recipients"][0]["alert_id"]}


def test_in_quiet_hours_an_alert_is_kept_but_wakes_nobody(notification, db):
    subscribe(db, "ada", "ada", quiet_from=clock(-1), quiet_to=clock(1))
    db.execute("LISTEN learnflow")

    detected(notification)
    db.execute("SELECT pg_notify('learnflow', 'after')")

    (notice,) = db.notifies(timeout=5, stop_after=1)
    assert notice.payload == "after"
    assert len(alerts(db)) == 1


def test_a_hundred_recipients_of_the_longest_message_fit_into_one_event(notification, db, broker):
    names = [f"{number:03}-{'x' * 60}" for number in range(100)]

    asked(notification, *names, message="\u0001ä" * 2000)

    assert len(alerts(db)) == 100
    assert len(broker.got[0][1]) < MAX_EVENT_BYTES


def test_of_more_people_than_an_event_holds_those_who_teach_the_learner_are_told(notification, db, broker):
    db.execute("INSERT INTO users (id, role) SELECT 'a' || n, 'admin' FROM generate_series(1, %s) n", [MOST_TOLD])
    db.execute("INSERT INTO subscriptions (id, subscriber_id, kinds, channels)"
               " SELECT id, id, ARRAY['struggle'], ARRAY['in_app'] FROM users")  # fmt: skip
    teach(db, "own-teacher", "ada")

    detected(notification)

    told = {each["user_id"] for each in broker.events[0][1]["recipients"]}
    assert len(told) == MOST_TOLD
    assert len(broker.got[0][1]) < MAX_EVENT_BYTES
    assert {"ada", "own-teacher"} <= told


@pytest.mark.parametrize("source", ["/somewhere", "/learnflow/gateway"])
def test_only_struggle_says_that_somebody_is_stuck(notification, db, source):
    assert detected(notification, source=source).status == 422
    assert detected(notification, ingress="learning.requests", event_id="s2").status == 422
    assert alerts(db) == []


def test_progress_that_comes_back_by_its_topic_means_nothing(notification, db):
    answer = updated(notification, ingress="progress.events")

    assert (answer.status, alerts(db)) == (204, [])


def test_no_message_comes_from_a_public_topic(notification, db):
    assert asked(notification, "bob", ingress="learning.requests").status == 422
    assert alerts(db) == []


def test_a_recipient_that_cannot_be_a_user_is_refused(notification, db):
    assert asked(notification, "bob", "no such\nuser").status == 422
    assert alerts(db) == []


def test_what_a_learner_is_told_goes_with_the_learner(notification, db):
    teach(db, "teacher", "ada")
    subscribe(db, "teacher", "ada", email="teacher@example.org")
    detected(notification)

    db.execute("DELETE FROM users WHERE id = 'ada'")

    assert (alerts(db), deliveries(db, where="true")) == ([], [])
