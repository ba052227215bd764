"""The exercise that is chosen suits the question and the learner."""

import pytest

from functions.curriculum.models import PlannedTopic
from functions.curriculum.reading import curriculum, exercises
from functions.exercise.choosing import Standing, choose_exercise, choose_subject, difficulty_asked, difficulty_at
from functions.exercise.naming import Names

NAMES = Names(curriculum())
BEGINNER = Standing()


def subject(question="", named=None, standing=BEGINNER):
    found = choose_subject(named, question, curriculum(), NAMES, standing)
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
    found = choose_subject(None, "generators", curriculum(), NAMES, BEGINNER)

    assert isinstance(found, PlannedTopic)


def test_without_a_topic_the_weakest_is_practised():
    assert subject("give me something to do", standing=Standing({"lists": 60, "loops": 20, "cooking": 0})) == "loops"


def test_without_a_topic_and_of_two_as_weak_the_first_by_depth_is_practised():
    assert subject("anything", standing=Standing({"async": 20, "variables": 20})) == "variables"


def test_who_nothing_is_known_of_goes_through_the_topics_by_depth():
    order = [topic.id for topic in curriculum().by_depth]
    passed = set()
    came = []
    for _ in order:
        came.append(subject("an exercise", standing=Standing(passed=frozenset(passed))))
        passed.add(f"{came[-1]}/any")

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


LOOPS = exercises("loops")


def chosen(asked=None, mastery=0, passed=(), recent=()):
    standing = Standing(
        {"loops": mastery}, frozenset(f"loops/{name}" for name in passed), tuple(f"loops/{name}" for name in recent)
    )
    return choose_exercise("loops", LOOPS, asked, standing).id


def test_the_file_knows_what_the_tests_below_rely_on():
    assert [(exercise.id, exercise.difficulty) for exercise in LOOPS] == [
        ("sum-of-evens", "easy"), ("countdown", "easy"), ("first-repeat", "medium"), ("number-triangle", "hard")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "mastery", "passed", "recent", "exercise"),
    [
        (None, 0, [], [], "sum-of-evens"),
        (None, 50, [], [], "first-repeat"),
        (None, 90, [], [], "number-triangle"),
        ("hard", 0, [], [], "number-triangle"),
        (None, 0, ["sum-of-evens"], [], "countdown"),
        (None, 0, [], ["sum-of-evens"], "countdown"),
        # Easy ones are used up: what is new goes before what only fits the mastery …
        (None, 0, ["sum-of-evens", "countdown"], [], "first-repeat"),
        (None, 0, ["sum-of-evens"], ["countdown"], "first-repeat"),
        # … but not before what was asked for; and then rather the unsolved one.
        ("easy", 0, ["sum-of-evens"], ["countdown"], "countdown"),
        ("easy", 0, [], ["countdown", "sum-of-evens"], "countdown"),
        ("easy", 0, [], ["sum-of-evens", "countdown"], "sum-of-evens"),
        ("medium", 0, ["first-repeat"], [], "first-repeat"),
        (None, 0, [exercise.id for exercise in LOOPS], [], "sum-of-evens"),
    ],
)
def test_the_exercise_fits_and_is_new_if_there_is_a_new_one(asked, mastery, passed, recent, exercise):
    assert chosen(asked, mastery, passed, recent) == exercise
