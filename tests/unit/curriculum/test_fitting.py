"""What is practised, and how hard it is, suits the question and the learner."""

import pytest

from functions.curriculum.fitting import DIFFICULTIES, choose_subject, difficulty_asked, difficulty_at, steps_between
from functions.curriculum.models import PlannedTopic
from functions.curriculum.naming import Names, in_a_sentence
from functions.curriculum.reading import curriculum

NAMES = Names(curriculum())


def subject(question="", named=None, mastery=None, done=()):
    found = choose_subject(named, question, curriculum(), NAMES, mastery or {}, done)
    return found and found.id


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Give me an exercise on for loops", "loops"),
        ("something about DICTIONARIES, please", "dictionaries"),
        ("I want to practise classes", "classes"),
        ("exercise on async/await", "async"),
        ("an exercise on dictonaries", "dictionaries"),
        ("while-loop practice", "loops"),
        ("a task with if statements", "conditionals"),
        ("lists and then loops", "lists"),
        ("for loops over lists", "loops"),
        ("exercise on list comprehensions", "comprehensions"),
        ("an exercise about regular expressions", "regular-expressions"),
    ],
)
def test_the_topic_is_the_one_that_the_question_names_with_the_longest_name(question, topic):
    assert subject(question) == topic


@pytest.mark.parametrize(
    ("named", "topic"),
    [("loops", "loops"), ("for loop", "loops"), ("Loops", "loops"), ("generators", "generators"), ("cooking", None)],
)
def test_a_topic_named_as_such_decides_and_an_unknown_one_is_taken_for_no_other(named, topic):
    assert subject("an exercise on lists", named) == topic


def test_every_topic_is_found_by_each_of_its_names():
    missed = {
        name: found
        for topic in curriculum().topics
        for name in (topic.id, topic.title, *topic.aliases)
        if (found := subject(f"Give me an exercise on {name}")) != topic.id and any(map(str.isalpha, name))
    }

    assert missed == {}


def test_a_topic_that_is_planned_is_found_as_planned():
    found = choose_subject(None, "generators", curriculum(), NAMES, {}, ())

    assert isinstance(found, PlannedTopic)


def test_without_a_topic_the_weakest_is_practised():
    assert subject("give me something to do", mastery={"lists": 60, "loops": 20, "cooking": 0}) == "loops"


def test_without_a_topic_and_of_two_as_weak_the_first_by_depth_is_practised():
    assert subject("anything", mastery={"async": 20, "variables": 20}) == "variables"


def test_who_nothing_is_known_of_goes_through_the_topics_by_depth():
    order = [topic.id for topic in curriculum().by_depth]
    done = set()
    came = []
    for _ in order:
        came.append(subject("an exercise", done=done))
        done.add(f"{came[-1]}/any")

    assert came == order


@pytest.mark.parametrize(
    ("question", "difficulty"),
    [
        ("a hard exercise on loops", "hard"),
        ("something more challenging", "hard"),
        ("an easy one", "easy"),
        ("the simplest exercise you have", "easy"),
        ("of medium difficulty", "medium"),
        ("not too hard, please", "easy"),
        ("nothing very difficult", "easy"),
        ("not too easy", "medium"),
        ("a bit harder", "medium"),
        ("loops are hard for me", "easy"),
        ("I find classes really difficult", "easy"),
        ("an exercise on loops", None),
        ("hardware", None),
    ],
)
def test_the_difficulty_is_read_from_the_question(question, difficulty):
    assert difficulty_asked(question) == difficulty


@pytest.mark.parametrize(("mastery", "difficulty"), [(0, "easy"), (40, "easy"), (41, "medium"), (70, "medium"), (71, "hard"), (100, "hard")])  # fmt: skip  # noqa: E501
def test_the_difficulty_follows_the_mastery(mastery, difficulty):
    assert difficulty_at(mastery) == difficulty


def test_easy_and_hard_are_two_steps_apart_and_medium_is_between():
    assert [[steps_between(one, other) for other in DIFFICULTIES] for one in DIFFICULTIES] == [
        [0, 1, 2], [1, 0, 1], [2, 1, 0]
    ]  # fmt: skip


@pytest.mark.parametrize(("title", "said"), [("Loops", "loops"), ("NumPy", "NumPy"), ("If and else", "if and else")])
def test_a_title_is_written_small_in_a_sentence_unless_it_is_a_name(title, said):
    assert in_a_sentence(title) == said
