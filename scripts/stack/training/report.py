"""The report on a trained classifier, as a page of Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scripts.stack.evaluating.scores import Guess, accuracy, tables
from scripts.stack.evaluating.triage import INTENTS


@dataclass(frozen=True)
class Report:
    """Guesses about the labelled questions, by models that had not seen them, and about those nobody trained on."""

    authors: Sequence[str]
    has_boxes: Sequence[bool]
    folds: Sequence[Guess]
    folds_blanked: Sequence[Guess]
    by_author: Sequence[Guess]
    unseen: Sequence[Guess]
    unseen_blanked: Sequence[Guess]


def written(report: Report) -> str:
    """Return the page."""
    boxed = [place for place, has in enumerate(report.has_boxes) if has]
    rows = [
        ("ten-fold cross-validation", report.folds),
        ("… with code and error message left out", report.folds_blanked),
        ("… those that come with code or an error message", [report.folds[place] for place in boxed]),
        ("… the same with these left out", [report.folds_blanked[place] for place in boxed]),
        ("an author's questions by a model of all others'", report.by_author),
        ("`unseen.jsonl`, by people whose questions nobody trained on", report.unseen),
        ("… with code and error message left out", report.unseen_blanked),
    ]
    return "\n".join(
        [
            "# How well questions are routed",
            "",
            "Written by `scripts/train-triage`; not to be edited.",
            "",
            "| | questions | routed right |",
            "|---|--:|--:|",
            *(f"| {name} | {len(guesses)} | {accuracy(guesses):.1%} |" for name, guesses in rows),
            "",
            "## Cross-validation",
            "",
            *tables(report.folds, INTENTS),
            "",
            "## `unseen.jsonl`",
            "",
            *tables(report.unseen, INTENTS),
            "",
            "## By author",
            "",
            "Each by a model of all the other authors' questions.",
            "",
            "| author | questions | routed right |",
            "|---|--:|--:|",
            *_by_author(report),
            "",
        ]
    )


def _by_author(report: Report) -> list[str]:
    lines = []
    for author in sorted(set(report.authors)):
        own = [guess for guess, one in zip(report.by_author, report.authors, strict=True) if one == author]
        lines.append(f"| {author} | {len(own)} | {accuracy(own):.1%} |")
    return lines
