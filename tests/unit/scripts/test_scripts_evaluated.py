"""`scripts/evaluate triage` and the arithmetic behind it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.stack.errors import StackError
from scripts.stack.evaluating import triage
from scripts.stack.evaluating.scores import (
    Bin,
    Guess,
    accuracy,
    calibration_error,
    confusion,
    precision,
    recall,
    reliability,
    tables,
)

GUESSES = [
    Guess("debug", "debug", 0.95),
    Guess("debug", "concepts", 0.55),
    Guess("concepts", "concepts", 0.91),
    Guess("quiz", "concepts", 0.35),
]
LINES = [
    {"query": "What is a for loop?", "intent": "concepts"},
    {"question": "it crashes", "code": "print(x)", "error_message": "NameError: x", "intent": "debug", "author": "a"},
]


def file(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(lines))
    return path


def test_accuracy_precision_and_recall_are_shares_of_what_they_are_of() -> None:
    assert accuracy(GUESSES) == 0.5
    assert (precision(GUESSES, "concepts"), recall(GUESSES, "concepts")) == (pytest.approx(1 / 3), 1)
    assert (precision(GUESSES, "debug"), recall(GUESSES, "debug")) == (1, 0.5)
    assert (precision(GUESSES, "exercise"), recall(GUESSES, "exercise"), accuracy([])) == (0, 0, 0)


def test_the_confusion_counts_right_against_guessed() -> None:
    assert confusion(GUESSES) == {
        ("debug", "debug"): 1,
        ("debug", "concepts"): 1,
        ("concepts", "concepts"): 1,
        ("quiz", "concepts"): 1,
    }


def test_reliability_compares_confidence_and_accuracy_bin_by_bin() -> None:
    bins = reliability([*GUESSES, Guess("quiz", "quiz", 1.0)])

    assert bins == [Bin(1, 0.35, 0), Bin(1, 0.55, 0), Bin(3, pytest.approx((0.95 + 0.91 + 1) / 3), 1)]
    assert calibration_error(GUESSES) == pytest.approx((0.35 + 0.55 + 2 * 0.07) / 4)


def test_the_tables_are_markdown() -> None:
    lines = tables(GUESSES, ("concepts", "debug", "quiz"))

    assert lines[0] == "| right ↓ guessed → | concepts | debug | quiz | recall | precision |"
    assert "| debug | 1 | 1 | · | 50.0% | 100.0% |" in lines
    assert "| 93.0% | 100.0% | 2 |" in lines


def test_a_file_is_scored_whole_and_with_its_boxes_blanked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = file(tmp_path, *map(json.dumps, LINES))

    assert triage.main([str(path), "--wrong"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("2 questions, 100.0% routed right;")
    assert "1 come with code or an error message: 100.0%;" in told

    assert triage.main([str(path), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["questions"], figures["accuracy"]) == (2, 1.0)
    assert figures["confusion"]["debug"]["debug"] == 1


def test_what_went_wrong_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = file(tmp_path, json.dumps({"query": "What is a for loop?", "intent": "quiz"}))

    triage.main([str(path), "--wrong"])

    assert "✗ quiz → concepts (" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "line 2: is no JSON"),
        ("[]", "line 2: is no JSON object"),
        ('{"intent": "quiz"}', "line 2: query: is missing"),
        ('{"query": 3, "intent": "quiz"}', "line 2: query: is no text"),
        ('{"query": "a", "code": [], "intent": "quiz"}', "line 2: code: is no text"),
        ('{"query": "a"}', "line 2: intent: is missing"),
        ('{"query": "a", "intent": "quizz"}', "line 2: intent: 'quizz' is none of code_review, concepts"),
    ],
)
def test_a_line_that_cannot_be_scored_is_named_with_its_field(tmp_path: Path, line: str, complaint: str) -> None:
    with pytest.raises(StackError, match=complaint):
        triage.read(file(tmp_path, json.dumps(LINES[0]), line))


def test_a_file_that_is_not_there_or_empty_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="cannot be read"):
        triage.read(tmp_path / "none.jsonl")
    with pytest.raises(StackError, match="holds no questions"):
        triage.read(file(tmp_path, "", "  "))
