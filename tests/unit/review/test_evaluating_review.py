"""The mark of a review ranks programs as people do, and the figures that say so are right."""

import json

import pytest

from scripts.stack.errors import StackError
from scripts.stack.evaluating.review import LABELLED, Labelled, Order, Scored, band, main, order, pairs, read, spearman


def scored(score, grade="good", rank=1, group="primes"):
    return Scored(Labelled(f"{group}-{rank}", group, grade, rank, ""), score, ())


def test_pairs_are_of_one_group_and_of_two_ranks():
    programs = [scored(90, rank=3), scored(10, rank=1), scored(50, rank=1), scored(5, group="words")]

    assert [(low.score, high.score) for low, high in pairs(programs)] == [(10, 90), (50, 90)]


def test_tau_counts_pairs_in_the_right_and_in_the_wrong_order():
    programs = [scored(10, rank=1), scored(10, rank=2), scored(40, rank=3), scored(30, rank=4)]

    assert order(list(pairs(programs))) == Order(right=4, wrong=1, level=1)
    assert Order(4, 1, 1).tau == 0.5
    assert Order(4, 1, 1).share == pytest.approx(2 / 3)


def test_spearman_is_one_where_grades_and_scores_agree_and_minus_one_where_they_are_turned_round():
    grades = ["bad", "middling", "good"]

    assert spearman([scored(score, grade) for score, grade in zip([1, 2, 3], grades, strict=True)]) == 1
    assert spearman([scored(score, grade) for score, grade in zip([3, 2, 1], grades, strict=True)]) == -1
    assert spearman([scored(5, grade) for grade in grades]) == 0


def test_spearman_shares_the_rank_of_ties():
    programs = [scored(1, "bad"), scored(1, "bad"), scored(1, "good"), scored(2, "good")]

    assert spearman(programs) == pytest.approx(0.5774, abs=1e-4)


def test_a_score_stands_for_the_grade_in_whose_band_it_is():
    assert [band(score) for score in (0, 69, 70, 89, 90, 100)] == [
        "bad", "bad", "middling", "middling", "good", "good",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "wrong"),
    [
        ({"id": "a", "group": "a", "quality": "fine", "rank": 1, "code": ""}, "quality: 'fine' is none of"),
        ({"id": "a", "group": "a", "quality": "good", "rank": "1", "code": ""}, "rank: is missing or no int"),
        ({"id": "a", "group": "a", "quality": "good", "rank": 1}, "code: is missing or no str"),
    ],
)
def test_a_line_that_is_none_is_named_with_its_field(tmp_path, entry, wrong):
    file = tmp_path / "programs.jsonl"
    file.write_text(json.dumps(entry))

    with pytest.raises(StackError, match=rf"line 1: {wrong}"):
        read(file)


def test_the_mark_ranks_the_kept_programs_as_people_do(capsys):
    assert main(["--json"]) == 0

    figures = json.loads(capsys.readouterr().out)
    assert figures["programs"] >= 60
    assert figures["in_order"] >= 0.88
    assert figures["spearman"] >= 0.8
    assert len(read(LABELLED)) == figures["programs"] == len(figures["scores"])


def test_the_report_shows_a_line_for_each_grade_and_the_pairs_in_the_wrong_order(tmp_path, capsys):
    file = tmp_path / "programs.jsonl"
    code = "def double_of(number):\n    return number * 2\n"
    entries = [("words-1", "good", 2, "if x == True:\n    l = 1\n"), ("words-2", "bad", 1, code)]
    lines = [
        {"id": name, "group": "words", "quality": grade, "rank": rank, "code": code}
        for name, grade, rank, code in entries
    ]
    file.write_text("\n".join(map(json.dumps, lines)))

    main([str(file), "--wrong"])

    said = capsys.readouterr().out
    assert "2 programs in 1 groups, 1 pairs: 0.0% in the right order (1 wrong, 0 level), Kendall's tau -1.000" in said
    assert "✗ words-2 (bad) has 100: nothing\n  words-1 (good) has " in said
