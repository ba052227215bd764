"""The plain-rules classifier: weighted cues in the words, and what was attached, make a score per intent.

A stand-in for a trained classifier behind the same port; its confidence is a softmax of the scores, a ranking
aid and not a calibrated probability.
"""

from __future__ import annotations

import math
import re

from functions.shared.events import Intent, QuestionAsked
from functions.shared.tutor import Routing
from functions.triage.cues import CUES, ERROR_NAME, PYTHON

UNSURE = 0.6
"""Below this confidence the second guess is offered too."""


_ERROR_NAME = re.compile(ERROR_NAME)
_ABOUT_AN_ERROR = re.compile(r"\b(?:what(?:'s| is| are| does)|explain|meaning of|define)\b.{0,20}" + ERROR_NAME, re.I)
_OWN = re.compile(r"\b(?:my|i'?m|i am|i get|i got|me)\b", re.IGNORECASE)
_POINTS_AT_CODE = re.compile(r"\b(?:my|this|the|following|below) (?:code|program|script|function|snippet)\b", re.I)
_TEMPERATURE = 1.0


class RuleClassifier:
    """The classifier by plain rules; no state, under a millisecond."""

    def classify(self, question: QuestionAsked) -> Routing:
        """Return the likeliest intent; the second guess only where the first is unsure."""
        ranked = sorted(_confidences(_scores(question)).items(), key=lambda item: -item[1])
        (intent, confidence), (second, _) = ranked[0], ranked[1]
        return Routing(
            intent=intent,
            confidence=round(confidence, 3),
            second_guess=second if confidence < UNSURE else None,
        )


def _scores(question: QuestionAsked) -> dict[Intent, float]:
    """Return a score per intent; only their differences matter."""
    text = question.question
    scores: dict[Intent, float] = dict.fromkeys(
        ("concepts", "debug", "exercise", "code_review", "quiz", "progress", "off_topic"), 0.0
    )
    for cue in CUES:
        if cue.words.search(text):
            scores[cue.intent] += cue.weight
    _weigh_errors(question, scores)
    if question.code and question.code.strip():
        scores["debug"] += 0.8
        scores["code_review"] += 0.8
    knows_python = bool(PYTHON.search(text))
    if knows_python:
        scores["concepts"] += 0.6
    elif not (question.code or question.error_message):
        scores["off_topic"] += 2.0
    return scores


def _weigh_errors(question: QuestionAsked, scores: dict[Intent, float]) -> None:
    """Add what errors say: one the learner has is for debug, one they ask about is a concept."""
    text = question.question
    if question.error_message and question.error_message.strip():
        scores["debug"] += 4.0
    if not _ERROR_NAME.search(text):
        return
    if _ABOUT_AN_ERROR.search(text) and not _OWN.search(text) and not _POINTS_AT_CODE.search(text):
        scores["concepts"] += 2.0
    else:
        scores["debug"] += 2.6


def _confidences(scores: dict[Intent, float]) -> dict[Intent, float]:
    """Return the softmax of the scores, which adds up to 1."""
    top = max(scores.values())
    weights = {intent: math.exp((score - top) / _TEMPERATURE) for intent, score in scores.items()}
    total = sum(weights.values())
    return {intent: weight / total for intent, weight in weights.items()}
