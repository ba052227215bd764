"""`scripts/train-triage`: train the classifier, say how good it is, and write its weights and the report."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import softmax
from sklearn.model_selection import StratifiedKFold

from functions.triage import features, linear, parting
from functions.triage.features import Features
from scripts.stack import cli
from scripts.stack.errors import StackError
from scripts.stack.evaluating.lines import read_lines
from scripts.stack.evaluating.scores import Guess
from scripts.stack.evaluating.triage import INTENTS, Labelled, guesses, read
from scripts.stack.places import ROOT, shown
from scripts.stack.progress import Progress
from scripts.stack.training.model import Model, fitted_temperature
from scripts.stack.training.report import Report, written

FOLDER = ROOT / "functions" / "triage" / "training"
QUESTIONS, UNSEEN, REPORT = FOLDER / "questions.jsonl", FOLDER / "unseen.jsonl", FOLDER / "report.md"
SOURCES = (QUESTIONS, Path(features.__file__), Path(parting.__file__))
FOLDS = 10

Split = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]


@dataclass(frozen=True)
class Held:
    """The labelled questions, as the trainer needs them."""

    questions: list[Labelled]
    authors: list[str]

    @cached_property
    def right(self) -> np.ndarray[Any, Any]:
        """The right intents, as numbers."""
        return np.array([INTENTS.index(each.intent) for each in self.questions])

    @cached_property
    def seen(self) -> list[Features]:
        """What the classifier sees of each question."""
        return [_seen(each) for each in self.questions]

    @cached_property
    def blanked(self) -> list[Features]:
        """What it sees with code and error message left out."""
        return [_seen(each.without_boxes) for each in self.questions]

    @property
    def folds(self) -> list[Split]:
        """Ten parts, each with its share of every intent."""
        return list(StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(self.right, self.right))

    @property
    def by_author(self) -> list[Split]:
        """A part for each author."""
        authors = np.array(self.authors)
        return [(np.flatnonzero(authors != one), np.flatnonzero(authors == one)) for one in sorted(set(self.authors))]


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/train-triage", add_help=False, allow_abbrev=False)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    held = Held(read(QUESTIONS), [str(entry.get("author", "")) for _, entry in read_lines(QUESTIONS, "intent")])
    with Progress().step("Cross-validation"):
        whole, blanked = _held_out(held, held.folds)
        temperature = fitted_temperature(whole, held.right)
    with Progress().step("Training"):
        text = as_file(Model.fitted(held.seen, held.right), temperature, len(held.questions))
    if check:
        if linear.WEIGHTS.read_text("utf-8") != text:
            raise StackError(f"{shown(linear.WEIGHTS)} is not what training gives: run 'scripts/train-triage'")
        return 0
    linear.WEIGHTS.write_text(text, "utf-8")
    with Progress().step("By author"):
        by_author, _ = _held_out(held, held.by_author)
    unseen, classifier = read(UNSEEN), linear.LinearClassifier()
    report = Report(
        authors=held.authors,
        has_boxes=[each.has_boxes for each in held.questions],
        folds=_guesses(whole, held, temperature),
        folds_blanked=_guesses(blanked, held, temperature),
        by_author=_guesses(by_author, held, temperature),
        unseen=guesses(unseen, classifier),
        unseen_blanked=guesses([each.without_boxes for each in unseen], classifier),
    )
    REPORT.write_text(written(report), "utf-8")
    print(f"✓ {shown(linear.WEIGHTS)}, {len(text.encode()) // 1024} KB; how good it is: {shown(REPORT)}")
    return 0


def as_file(model: Model, temperature: float, count: int) -> str:
    """Return the text of weights.json: a line for each feature, so that a change can be read."""
    weights = model.as_weights()
    head = {
        "intents": INTENTS,
        "temperature": temperature,
        "bias": weights["bias"],
        "trained_from": {"questions": count, "sha256": checksum()},
    }
    groups = ",\n".join(f'"{name}": {{\n{_lines(held)}\n}}' for name, held in weights["groups"].items())
    return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "groups": {{\n{groups}\n}}}}\n'


def checksum() -> str:
    """Return the SHA-256 of everything that the weights follow from but the training itself."""
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in SOURCES)).hexdigest()


def _lines(held: dict[str, list[int]]) -> str:
    return ",\n".join(
        f"{json.dumps(name, ensure_ascii=False)}:{json.dumps(weights, separators=(',', ':'))}"
        for name, weights in held.items()
    )


def _held_out(held: Held, splits: Sequence[Split]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return each question's scores by a model that was not trained on its part, whole and with its boxes blanked."""
    whole, blanked = (np.zeros((len(held.seen), len(INTENTS))) for _ in range(2))
    for train, test in splits:
        model = Model.fitted([held.seen[place] for place in train], held.right[train])
        whole[test] = model.scores([held.seen[place] for place in test])
        blanked[test] = model.scores([held.blanked[place] for place in test])
    return whole, blanked


def _guesses(scores: np.ndarray[Any, Any], held: Held, temperature: float) -> list[Guess]:
    sure = softmax(scores / temperature, axis=1)
    return [
        Guess(each.intent, INTENTS[int(row.argmax())], float(row.max()))
        for each, row in zip(held.questions, sure, strict=True)
    ]


def _seen(each: Labelled) -> Features:
    return features.features(each.question.question, each.question.code, each.question.error_message)


if __name__ == "__main__":
    cli.run(main)
