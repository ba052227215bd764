"""A question is parted into what asks, and what only tells or is not meant."""

from __future__ import annotations

import pytest

from functions.concepts.clauses import clauses


def test_what_is_known_is_parted_from_what_is_asked() -> None:
    known, asked = (
        clauses("I know functions, but what are loops?")[0],
        clauses("I know functions, but what are loops?")[-2],
    )

    assert (known.words, known.mentions, known.asks) == (("i", "know", "function"), True, False)
    assert (asked.words, asked.mentions, asked.asks) == (("what", "are", "loop"), False, True)


@pytest.mark.parametrize("aside", ["instead of a list", "unlike a list", "rather than a list", "apart from a list"])
def test_what_is_not_meant_is_parted_from_what_is(aside: str) -> None:
    parts = [(clause.words, clause.mentions) for clause in clauses(f"when do I use a set {aside} here") if clause.words]

    assert [mentions for _, mentions in parts] == [False, True]
    assert "set" in parts[0][0]
    assert "list" in parts[1][0]


@pytest.mark.parametrize("question", ["I don't know loops, help", "what are loops", "I do not understand loops"])
def test_what_is_not_known_is_asked(question: str) -> None:
    assert not any(clause.mentions for clause in clauses(question))


def test_where_nothing_asks_everything_may_be_the_question() -> None:
    assert all(clause.asks for clause in clauses("loops, please"))


@pytest.mark.parametrize(
    "text", ["for instance", "after a while", "in my class", "in class", "while reading", "try to", "list all"]
)
def test_words_in_everyday_dress_are_not_there(text: str) -> None:
    assert [word for clause in clauses(f"explain {text}") for word in clause.words] == ["explain"]
