"""Who is told: the learner and those who subscribed, each once and under the subscription that fits them best."""

from hypothesis import given
from hypothesis import strategies as st

from functions.notification.recipients import (
    MOST_TOLD,
    Subscription,
    message_alerts,
    progress_alerts,
    struggle_alerts,
)
from functions.shared.alerting import AlertRequested, StruggleDetected
from functions.shared.progressing import ProgressUpdated

SIGN = StruggleDetected(
    signal_id="s", signal="no_success", severity="urgent", reason="12 submissions on loops, 1 passed.", topic="loops"
)
REACHED = ProgressUpdated(mastery=72, level="green", previous_level="yellow", because="…")
KINDS = frozenset({"struggle", "progress", "message"})


def subscription(subscriber, learner=None, kinds=KINDS, **targets):
    return Subscription(f"{subscriber}-{learner}", subscriber, learner, frozenset(kinds), targets, None)


def told(alerts):
    return {alert.user: alert for alert in alerts}


def test_the_learner_their_teachers_and_each_subscriber_are_told_in_words_of_their_own():
    alerts = told(struggle_alerts("ada", SIGN, ["teacher"], [subscription("head")]))

    assert list(alerts) == ["ada", "teacher", "head"]
    assert SIGN.reason in alerts["teacher"].words.message
    assert SIGN.reason not in alerts["ada"].words.message
    assert (alerts["teacher"].severity, alerts["ada"].severity) == ("urgent", "info")
    assert (alerts["teacher"].signal_id, alerts["ada"].evidence) == ("s", {})
    assert alerts["teacher"].words == alerts["head"].words


def test_a_teacher_is_told_that_somebody_is_stuck_whatever_they_subscribed_to_and_of_progress_as_they_did():
    silent = subscription("teacher", "ada", kinds={"message"}, email="teacher@example.org")

    alert = told(struggle_alerts("ada", SIGN, ["teacher", "teacher"], [silent]))["teacher"]

    assert (alert.targets, alert.via) == ({}, silent)
    assert list(told(progress_alerts("ada", REACHED, [silent]))) == ["ada"]


def test_who_subscribed_to_something_else_is_not_told():
    others = [subscription("tess", "bob"), subscription("head", kinds={"progress"}), subscription("tim", "tim")]

    assert list(told(struggle_alerts("ada", SIGN, [], others))) == ["ada"]


def test_a_subscription_to_the_learner_counts_before_that_to_everybody_and_that_before_ones_own():
    narrow = subscription("head", "ada", kinds={"progress"})
    wide = subscription("head", email="head@example.org")
    own = subscription("head", "head", kinds={"struggle"}, email="home@example.org")

    assert list(told(struggle_alerts("ada", SIGN, [], [wide, own, narrow]))) == ["ada"]
    assert told(progress_alerts("ada", REACHED, [narrow, own, wide]))["head"].targets == {}
    assert told(struggle_alerts("bob", SIGN, [], [own, wide, narrow]))["head"].targets == {"email": "head@example.org"}
    assert told(struggle_alerts("bob", SIGN, ["head"], [own]))["head"].targets == {"email": "home@example.org"}


def test_a_learner_who_subscribed_to_themselves_or_everybody_is_still_told_kindly_and_once():
    own = [subscription("ada", "ada", email="ada@example.org"), subscription("ada")]

    (alert,) = struggle_alerts("ada", SIGN, ["ada"], own)

    assert SIGN.reason not in alert.words.message
    assert alert.targets == {"email": "ada@example.org"}


def test_kinds_of_an_own_subscription_say_what_is_sent_but_the_list_has_it_all():
    own = subscription("ada", "ada", kinds={"message"}, email="ada@example.org")

    (alert,) = struggle_alerts("ada", SIGN, [], [own])

    assert alert.targets == {}


def test_a_message_goes_to_each_who_is_named_by_the_ways_they_chose():
    asked = AlertRequested(title="Hello", message="…", recipients=("bob", "carla", "bob"))
    ways = [subscription("bob", "bob", email="bob@example.org"), subscription("carla", "ada", kinds={"struggle"})]

    alerts = told(message_alerts("ada", asked, ways))

    assert list(alerts) == ["bob", "carla"]
    assert (alerts["bob"].targets, alerts["carla"].targets) == ({"email": "bob@example.org"}, {})


def test_a_message_falls_under_ones_own_subscription_before_that_to_everybody():
    asked = AlertRequested(title="Hello", message="…", recipients=("tess",))
    ways = [subscription("tess", email="all@example.org"), subscription("tess", "tess", email="home@example.org")]

    assert told(message_alerts("ada", asked, ways))["tess"].targets == {"email": "home@example.org"}


def test_a_message_for_nobody_is_for_who_asked():
    assert list(told(message_alerts("ada", AlertRequested(title="Hello", message=""), []))) == ["ada"]


def test_where_there_are_too_many_teachers_come_first_then_those_of_this_learner():
    many = [subscription(f"head-{number}") for number in range(MOST_TOLD)]

    alerts = told(struggle_alerts("ada", SIGN, ["teacher"], [*many, subscription("inspector", "ada")]))

    assert len(alerts) == MOST_TOLD
    assert list(alerts)[:3] == ["ada", "teacher", "inspector"]


people = st.sampled_from(["ada", "bob", "carla", "dora"])
subscriptions = st.lists(
    st.builds(
        subscription,
        people,
        st.none() | people,
        st.sets(st.sampled_from(sorted(KINDS))),
        email=st.just("x@example.org"),
    ),
    unique_by=lambda each: each.id,
)


@given(people, st.lists(people), subscriptions, st.randoms())
def test_nobody_is_told_twice_and_the_order_of_subscriptions_is_no_matter(learner, teachers, every, chance):
    shuffled = chance.sample(every, len(every))

    stuck = struggle_alerts(learner, SIGN, teachers, every)
    moved = progress_alerts(learner, REACHED, every)
    for alerts, again in (
        (stuck, struggle_alerts(learner, SIGN, teachers, shuffled)),
        (moved, progress_alerts(learner, REACHED, shuffled)),
    ):
        assert len(told(alerts)) == len(alerts)
        assert told(alerts) == told(again)
    assert set(teachers) <= told(stuck).keys() <= {learner, *teachers, *(each.subscriber for each in every)}
    assert all(each.via.learner in {learner, None} for each in moved if each.user != learner)
