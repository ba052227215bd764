"""A conversation is called after the first thing that was asked in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shared.edge.asking import KINDS
from functions.shared.edge.titles import LONGEST_TITLE, title_of


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("Can you explain how Python loops work?", "Can you explain how Python loops work?"),
        ("Explain lists. I have a test on Friday.", "Explain lists"),
        ("Hi there!\nWhat is a `dict`, and **when** do I use one?", "What is a dict, and when do I use one?"),
        ("# Help\n\n> quoted", "Help"),
        ("```python\nfor i in x:\n    pass\n```\nWhy does this never stop?", "Why does this never stop?"),
        ("def f(a):\n    return a\nWhat does f do?", "What does f do?"),
        ("See [the docs](https://docs.python.org/3/) on 3.11 please", "See the docs on 3.11 please"),
        ("Hello!", "Hello!"),
        ("  what\t is\x07 this  ", "what is this"),
        ("¿Qué es un bucle? Gracias", "¿Qué es un bucle?"),
        (
            "I have been trying for several hours to understand decorators and closures",
            "I have been trying for several hours to understand…",
        ),
        ("x" * 100, "x" * LONGEST_TITLE + "…"),
    ],
)
def test_a_title_is_the_first_sentence_without_code_and_markdown(question, title):
    assert title_of("question", {"question": question}) == title


@pytest.mark.parametrize(
    ("kind", "body", "title"),
    [
        ("question", {"question": "print(x)\nNameError: name 'x' is not defined"}, "Debugging: NameError"),
        (
            "debugging",
            {"question": "", "code": "print(x)", "error_message": "Traceback …\nKeyError: 'a'"},
            "Debugging: KeyError",
        ),
        ("debugging", {"code": "def greet():\n    return 1"}, "Debugging: greet"),
        ("review", {"question": "", "code": "class Dog:\n    pass"}, "Code review: Dog"),
        ("review", {"question": "", "code": "x = 1"}, "Code review"),
        ("explanation", {"question": "", "topic": "loops"}, "An explanation: loops"),
        ("exercise", {"question": "Something easy", "topic": "loops"}, "Something easy"),
        ("submission", {"exercise_id": "loops/sum-of-evens", "code": "pass"}, "Exercise: sum of evens"),
        ("quiz", {"question": "", "topic": None}, "Quiz"),
    ],
)
def test_where_nothing_is_asked_in_words_the_title_says_what_it_is_about(kind, body, title):
    assert title_of(kind, body) == title


@given(st.sampled_from(sorted(KINDS)), st.text(), st.text(), st.text())
def test_whatever_is_asked_gets_one_short_line(kind, question, code, error):
    title = title_of(kind, {"question": question, "code": code, "error_message": error, "exercise_id": None})

    assert title.strip() == title
    assert 0 < len(title) <= LONGEST_TITLE + 1
    assert title.isprintable()
