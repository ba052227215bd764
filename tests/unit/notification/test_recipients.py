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


def test_the_learner_and_each_subscriber_are_told_in_words_of_their_own():
    alerts = told(struggle_alerts("ada", SIGN, [subscription("teacher", "ada"), subscription("head")]))

    assert list(alerts) == ["ada", "teacher", "head"]
    assert SIGN.reason in alerts["teacher"].words.message
    assert SIGN.reason not in alerts["ada"].words.message
    assert (alerts["teacher"].severity, alerts["ada"].severity) == ("urgent", "info")
    assert (alerts["teacher"].signal_id, alerts["ada"].evidence) == ("s", {})


def test_who_subscribed_to_something_else_is_not_told():
    strangers = [subscription("teacher", "bob"), subscription("head", kinds={"progress"})]

    assert list(told(struggle_alerts("ada", SIGN, strangers))) == ["ada"]


def test_a_subscription_to_the_learner_counts_before_that_to_everybody():
    narrow = subscription("teacher", "ada", kinds={"progress"})
    wide = subscription("teacher", email="teacher@example.org")

    assert list(told(struggle_alerts("ada", SIGN, [wide, narrow]))) == ["ada"]
    assert told(progress_alerts("ada", REACHED, [narrow, wide]))["teacher"].targets == {}
    assert told(struggle_alerts("bob", SIGN, [wide, narrow]))["teacher"].targets == {"email": "teacher@example.org"}


def test_a_learner_who_subscribed_to_themselves_or_everybody_is_still_told_kindly_and_once():
    own = [subscription("ada", "ada", email="ada@example.org"), subscription("ada")]

    (alert,) = struggle_alerts("ada", SIGN, own)

    assert SIGN.reason not in alert.words.message
    assert alert.targets == {"email": "ada@example.org"}


def test_kinds_of_an_own_subscription_say_what_is_sent_but_the_list_has_it_all():
    (alert,) = struggle_alerts("ada", SIGN, [subscription("ada", "ada", kinds={"message"}, email="ada@example.org")])

    assert alert.targets == {}


def test_a_message_goes_to_each_who_is_named_by_the_ways_they_chose():
    asked = AlertRequested(title="Hello", message="…", recipients=("bob", "carla", "bob"))
    ways = [subscription("bob", "bob", email="bob@example.org"), subscription("carla", "ada", kinds={"struggle"})]

    alerts = told(message_alerts("ada", asked, ways))

    assert list(alerts) == ["bob", "carla"]
    assert (alerts["bob"].targets, alerts["carla"].targets) == ({"email": "bob@example.org"}, {})


def test_a_message_for_nobody_is_for_who_asked():
    assert list(told(message_alerts("ada", AlertRequested(title="Hello", message=""), []))) == ["ada"]


def test_where_there_are_too_many_those_of_this_learner_come_first():
    many = [subscription(f"head-{number}") for number in range(MOST_TOLD)]

    alerts = told(struggle_alerts("ada", SIGN, [*many, subscription("teacher", "ada")]))

    assert len(alerts) == MOST_TOLD
    assert {"ada", "teacher"} <= set(alerts)


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


@given(people, subscriptions, st.randoms())
def test_nobody_is_told_twice_and_the_order_of_subscriptions_is_no_matter(learner, every, chance):
    shuffled = chance.sample(every, len(every))

    for tell, what in ((struggle_alerts, SIGN), (progress_alerts, REACHED)):
        alerts = tell(learner, what, every)
        assert len(told(alerts)) == len(alerts)
        assert told(alerts) == told(tell(learner, what, shuffled))
        assert told(alerts).keys() - {learner} <= {each.subscriber for each in every}
        assert all(each.via.learner in {learner, None} for each in alerts if each.user != learner)
