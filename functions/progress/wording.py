"""Wording: how far a learner has come, in words, and what to do next. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from functions.curriculum.models import Topic
from functions.curriculum.naming import in_a_sentence
from functions.shared.doubt import with_doubt
from functions.shared.payload import Intent
from functions.shared.progressing import Component, Mastery, ProgressReported, Standing, TopicMastery
from functions.shared.standing.mastery import LAST_OF_LEVEL

NAMES = {
    "exercises": "Exercises, your best of each",
    "quizzes": "Quiz questions, your first answers",
    "quality": "Quality of your code",
    "consistency": "Active days of the last 30",
}
WELL_KNOWN = LAST_OF_LEVEL[1]
"""Above Yellow a topic is known well enough to go on."""


def reported(standing: Standing, topics: Sequence[Topic], second_guess: Intent | None = None) -> ProgressReported:
    """Return the report; `topics` are those to go on with, those first that need the fewest others."""
    paragraphs = (_overall(standing.overall), _topics(standing.topics), _days(standing), _next(standing, topics))
    return ProgressReported(summary=with_doubt("\n\n".join(filter(None, paragraphs)), second_guess), standing=standing)


def _overall(overall: Mastery) -> str:
    if not _has_data(overall):
        return (
            "I cannot say yet how much Python you know: you have solved no exercise, answered no quiz question and had "
            "no program reviewed so far."
        )
    lines = [f"**Overall: {overall.mastery} of 100, {overall.level.capitalize()}.** {overall.because}", ""]
    lines += ["| What counts | Of 100 | Weight |", "|---|---|---|"]
    for name, title in NAMES.items():
        part: Component = getattr(overall, name)
        value = f"{part.value}" if part.data else "0 (nothing yet)"
        lines.append(f"| {title} | {value} | {part.weight:.0%} |")
    return "\n".join(lines) + _passed(overall)


def _passed(overall: Mastery) -> str:
    if not (overall.passed_alone or overall.passed_helped):
        return ""
    alone, helped = overall.passed_alone, overall.passed_helped
    return f"\n\nExercises passed: {alone + helped}, {alone} of them on your own, {helped} after help."


def _topics(topics: Sequence[TopicMastery]) -> str:
    if not topics:
        return ""
    strongest = max(topics, key=lambda topic: topic.mastery)
    told = f"Your strongest topic is **{strongest.title}** with {strongest.mastery} ({strongest.level})."
    if len(topics) == 1:
        return f"So far you have worked on **{strongest.title}** alone: {strongest.mastery} ({strongest.level})."
    others = [f"{topic.title} {topic.mastery} ({topic.level})" for topic in topics if topic is not strongest]
    return f"{told} The others: {', '.join(others)}."


def _days(standing: Standing) -> str:
    active = f"You were active on {_count(standing.active_days, 'day')} of the last 30."
    if standing.streak:
        return f"{active} Your streak: {_count(standing.streak, 'day')} in a row."
    return f"{active} Do something today, and a streak begins."


def _next(standing: Standing, topics: Sequence[Topic]) -> str:
    """Say what to do: mend the weakest topic there is, else begin the next, else go deeper; with no topic, nothing."""
    if not topics:
        return ""
    begun = {topic.topic: topic for topic in standing.topics}
    weak = [begun[topic.id] for topic in topics if topic.id in begun and begun[topic.id].mastery <= WELL_KNOWN]
    if weak:
        weakest = min(weak, key=lambda topic: topic.mastery)
        return f"**Next:** {_mending(weakest)}"
    fresh = next((topic for topic in topics if topic.id not in begun), None)
    if fresh is None:
        return "**Next:** you know every topic well. Ask me for a hard exercise on any of them."
    name = in_a_sentence(fresh.title)
    return f"**Next:** begin with **{fresh.title}**. Say “Explain {name}”, then “Give me an exercise on {name}”."


def _mending(topic: TopicMastery) -> str:
    """Say what would raise a topic most: what weighs most of what is missing."""
    name = in_a_sentence(topic.title)
    practise, quiz = f"Say “Give me an exercise on {name}”.", f"Say “Quiz me on {name}”."
    ways = {
        "exercises": f"solve an exercise on **{topic.title}**. {practise}",
        "quizzes": f"answer some questions on **{topic.title}**. {quiz}",
        "quality": f"hand in a tidier solution on **{topic.title}**: its review counts. {practise}",
    }
    return ways[max(ways, key=lambda way: _missing(getattr(topic, way)))]


def _missing(part: Component) -> float:
    return part.weight * (100 - part.value)


def _has_data(mastery: Mastery) -> bool:
    return bool(mastery.exercises.data or mastery.quizzes.data or mastery.quality.data)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
