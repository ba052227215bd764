"""How prominent each construct of a program is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.concepts.in_code import AGAIN, DEEPER, prominence


def test_what_stands_outermost_is_more_prominent_than_what_stands_inside() -> None:
    seen = prominence("class A:\n    def b(self):\n        for c in d:\n            e()\n")

    assert (seen["class"], seen["def"], seen["for"]) == pytest.approx((1, DEEPER, DEEPER**2))


def test_the_branches_of_an_if_stand_side_by_side() -> None:
    seen = prominence("if a:\n    b()\nelif c:\n    d()\nelif e:\n    f()\n")

    assert seen["if"] == pytest.approx(1 + 2 * AGAIN)


def test_repetition_counts_three_times_at_most() -> None:
    assert prominence("a = b\n" * 4)["="] == prominence("a = b\n" * 40)["="] == pytest.approx(1 + 3 * AGAIN)


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        ("a = 1", {"=", "1"}),
        ("a += 1.5", {"+=", "1"}),
        ('a = b + "c"', {"=", '"" +', '""'}),
        ("a = {}", {"=", "{:}"}),
        ("a = {1, 2}", {"=", "{,}"}),
        ("a = b[1:2]", {"[:]"}),
        ("a = b[0]", {"[0]"}),
        ("a = b['c']", {'[""]', '""'}),
        ("a = [b for b in c]", {"[for]"}),
        ("a.append(b)", {"append"}),
        ("import math", {"import", "math"}),
        ("try:\n    a\nfinally:\n    b", {"try", "finally"}),
        ("def a(*b):\n    return b", {"def", "return", "*args"}),
        ("def a(f):\n    def b():\n        f()\n    return b", {"def", "wrapper"}),
        ("@a\nclass B(Exception):\n    pass", {"@", "class", "Exception"}),
        (">>> a = 1\n>>> a\n", {"=", "1"}),
        ("    a = 1\n    b = a", {"=", "1"}),
    ],
)
def test_constructs_are_told_from_the_syntax(code: str, seen: set[str]) -> None:
    assert seen <= prominence(code).keys()


@pytest.mark.parametrize(
    ("code", "unseen"),
    [
        ("a = [b for b in c]", "for"),
        ("a = b[1:2]", "{:}"),
        ("a = True", "1"),
        ('a = "for"  # while', "for"),
        ('a = "for"  # while', "while"),
        ("def a():\n    def b():\n        c()\n    return b", "wrapper"),
    ],
)
def test_what_only_looks_like_a_construct_is_none(code: str, unseen: str) -> None:
    assert unseen not in prominence(code)


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        ("def __init__(self, title, pages=0):", {"def", "self", "__init__", "1"}),
        ("for x in y\n    print(x)", {"for"}),
        ("if x = 3:\n    print('no')", {"if", '""'}),
        ("@app.route('/')", {"@"}),
        ("ages = {'a': 1\nprint(ages['a'])", {"{:}", '[""]'}),
        ('f"{a}" if', {'f""', "if"}),
        ("a = b[1:2] if", {"[:]", "="}),
        ("a = b // c % d if", {"//", "%"}),
    ],
)
def test_what_cannot_be_parsed_is_read_line_by_line(code: str, seen: set[str]) -> None:
    assert seen <= prominence(code).keys()


def test_words_in_strings_and_comments_are_no_constructs_where_nothing_can_be_parsed() -> None:
    assert not {"for", "while", "class"} & prominence("x = = 'for' # while\ny = \"class\"").keys()


@given(st.text(alphabet="()[]{}@:=\"' \n\tfor ifx1.,*#\\"))
def test_any_text_can_be_looked_at(code: str) -> None:
    assert all(0 < prominent <= 1 + 3 * AGAIN for prominent in prominence(code).values())
