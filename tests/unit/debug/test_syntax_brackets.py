"""Brackets and texts: the cause, the line and the repair where they do not end, or end in the wrong place."""

from __future__ import annotations

import pytest
from marked_programs import Marked, told

BRACKETS = (
    Marked("unclosed_bracket", 1, "print('hello'⟨→)⟩\n"),
    Marked("unclosed_bracket", 1, "x = int(input('Number: ')⟨→)⟩\nprint(x)\n"),
    Marked("unclosed_bracket", 1, "print(str(len('abc'))⟨→)⟩\n"),
    Marked("unclosed_bracket", 2, "x = 5\nif (x > 3⟨→)⟩:\n    print(x)\n"),
    Marked("unclosed_bracket", 2, "items = [1, 2]\nfor i in range(len(items)⟨→)⟩:\n    print(i)\n"),
    Marked("unclosed_bracket", 1, "numbers = [1, 2, 3⟨→]⟩\nprint(numbers)\n"),
    Marked("unclosed_bracket", 1, "numbers = [\n    1,\n    2,\n    3⟨→]⟩\nprint(numbers)\n"),
    Marked("unclosed_bracket", 1, "ages = {\n    'Ann': 30,\n    'Bob': 25⟨→}⟩\n\nprint(ages)\n"),
    Marked("unclosed_bracket", 1, "ages = {\n    'Ann': 30,\n    'Bob': 25,⟨→}⟩\n\nprint(ages)\n"),
    Marked("unclosed_bracket", 1, "total = (1 + 2⟨→)⟩\nprint(total)\n"),
    Marked("unclosed_bracket", 1, "def f(a, b⟨→)⟩:\n    return a + b\n"),
    Marked("unclosed_bracket", 1, "def f(a, b⟨→):⟩\n    return a + b\n"),
    Marked("unclosed_bracket", 1, "print('a', round(2.5⟨→))⟩\nprint('b')\n"),
    Marked("unclosed_bracket", 2, "x = 5\nprint(f'{x}'⟨→)⟩\nfor i in range(3):\n    print(i)\n"),
    Marked("unclosed_bracket", 2, "x = [1, 2, 3]\nprint(x[0⟨→])⟩\n"),
    Marked("unclosed_bracket", 2, "def f():\n    print('a'⟨→)⟩\n    return 1\n\nprint(f())\n"),
    Marked("unmatched_bracket", 1, "print('a')⟨)→⟩\n"),
    Marked("unmatched_bracket", 1, "x = 5⟨)→⟩\n"),
    Marked("unmatched_bracket", 1, "numbers = ⟨→[⟩1, 2, 3]\n"),
    Marked("unmatched_bracket", 1, "def add⟨ a→(a⟩, b):\n    return a + b\n"),
    Marked("unmatched_bracket", 2, "words = ['a']\nprint(len⟨ words→(words⟩))\n"),
    Marked("unmatched_bracket", 1, "x = [1, 2]⟨]→⟩\nprint(x)\n"),
    Marked("bracket_mismatch", 1, "print('hello'⟨]→)⟩\n"),
    Marked("bracket_mismatch", 1, "numbers = [1, 2, 3⟨)→]⟩\n"),
    Marked("bracket_mismatch", 2, "x = [1]\nprint(x[0⟨→]⟩)\n"),
    Marked("bracket_mismatch", 3, "ages = {\n    'Ann': 1,\n⟨]→}⟩\n"),
    Marked("bracket_mismatch", 1, "print(max([1, 2⟨→]⟩))\n"),
)

STRINGS = (
    Marked("unterminated_string", 1, "print('hello⟨→'⟩)\n"),
    Marked("unterminated_string", 1, 'name = "Ann⟨→"⟩\nprint(name)\n'),
    Marked("unterminated_string", 1, 'name = "Ann⟨\'→"⟩\nprint(name)\n'),
    Marked("unterminated_string", 1, 'print("hello⟨\'→"⟩)\n'),
    Marked("unterminated_string", 1, "print('hello⟨→')⟩\nprint('x')\n"),
    Marked("unterminated_string", 2, "name = 'Ann'\nif name == 'Ann⟨→'⟩:\n    print('hi')\n"),
    Marked("unterminated_string", 1, "names = ['Ann', 'Bob⟨→'⟩]\n"),
    Marked("unterminated_string", 1, "print(⟨'→\"⟩It's fine⟨'→\"⟩)\n"),
    Marked("unterminated_string", 1, "x = ⟨'→\"⟩don't⟨'→\"⟩\n"),
    Marked("unterminated_string", 1, 'print(⟨→"⟩hello")\n'),
    Marked("unterminated_string", 1, 'print(⟨"→\'⟩She said "hi" to me⟨"→\'⟩)\n'),
    Marked("unterminated_string", 1, 'path = "C:\\temp\\⟨→\\⟩"\nprint(path)\n'),
    Marked("unterminated_string", 1, "poem = ⟨'→'''⟩roses are red\nviolets are blue⟨'→'''⟩\nprint(poem)\n"),
    Marked("unterminated_string", 1, "x = input('Your name? ⟨→'⟩)\n"),
    Marked("unterminated_string", 1, "d = {'a⟨→'⟩: 1}\n"),
    Marked("unterminated_triple_string", 2, 'def f():\n    """Add two numbers.⟨→"""⟩\n    return 1\n\nprint(f())\n'),
    Marked("unterminated_triple_string", 2, 'def f():\n    """Add two numbers.⟨""→"""⟩\n    return 1\n'),
    Marked("unterminated_triple_string", 1, "text = '''one\ntwo⟨→'''⟩\n"),
    Marked("unterminated_triple_string", 1, 'text = """one⟨\'\'\'→"""⟩\nprint(text)\n'),
    Marked("f_string_broken", 2, "name = 'Ann'\nprint(f'Hello {name⟨→}⟩')\n"),
    Marked("f_string_broken", 2, "name = 'Ann'\nprint(f'Hello {name⟨→}⟩, welcome')\n"),
    Marked("f_string_broken", 2, "name = 'Ann'\nprint(f'Hello ⟨→{⟩name}')\n"),
    Marked("f_string_broken", 2, "name = 'Ann'\nprint(f'Hello {name}⟨}→⟩')\n"),
    Marked("f_string_broken", 2, "x = 2.5\nprint(f'{x:.2f⟨→}⟩')\n"),
    Marked("f_string_broken", 1, "print(f'Hello {}')\n"),
    Marked("f_string_broken", 1, "print(⟨f→⟩'Hello {}'.format(1))\n"),
    Marked("f_string_broken", 2, "ages = {'Ann': 3}\nprint(f'{ages[⟨'→\"⟩Ann⟨'→\"⟩]}')\n"),
    Marked("f_string_broken", 2, "name = 'Ann'\nprint(f⟨ →⟩'Hello {name}')\n"),
    Marked("f_string_broken", 2, "name = 'Ann'\nprint(f'Hello {name⟨)→}⟩')\n"),
    Marked("f_string_broken", 2, "a = 1\nprint(f'{a b}')\n"),
    Marked("f_string_broken", 2, "words = ['a']\nprint(f\"{'\\n'.join(words)}\")\n"),
)


@pytest.mark.parametrize("program", [*BRACKETS, *STRINGS], ids=str)
def test_a_bracket_or_text_without_its_end_is_found_and_mended(program: Marked) -> None:
    assert told(program) == (program.cause, program.line, program.fixed)
