"""Several mistakes in one program, and programs that are found out about only with care."""

from __future__ import annotations

import pytest
from marked_programs import Marked, found_in, told

SEVERAL = (
    Marked(
        "print_without_parentheses",
        1,
        "print⟨ 'a'→('a')⟩\nx = 3\nif x ⟨=→==⟩ 3:\n    print('b')\n",
    ),
    Marked(
        "missing_colon",
        1,
        "def f(x)⟨→:⟩\n    return x\n\nfor i in range(3)⟨→:⟩\n    print(f(i)⟨→)⟩\n",
    ),
    Marked("unterminated_string", 3, "x = 5\nif x > 3⟨→:⟩\n    print('a⟨→'⟩)\n"),
    Marked("leading_zero", 3, "x = [1⟨→,⟩ 2]\nprint(x⟨→)⟩\ny = ⟨012→12⟩\n"),
)
CLEVER = (
    Marked("unterminated_string", 2, 'score = 3\nprint("Score:⟨→"⟩, score)\n'),
    Marked("unterminated_string", 2, 'score = 3\nprint("Score: "⟨→ +⟩ "⟨→"⟩, score)\n'.replace("⟨→ +⟩ ", ", ")),
    Marked("unterminated_string", 1, 'first, second = "tea⟨→"⟩, "coffee"\n'),
    Marked("unterminated_string", 1, 'first, second = "tea⟨\'→"⟩, "coffee"\n'),
    Marked("unterminated_string", 2, 'pets = []\npets.append(⟨→"⟩cat")\n'),
    Marked("unterminated_string", 1, 'print("Is it? (yes/no) ⟨→"⟩)\n'),
    Marked("unmatched_bracket", 2, "name = 'a'\nprint⟨→(⟩name)\n"),
    Marked("unmatched_bracket", 4, "def show():\n    print('a')\n\nshow⟨→(⟩)\n"),
    Marked("unmatched_bracket", 2, "class Dog:\n    def bark⟨→(⟩self):\n        print('woof')\n"),
    Marked("unmatched_bracket", 2, "a = b = 1\nmean = ⟨→(⟩a + b) / 2\n"),
    Marked("unclosed_bracket", 2, "names = []\nlatest = names.copy(⟨→)⟩\nnames.append('a')\n"),
    Marked("bracket_mismatch", 3, "pupil = {\n    'name': 'Ann',\n    'marks': [1, 2⟨→]⟩,\n    'age': 9,\n}\n"),
    Marked("unexpected_indent", 3, "def f(x):\n    y = x + 1\n⟨→    ⟩y = y * 2\n    print(y)\n    return y\n"),
    Marked("unexpected_indent", 2, "for i in range(3):\n ⟨  →   ⟩x = i\n    print(x)\n    print(i)\n    print('-')\n"),
    Marked("unindent_mismatch", 2, "for i in range(3):\n⟨        →    ⟩x = i\n    print(x)\n"),
)


@pytest.mark.parametrize("program", SEVERAL, ids=str)
def test_of_several_mistakes_the_first_is_told_and_all_are_mended(program: Marked) -> None:
    assert told(program) == (program.cause, program.line, program.fixed)


@pytest.mark.parametrize("program", CLEVER, ids=str)
def test_of_several_repairs_that_python_could_read_the_one_is_offered_that_was_meant(program: Marked) -> None:
    assert told(program) == (program.cause, program.line, program.fixed)


def test_what_the_line_ends_are_does_not_matter() -> None:
    found = found_in("x = 5\r\nif x > 3\r\n    print(x)\r\n")
    assert (found.cause, found.line) == ("missing_colon", 2)


def test_more_than_three_mistakes_are_not_mended_but_the_first_one_is_told() -> None:
    found = found_in("if x\n    y = [1 2]\nelse if z:\n    if y = 3:\n        y++\n")
    assert (found.cause, found.line, found.fixed) == ("missing_colon", 1, None)


def test_texts_name_what_the_learner_wrote() -> None:
    found = found_in("points = 3\nif points => 3:\n    print('won')\n")
    assert "`=>`" in found.explanation
    assert "Line 2" in found.explanation
    assert found.solution == "Write line 2 as `if points >= 3:`."


def test_a_program_that_speaks_of_its_own_braces_is_quoted_as_it_is() -> None:
    found = found_in("print '{at} {0}'\n")
    assert "`print '{at} {0}'`" in found.explanation


def test_an_apostrophe_within_a_text_is_told_as_what_ends_it() -> None:
    found = found_in("print('It's late')\n")
    assert "`'It'`" in found.explanation
    assert found.fixed == 'print("It\'s late")\n'
