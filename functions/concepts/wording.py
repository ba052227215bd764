"""Wording: what concepts says when it has no lesson."""

from __future__ import annotations

from functions.curriculum.models import Curriculum, Subject
from functions.curriculum.naming import in_a_sentence
from functions.shared.explaining import ConceptExplained
from functions.shared.payload import Level

BUILT_IN = "built-in"
"""How the built-in tutor signs its answers."""


def no_lesson(subject: Subject | None, level: Level, curriculum: Curriculum) -> ConceptExplained:
    """Say that there is no lesson on a subject, or on whatever an unrecognised question is about, and what there is."""
    if subject:
        near = curriculum.near(subject)
        title = f"No lesson on {in_a_sentence(subject.title)} yet"
        honest = f"I have no lesson on **{in_a_sentence(subject.title)}** yet, and I would rather say so than guess."
    else:
        near = tuple(topic.as_near for topic in curriculum.by_depth)
        title = "No lesson on this yet"
        honest = "I found no lesson that fits your question, and I would rather say so than guess."
    titles = [in_a_sentence(topic.title) for topic in near]
    suggestions = "\n".join(f"- Explain {title} in Python." for title in titles)
    return ConceptExplained(
        topic=None,
        title=title,
        level=level,
        explanation=f"{honest}\n\nHere is what I can explain instead; ask, for example:\n\n{suggestions}",
        diagram=None,
        near_topics=near,
        answered_by=BUILT_IN,
        confidence=None,
    )
