"""Triage: whether a question is sent where it belongs, by the classifier and, where that is unsure, by a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from functions.shared.events import QuestionDeclined
from functions.triage.handler import understand
from functions.triage.linear import UNSURE, LinearClassifier
from scripts.stack.evaluating.triage import Labelled, read
from scripts.stack.evaluating.tutor.asking import Nowhere, One, event_of
from scripts.stack.evaluating.tutor.figures import Figure, share
from scripts.stack.evaluating.tutor.part import Part
from scripts.stack.evaluating.tutor.sampling import sample
from scripts.stack.places import ROOT

QUESTIONS = ROOT / "functions" / "triage" / "training" / "unseen.jsonl"
CLASSIFIER = LinearClassifier()


@dataclass(frozen=True)
class Routed:
    """A question that was routed. `is_unsure`: it is one for a model, if there is one."""

    is_right: bool
    is_unsure: bool
    outcomes: tuple[str, ...]


def part(limit: int | None) -> Part[Labelled, Routed]:
    """Return what there is to route."""
    return Part("triage", sample(read(QUESTIONS), limit, lambda each: each.intent), judge, figures)


def judge(labelled: Labelled, one: One | None) -> Routed:
    """Route a question as triage does."""
    asked = labelled.question
    found = understand(
        event_of(asked),
        Nowhere(),
        classifier=CLASSIFIER,
        context_of=lambda *_: None,
        ask_for=lambda task: one.for_task(task) if one else None,
    )
    intent = "off_topic" if isinstance(found, QuestionDeclined) else found.routing.intent
    unsure = CLASSIFIER.classify(asked).confidence < UNSURE
    return Routed(intent == labelled.intent, unsure, tuple(one.outcomes) if one else ())


def figures(judged: Sequence[Routed], by_model: bool) -> dict[str, Figure]:
    """Return how many are right."""
    found = {
        "sent where it belongs": share([each.is_right for each in judged]),
        "the same where the classifier is unsure": share([each.is_right for each in judged if each.is_unsure]),
    }
    if by_model:
        found["the model was asked"] = share([bool(each.outcomes) for each in judged])
    return found
