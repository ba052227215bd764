"""`scripts/evaluate topics`: how often the topic of a question is found, first and among the first three."""

from __future__ import annotations

import argparse
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from functions.concepts.find import Finder, Match
from functions.curriculum.reading import curriculum
from scripts.stack.errors import StackError
from scripts.stack.evaluating.lines import one_of, read_lines
from scripts.stack.places import ROOT

LABELLED = ROOT / "tests" / "unit" / "concepts" / "topic_questions.jsonl"
SPLITS = ("tune", "held-out")
NO_LESSON = "no lesson"
LINE_SHOWN = 70

Answer = str | None
"""A subject, with a lesson or without, or None: nothing recognised, or no lesson."""


class Finds(Protocol):
    """What ranks subjects for a question; the likeliest first."""

    def find(self, question: str, code: str | None, error_message: str | None) -> Sequence[Match]: ...


@dataclass(frozen=True)
class Labelled:
    """A question, and the answers that are right; the first is what it counts under."""

    query: str
    code: str | None
    error_message: str | None
    right: tuple[Answer, ...]
    split: str


@dataclass(frozen=True)
class Scored:
    """A question, the answers in the order found, and the place of the first right one, from 1; None if none is."""

    question: Labelled
    found: tuple[Answer, ...]
    place: int | None


@dataclass(frozen=True)
class Figures:
    """How many questions there are, and how many have a right answer first and among the first three."""

    questions: int
    first: int
    in_three: int

    @property
    def top_1(self) -> float:
        """Share of questions, 0 to 1, whose first answer is right."""
        return self.first / self.questions

    @property
    def top_3(self) -> float:
        """Share of questions, 0 to 1, with a right answer among the first three."""
        return self.in_three / self.questions


def read(file: Path, split: str | None = None) -> list[Labelled]:
    """Read a file of {query, code, error_message, topic, split} lines, all of them or one split.

    `topic` is a topic, a subject without a lesson, null for anything else without one, or a list of these. Raises
    StackError that names line and field.
    """
    known = {subject.id for subject in (*curriculum().topics, *curriculum().planned)}
    questions = [_labelled(entry, place, known) for place, entry in read_lines(file, "topic")]
    chosen = [question for question in questions if split in (None, question.split)]
    if not chosen:
        raise StackError(f"{file} holds no questions of the split '{split}'")
    return chosen


def _labelled(entry: dict[str, Any], place: str, known: Collection[str]) -> Labelled:
    topics = entry["topic"] if isinstance(entry["topic"], list) else [entry["topic"]]
    return Labelled(
        query=entry["query"],
        code=entry["code"],
        error_message=entry["error_message"],
        right=tuple(None if topic is None else one_of({"topic": topic}, "topic", known, place) for topic in topics),
        split=entry.get("split", ""),
    )


def score(questions: Iterable[Labelled], finder: Finds) -> list[Scored]:
    """Ask each question."""
    scored = []
    for question in questions:
        ranking = finder.find(question.query, question.code, question.error_message)
        found = tuple(match.subject.id for match in ranking) or (None,)
        place = next((place for place, answer in enumerate(found, 1) if is_right(answer, question.right)), None)
        scored.append(Scored(question, found, place))
    return scored


def is_right(answer: Answer, right: Collection[Answer]) -> bool:
    """Tell whether an answer is among the right ones: any subject without a lesson is, where no lesson is right."""
    return answer in right or (None in right and (answer is None or curriculum().topic(answer) is None))


def figures(scored: Sequence[Scored]) -> Figures:
    """Count the right ones."""
    places = [one.place for one in scored if one.place]
    return Figures(len(scored), places.count(1), sum(place <= 3 for place in places))


def by_topic(scored: Sequence[Scored]) -> dict[Answer, Figures]:
    """Return the figures of each topic, in the order in which the file names them."""
    topics = dict.fromkeys(one.question.right[0] for one in scored)
    return {topic: figures([one for one in scored if one.question.right[0] == topic]) for topic in topics}


def report(scored: Sequence[Scored]) -> str:
    """Return a table: a line for each topic, and one for them all."""
    rows = [(topic or NO_LESSON, one) for topic, one in by_topic(scored).items()] + [("all", figures(scored))]
    lines = [f"{'topic':<14} {'questions':>9} {'top-1':>7} {'top-3':>7}"]
    lines += [f"{name:<14} {one.questions:>9} {one.top_1:>7.1%} {one.top_3:>7.1%}" for name, one in rows]
    return "\n".join(lines)


def misses(scored: Sequence[Scored]) -> str:
    """Return a line for each question whose first answer is wrong."""
    return "\n".join(f"✗ {_miss(one)}" for one in scored if one.place != 1)


def _miss(one: Scored) -> str:
    asked = one.question
    texts = (asked.query, asked.code, asked.error_message)
    told = " | ".join(" ".join(text.split())[:LINE_SHOWN] for text in texts if text)
    return f"{told}\n    found {_named(one.found[:3])}; right is {_named(asked.right)}"


def _named(found: Iterable[Answer]) -> str:
    return ", ".join(answer or NO_LESSON for answer in found)


def as_json(scored: Sequence[Scored]) -> str:
    """Return all the figures and misses as one JSON object."""
    return json.dumps(
        _shares(figures(scored))
        | {
            "topics": {topic or NO_LESSON: _shares(one) for topic, one in by_topic(scored).items()},
            "wrong": [
                {"query": one.question.query, "right": one.question.right, "found": one.found[:3]}
                for one in scored
                if one.place != 1
            ],
        },
        ensure_ascii=False,
        indent=2,
    )


def _shares(one: Figures) -> dict[str, float]:
    return {"questions": one.questions, "top_1": round(one.top_1, 4), "top_3": round(one.top_3, 4)}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scripts/evaluate topics", description=__doc__, allow_abbrev=False)
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        default=LABELLED,
        help="questions: {query, code, error_message, topic}, one object a line",
    )
    parser.add_argument("--split", choices=SPLITS, help="only this half of the questions")
    parser.add_argument("--wrong", action="store_true", help="show the questions whose first answer is wrong")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    options = parser.parse_args(arguments)
    scored = score(read(options.file, options.split), Finder(curriculum()))
    print(as_json(scored) if options.json else report(scored))
    if options.wrong and not options.json and (wrong := misses(scored)):
        print(f"\n{wrong}")
    return 0
