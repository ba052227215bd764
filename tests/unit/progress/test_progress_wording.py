"""A report says what is known, what is not, and what to do next."""

import re
from datetime import date

import pytest

from functions.curriculum.naming import Names
from functions.curriculum.reading import curriculum
from functions.progress.wording import reported
from functions.shared.events import QuestionAsked
from functions.shared.standing.reckoning import standing
from functions.shared.standing.sums import Row, Sums
from functions.triage.linear import LinearClassifier

TODAY = date(2026, 3, 20)
TOPICS = curriculum().by_depth
NAMES = Names(curriculum())
TITLES = {topic.id: topic.title for topic in TOPICS}
FULL = Sums(exercises=1, score_sum=100, answers=1, right_answers=1, programs=1, quality_sum=100)


def summary(days=(), **topics):
    rows = {topic: Row(sums, TODAY) for topic, sums in topics.items()}
    overall = sum(topics.values(), Sums())
    everything = {"": Row(overall, TODAY), **rows} if rows else {}
    return reported(standing(everything, days, TODAY, TITLES), TOPICS).summary


def test_without_data_no_number_is_shown():
    told = summary(days={TODAY})

    assert told.startswith("I cannot say yet how much Python you know")
    assert "of 100" not in told
    assert "You were active on 1 day of the last 30. Your streak: 1 day in a row." in told


def test_who_has_begun_one_topic_is_told_of_that_alone():
    assert "So far you have worked on **Loops** alone: 40 (red)." in summary(loops=Sums(exercises=1, score_sum=100))


@pytest.mark.parametrize(
    ("sums", "next_step"),
    [
        (Sums(answers=1, right_answers=1), "solve an exercise on **Loops**"),
        (Sums(exercises=1, score_sum=100), "answer some questions on **Loops**"),
        (Sums(exercises=1, score_sum=90, answers=2, right_answers=2), "hand in a tidier solution on **Loops**"),
    ],
)
def test_next_is_what_would_raise_the_weakest_topic_most(sums, next_step):
    assert f"**Next:** {next_step}" in summary(loops=sums, lists=FULL)


def test_who_knows_what_was_begun_goes_on_to_the_first_topic_that_was_not():
    told = summary(**{TOPICS[0].id: FULL})

    assert f"**Next:** begin with **{TOPICS[1].title}**." in told


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.id)
def test_what_the_learner_is_told_to_say_leads_to_what_was_meant(topic):
    weak = [Sums(answers=1, right_answers=1), Sums(exercises=1, score_sum=100)]
    others = {other.id: FULL for other in TOPICS if other is not topic}
    told = [summary(**others), *(summary(**others, **{topic.id: sums}) for sums in weak)]

    said = [wish for text in told for wish in re.findall("“(.+?)”", text)]

    intents = [LinearClassifier().classify(QuestionAsked(question=wish)).intent for wish in said]
    assert intents == ["concepts", "exercise", "exercise", "quiz"]
    assert {NAMES.subject_in(wish).id for wish in said} == {topic.id}


def test_who_knows_everything_may_ask_for_something_hard():
    assert "you know every topic well" in summary(**{topic.id: FULL for topic in TOPICS})


def test_a_part_without_data_is_marked():
    told = summary(loops=Sums(exercises=1, score_sum=0, answers=1))

    assert "| Exercises, your best of each | 0 | 40% |" in told
    assert "| Quality of your code | 0 (nothing yet) | 20% |" in told
    assert "| Active days of the last 30 | 0 (nothing yet) | 10% |" in told
