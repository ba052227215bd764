"""What a topic and a lesson are, once read from their files."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from functions.shared.explaining import Example, NearTopic
from functions.shared.mermaid import Graph
from functions.shared.payload import Level

LEVELS: tuple[Level, ...] = ("beginner", "elementary", "intermediate", "advanced")

TopicId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Subject(_Frozen):
    """Something in Python that people ask about, and the words they ask with."""

    id: TopicId
    title: str
    aliases: tuple[str, ...] = Field(min_length=1, description="Words that name it; phrases beat single words.")
    keywords: tuple[str, ...] = Field((), description="Words that only hint at it.")
    constructs: dict[str, Annotated[float, Field(gt=0, le=1)]] = Field(
        default_factory=dict, description="What it looks like in code, and how much each tells: 1 settles it."
    )
    near: tuple[TopicId, ...] = Field(min_length=1, description="Topics with lessons, the nearest first.")

    @property
    def names(self) -> tuple[str, ...]:
        """Every word that names it or a part of it."""
        return self.aliases


class PlannedTopic(Subject):
    """A topic without lessons yet, known so that a question about it is not taken for another one."""


class Misconception(_Frozen):
    """What learners at a level often believe, and what is so."""

    level: Level
    belief: str
    truth: str


class Topic(Subject):
    """A topic with a lesson at each level."""

    summary: str
    taught_at: dict[Level, tuple[str, ...]] = Field(
        default_factory=dict, description="Words that name a part of it, by the level whose lesson explains them."
    )
    prerequisites: tuple[TopicId, ...] = Field(description="Topics, or planned ones, to know first.")
    misconceptions: tuple[Misconception, ...] = Field(min_length=1)
    diagram: Graph

    @property
    def names(self) -> tuple[str, ...]:
        """Every word that names it or a part of it."""
        return (*self.aliases, *(word for words in self.taught_at.values() for word in words))

    @property
    def as_near(self) -> NearTopic:
        """The topic as a suggestion."""
        return NearTopic(topic=self.id, title=self.title)


class Lesson(_Frozen):
    """A topic explained at one level: Markdown prose, and programs with what they print."""

    title: str
    summary: str
    prose: str
    examples: tuple[Example, ...]


class Curriculum(_Frozen):
    """Every topic there is a lesson on, every one there is not, and which are open to a learner in a course."""

    topics: tuple[Topic, ...]
    planned: tuple[PlannedTopic, ...]
    open_topics: frozenset[TopicId] | None = Field(
        default=None, description="Those to suggest and to choose from; null: all."
    )

    def opened(self, topics: frozenset[str] | None) -> Curriculum:
        """Return the same curriculum with some topics open alone; with None, with all of them."""
        return self.model_copy(update={"open_topics": topics})

    def is_open(self, topic: Topic) -> bool:
        """Whether a topic may be explained and practised."""
        return self.open_topics is None or topic.id in self.open_topics

    def topic(self, topic_id: str) -> Topic | None:
        """Return the topic of that id, if there are lessons on it."""
        return next((topic for topic in self.topics if topic.id == topic_id), None)

    def near(self, subject: Subject) -> tuple[NearTopic, ...]:
        """Return the open topics with lessons that lie near a subject, the nearest first."""
        found = (self.topic(topic_id) for topic_id in subject.near)
        return tuple(topic.as_near for topic in found if topic and self.is_open(topic))

    def depth(self, topic_id: str) -> int:
        """Return how long the longest chain of prerequisites with lessons is that leads to a topic."""
        topic = self.topic(topic_id)
        return 1 + max(map(self.depth, topic.prerequisites), default=0) if topic else 0

    @property
    def by_depth(self) -> tuple[Topic, ...]:
        """Return the open topics, those that need the fewest others first."""
        return tuple(sorted(filter(self.is_open, self.topics), key=lambda topic: (self.depth(topic.id), topic.title)))

    def suggested(self, subject: Subject | None = None) -> tuple[NearTopic, ...]:
        """Return every open topic: those that lie near a subject, then those that need the fewest others."""
        near = self.near(subject) if subject else ()
        return (*near, *(topic.as_near for topic in self.by_depth if topic.as_near not in near))
