"""Others: files, divisions, loops over what changes, coroutines, errors that a program raises itself."""

from __future__ import annotations

import pytest
from agreeing import cause_of_message, found_in, printed_when_fixed
from broken_programs import Broken

from functions.debug.diagnose import diagnose
from functions.debug.model import Case, ErrorSeen

pytestmark = [
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited"),  # that is what some of the programs are about
    pytest.mark.filterwarnings("ignore:unclosed file"),
]
PROGRAMS = [
    Broken("file_missing", 1, "with open('no_such_notes.txt') as file:\n    print(file.read())\n"),
    Broken("file_missing", 2, "name = 'no_such.csv'\nlines = open(name).readlines()\n"),
    Broken("no_permission", 1, "open('.', 'w')\n"),
    Broken("wrong_encoding", 2, "data = 'café'.encode('latin-1')\nprint(data.decode('utf-8'))\n"),
    Broken("wrong_encoding", 1, "print('naïve'.encode('ascii'))\n"),
    Broken("no_input", 2, "for _ in range(2):\n    print(input())\n", stdin="a\n"),
    Broken("not_json", 2, "import json\nprint(json.loads(\"{'a': 1}\"))\n"),
    Broken("not_json", 2, "import json\nprint(json.loads(''))\n"),
    Broken("divide_by_zero", 2, "guests = 0\nprint(12 // guests)\n"),
    Broken("divide_by_zero", 3, "total = 0\nfor n in range(4):\n    total += 6 // n\nprint(total)\n", "11\n"),
    Broken("divide_by_zero", 2, "n = 7\nif n % 0 == 1:\n    print('odd')\n"),
    Broken("divide_by_zero", 1, "print(0 ** -1)\n"),
    Broken("average_of_nothing", 2, "def mean(xs):\n    return sum(xs) / len(xs)\nprint(mean([]))\n"),
    Broken(
        "average_of_nothing",
        6,
        "total = 0\ncount = 0\nfor n in []:\n    total += n\n    count += 1\nprint(total / count)\n",
    ),
    Broken("average_of_nothing", 2, "import statistics\nprint(statistics.mean([]))\n"),
    Broken("next_on_exhausted", 2, "letters = iter('')\nprint(next(letters))\n"),
    Broken("next_on_exhausted", 4, "def pairs():\n    yield 1\n    yield next(iter([]))\nprint(list(pairs()))\n"),
    Broken("assertion_failed", 3, "def double(n):\n    return n + 2\nassert double(5) == 10, 'not double'\n"),
    Broken("assertion_failed", 1, "assert 1 > 2\n"),
    Broken(
        "dict_changed_while_iterating",
        2,
        "d = {1: 0, 2: 5}\nfor k in d:\n    if not d[k]:\n        del d[k]\nprint(d)\n",
        "{2: 5}\n",
    ),
    Broken(
        "dict_changed_while_iterating",
        2,
        "d = {1: 0, 2: 5}\nfor k, v in d.items():\n    d[k + 5] = v\nprint(len(d))\n",
        "4\n",
    ),
    Broken("dict_changed_while_iterating", 2, "s = {1, 2}\nfor n in s:\n    s.discard(n)\nprint(s)\n", "set()\n"),
    Broken(
        "not_implemented", 3, "class Shape:\n    def area(self):\n        raise NotImplementedError\nShape().area()\n"
    ),
    Broken("raised_on_purpose", 3, "def pay(n):\n    if n < 0:\n        raise ValueError('too little')\npay(-1)\n"),
    Broken("raised_on_purpose", 3, "class TooCold(Exception):\n    pass\nraise TooCold('brr')\n"),
    Broken(
        "raised_on_purpose",
        4,
        "def pay(n):\n    if n not in (1, 2):\n        # no\n        raise KeyError(n)\npay(3)\n",
    ),
    Broken(
        "coroutine_not_awaited",
        5,
        "import asyncio\nasync def three():\n    return 3\nasync def main():\n    print(three() + "
        "1)\nasyncio.run(main())\n",
        "4\n",
    ),
    Broken(
        "coroutine_not_awaited",
        5,
        "import asyncio\nasync def three():\n    return [3]\nasync def main():\n    for n in three():\n        "
        "print(n)\n"
        "asyncio.run(main())\n",
        "3\n",
    ),
    Broken(
        "coroutine_not_awaited",
        6,
        "import asyncio\nasync def three():\n    return 'x'\nasync def main():\n    text = three()\n    "
        "print(text.upper())\n"
        "asyncio.run(main())\n",
        "X\n",
    ),
    Broken(
        "coroutine_not_awaited",
        3,
        "import asyncio\nasync def three(): return 3\nprint(three() + 1)\n",
        "4\n",
    ),
    Broken("method_not_called", 4, "import asyncio\nasync def main():\n    print('on')\nasyncio.run(main)\n", "on\n"),
    Broken("other_error", 2, "import queue\nqueue.Queue().get_nowait()\n"),
    Broken("divide_by_zero", 2, "n = int(input())\nprint(10 / n)\n", stdin="0\n"),
]


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_the_cause_and_the_line_of_single_errors_are_found(program):
    found = found_in(program)
    assert (program.cause, program.line) == (found.cause, found.line)


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_a_correction_is_offered_only_where_the_program_then_does_what_was_meant(program):
    assert program.prints == printed_when_fixed(program)


@pytest.mark.parametrize(
    ("type_", "message", "cause"),
    [
        ("FileNotFoundError", "[Errno 2] No such file or directory: 'notes.txt'", "file_missing"),
        (
            "FileNotFoundError",
            "[WinError 3] Das System kann den angegebenen Pfad nicht finden: 'C:\\\\x'",
            "file_missing",
        ),
        ("PermissionError", "[Errno 13] Permission denied: 'C:\\\\Windows\\\\x.txt'", "no_permission"),
        ("IsADirectoryError", "[Errno 21] Is a directory: 'data'", "no_permission"),
        ("FileExistsError", "[Errno 17] File exists: 'data'", "no_permission"),
        (
            "UnicodeDecodeError",
            "'utf-8' codec can't decode byte 0xe9 in position 3: unexpected end of data",
            "wrong_encoding",
        ),
        (
            "UnicodeEncodeError",
            "'charmap' codec can't encode character '\\u2713' in position 0: character maps to <undefined>",
            "wrong_encoding",
        ),
        ("EOFError", "EOF when reading a line", "no_input"),
        ("JSONDecodeError", "Expecting value: line 1 column 1 (char 0)", "not_json"),
        ("JSONDecodeError", "Illegal trailing comma before end of array: line 1 column 3 (char 2)", "not_json"),
        ("ZeroDivisionError", "division by zero", "divide_by_zero"),
        ("ZeroDivisionError", "integer division or modulo by zero", "divide_by_zero"),
        ("ZeroDivisionError", "float division by zero", "divide_by_zero"),
        ("StatisticsError", "mean requires at least one data point", "average_of_nothing"),
        ("StopIteration", "", "next_on_exhausted"),
        ("RuntimeError", "generator raised StopIteration", "next_on_exhausted"),
        ("AssertionError", "", "assertion_failed"),
        ("RuntimeError", "dictionary changed size during iteration", "dict_changed_while_iterating"),
        ("RuntimeError", "dictionary keys changed during iteration", "dict_changed_while_iterating"),
        ("RuntimeError", "Set changed size during iteration", "dict_changed_while_iterating"),
        ("RuntimeError", "deque mutated during iteration", "dict_changed_while_iterating"),
        ("RuntimeError", "asyncio.run() cannot be called from a running event loop", "coroutine_not_awaited"),
        ("RuntimeWarning", "coroutine 'main' was never awaited", "coroutine_not_awaited"),
        ("TypeError", "unsupported operand type(s) for +: 'coroutine' and 'int'", "coroutine_not_awaited"),
        ("TypeError", "'coroutine' object is not iterable", "coroutine_not_awaited"),
        ("NotImplementedError", "", "not_implemented"),
        ("InsufficientFundsError", "Balance too low", "other_error"),
        ("OSError", "[Errno 28] No space left on device", "other_error"),
        ("UnsupportedOperation", "not readable", "no_permission"),
        ("Empty", "", "other_error"),
    ],
)
def test_the_message_alone_says_what_it_can(type_, message, cause):
    assert cause == cause_of_message(type_, message)


def test_the_condition_under_which_a_program_raises_its_error_is_named():
    code = "def pay(n):\n    if n < 0:\n        raise ValueError('too little')\n\n\npay(-1)\n"
    found = diagnose(Case(code, ErrorSeen("ValueError", "too little", line=3, function="pay")))
    assert found is not None
    assert "`n < 0` in line 2" in found.pointer
    assert "`pay()`" in found.solution


def test_a_subclass_with_a_misspelt_method_is_told_of_it():
    code = (
        "class Shape:\n    def area(self):\n        raise NotImplementedError\n\n\nclass Square(Shape):\n"
        "    def aera(self):\n        return 4\n\n\nprint(Square().area())\n"
    )
    found = diagnose(Case(code, ErrorSeen("NotImplementedError", line=3, function="area")))
    assert found is not None
    assert (found.cause, found.line) == ("not_implemented", 3)
    assert "`aera`" in found.solution


def test_a_path_in_which_a_backslash_begins_a_special_character_is_written_as_it_is():
    found = found_in(Broken("", 0, "print(open('C:\\no_such\\tea.txt').read())\n"))
    assert (found.cause, found.fixed) == ("file_missing", "print(open(r'C:\\no_such\\tea.txt').read())\n")
