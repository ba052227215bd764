"""Wording: what concepts says when it has no lesson, and how an explanation is told."""

from __future__ import annotations

from functions.curriculum.models import Curriculum, Subject, Topic
from functions.curriculum.naming import in_a_sentence
from functions.curriculum.offering import closed, closed_title, offered
from functions.shared.doubt import with_doubt
from functions.shared.events import ExplanationRequested
from functions.shared.explaining import ConceptExplained, NearTopic
from functions.shared.payload import Intent, Level
from functions.shared.tutor import Explanation

BUILT_IN = "built-in"
"""How the built-in tutor signs its answers."""
_ALONE = (
    "I have no lesson on this, so a language model alone says it: try it before you build on it. Here is what I can "
    "explain that lies near; ask, for example:"
)
_EXPLAIN = "Explain {} in Python."


def explained(
    answer: ConceptExplained | Explanation, asked: ExplanationRequested, course: Curriculum
) -> ConceptExplained:
    """Return an explanation as its asker gets it: with their doubt, and suggesting what is open to them."""
    open_topics = course.open_topics
    near = tuple(each for each in answer.near_topics if open_topics is None or each.topic in open_topics)
    alone = isinstance(answer, Explanation) and answer.topic is None
    explanation = f"{answer.explanation}\n\n{offered(near, _ALONE, _EXPLAIN)}" if alone else answer.explanation
    return ConceptExplained.model_validate(
        answer.model_dump()
        | {
            "confidence": asked.confidence,
            "explanation": with_doubt(explanation, asked.second_guess),
            "near_topics": near,
        }
    )


def smaller(answer: ConceptExplained, second_guess: Intent | None, step: str) -> ConceptExplained:
    """Return a smaller step (Markdown) in the place of an answer that may not leave; nothing it said is left."""
    return answer.model_copy(
        update={
            "title": "A smaller step",
            "explanation": with_doubt(step, second_guess),
            "examples": (),
            "diagram": None,
            "answered_by": BUILT_IN,
        }
    )


def no_lesson(subject: Subject | None, level: Level, curriculum: Curriculum) -> ConceptExplained:
    """Say that there is no lesson on a subject, or on whatever an unrecognised question is about, and what there is."""
    if subject:
        near = curriculum.near(subject) or curriculum.suggested()
        title = f"No lesson on {in_a_sentence(subject.title)} yet"
        honest = f"I have no lesson on **{in_a_sentence(subject.title)}** yet, and I would rather say so than guess."
    else:
        near = curriculum.suggested()
        title = "No lesson on this yet"
        honest = "I found no lesson that fits your question, and I would rather say so than guess."
    return _unexplained(title, f"{honest}\n\n{_instead(near)}", level, near)


def not_open(topic: Topic, level: Level, curriculum: Curriculum) -> ConceptExplained:
    """Say that a learner's course has not opened a topic, and which it has; the nearest to what was asked first."""
    near = curriculum.suggested(topic)
    return _unexplained(closed_title("lesson", topic), f"{closed(topic)}\n\n{_instead(near)}", level, near)


def _instead(topics: tuple[NearTopic, ...]) -> str:
    return offered(topics, "Here is what I can explain instead; ask, for example:", _EXPLAIN)


def _unexplained(title: str, explanation: str, level: Level, near: tuple[NearTopic, ...]) -> ConceptExplained:
    return ConceptExplained(
        topic=None,
        title=title,
        level=level,
        explanation=explanation,
        diagram=None,
        near_topics=near,
        answered_by=BUILT_IN,
        confidence=None,
    )
