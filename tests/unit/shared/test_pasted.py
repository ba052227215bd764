"""Code is parted from what is said about it; and the program in a question is not what an error quotes of it."""

import pytest

from functions.shared.pasted import parted, program_in

PROGRAM = "numbers = [1, 2]\nfor i in range(3):\n    print(numbers[i])"
TRACEBACK = (
    "Traceback (most recent call last):\n"
    '  File "main.py", line 3, in <module>\n'
    "    print(numbers[i])\n"
    "          ~~~~~~~^^^\n"
    "IndexError: list index out of range"
)
UNREADABLE = "  File \"main.py\", line 1\n    print((1)\n         ^\nSyntaxError: '(' was never closed"


@pytest.mark.parametrize(
    "question",
    [
        f"Why does this fail?\n```python\n{PROGRAM}\n```\nPlease help",
        f"Why does this fail?\n```\n{PROGRAM}\n```",
        f"```py\n{PROGRAM}",
        f"Why does this fail?\n\n{PROGRAM}\n\nPlease help me, I do not see it.",
        f"{PROGRAM}\n\n{TRACEBACK}",
        f"{TRACEBACK}\n\nThis is my code:\n\n{PROGRAM}",
        f"```python\n{PROGRAM}\n```\nand it says\n```\n{TRACEBACK}\n```",
        f"```\n{PROGRAM}\n```\nand it says\n```\n{TRACEBACK}\n```",
        f"```\n{TRACEBACK}\n```\nwith\n```\n{PROGRAM}\n```",
        f"```\n{PROGRAM}\n```\n```\nIndexError: list index out of range\n```",
        f"```python\n{PROGRAM}\n```\nIt prints:\n```text\n1\n2\nand then it stops\n```",
        f"{PROGRAM}\n{UNREADABLE}",
        f"{PROGRAM}\n\nDuring the run:\n{TRACEBACK}\n\nDuring handling of the above exception, another came:\n\n"
        f"{TRACEBACK}",
        "```\n>>> numbers = [1, 2]\n>>> for i in range(3):\n...     print(numbers[i])\n```",
        "    numbers = [1, 2]\n    for i in range(3):\n        print(numbers[i])",
    ],
)
def test_the_program_is_found_and_nothing_else(question):
    assert program_in(question) == PROGRAM


@pytest.mark.parametrize(
    "question",
    [
        "",
        "My code is not working",
        "I get IndexError: list index out of range",
        TRACEBACK,
        UNREADABLE,
        f"What does this mean?\n\n{TRACEBACK}\n\nI do not understand it.",
        "\n".join(f"> {line}" for line in TRACEBACK.splitlines()),
        f"```\n{TRACEBACK}\n```",
        "```\n```",
    ],
)
def test_where_there_is_no_program_there_is_none(question):
    assert program_in(question) == ""


def test_a_program_keeps_its_own_errors_names():
    program = "try:\n    go()\nexcept ValueError:\n    raise KeyError"

    assert program_in(f"```python\n{program}\n```") == program


def test_code_in_the_line_of_its_fence_is_found():
    assert program_in("why does ```print(1 + '2')``` fail") == "print(1 + '2')"


def test_a_traceback_that_was_cut_off_ends_with_its_part_of_the_text():
    cut_off = TRACEBACK.rpartition("\n")[0]

    assert program_in(f"{cut_off}\n\nMy code:\n\n{PROGRAM}") == PROGRAM
    assert program_in(f"```\n{cut_off}\n```\n```\n{PROGRAM}\n```") == PROGRAM


@pytest.mark.parametrize(
    "text",
    [
        "Traceback (most recent call last):\n" * 20_000,
        "```\n" * 50_000,
        "x" * 500_000,
        'File "' * 50_000,
        "(" * 100_000,
    ],
    ids=lambda text: text[:10],
)
def test_text_of_any_length_and_shape_is_read(text):
    assert len(program_in(text)) <= len(text)


def test_fenced_code_is_parted_and_what_stands_in_backticks_counts_as_both():
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
def test_a_program_pasted_under_a_question_is_code_to_its_last_line(program):
    prose, code = parted(f"what does this do?\n\n{program}\n\nplease explain it to me")

    assert prose.split() == ["what", "does", "this", "do?", "please", "explain", "it", "to", "me"]
    assert code == program


@pytest.mark.parametrize(
    "text", ["If I do this, what happens:", "for me it is hard", "try to explain it", "return of the king", "is x = y?"]
)
def test_a_sentence_is_no_code(text):
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
def test_a_piece_of_code_in_a_sentence_is_both(text, code):
    assert parted(text) == (text, code)
