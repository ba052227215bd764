"""Markdown: what a learner wrote stays what it is, whatever it holds, and breaks nothing around it."""

from __future__ import annotations

import pytest

from functions.shared.markdown import LONGEST_SHOWN, code, cut, listed


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x = 1", "`x = 1`"),
        ("a `b` c", "`` a `b` c ``"),
        ("", "`  `"),
        ("one\ntwo\n", "\n\n```text\none\ntwo\n```\n\n"),
        ("```\nx", "\n\n````text\n```\nx\n````\n\n"),
    ],
)
def test_code_is_fenced_by_more_backticks_than_it_holds(text, shown):
    assert shown == code(text)


def test_a_block_of_code_tells_its_language():
    assert code("x\ny", "python") == "\n\n```python\nx\ny\n```\n\n"


def test_only_what_is_too_long_is_cut():
    assert cut("x" * LONGEST_SHOWN) == "x" * LONGEST_SHOWN
    assert cut("x" * LONGEST_SHOWN + "y") == "x" * LONGEST_SHOWN + "…"


def test_parts_are_enumerated_as_one_says_them():
    assert [listed(parts) for parts in (("a",), ("a", "b"), ("a", "b", "c"))] == ["a", "a and b", "a, b and c"]
