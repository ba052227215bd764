"""Offering: what is said of a topic that a learner's course has not opened, and what there is instead. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from functions.curriculum.models import Topic
from functions.curriculum.naming import in_a_sentence
from functions.shared.explaining import NearTopic

NOTHING_OPEN = (
    "Your course has no topic open at the moment. Your teacher can open one; until then, ask them what is next."
)


def closed_title(what: str, topic: Topic) -> str:
    """Return a title such as "No lesson on loops in your course yet"; `what` is there none of."""
    return f"No {what} on {in_a_sentence(topic.title)} in your course yet"


def closed(topic: Topic) -> str:
    """Say kindly that a topic is not for now."""
    return f"**{topic.title}** will have to wait: that topic is not open in your course at the moment."


def offered(topics: Sequence[NearTopic], intro: str, words: str) -> str:
    """Return Markdown that offers topics, each in the words to ask for it with; `words` has {} in place of its name."""
    if not topics:
        return NOTHING_OPEN
    lines = "\n".join(f"- {words.format(in_a_sentence(topic.title))}" for topic in topics)
    return f"{intro}\n\n{lines}"
