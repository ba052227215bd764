"""`scripts/evaluate topics` counts what is found first, and what is found among the first three."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from functions.concepts.find import Match
from functions.curriculum.reading import curriculum
from scripts.stack.errors import StackError
from scripts.stack.evaluating import topics
from scripts.stack.evaluating.topics import Figures, Labelled, as_json, by_topic, figures, is_right, misses, read, score

SUBJECTS = {subject.id: subject for subject in (*curriculum().topics, *curriculum().planned)}


class Found:
    """Finds for each question the subjects that the question lists."""

    def find(self, question: str, code: str | None, error_message: str | None) -> Sequence[Match]:
        assert (code, error_message) == (None, None)
        return [Match(SUBJECTS[name], 1.0) for name in question.split()]


def asked(finds: str, *right: str | None) -> Labelled:
    return Labelled(query=finds, code=None, error_message=None, right=right, split="tune")


@pytest.mark.parametrize(
    ("finds", "right", "place"),
    [
        ("loops", ("loops",), 1),
        ("lists loops", ("loops",), 2),
        ("lists loops", ("loops", "lists"), 1),
        ("lists strings numbers loops", ("loops",), 4),
        ("lists", ("loops",), None),
        ("", ("loops",), None),
        ("", (None,), 1),
        ("generators", (None,), 1),
        ("loops generators", (None,), 2),
        ("loops", (None,), None),
    ],
)
def test_a_question_is_scored_by_the_place_of_the_first_right_answer(
    finds: str, right: tuple[str | None, ...], place: int | None
) -> None:
    assert score([asked(finds, *right)], Found())[0].place == place


def test_a_subject_without_a_lesson_counts_as_itself_and_as_no_lesson() -> None:
    assert is_right("generators", ["generators"])
    assert is_right("generators", [None])
    assert not is_right("generators", ["recursion"])
    assert not is_right("loops", [None])


def test_top_1_counts_the_first_answer_and_top_3_the_first_three() -> None:
    scored = score(
        [
            asked("loops", "loops"),
            asked("lists strings loops", "loops"),
            asked("lists strings numbers loops", "loops"),
            asked("lists", "loops"),
        ],
        Found(),
    )

    assert figures(scored) == Figures(questions=4, first=1, in_three=2)
    assert (figures(scored).top_1, figures(scored).top_3) == (0.25, 0.5)


def test_a_question_counts_under_the_first_of_its_right_answers() -> None:
    scored = score([asked("lists", "loops", "lists"), asked("lists", "lists"), asked("loops", None)], Found())

    assert by_topic(scored) == {"loops": Figures(1, 1, 1), "lists": Figures(1, 1, 1), None: Figures(1, 0, 0)}


def test_only_questions_whose_first_answer_is_wrong_are_shown() -> None:
    shown = misses(score([asked("loops", "loops"), asked("lists generators", "loops")], Found()))

    assert shown == "✗ lists generators\n    found lists, generators; right is loops"


def test_the_same_figures_come_as_json() -> None:
    told = json.loads(as_json(score([asked("loops", "loops"), asked("lists", None)], Found())))

    assert told == {
        "questions": 2,
        "top_1": 0.5,
        "top_3": 0.5,
        "topics": {
            "loops": {"questions": 1, "top_1": 1.0, "top_3": 1.0},
            "no lesson": {"questions": 1, "top_1": 0.0, "top_3": 0.0},
        },
        "wrong": [{"query": "lists", "right": [None], "found": ["lists"]}],
    }


def test_a_file_is_read_whole_or_by_its_split(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(
        '{"query": "a", "topic": "loops", "split": "tune"}\n\n'
        '{"query": "b", "code": "c", "error_message": "d", "topic": ["lists", null], "split": "held-out"}\n'
    )

    assert [question.query for question in read(file)] == ["a", "b"]
    assert read(file, "held-out") == [Labelled("b", "c", "d", ("lists", None), "held-out")]


@pytest.mark.parametrize("text", ["", "{", '{"query": "a"}', "[]", '{"query": "a", "topic": "monads"}'])
def test_a_file_that_cannot_be_scored_is_told_in_plain_words(tmp_path: Path, text: str) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(text)

    with pytest.raises(StackError, match=r"questions\.jsonl"):
        read(file)


def test_a_missing_file_is_told_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="cannot be read"):
        read(tmp_path / "none.jsonl")


def test_the_labelled_questions_are_scored_topic_by_topic(capsys: pytest.CaptureFixture[str]) -> None:
    assert topics.main([]) == 0

    told = capsys.readouterr().out.splitlines()
    assert {line.split()[0] for line in told[1:]} == {*(topic.id for topic in curriculum().topics), "no", "all"}
    assert "✗" not in "".join(told)
