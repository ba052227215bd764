"""Which lesson a model names is looked up; what it names that there is not, or is not open, is none."""

from __future__ import annotations

import pytest

from functions.curriculum.reading import curriculum
from functions.shared.prompts.placing import (
    MOST_NEAR,
    PlacedSaid,
    PlacingInput,
    named_topic,
    near_named,
    placed_explanation,
    placing_prompt,
)

SAID = {
    "is_about_python": True,
    "topic": "loops",
    "near": ["lists", "functions"],
    "title": " Again and again ",
    "explanation": "A loop does something again.",
    "examples": [{"title": "Twice", "code": "for n in range(2):\n    print(n)", "output": "0\n1\n"}],
    "diagram": None,
}


def said(**fields):
    return PlacedSaid.model_validate(SAID | fields)


@pytest.mark.parametrize(
    ("name", "topic"),
    [
        ("loops", "loops"),
        (" `Loops` ", "loops"),
        ("Conditions with if and else", "conditionals"),
        (None, None),
        ("", None),
        ("generators", None),
        ("loops, lists", None),
        ("null", None),
    ],
)
def test_a_lesson_is_named_by_its_id_or_its_title_and_what_there_is_no_lesson_on_is_none(name, topic):
    assert named_topic(said(topic=name)) == topic


def test_what_is_about_something_else_has_no_topic_whatever_is_named():
    assert named_topic(said(is_about_python=False)) is None


def test_near_are_the_open_lessons_that_are_named_each_once_and_few():
    course = curriculum().opened(frozenset({"loops", "lists"}))
    many = [topic.id for topic in curriculum().topics]

    assert near_named(said(near=["lists", "Lists", "knitting", "classes"]), course) == (course.topic("lists").as_near,)
    assert len(near_named(said(near=many), curriculum())) == MOST_NEAR


@pytest.mark.parametrize("near", [[], ["knitting"]])
def test_where_none_is_named_every_open_lesson_is_near(near):
    assert near_named(said(near=near), curriculum()) == curriculum().suggested()


def test_what_was_said_becomes_an_explanation_with_or_without_a_topic():
    loops = curriculum().topic("loops")

    placed = placed_explanation(said(), loops, "beginner", "a-model", (loops.as_near,))
    alone = placed_explanation(said(topic=None), None, "advanced", "a-model", ())

    assert (placed.topic, placed.title, placed.level, placed.answered_by) == (
        "loops", "Again and again", "beginner", "a-model",
    )  # fmt: skip
    assert (placed.near_topics, placed.examples[0].output) == ((loops.as_near,), "0\n1\n")
    assert (alone.topic, alone.level) == (None, "advanced")


def test_what_can_be_no_explanation_is_objected_to_in_a_sentence():
    with pytest.raises(ValueError, match=r"^The explanation is empty\. Write it\.$"):
        placed_explanation(said(explanation=" "), None, "beginner", "a-model", ())


@pytest.mark.parametrize(("is_limited", "open_topics"), [(False, "all"), (True, "the listed ones alone")])
def test_a_prompt_names_every_lesson_that_is_open_and_whether_there_are_others(is_limited, open_topics):
    lessons = curriculum().suggested()

    prompt = placing_prompt(PlacingInput(question="Why?", level="beginner", lessons=lessons, is_limited=is_limited))

    told = prompt.messages[1]["content"]
    assert f"Open topics: {open_topics}." in told
    assert [each for each in lessons if f"\n| {each.topic}: {each.title}\n" not in told] == []
    assert (prompt.task, prompt.version) == ("concepts", "placing.v1")
