"""What the built-in tutor costs a function: what it reads once, and the thinking for each question."""

from __future__ import annotations

import time
from collections.abc import Callable

from functions.concepts.find import Finder
from functions.curriculum.reading import curriculum
from functions.shared.events import QuestionAsked
from functions.triage.linear import LinearClassifier, read_weights
from scripts.stack.evaluating.triage import read
from scripts.stack.places import ROOT
from tests.bench.figures import Spread, Tutor

QUESTIONS = ROOT / "functions" / "triage" / "training" / "unseen.jsonl"


def built_in_tutor() -> Tutor:
    """Measure all of it, in this process."""
    questions = [each.question for each in read(QUESTIONS)]
    classifier, finder = LinearClassifier(), Finder(curriculum())
    classifier.classify(questions[0])
    return Tutor(
        curriculum_ms=_best_ms(curriculum.__wrapped__),
        finder_ms=_best_ms(lambda: Finder(curriculum())),
        weights_ms=_best_ms(read_weights),
        routed=_each(questions, classifier.classify),
        found=_each(questions, lambda asked: finder.find(asked.question, asked.code, asked.error_message)),
    )


def _best_ms(work: Callable[[], object]) -> float:
    return round(min(_seconds(work) for _ in range(10)) * 1000, 2)


def _each(questions: list[QuestionAsked], work: Callable[[QuestionAsked], object]) -> Spread:
    return Spread.of([_seconds(lambda asked=asked: work(asked)) for asked in questions])  # type: ignore[misc]


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
