"""Of a curriculum in which some topics are open alone, the others are known, and neither suggested nor chosen."""

import pytest

from functions.curriculum.fitting import choose_subject
from functions.curriculum.models import PlannedTopic
from functions.curriculum.naming import Names
from functions.curriculum.offering import NOTHING_OPEN, closed, closed_title, offered
from functions.curriculum.reading import curriculum

WHOLE = curriculum()
ORDER = [topic.id for topic in WHOLE.by_depth]
NAMES = Names(WHOLE)


def test_without_a_restriction_nothing_is_another():
    assert WHOLE.opened(None) == WHOLE
    assert all(map(WHOLE.is_open, WHOLE.topics))


@pytest.mark.parametrize("last", range(len(ORDER) + 1))
def test_what_is_open_keeps_its_order(last):
    course = WHOLE.opened(frozenset(ORDER[last:]))

    assert [topic.id for topic in course.by_depth] == ORDER[last:]
    assert [near.topic for near in course.suggested()] == ORDER[last:]


@pytest.mark.parametrize("subject", [*WHOLE.topics, *WHOLE.planned], ids=lambda subject: subject.id)
def test_near_a_subject_is_only_what_is_open_and_suggested_is_all_of_it(subject):
    open_topics = frozenset(ORDER[::2])
    course = WHOLE.opened(open_topics)
    near, suggested = ([each.topic for each in found] for found in (course.near(subject), course.suggested(subject)))

    assert near == [each.topic for each in WHOLE.near(subject) if each.topic in open_topics]
    assert suggested[: len(near)] == near
    assert sorted(suggested) == sorted(open_topics)


def test_a_closed_topic_is_still_known_by_its_name():
    course = WHOLE.opened(frozenset({"lists"}))

    assert course.topic("loops") == WHOLE.topic("loops")
    assert choose_subject(None, "an exercise on loops", course, NAMES, {}, ()) == WHOLE.topic("loops")
    assert not course.is_open(WHOLE.topic("loops"))
    assert isinstance(choose_subject(None, "generators", course, NAMES, {}, ()), PlannedTopic)


@pytest.mark.parametrize("mastery", [{}, {"loops": 1, "lists": 90}, {"loops": 1}])
def test_what_is_needed_is_chosen_from_what_is_open(mastery):
    course = WHOLE.opened(frozenset({"lists"}))

    assert choose_subject(None, "anything", course, NAMES, mastery, ()) == WHOLE.topic("lists")


def test_where_nothing_is_open_nothing_is_needed():
    assert choose_subject(None, "anything", WHOLE.opened(frozenset()), NAMES, {"loops": 1}, ()) is None


@pytest.mark.parametrize("topic", WHOLE.topics, ids=lambda topic: topic.id)
def test_every_topic_can_be_put_off_kindly(topic):
    assert topic.title in closed(topic)
    assert closed_title("lesson", topic).endswith("in your course yet")


def test_what_there_is_instead_is_offered_in_the_words_to_ask_with():
    near = WHOLE.opened(frozenset({"loops", "lists"})).suggested()

    assert offered(near, "Ask:", "Quiz me on {}.") == "Ask:\n\n- Quiz me on lists.\n- Quiz me on loops."
    assert offered((), "Ask:", "Quiz me on {}.") == NOTHING_OPEN
