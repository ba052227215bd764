"""`scripts/evaluate follow-ups` counts what is right with the turns and without them, and names what is not."""

import json

import pytest

from scripts.stack.errors import StackError
from scripts.stack.evaluating import follow_ups

LOOPS = {"kind": "question", "question": "Explain loops", "intent": "concepts", "topic": "loops", "level": "beginner"}
BUG = {"kind": "debugging", "intent": "debug", "code": "print(x"}
LINES = [
    {"turns": [LOOPS], "query": "quiz me on this", "intent": "quiz", "topic": "loops", "split": "tune"},
    {"turns": [LOOPS], "query": "What is a list?", "intent": "concepts", "topic": None, "split": "held-out"},
    {"turns": [BUG], "query": "it still doesn't work", "intent": "debug", "topic": None, "takes": ["code"]},
    {"turns": [LOOPS], "query": "simpler please", "intent": "concepts", "topic": "loops", "level": "advanced"},
]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "dialogues.jsonl"
    path.write_text("\n".join(map(json.dumps, LINES)))
    return path


def test_the_shares_are_counted_with_the_turns_and_without(file, capsys):
    assert follow_ups.main([str(file), "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert found["all"] == {"questions": 4, "right": 0.75, "right without the turns": 0.25}
    assert found["follow-ups"] == {"questions": 3, "right": 0.6667, "right without the turns": 0.0}
    assert found["on their own"] == {"questions": 1, "right": 1.0, "right without the turns": 1.0}


def test_what_is_not_understood_is_named(file, capsys):
    follow_ups.main([str(file), "--wrong"])

    shown = capsys.readouterr().out
    assert "75.0%" in shown
    assert "✗ simpler please" in shown
    assert "✗ quiz me" not in shown


def test_one_part_is_judged_alone(file, capsys):
    follow_ups.main([str(file), "--split", "held-out", "--json"])

    assert json.loads(capsys.readouterr().out)["all"]["questions"] == 1


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ({"query": "why?", "turns": []}, "intent"),
        ({"query": "why?", "intent": "wish", "turns": []}, "wish"),
        ({"query": "why?", "intent": "concepts", "turns": [{"question": "x"}]}, "turns"),
    ],
)
def test_a_line_that_is_not_as_it_must_be_is_named(tmp_path, line, named):
    file = tmp_path / "dialogues.jsonl"
    file.write_text(json.dumps(line))

    with pytest.raises(StackError, match=named):
        follow_ups.read(file)
