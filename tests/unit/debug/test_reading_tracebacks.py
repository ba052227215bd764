"""A traceback is read as Python meant it, whichever version, shell or test runner laid it out."""

import tomllib
from pathlib import Path

import pytest

from functions.debug.reading import read_error

SEEN = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["seen"]


@pytest.mark.parametrize("seen", SEEN, ids=[f"{seen['from']}: {seen['type']}" for seen in SEEN])
def test_a_traceback_tells_type_message_line_function_expression_and_what_led_to_it(seen):
    error = read_error(seen["text"])
    assert error is not None
    told = {
        "type": error.type,
        "message": error.message,
        "line": error.line,
        "function": error.function,
        "expression": error.expression,
        "earlier": [one.type for one in error.earlier],
    }
    assert told == {"line": None, "function": None, "expression": None, "earlier": []} | {
        name: seen[name] for name in seen if name not in ("from", "text")
    }


TRACEBACKS = {
    "a function": """\
Traceback (most recent call last):
  File "main.py", line 7, in <module>
    report(marks)
  File "main.py", line 4, in report
    print(total(marks) / len(marks))
          ~~~~~~~~~~~~~^~~~~~~~~~~~
ZeroDivisionError: division by zero
""",
    "a chain": """\
Traceback (most recent call last):
  File "main.py", line 2, in <module>
    int("x")
ValueError: invalid literal for int() with base 10: 'x'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "main.py", line 4, in <module>
    print(vlaue)
          ^^^^^
NameError: name 'vlaue' is not defined. Did you mean: 'value'?
""",
    "a block": """\
  File "main.py", line 3
    if x = 3:
       ^^^^^
SyntaxError: invalid syntax. Maybe you meant '==' or ':=' instead of '='?
""",
    "an own class": """\
Traceback (most recent call last):
  File "main.py", line 9, in <module>
    raise NotEnoughMoney("2 more")
__main__.NotEnoughMoney: 2 more
""",
}


def each_line(change):
    return lambda text: "\n".join(change(number, line) for number, line in enumerate(text.rstrip().split("\n"), 1))


def before(mark):
    return each_line(lambda _, line: (mark + line).rstrip())


MESSES = {
    "quoted in a mail": before("> "),
    "quoted twice": before("> > "),
    "commented out": before("# "),
    "a container's log": before("web-1  | "),
    "a log with times": before("2024-03-01T12:30:01.123Z "),
    "indented": before("    "),
    "numbered": each_line(lambda number, line: f"{number:>3} {line}"),
    "numbered with dots": each_line(lambda number, line: f"{number}. {line}"),
    "numbered with bars": each_line(lambda number, line: f"{number:>4} | {line}"),
    "in a fence": lambda text: f"I get this:\n```python\n{text}```\nWhat is wrong?",
    "in bold": lambda text: f"**{text.strip()}**",
    "in a terminal": lambda text: f"learner@laptop:~$ python3 main.py\n{text}learner@laptop:~$ ",
    "in PowerShell": lambda text: f"PS C:\\Users\\learner> python .\\main.py\n{text}PS C:\\Users\\learner> ",
    "at a prompt": lambda text: f">>> go()\n{text}>>> ",
    "after another error": lambda text: (
        f"Traceback (most recent call last):\nKeyError: 'a'\n\n$ python main.py\n{text}"
    ),
    "of Windows, its lines ended so": lambda text: text.replace("\n", "\r\n"),
    "with a blank line after each": lambda text: text.replace("\n", "\n\n"),
    "with hard spaces": lambda text: text.replace(" ", "\xa0"),
    "with invisible characters": lambda text: "\ufeff" + text.replace("\n", "\u200b\n"),
    "as HTML": lambda text: text.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;"),
    "as a text of Python": repr,
    "in colour": lambda text: text.replace("line", "\x1b[35mline\x1b[0m").replace("Error:", "Error\x1b[0m:"),
    "in colour, its escapes lost": lambda text: text.replace("Error:", "[1;35mError[0m:"),
    "from an editor with tabs": lambda text: text.replace("    ", "\t"),
    "with bent quotes": lambda text: text.replace('File "main.py"', "File “main.py”"),
    "in German": lambda text: text.replace('File "main.py", line', 'Datei "main.py", Zeile'),
    "from PowerShell's error stream": lambda text: (
        "python : " + text.replace("\n", "\nAt line:1 char:1\n+ python main.py\n+ ~~~~~~~~~~~~~~\n", 1)
    ),
}


@pytest.mark.parametrize("mess", MESSES)
@pytest.mark.parametrize("name", TRACEBACKS)
def test_a_mess_changes_nothing_of_what_is_read(name, mess):
    assert read_error(MESSES[mess](TRACEBACKS[name])) == read_error(TRACEBACKS[name])


@pytest.mark.parametrize("name", TRACEBACKS)
def test_lines_run_together_are_still_told_apart(name):
    clean, run_together = read_error(TRACEBACKS[name]), read_error(" ".join(TRACEBACKS[name].split()))
    assert (run_together.type, run_together.message, run_together.line, run_together.source) == (
        clean.type,
        clean.message,
        clean.line,
        clean.source,
    )


@pytest.mark.parametrize("width", [50, 60, 80])
def test_lines_that_a_window_broke_are_joined(width):
    text = """\
Traceback (most recent call last):
  File "C:\\Users\\learner\\Documents\\first steps in Python\\the shop\\main.py", line 12, in <module>
    print(total + name)
TypeError: unsupported operand type(s) for +: 'int' and 'str'
"""
    lines = (line[at : at + width] for line in text.split("\n") for at in range(0, len(line), width))
    error = read_error("\n".join(lines))
    assert error.message == "unsupported operand type(s) for +: 'int' and 'str'"
    assert (error.line, error.function) == (12, None)
    assert error.file == "C:\\Users\\learner\\Documents\\first steps in Python\\the shop\\main.py"


@pytest.mark.parametrize("width", [50, 60, 80])
def test_where_the_indentation_is_lost_no_expression_is_guessed(width):
    lines = TRACEBACKS["a function"].split("\n")
    error = read_error("\n".join(line.strip() for line in lines))
    assert (error.type, error.line, error.expression) == ("ZeroDivisionError", 4, None)


def test_frames_are_the_learners_own_from_the_outermost_on():
    error = read_error(
        """\
Traceback (most recent call last):
  File "/home/learner/main.py", line 9, in <module>
    print(pick([]))
  File "/home/learner/main.py", line 5, in pick
    return [random.choice(one) for one in [things]]
  File "/home/learner/main.py", line 5, in <listcomp>
    return [random.choice(one) for one in [things]]
  File "/usr/lib/python3.8/random.py", line 290, in choice
    raise IndexError('Cannot choose from an empty sequence') from None
IndexError: Cannot choose from an empty sequence
"""
    )
    assert error.frames == ((None, 9), ("pick", 5), ("pick", 5))
    assert (error.file, error.line, error.function) == ("/home/learner/main.py", 5, "pick")


def test_an_error_in_libraries_alone_tells_no_line():
    error = read_error(
        'Traceback (most recent call last):\n  File "/usr/lib/python3.11/threading.py", line 982, in run\n'
        "    self._target()\nTypeError: 'int' object is not callable\n"
    )
    assert (error.type, error.line, error.frames) == ("TypeError", None, ())
    assert error.file == "/usr/lib/python3.11/threading.py"


def test_a_warning_gives_way_to_the_error_after_it():
    error = read_error('main.py:1: SyntaxWarning: "is" with a literal. Did you mean "=="?\n' + TRACEBACKS["a function"])
    assert error == read_error(TRACEBACKS["a function"])


def test_text_that_is_evaluated_is_not_the_learners_line():
    error = read_error(
        'Traceback (most recent call last):\n  File "main.py", line 3, in <module>\n    print(eval("1 +"))\n'
        '  File "<string>", line 1\n    1 +\n       ^\nSyntaxError: invalid syntax\n'
    )
    assert (error.type, error.line, error.source) == ("SyntaxError", 3, 'print(eval("1 +"))')


def test_a_block_without_its_last_line_is_a_syntax_error():
    error = read_error('  File "main.py", line 3\n    print((1, 2)\n         ^')
    assert (error.type, error.message, error.line, error.expression) == ("SyntaxError", "", 3, "(")


def test_frames_without_an_error_tell_of_none():
    assert read_error('Traceback (most recent call last):\n  File "main.py", line 3, in f\n    print(x[3])') is None
