"""What the classifier sees of a question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.triage.features import HEAD, TAIL, ends, features, tokens_of


def test_words_are_seen_alone_in_pairs_and_in_pieces() -> None:
    seen = features("Loops, loops?")

    assert seen.words["loops"] == 2
    assert {"^ loops", "loops loops", "loops ?", "? $"} <= set(seen.words)
    assert {"_lo", "loop", "ps_"} <= set(seen.pieces)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("I DON'T get it", ["i", "dont", "get", "it"]),
        ("¿Qué es un bucle?", ["que", "es", "un", "bucle", "?"]),
        ("C++ or C#, 3 of 100", ["c++", "or", "c#", "#", "of", "#"]),
        ("装饰器", ["装饰器"]),
        ("", []),
    ],
)
def test_words_are_plain(text: str, tokens: list[str]) -> None:
    assert tokens_of(text) == tokens


def test_words_in_pasted_code_do_not_speak() -> None:
    seen = features("is it fine?\n\n    score = review(level)\n    print(score)\n")

    assert not {"score", "review", "level"} & set(seen.words)
    assert "text has ⟨code⟩" in seen.facts


def test_what_is_attached_is_seen_as_facts() -> None:
    bare = set(features("why?").facts)
    code = set(features("why?", code="def f():\n    return 1\n").facts)
    error = set(features("why?", error="Traceback\nKeyError: 'x'").facts)

    assert {"no code", "no error"} <= bare
    assert {"code", "code ≤2 lines", "code defines", "sent code", "no error"} <= code
    assert {"error", "error KeyError", "sent error", "no code"} <= error
    assert features("why?", code="  \n", error=" ").facts == features("why?").facts


def test_pasting_code_counts_as_sending_it() -> None:
    assert "sent code" in features("look:\n```\nx = 1\n```").facts
    assert "sent error" in features("i get NameError: name 'x' is not defined").facts


def test_of_a_long_text_both_ends_are_read_and_no_more() -> None:
    text = "begin " + "x" * 100_000 + " end"

    assert len(ends(text)) == HEAD + TAIL + 1
    assert {"begin", "end"} <= set(features(text).words)
    assert max(map(len, features(text).words)) < 60


@given(st.text(), st.none() | st.text(), st.none() | st.text())
def test_any_question_has_features(text: str, code: str | None, error: str | None) -> None:
    seen = features(text, code, error)

    assert seen.facts
    assert all(times > 0 for group in seen for times in group.values())
