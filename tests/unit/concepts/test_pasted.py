"""Code is parted from what is said about it."""

from __future__ import annotations

import pytest

from functions.concepts.pasted import parted


def test_fenced_code_is_parted_and_what_stands_in_backticks_counts_as_both() -> None:
    prose, code = parted("please explain\n```python\nfor x in y:\n    z(x)\n```\nand `@` too")

    assert prose.split() == ["please", "explain", "and", "@", "too"]
    assert code == "for x in y:\n    z(x)\n\n@"


@pytest.mark.parametrize(
    "program",
    [
        "total = 0\nfor n in [1, 2]:\n    total += n\nprint(total)",
        'prices = {"tea": 2}\nif "tea" in prices:\n    print(prices["tea"])\nelse:\n    pass',
        "try:\n    load()\nexcept OSError:\n    raise ValueError\nfinally:\n    close()",
        "match word:\n    case 1:\n        go()",
        "a, b = b, a\nitems.pop()",
        "async with lock:\n    await work()",
        "def half(n):\n  return n / 2",
        "return",
    ],
)
def test_a_program_pasted_under_a_question_is_code_to_its_last_line(program: str) -> None:
    prose, code = parted(f"what does this do?\n\n{program}\n\nplease explain it to me")

    assert prose.split() == ["what", "does", "this", "do?", "please", "explain", "it", "to", "me"]
    assert code == program


@pytest.mark.parametrize(
    "text", ["If I do this, what happens:", "for me it is hard", "try to explain it", "return of the king", "is x = y?"]
)
def test_a_sentence_is_no_code(text: str) -> None:
    assert parted(text) == (text, "")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("what does .split() do", ".split()"),
        ('whats this f"{price:.2f}" called', 'f"{price:.2f}"'),
        ("why is 0.1+0.2 not 0.3", "0.1+0.2"),
        ('why not "age: " + 5', '"age: " + 5'),
        ("what means 'if not name:'", "if not name:"),
    ],
)
def test_a_piece_of_code_in_a_sentence_is_both(text: str, code: str) -> None:
    assert parted(text) == (text, code)
