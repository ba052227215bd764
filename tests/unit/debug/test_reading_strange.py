"""Whatever is pasted, reading it ends well."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.debug.model import ErrorSeen
from functions.debug.reading import predict_syntax_error, read_error

PIECES = [
    *("Traceback (most recent call last):", 'File "main.py", line 3', ", in <module>", "During handling of the above"),
    *("  ", "    ", "\t", "\n", "\n\n", "^^^", "~~^~~", "----> 3 ", "Cell In[3], line 2", "E   ", "> ", ">>> ", "| "),
    *("NameError", "TypeError: ", "name 'x' is not defined", "Error", ": ", "'", '"', "\x1b[31m", "[0m", "```", "你"),
    *("  + Exception Group Traceback (most recent call last):", "+---- 1 ----", "line 999999999", "&lt;", "\\n"),
    *("unsupported operand type(s) for ", "invalid literal for int() with base ", "<fstring>", "<stdin>", "\ud800"),
    *("[Previous line repeated 996 more times]", "\0"),
]
CODES = ["", "x = 1\n", "print(x\n", "class A(Exception): pass\nraise A('x')\n", "\0", "\ud800", "if", "'" * 3]


@settings(max_examples=300, deadline=None)
@given(
    text=st.one_of(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.text(max_size=300)),
    code=st.one_of(st.sampled_from(CODES), st.text(max_size=60)),
)
def test_reading_gives_an_error_or_none(text, code):
    error = read_error(text, code)
    assert error is None or (isinstance(error, ErrorSeen) and error.type)
    assert predict_syntax_error(code) is None or predict_syntax_error(code).type.endswith("Error")


CHAIN = """\
Traceback (most recent call last):
  File "main.py", line 2, in <module>
    int("x")
    ~~~^^^^^
ValueError: invalid literal for int() with base 10: 'x'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "main.py", line 4, in <module>
    print(vlaue)
          ^^^^^
NameError: name 'vlaue' is not defined
""".splitlines()


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_traceback_with_lines_lost_doubled_or_moved_is_still_read(seed):
    chance = random.Random(seed)
    lines = list(CHAIN)
    for _ in range(4):
        at = chance.randrange(len(lines))
        lines[at : at + 1] = chance.choice([[], [lines[at]] * 2, [chance.choice(lines)]])
        lines = lines or [""]
    error = read_error("\n".join(lines), 'try:\n    int("x")\nexcept ValueError:\n    print(vlaue)\n')
    assert error is None or error.type in ("ValueError", "NameError", "SyntaxError")


LONG = 100_000


@pytest.mark.parametrize(
    "piece",
    [
        *(
            " ",
            " \t",
            "\n",
            "^",
            "~^ ",
            "'",
            '"',
            "a",
            "a.",
            "A",
            "Error",
            ",",
            ":",
            "-",
            "(",
            "_",
            "> ",
            "| ",
            "1 ",
            "你",
        ),
        *("\x1b[", "\x1b[0;0", "&lt;", "\\n", 'File "', '  File "a", line 1, in f\n', '  File "aaa\n', "---> 1 x\n"),
        *("TypeError: ", "name error ", "line 1 ", "x:1: ", "E   x\n", "1 Traceback (most recent call last)\n"),
        *("list index out of range ", "' is not defined", "unsupported operand type(s) for "),
    ],
)
def test_a_hundred_thousand_hostile_characters_are_read_to_their_end(piece):
    text = (piece * (LONG // len(piece) + 1))[:LONG]
    last = "\nTraceback (most recent call last):\n  File \"main.py\", line 1, in <module>\n    f(1)\nKeyError: 'a'\n"
    read_error(text, "x = 1\n")
    assert read_error(text + "\n" + last, "f(1)\n").type == "KeyError"


@pytest.mark.parametrize("piece", PIECES)
def test_as_much_of_anything_as_fits_into_a_request_is_read(piece):
    """What takes more than linear time on it runs into the limit that every test has."""
    error = read_error(piece * (100_000 // len(piece)), "x = 1\n")

    assert error is None or error.type
