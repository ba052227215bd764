"""Placing: a question in which no rule found a topic. A model says which lesson it belongs to, and explains. Pure."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from functions.curriculum.models import Curriculum, Topic
from functions.curriculum.reading import curriculum
from functions.shared.conversing import Turn
from functions.shared.explaining import NearTopic
from functions.shared.model.asking import Prompt, Said
from functions.shared.payload import Level
from functions.shared.prompts.concepts import DiagramSaid, ExampleSaid, ExplanationSaid, explanation_of
from functions.shared.prompts.fencing import LONGEST_QUESTION, error, program, text
from functions.shared.prompts.files import PromptFile
from functions.shared.prompts.inputs import Input, earlier, topics
from functions.shared.tutor import Explanation

FILE = PromptFile(
    "concepts",
    1,
    frozenset({"level", "open_topics", "lessons", "earlier", "program", "error", "question"}),
    called="placing",
)
MOST_NEAR = 3


class PlacingInput(Input):
    """A question whose topic is not known, and the lessons that there are for its asker."""

    question: str = ""
    code: str | None = None
    error_message: str | None = None
    level: Level
    lessons: tuple[NearTopic, ...] = Field(description="Those that are open to the learner.")
    is_limited: bool = Field(default=False, description="Whether the learner's course opens these topics alone.")
    turns: tuple[Turn, ...] = ()


class PlacedSaid(Said):
    """Which lesson a question belongs to, and the answer to it."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    is_about_python: bool = Field(description="Whether the question is about Python or programming.")
    topic: str | None = Field(description="The id of the listed lesson that teaches it; null if none does.")
    near: list[str] = Field(description="The ids of up to three listed lessons that lie nearest to it.")
    title: str = Field(description="What is explained, at most eight words.")
    explanation: str = Field(description="Markdown of at most 200 words, without code blocks.")
    examples: list[ExampleSaid] = Field(description="One to three.")
    diagram: DiagramSaid | None = Field(description="Null unless a picture of the steps helps.")


def placing_prompt(given: PlacingInput) -> Prompt[PlacedSaid]:
    """Return the prompt for a question whose topic is not known."""
    return FILE.filled(
        PlacedSaid,
        said={"level": given.level, "open_topics": "the listed ones alone" if given.is_limited else "all"},
        data={
            "lessons": topics(given.lessons),
            "earlier": earlier(given.turns),
            "program": program("program", given.code),
            "error": error("error", given.error_message),
            "question": text("question", given.question, LONGEST_QUESTION),
        },
    )


def named_topic(said: PlacedSaid) -> str | None:
    """Return the id of the topic that a model names, by its id or its title; None where it names none that the
    curriculum teaches, or finds the question to be about something else altogether."""
    topic = _called(said.topic or "") if said.is_about_python else None
    return topic.id if topic else None


def near_named(said: PlacedSaid, course: Curriculum) -> tuple[NearTopic, ...]:
    """Return the open topics that a model says lie near a question; all that are open where it names none of them."""
    named = dict.fromkeys(topic.as_near for each in said.near if (topic := _called(each)) and course.is_open(topic))
    return tuple(named)[:MOST_NEAR] or course.suggested()


def placed_explanation(
    said: PlacedSaid, topic: Topic | None, level: Level, answered_by: str, near: tuple[NearTopic, ...]
) -> Explanation:
    """Return what was said as an explanation. Raises ValueError as explanation_of does."""
    words = said.model_dump(exclude={"topic", "near"})
    return explanation_of(ExplanationSaid.model_validate(words), topic, level, answered_by, near)


def _called(name: str) -> Topic | None:
    plain = name.strip(" \t\n`'\"").casefold()
    return next((each for each in curriculum().topics if plain in (each.id, each.title.casefold())), None)
