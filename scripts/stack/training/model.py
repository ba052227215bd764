"""The linear model while it is being trained: features as sparse matrices, fitted by scikit-learn's LinearSVC."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp
from sklearn.svm import LinearSVC

from functions.triage.features import Features
from functions.triage.linear import UNIT

REGULARISATION = 0.5
"""LinearSVC's C, chosen by cross-validation among 0.3, 0.5, 0.7, 1 and 3."""
SHARE = {"words": 1.0, "pieces": 1.0, "facts": 0.3}
"""How much each group counts, chosen by cross-validation."""
SEEN_IN = {"words": 2, "pieces": 3, "facts": 3}
"""Questions a feature must occur in; what fewer have teaches nothing and would be learned by heart."""
KEPT = {"words": 8_000, "pieces": 12_000, "facts": 200}
"""Features of each group that stay, those of the largest weights: more would only make the file larger."""


@dataclass
class Group:
    """The features of one group that the model knows, each with its place and its rarity."""

    name: str
    place: dict[str, int]
    rarity: np.ndarray[Any, Any]

    def kept(self, best: np.ndarray[Any, Any]) -> Group:
        """Return the group with only the features at these places."""
        names = list(self.place)
        return Group(self.name, {names[old]: new for new, old in enumerate(best)}, self.rarity[best])

    def matrix(self, questions: Sequence[Features]) -> sparse.csr_matrix:
        """Return a row for each question: tf-idf at length 1, times the group's share."""
        rows, columns, values = [], [], []
        for row, question in enumerate(questions):
            for name, times in getattr(question, self.name).items():
                column = self.place.get(name)
                if column is not None:
                    rows.append(row)
                    columns.append(column)
                    values.append((1 + math.log(times)) * self.rarity[column])
        made = sparse.csr_matrix((values, (rows, columns)), shape=(len(questions), len(self.place)))
        length = np.sqrt(np.asarray(made.multiply(made).sum(axis=1)).ravel())
        return sparse.diags(SHARE[self.name] / np.where(length > 0, length, 1)) @ made


@dataclass
class Model:
    """A fitted model. `fit` twice: the second time with only the features that weighed most the first time."""

    groups: list[Group] = field(default_factory=list)
    svm: Any = None

    @classmethod
    def fitted(cls, questions: Sequence[Features], intents: np.ndarray[Any, Any]) -> Model:
        """Return a model of these questions, whose right intents are numbers."""
        model = cls([_group(name, questions) for name in SHARE])
        model._fit(questions, intents)
        model._prune()
        model._fit(questions, intents)
        return model

    def scores(self, questions: Sequence[Features]) -> np.ndarray[Any, Any]:
        """Return a row of scores, one for each intent, for each question."""
        scores: np.ndarray[Any, Any] = self.svm.decision_function(self._matrix(questions))
        return scores

    def as_weights(self) -> dict[str, Any]:
        """Return bias and groups as linear.py reads them."""
        groups, start = {}, 0
        for group in self.groups:
            weights = self.svm.coef_[:, start : start + len(group.place)] * SHARE[group.name]
            start += len(group.place)
            groups[group.name] = {
                name: [_whole(group.rarity[place]), *map(_whole, weights[:, place])]
                for name, place in group.place.items()
            }
        return {"bias": [_whole(bias) for bias in self.svm.intercept_], "groups": groups}

    def _matrix(self, questions: Sequence[Features]) -> sparse.csr_matrix:
        return sparse.hstack([group.matrix(questions) for group in self.groups]).tocsr()

    def _fit(self, questions: Sequence[Features], intents: np.ndarray[Any, Any]) -> None:
        self.svm = LinearSVC(C=REGULARISATION, random_state=0).fit(self._matrix(questions), intents)

    def _prune(self) -> None:
        largest, start, kept = np.abs(self.svm.coef_).max(axis=0), 0, []
        for group in self.groups:
            here = largest[start : start + len(group.place)]
            start += len(group.place)
            kept.append(group.kept(np.sort(np.argsort(-here, kind="stable")[: KEPT[group.name]])))
        self.groups = kept


def _group(name: str, questions: Sequence[Features]) -> Group:
    seen_in = Counter(feature for question in questions for feature in getattr(question, name))
    known = sorted(feature for feature, count in seen_in.items() if count >= SEEN_IN[name])
    rarity = [
        1 + math.log((1 + len(questions)) / (1 + seen_in[feature])) if name != "facts" else 1.0 for feature in known
    ]
    return Group(name, {feature: place for place, feature in enumerate(known)}, np.array(rarity))


def fitted_temperature(scores: np.ndarray[Any, Any], intents: np.ndarray[Any, Any]) -> float:
    """Return the temperature at which the softmax of the scores is least surprised by the right intents."""

    def surprise(temperature: float) -> float:
        cooled = scores / temperature
        right = cooled[np.arange(len(intents)), intents]
        return float((logsumexp(cooled, axis=1) - right).mean())

    return round(float(minimize_scalar(surprise, bounds=(0.05, 5), method="bounded").x), 3)


def _whole(number: float) -> int:
    return round(float(number) * UNIT)
