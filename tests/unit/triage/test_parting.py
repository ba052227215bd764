"""What was pasted is parted from what was said, by its shape."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.triage.parting import prose

TRACEBACK = """Traceback (most recent call last):
  File "C:\\Users\\me\\a.py", line 3, in <module>
    level = score + review
            ^^^^^
NameError: name 'score' is not defined"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("what is a loop?", "what is a loop?"),
        (
            "why?\n```python\nfor level in score:\n    review(level)\n```\nplease",
            "why?\n⟨code⟩\n⟨code⟩\n⟨code⟩\n⟨code⟩\nplease",
        ),
        ("for x in range(3):\n    print(x)\nwhat does it print", "⟨code⟩\n⟨code⟩\nwhat does it print"),
        (f"help\n{TRACEBACK}\nthanks", "help\n⟨traceback⟩\n⟨traceback⟩\n⟨traceback⟩\n⟨traceback⟩\n⟨message⟩\nthanks"),
        ("", ""),
    ],
)
def test_code_and_tracebacks_leave_a_mark_for_each_line(text: str, said: str) -> None:
    assert prose(text) == said


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("what is a NameError", {"⟨error⟩"}),
        ("i get KeyError: 'name' all the time", {"⟨message⟩", "⟨snippet⟩"}),
        ("why does my_list.append(4) not return", {"⟨snippet⟩"}),
        ("what does `x` mean", {"⟨snippet⟩"}),
        ("is 3 more than 2, or not; and why", set()),
    ],
)
def test_code_within_a_sentence_leaves_a_mark_and_the_sentence_stays(text: str, marks: set[str]) -> None:
    said = prose(text)

    assert {word for word in said.split() if word.startswith("⟨")} == marks
    assert said.split()[0] == text.split()[0]


@pytest.mark.parametrize(
    "text",
    [
        "If I understand it right, a class is a plan: is that so?",
        "while we are at it, explain classes",
        "for loops are hard for me",
        "import taxes, how do they work",
        "return to the last topic please, I was not done",
    ],
)
def test_prose_that_begins_like_a_statement_is_prose(text: str) -> None:
    assert "⟨code⟩" not in prose(text)


@given(st.text())
def test_any_text_can_be_parted(text: str) -> None:
    assert len(prose(text).splitlines()) <= len(text.splitlines())
