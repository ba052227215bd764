"""Lessons: the built-in tutor, which explains what the curriculum teaches. No network, no model."""

from __future__ import annotations

from functions.concepts.wording import BUILT_IN
from functions.curriculum.models import Topic
from functions.curriculum.reading import content_version, curriculum, lesson
from functions.shared.mermaid import flowchart
from functions.shared.payload import Level
from functions.shared.tutor import Explainer, Explanation

FORM = 1
"""Raise it when the same lesson would be rendered differently: what was kept is then explained anew."""


class BuiltInTutor:
    """Explains from the lessons. The question changes nothing: a topic has one explanation at each level."""

    @property
    def version(self) -> str:
        """Changes with the lessons, so that what was kept of older ones is not used."""
        return f"{BUILT_IN}-{FORM}-{content_version()}"

    def explain(self, topic_id: str, level: Level, question: str) -> Explanation:  # noqa: ARG002 -- the port's shape
        """Return the lesson, with what learners at this level often get wrong. KeyError for an unknown topic."""
        taught = lesson(topic_id, level)
        topic = curriculum().topic(topic_id)
        assert topic is not None  # lesson() raised KeyError otherwise
        return Explanation(
            topic=topic_id,
            title=taught.title,
            level=level,
            explanation="\n\n".join(filter(None, (taught.prose, _misconceptions(topic, level)))),
            examples=taught.examples,
            diagram=flowchart(topic.diagram),
            near_topics=curriculum().near(topic),
            answered_by=BUILT_IN,
        )


def _misconceptions(topic: Topic, level: Level) -> str:
    wrong = [mistake for mistake in topic.misconceptions if mistake.level == level]
    return "\n\n".join(f"**Often believed:** {mistake.belief} *In fact*, {mistake.truth}" for mistake in wrong)


_: type[Explainer] = BuiltInTutor  # the type checker holds it to the port
