"""The trained classifier: a linear model over a question's features, in plain Python.

Each of the seven intents has a weight for every feature that it knows. How often a feature occurs counts by 1 + ln,
rare features count more (inverse document frequency, Spärck Jones 1972), and each group of features is brought to
length 1, so that a long question does not shout. A softmax at a temperature that was fitted on questions the model had
not seen makes confidences of the scores (temperature scaling, Guo et al. 2017).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from functions.shared.events import QuestionAsked
from functions.shared.payload import Intent
from functions.shared.tutor import Classifier, Routing
from functions.triage.features import Features, features

UNSURE = 0.6
"""Below this confidence the second guess is offered too."""
WEIGHTS = Path(__file__).with_name("weights.json")
UNIT = 100
"""What is a fraction in the model is a whole number of hundredths in the file."""


class Weights(NamedTuple):
    """A trained model. `groups` holds, by group and feature, its rarity and then a weight for each intent."""

    intents: tuple[Intent, ...]
    temperature: float
    bias: tuple[float, ...]
    groups: Mapping[str, Mapping[str, list[int]]]
    trained_from: Mapping[str, Any]


def read_weights(path: Path = WEIGHTS) -> Weights:
    """Read a model as scripts/train-triage wrote it."""
    held = json.loads(path.read_text("utf-8"))
    return Weights(
        intents=tuple(held["intents"]),
        temperature=held["temperature"],
        bias=tuple(bias / UNIT for bias in held["bias"]),
        groups=held["groups"],
        trained_from=held["trained_from"],
    )


class LinearClassifier:
    """Classifies questions; reads its weights when the first comes."""

    @cached_property
    def weights(self) -> Weights:
        """The model."""
        return read_weights()

    def classify(self, question: QuestionAsked) -> Routing:
        """Return the likeliest intent; the second guess only where the first is unsure."""
        found = self.probabilities(question)
        (intent, confidence), (second, _) = sorted(found.items(), key=lambda item: -item[1])[:2]
        confidence = round(confidence, 3)
        return Routing(intent=intent, confidence=confidence, second_guess=second if confidence < UNSURE else None)

    def probabilities(self, question: QuestionAsked) -> dict[Intent, float]:
        """Return how likely each intent is; they add up to 1."""
        return confidences(features(question.question, question.code, question.error_message), self.weights)


def confidences(seen: Features, weights: Weights) -> dict[Intent, float]:
    """Return how likely each intent is; they add up to 1."""
    scores = list(weights.bias)
    for group, counts in seen._asdict().items():
        for place, score in enumerate(_scores(counts, weights.groups[group])):
            scores[place] += score
    top = max(scores)
    likely = [math.exp((score - top) / weights.temperature) for score in scores]
    return {intent: each / sum(likely) for intent, each in zip(weights.intents, likely, strict=True)}


def _scores(counts: Mapping[str, int], known: Mapping[str, list[int]]) -> list[float]:
    """Return what one group of features adds to each intent; nothing if none of them is known."""
    total, length = [0.0] * 7, 0.0
    for feature, times in counts.items():
        held = known.get(feature)
        if held is not None:
            value = (1 + math.log(times)) * held[0] / UNIT
            length += value * value
            for place in range(7):
                total[place] += value * held[place + 1]
    scale = UNIT * math.sqrt(length) if length else 1.0
    return [each / scale for each in total]


_: type[Classifier] = LinearClassifier  # the type checker holds it to the port
