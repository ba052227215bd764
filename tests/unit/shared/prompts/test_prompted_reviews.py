"""What a model suggests of a program is about that program, keeps what we found, and is something to try at most."""

from __future__ import annotations

from typing import get_args

import pytest

from functions.review import model as reviewing
from functions.shared.helping import Suggested
from functions.shared.prompts import review
from functions.shared.prompts.review import ReviewInput, ReviewSaid, offered_by, words_of

CODE = "d = [1, 2]\nfor i in range(len(d)):\n    print(d[i])"
FINDING = Suggested(
    rule="index_loop", category="readability", line=2, reason="Ours.", before="for i …", after="for item in d:\n …"
)
OWN = {"finding": None, "line": 1, "last_line": 1, "category": "naming", "reason": "`d` says nothing.", "after": None}
OF_OURS = OWN | {"finding": 1, "reason": "You want the items.", "after": "nonsense ("}


def test_a_finding_keeps_its_lines_and_its_correction_and_has_new_words():
    (offered,) = offer(OF_OURS)

    assert offered.suggested == FINDING.model_copy(update={"reason": "You want the items."})
    assert offered.rewritten is None


def test_a_suggestion_of_its_own_shows_the_lines_before_and_after_and_the_program_to_try():
    (offered,) = offer(OWN | {"line": 2, "last_line": 3, "after": "for item in d:\n    print(item)\n"})

    assert offered.suggested.before == "for i in range(len(d)):\n    print(d[i])"
    assert offered.suggested.after == "for item in d:\n    print(item)"
    assert offered.rewritten == "d = [1, 2]\nfor item in d:\n    print(item)"
    assert (offered.suggested.rule, offered.suggested.line) == ("model", 2)


def test_a_change_in_the_middle_of_a_program_leaves_the_rest_of_it():
    (offered,) = offer(OWN | {"after": "numbers = [1, 2]"})

    assert offered.rewritten == CODE.replace("d = ", "numbers = ", 1)


@pytest.mark.parametrize("after", ["for item in d", " \n", "d = [1, 2]", "    d = [1, 2]"])
def test_a_correction_that_python_cannot_read_or_that_changes_nothing_is_left_out(after):
    (offered,) = offer(OWN | {"after": after})

    assert offered.suggested.after is None
    assert offered.rewritten is None


@pytest.mark.parametrize(
    "lost",
    [
        {"line": 0, "last_line": 1},
        {"line": 3, "last_line": 4},
        {"line": 2, "last_line": 1},
        {"line": 99, "last_line": 99},
        {"finding": 0},
        {"finding": 2},
        {"finding": -1},
    ],
)
def test_what_is_about_nothing_there_is_is_dropped(lost):
    offered = offer(OWN | lost, OF_OURS)

    assert [each.suggested.rule for each in offered] == ["index_loop"]


def test_where_nothing_is_left_the_model_is_told_which_lines_there_are():
    with pytest.raises(ValueError, match=r"whose lines are 1 to 3, or a finding, whose numbers are 1 to 1\."):
        offer(OWN | {"line": 9, "last_line": 9})


def test_a_good_program_needs_no_suggestion():
    assert offer() == ()


def test_there_are_two_of_its_own_at_most_and_each_finding_counts_once():
    offered = offer(OWN, OF_OURS, OWN | {"line": 2, "last_line": 2}, OF_OURS, OWN | {"line": 3, "last_line": 3})

    assert [each.suggested.rule for each in offered] == ["model", "index_loop", "model"]


def test_there_are_five_at_most():
    given = ReviewInput(code=CODE, quality=50, findings=(FINDING,) * 7, level="beginner")
    said = said_of(*(OF_OURS | {"finding": number} for number in range(1, 8)))

    assert len(offered_by(said, given)) == 5


def test_lines_are_counted_as_python_does():
    given = ReviewInput(code="a = 1\r\nb\x0c = 2\rc = 3\n", quality=50, level="beginner")

    (offered,) = offered_by(said_of(OWN | {"line": 3, "last_line": 3}), given)

    assert offered.suggested.before == "c = 3"


def test_praise_and_summary_are_said():
    assert words_of(said_of()) == ("Good.", "Go on.")
    with pytest.raises(ValueError, match="The praise is empty"):
        words_of(said_of().model_copy(update={"praise": ""}))


def test_its_categories_are_those_of_a_review():
    assert get_args(review.Category) == get_args(reviewing.Category)


def offer(*suggestions):
    given = ReviewInput(code=CODE, quality=50, findings=(FINDING,), level="beginner")
    return offered_by(said_of(*suggestions), given)


def said_of(*suggestions):
    return ReviewSaid.model_validate({"praise": "Good.", "summary": " Go on. ", "suggestions": list(suggestions)})
