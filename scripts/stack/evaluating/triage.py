"""`scripts/evaluate triage`: how well questions are routed, by any labelled file."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from functions.shared.events import QuestionAsked
from functions.shared.payload import Intent
from functions.shared.tutor import Classifier
from functions.triage.linear import LinearClassifier
from scripts.stack.evaluating.lines import one_of, read_lines
from scripts.stack.evaluating.scores import Guess, accuracy, calibration_error, confusion, precision, recall, tables

INTENTS: tuple[Intent, ...] = get_args(Intent)
LINE_SHOWN = 100


@dataclass(frozen=True)
class Labelled:
    """A question and the intent it has."""

    question: QuestionAsked
    intent: str

    @property
    def without_boxes(self) -> Labelled:
        """The same with code and error message left out."""
        return Labelled(QuestionAsked(question=self.question.question), self.intent)

    @property
    def has_boxes(self) -> bool:
        """Whether it comes with code or an error message."""
        return bool(self.question.code or self.question.error_message)


def read(file: Path) -> list[Labelled]:
    """Read a file of {query, code, error_message, intent} lines. Raises StackError that names line and field."""
    return [
        Labelled(
            QuestionAsked(question=entry["query"], code=entry["code"], error_message=entry["error_message"]),
            one_of(entry, "intent", INTENTS, place),
        )
        for place, entry in read_lines(file, "intent")
    ]


def guesses(questions: Sequence[Labelled], classifier: Classifier) -> list[Guess]:
    """Ask the classifier about each question."""
    routed = [(each, classifier.classify(each.question)) for each in questions]
    return [Guess(each.intent, routing.intent, routing.confidence) for each, routing in routed]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scripts/evaluate triage", description=__doc__, allow_abbrev=False)
    parser.add_argument("file", type=Path, help="questions: {query, code, error_message, intent}, one object a line")
    parser.add_argument("--wrong", action="store_true", help="list the questions that were routed wrongly")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of tables")
    options = parser.parse_args(arguments)
    questions, classifier = read(options.file), LinearClassifier()
    found = guesses(questions, classifier)
    blanked = guesses([each.without_boxes for each in questions], classifier)
    print(as_json(questions, found, blanked) if options.json else "\n".join(report(questions, found, blanked)))
    if options.wrong and not options.json:
        print("\n" + "\n".join(wrong(questions, found)))
    return 0


def report(questions: Sequence[Labelled], found: Sequence[Guess], blanked: Sequence[Guess]) -> list[str]:
    """Return the figures as lines of Markdown."""
    boxed = [place for place, each in enumerate(questions) if each.has_boxes]
    return [
        f"{len(questions)} questions, {accuracy(found):.1%} routed right; "
        f"{accuracy(blanked):.1%} with code and error message left out",
        f"{len(boxed)} come with code or an error message: {accuracy([found[place] for place in boxed]):.1%}; "
        f"{accuracy([blanked[place] for place in boxed]):.1%} without it",
        "",
        *tables(found, INTENTS),
    ]


def as_json(questions: Sequence[Labelled], found: Sequence[Guess], blanked: Sequence[Guess]) -> str:
    """Return the figures as one JSON object."""
    counted = confusion(found)
    return json.dumps(
        {
            "questions": len(questions),
            "accuracy": round(accuracy(found), 4),
            "accuracy_without_boxes": round(accuracy(blanked), 4),
            "calibration_error": round(calibration_error(found), 4),
            "intents": {
                intent: {"precision": round(precision(found, intent), 4), "recall": round(recall(found, intent), 4)}
                for intent in INTENTS
            },
            "confusion": {right: {guess: counted[right, guess] for guess in INTENTS} for right in INTENTS},
        },
        indent=2,
    )


def wrong(questions: Sequence[Labelled], found: Sequence[Guess]) -> list[str]:
    """Return a line for each question that was routed wrongly."""
    return [
        f"✗ {guess.right} → {guess.guessed} ({guess.confidence:.0%}): {_short(each.question.question)}"
        for each, guess in zip(questions, found, strict=True)
        if not guess.is_right
    ]


def _short(text: str) -> str:
    return " ".join(text.split())[:LINE_SHOWN]
