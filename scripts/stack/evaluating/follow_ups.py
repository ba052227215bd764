"""`scripts/evaluate follow-ups`: how often it is found what a question is after, given the turns before it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from functions.shared.conversing import Turn
from functions.shared.events import QuestionAsked
from functions.shared.payload import Intent
from functions.shared.tutor import Classifier
from functions.triage.following import Followed, follow
from functions.triage.linear import LinearClassifier
from scripts.stack.errors import StackError
from scripts.stack.evaluating.lines import one_of, read_lines
from scripts.stack.evaluating.triage import INTENTS
from scripts.stack.places import ROOT

LABELLED = ROOT / "functions" / "triage" / "training" / "follow-ups.jsonl"
SPLITS = ("tune", "held-out")


@dataclass(frozen=True)
class Dialogue:
    """A question, the turns before it, and what is right; `topic` None: it takes none from the turns.

    `level` is only compared where it is given. `takes` names what else has to come from the turns.
    """

    turns: tuple[Turn, ...]
    question: QuestionAsked
    intent: str
    topic: str | None
    level: str | None
    takes: tuple[str, ...]
    split: str

    @property
    def stands_alone(self) -> bool:
        """Whether nothing but the question itself counts."""
        return not self.topic and not self.takes


@dataclass(frozen=True)
class Judged:
    """A dialogue, and what was made of it with the turns and without them."""

    dialogue: Dialogue
    intent: Intent
    alone: Intent
    followed: Followed | None

    @property
    def topic(self) -> str | None:
        """The topic that was taken from the turns."""
        return self.followed.topic if self.followed else None

    @property
    def is_right(self) -> bool:
        """Whether intent, topic and all else that has to be taken are right."""
        right, found = self.dialogue, self.followed
        return (
            (self.intent, self.topic) == (right.intent, right.topic)
            and (right.level is None or (found is not None and found.level == right.level))
            and all(found is not None and getattr(found, name) for name in right.takes)
        )

    @property
    def is_right_alone(self) -> bool:
        """Whether the question itself would have told as much."""
        return self.dialogue.stands_alone and self.alone == self.dialogue.intent


def read(file: Path, split: str | None = None) -> list[Dialogue]:
    """Read a file of {turns, query, code, error_message, intent, topic} lines, all of them or one split.

    Raises StackError that names line and field.
    """
    dialogues = [_dialogue(entry, place) for place, entry in read_lines(file, "intent")]
    chosen = [each for each in dialogues if split in (None, each.split)]
    if not chosen:
        raise StackError(f"{file} holds no dialogues of the split '{split}'")
    return chosen


def _dialogue(entry: dict[str, Any], place: str) -> Dialogue:
    try:
        turns = tuple(Turn.model_validate(each) for each in entry.get("turns", ()))
    except (TypeError, ValidationError) as problem:
        raise StackError(f"{place}: turns: {problem}") from problem
    return Dialogue(
        turns=turns,
        question=QuestionAsked(question=entry["query"], code=entry["code"], error_message=entry["error_message"]),
        intent=one_of(entry, "intent", INTENTS, place),
        topic=entry.get("topic"),
        level=entry.get("level"),
        takes=tuple(entry.get("takes", ())),
        split=entry.get("split", ""),
    )


def judge(dialogues: Sequence[Dialogue], classifier: Classifier) -> list[Judged]:
    """Ask each dialogue's question."""
    judged = []
    for each in dialogues:
        routing = classifier.classify(each.question)
        followed = follow(each.question, routing, each.turns)
        judged.append(Judged(each, (followed.routing if followed else routing).intent, routing.intent, followed))
    return judged


def figures(judged: Sequence[Judged]) -> dict[str, dict[str, float]]:
    """Return, by the parts of the file and kinds of questions, how many there are and the shares that are right."""
    groups = {
        "follow-ups": [one for one in judged if not one.dialogue.stands_alone],
        "on their own": [one for one in judged if one.dialogue.stands_alone],
        **{split: [one for one in judged if one.dialogue.split == split] for split in SPLITS},
        "all": list(judged),
    }
    return {name: _shares(group) for name, group in groups.items() if group}


def _shares(judged: Sequence[Judged]) -> dict[str, float]:
    return {
        "questions": len(judged),
        "right": round(sum(one.is_right for one in judged) / len(judged), 4),
        "right without the turns": round(sum(one.is_right_alone for one in judged) / len(judged), 4),
    }


def report(judged: Sequence[Judged]) -> str:
    """Return a table of the figures."""
    lines = [f"{'':<13} {'questions':>9} {'right':>7} {'without turns':>14}"]
    for name, shares in figures(judged).items():
        questions, right, alone = shares.values()
        lines.append(f"{name:<13} {questions:>9} {right:>7.1%} {alone:>14.1%}")
    return "\n".join(lines)


def misses(judged: Sequence[Judged]) -> list[str]:
    """Return a line for each question that is not rightly understood."""
    return [
        f"✗ {one.dialogue.question.question}\n    found {one.intent}, {one.topic or 'no topic'}; "
        f"right is {one.dialogue.intent}, {one.dialogue.topic or 'no topic'}"
        for one in judged
        if not one.is_right
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scripts/evaluate follow-ups", description=__doc__, allow_abbrev=False)
    parser.add_argument("file", nargs="?", type=Path, default=LABELLED, help="dialogues, one object a line")
    parser.add_argument("--split", choices=SPLITS, help="only this part of the dialogues")
    parser.add_argument("--wrong", action="store_true", help="list the questions that were not understood")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    options = parser.parse_args(arguments)
    judged = judge(read(options.file, options.split), LinearClassifier())
    print(json.dumps({**figures(judged), "wrong": misses(judged)}, indent=2) if options.json else report(judged))
    if options.wrong and not options.json:
        print("", *misses(judged), sep="\n")
    return 0
