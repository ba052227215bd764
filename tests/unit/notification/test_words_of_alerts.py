"""What is said: plainly to teachers, kindly to learners, and never more than a title and a message hold."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.notification.wording import (
    LONGEST_MESSAGE,
    LONGEST_TITLE,
    changes,
    message,
    progress_for_learner,
    progress_for_teacher,
    struggle_for_learner,
    struggle_for_teacher,
)
from functions.shared.alerting import AlertRequested, Signal, StruggleDetected
from functions.shared.progressing import ProgressUpdated

SIGNALS = Signal.__args__
DISCOURAGING = re.compile(r"struggl|stuck|fail|wrong|cannot|unable|weak|bad|behind|poor|teacher", re.IGNORECASE)


def sign(signal, **fields):
    return StruggleDetected(signal_id="s", signal=signal, **{"reason": "NameError came up 4 times.", **fields})


def update(**fields):
    return ProgressUpdated(**{"mastery": 72, "level": "green", "because": "…", **fields})


@pytest.mark.parametrize("signal", SIGNALS)
def test_a_learner_is_encouraged_and_told_one_thing_to_do(signal):
    words = struggle_for_learner(sign(signal, topic="list-comprehensions", evidence={"error_type": "NameError"}))

    assert not DISCOURAGING.search(f"{words.title} {words.message}")
    assert words.message.count("Next step:") == 1


def test_a_learner_hears_which_error_it_is_and_which_topic():
    assert struggle_for_learner(sign("same_error", evidence={"error_type": "KeyError"})).message.startswith("KeyError")
    assert (
        "explain list comprehensions" in struggle_for_learner(sign("no_success", topic="list-comprehensions")).message
    )


@pytest.mark.parametrize("signal", SIGNALS)
def test_a_teacher_reads_who_why_and_on_what_it_rests(signal):
    words = struggle_for_teacher("ada", sign(signal, evidence={"error_type": "NameError", "times": 4}))

    assert words.title.startswith("ada: ")
    assert "NameError came up 4 times." in words.message
    assert "error type: NameError; times: 4." in words.message


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, []),
        ({"previous_level": "green"}, []),
        ({"topic": "loops", "topic_level": "green"}, []),
        ({"topic": "loops", "topic_level": "green", "previous_topic_level": "green"}, []),
        ({"previous_level": "yellow"}, [(None, True)]),
        ({"previous_level": "blue"}, [(None, False)]),
        ({"topic": "loops", "topic_level": "red", "previous_topic_level": "yellow"}, [("loops", False)]),
        (
            {"previous_level": "red", "topic": "loops", "topic_level": "blue", "previous_topic_level": "green"},
            [(None, True), ("loops", True)],
        ),
    ],
)
def test_only_a_level_that_was_another_before_has_changed(fields, found):
    assert [(change.topic, change.is_up) for change in changes(update(**fields))] == found


def test_a_better_level_is_congratulated_on():
    words = progress_for_learner(changes(update(previous_level="yellow")))

    assert words.title == "Congratulations: green overall!"
    assert words.message.startswith("You have come from yellow to green overall (72 of 100). Well done!")


def test_a_lower_level_is_told_kindly_with_a_way_back():
    fields = {"topic": "loops", "topic_level": "yellow", "previous_topic_level": "green", "topic_mastery": 65}
    words = progress_for_learner(changes(update(**fields)))

    assert words.title == "A good moment to practise on loops"
    assert "You are at yellow in loops now (65 of 100); it was green." in words.message
    assert "One short exercise on loops" in words.message
    assert "Congratulations" not in words.message
    assert not DISCOURAGING.search(words.message)


def test_a_teacher_reads_which_level_it_was_and_is():
    words = progress_for_teacher("ada", changes(update(previous_level="yellow")))

    assert (words.title, words.message) == ("ada: green overall", "From yellow to green overall (72 of 100).")


texts = st.text(max_size=300)


@given(texts.filter(bool), st.text(max_size=4000))
def test_every_title_is_one_printable_line(title, text):
    words = message(AlertRequested.model_construct(title=title, message=text, severity="info", recipients=()))

    assert 0 < len(words.title) <= LONGEST_TITLE
    assert words.title.isprintable()
    assert words.message == text


@given(st.sampled_from(SIGNALS), st.dictionaries(texts, texts, max_size=30), texts)
def test_whatever_the_evidence_it_fits(signal, evidence, reason):
    for words in (struggle_for_teacher("ada", sign(signal, evidence=evidence, reason=reason)),
                  struggle_for_learner(sign(signal, evidence=evidence))):  # fmt: skip
        assert len(words.title) <= LONGEST_TITLE
        assert len(words.message) <= LONGEST_MESSAGE
