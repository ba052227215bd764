"""Concepts: a topic explained by a model, in answer to one learner's question, from the lesson's facts. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import ConfigDict, Field, ValidationError

from functions.curriculum.models import Curriculum, Lesson, Subject, Topic
from functions.shared.conversing import Turn
from functions.shared.explaining import Example, NearTopic
from functions.shared.mermaid import Edge, Graph, Node, flowchart
from functions.shared.model.asking import Prompt, Said
from functions.shared.payload import Level
from functions.shared.prompts.checking import objection, python_said, readable
from functions.shared.prompts.fencing import LONGEST_LESSON, LONGEST_QUESTION, error, listed, program, text
from functions.shared.prompts.files import PromptFile
from functions.shared.prompts.inputs import Input, earlier, topics
from functions.shared.tutor import Explanation

FILE = PromptFile(
    "concepts",
    1,
    frozenset({"level", "mastery", "topic", "lesson", "open_topics", "earlier", "program", "error", "question"}),
)
LONGEST_TITLE, LONGEST_EXPLANATION = 120, 4_000
"""Characters that an answer may have."""
MOST_EXAMPLES, MOST_NODES = 3, 10
MOST_EXAMPLE_LINES = 25


class LessonFacts(Input):
    """What the curriculum teaches of a topic at a level; for a topic without lessons there is none."""

    explanation: str = Field(description="The lesson's prose, Markdown.")
    misconceptions: tuple[str, ...] = Field(default=(), description="What learners often believe, and what is so.")
    prerequisites: tuple[str, ...] = Field(default=(), description="Titles of what is to be known first.")


class ConceptsInput(Input):
    """A question about a topic, and what is known of both."""

    question: str = ""
    code: str | None = None
    error_message: str | None = None
    topic: str = Field(description="The topic's id in the curriculum.")
    title: str
    level: Level
    mastery: int | None = Field(default=None, description="How well the learner knows the topic, 0 to 100.")
    lesson: LessonFacts | None = None
    open_topics: tuple[NearTopic, ...] | None = Field(
        default=None, description="Those of the learner's course; null: all."
    )
    turns: tuple[Turn, ...] = ()


class ExampleSaid(Said):
    """A small program."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    title: str = Field(description="What it shows, in a few words.")
    code: str = Field(description="The whole program, at most 12 lines, without backticks.")
    output: str | None = Field(description="Exactly what it prints; null if that could differ from run to run.")


class NodeSaid(Said):
    """A box of a flowchart."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    id: str
    label: str = Field(description="At most six words.")
    shape: Literal["box", "round", "stadium", "decision"]


class EdgeSaid(Said):
    """An arrow of a flowchart."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    source: str = Field(description="The id of the box where it begins.")
    target: str = Field(description="The id of the box where it ends.")
    label: str = Field(description='What is written on it; "" for nothing.')


class DiagramSaid(Said):
    """A flowchart of three to seven boxes."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    nodes: list[NodeSaid]
    edges: list[EdgeSaid]


class ExplanationSaid(Said):
    """A topic explained to one learner."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    is_about_python: bool = Field(description="Whether the question is about learning Python.")
    title: str = Field(description="What is explained, at most eight words.")
    explanation: str = Field(description="Markdown of at most 200 words, without code blocks.")
    examples: list[ExampleSaid] = Field(description="One to three.")
    diagram: DiagramSaid | None = Field(description="Null unless a picture of the steps helps.")


def lesson_facts(topic: Topic, lesson: Lesson, level: Level, course: Curriculum) -> LessonFacts:
    """Return what a lesson of the curriculum gives a prompt."""
    first = (course.topic(each) for each in topic.prerequisites)
    return LessonFacts(
        explanation=lesson.prose,
        misconceptions=tuple(
            f"{each.belief} In fact {each.truth}" for each in topic.misconceptions if each.level == level
        ),
        prerequisites=tuple(each.title for each in first if each),
    )


def concepts_prompt(given: ConceptsInput) -> Prompt[ExplanationSaid]:
    """Return the prompt for an explanation."""
    return FILE.filled(
        ExplanationSaid,
        said={"level": given.level, "mastery": given.mastery},
        data={
            "topic": listed("topic", (("id", given.topic), ("title", given.title))),
            "lesson": listed("lesson", _taught(given.lesson), LONGEST_LESSON, each=LONGEST_LESSON)
            if given.lesson
            else None,
            "open_topics": topics(given.open_topics),
            "earlier": earlier(given.turns),
            "program": program("program", given.code),
            "error": error("error", given.error_message),
            "question": text("question", given.question, LONGEST_QUESTION),
        },
    )


def explanation_of(
    said: ExplanationSaid,
    topic: Subject | None,
    level: Level,
    answered_by: str,
    near_topics: tuple[NearTopic, ...] = (),
) -> Explanation:
    """Return what was said as an explanation of a topic, None for what the curriculum has no name for; its examples and
    what they print are the model's claims.

    A program that claims no output goes into the prose: an Example is one with what it prints. Raises ValueError, with
    a sentence for the model, where it can be no explanation.
    """
    if not said.is_about_python:
        raise ValueError("The request names a topic of the Python course. Explain that, and pass over all else.")
    if len(said.examples) > MOST_EXAMPLES:
        raise ValueError(f"There are {len(said.examples)} examples. Give {MOST_EXAMPLES} at most.")
    programs = [(each, _checked(each, number)) for number, each in enumerate(said.examples, 1)]
    prose = readable("explanation", said.explanation, LONGEST_EXPLANATION)
    return Explanation(
        topic=topic.id if topic else None,
        title=readable("title", said.title, LONGEST_TITLE),
        level=level,
        explanation="\n\n".join((prose, *_unclaimed(programs))),
        examples=tuple(
            Example(title=readable("title of an example", each.title, LONGEST_TITLE), code=code, output=each.output)
            for each, code in programs
            if each.output is not None
        ),
        diagram=flowchart(_drawn(said.diagram)) if said.diagram else None,
        near_topics=near_topics,
        answered_by=answered_by,
    )


def _taught(lesson: LessonFacts) -> Iterator[tuple[str, object]]:
    yield "to be known first", ", ".join(lesson.prerequisites)
    for each in lesson.misconceptions:
        yield "often believed", each
    yield "what the lesson says", lesson.explanation


def _checked(example: ExampleSaid, number: int) -> str:
    code = python_said(f"The code of example {number}", example.code)
    if code.count("\n") > MOST_EXAMPLE_LINES:
        raise ValueError(f"Example {number} is too long. Show the idea in at most 12 lines.")
    return code


def _unclaimed(programs: list[tuple[ExampleSaid, str]]) -> Iterator[str]:
    for each, code in programs:
        if each.output is None:
            yield f"{readable('title of an example', each.title, LONGEST_TITLE)}:\n\n```python\n{code}```"


def _drawn(diagram: DiagramSaid) -> Graph:
    if len(diagram.nodes) > MOST_NODES:
        raise ValueError(f"The diagram has {len(diagram.nodes)} nodes. Use seven at most, or null.")
    try:
        return Graph(
            nodes=tuple(Node(id=each.id, label=each.label, shape=each.shape) for each in diagram.nodes),
            edges=tuple(Edge(source=each.source, target=each.target, label=each.label) for each in diagram.edges),
        )
    except ValidationError as wrong:
        raise ValueError(objection("The diagram cannot be drawn", wrong)) from wrong
