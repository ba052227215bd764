"""Limits: the cause, the line and the correction of programs that go on for too long, too deep, or get too large."""

from __future__ import annotations

import pytest
from agreeing import cause_of_message, found_in, printed_when_fixed
from broken_programs import Broken, run

from functions.debug.diagnose import diagnose
from functions.debug.model import Case, ErrorSeen

DEEP = [
    Broken("no_base_case", 2, "def down(n):\n    return down(n - 1)\ndown(3)\n"),
    Broken("no_base_case", 3, "def down(n):\n    print(n)\n    down(n - 1)\ndown(3)\n"),
    Broken("no_base_case", 2, "def print(x):\n    print(x)\nprint(3)\n"),
    Broken(
        "no_base_case",
        7,
        "class A:\n    @property\n    def x(self):\n        return self.x\n    @x.setter\n    def x(self, value):\n"
        "        self.x = value\na = A()\na.x = 4\nprint(a.x)\n",
        "4\n",
    ),
    Broken(
        "base_case_not_reached",
        4,
        "def f(n):\n    if n == 0:\n        return 1\n    return n * f(n)\nprint(f(3))\n",
        "6\n",
    ),
    Broken(
        "base_case_not_reached",
        4,
        "def f(n):\n    if n <= 0:\n        return 0\n    return n + f(n + 1)\nprint(f(3))\n",
        "6\n",
    ),
    Broken(
        "base_case_not_reached",
        4,
        "def f(n):\n    if n == 0:\n        return 0\n    return n + f(n - 2)\nprint(f(5))\n",
        "9\n",
    ),
    Broken(
        "base_case_not_reached",
        4,
        "def f(n):\n    if n == 0:\n        return 0\n    return n + f(n - 1)\nprint(f(-1))\n",
        "0\n",
    ),
    Broken("base_case_not_reached", 2, "def f(n):\n    f(n - 1)\n    if n == 0:\n        return\n    print(n)\nf(3)\n"),
    Broken(
        "base_case_not_reached",
        4,
        "def f(xs):\n    if not xs:\n        return 0\n    return xs[0] + f(xs)\nprint(f([1]))\n",
    ),
    Broken(
        "recursion_too_deep",
        4,
        "def f(n):\n    if n == 0:\n        return 0\n    return n + f(n - 1)\nprint(f(5000))\n",
    ),
    Broken("number_too_large", 1, "print(2.0 ** 5000)\n"),
    Broken("number_too_large", 2, "import math\nprint(math.exp(1000))\n"),
    Broken("number_too_large", 1, "print(len(str(10 ** 400 / 3)))\n", "400\n"),
    Broken("number_too_large", 1, "print(int(float('inf')))\n"),
    Broken(
        "number_too_large", 2, "from datetime import date, timedelta\nprint(date(9000, 1, 1) + timedelta(days=10**6))\n"
    ),
    Broken("no_base_case", 3, "class Node:\n    def __init__(self):\n        self.next = Node()\n\n\nNode()\n"),
    Broken("no_base_case", 3, "class Dog:\n    def __str__(self):\n        return f'a {self}'\n\n\nprint(Dog())\n"),
    Broken("no_base_case", 2, "def fib(n):\n    return fib(n - 1) + fib(n - 2)\nprint(fib(5))\n"),
    Broken("no_base_case", 4, "def fact(n):\n    if n == 0:\n        1\n    return n * fact(n - 1)\nprint(fact(3))\n"),
]


@pytest.mark.parametrize("program", DEEP, ids=str)
def test_the_cause_and_the_line_of_what_goes_too_far_are_found(program):
    found = found_in(program)
    assert (program.cause, program.line) == (found.cause, found.line or program.line)


@pytest.mark.parametrize("program", DEEP, ids=str)
def test_a_correction_is_offered_only_where_the_program_then_does_what_was_meant(program):
    assert program.prints == printed_when_fixed(program)


def test_two_functions_that_call_each_other_are_both_named():
    found = found_in(Broken("", 0, "def ping(n):\n    pong(n)\ndef pong(n):\n    ping(n)\nping(1)\n"))
    assert found.cause == "no_base_case"
    assert "`ping()` and `pong()`" in found.explanation


ENDLESS = [
    ("endless_loop", 2, "n = 3\nwhile n > 0:\n    print(n)\n", "3\n2\n1\n"),
    ("endless_loop", 4, "i = 0\nwhile i < 2:\n    print(i)\n    i =+ 1\n", "0\n1\n"),
    ("endless_loop", 1, "while True:\n    print('again')\n", None),
    (
        "too_slow",
        4,
        "def fib(n):\n    if n < 2:\n        return n\n    return fib(n - 1) + fib(n - 2)\nprint(fib(60))\n",
        None,
    ),
    ("too_slow", 3, "pairs = 0\nfor a in range(10**6):\n    for b in range(10**6):\n        pairs += 1\n", None),
    ("waits_for_input", 1, "name = input('Name: ')\nprint(name)\n", None),
]


@pytest.mark.parametrize(("cause", "line", "code", "prints"), ENDLESS)
def test_what_a_stopped_program_was_busy_with_is_found_in_its_text(cause, line, code, prints):
    found = diagnose(Case(code, ErrorSeen("TimeoutError", "the program did not end in time")))
    assert found is not None
    assert (cause, line) == (found.cause, found.line)
    if prints is None:
        assert found.fixed is None
    else:
        assert run(found.fixed or "") == (None, prints)


MEMORY = [
    (3, "xs = [1]\nfor x in xs:\n    xs.append(x)\n", "xs = [1]\nfor x in list(xs):\n    xs.append(x)\n"),
    (3, "xs = []\nwhile len(xs) >= 0:\n    xs.append('x' * 1000)\n", None),
    (1, "xs = [0] * 10**12\n", None),
    (1, "xs = list(range(10**11))\n", None),
]


@pytest.mark.parametrize(("line", "code", "fixed"), MEMORY)
def test_what_fills_the_memory_is_found_in_the_program_s_text(line, code, fixed):
    found = diagnose(Case(code, ErrorSeen("MemoryError")))
    assert found is not None
    assert ("memory_growth", line, fixed) == (found.cause, found.line, found.fixed)


def test_a_program_that_was_stopped_by_hand_was_not_wrong_unless_it_could_not_end():
    ended = "for n in range(10**9):\n    print(n)\n"
    endless = "n = 1\nwhile n > 0:\n    print(n)\n"
    causes = [
        diagnose(Case(code, ErrorSeen("KeyboardInterrupt", line=3 - (code is ended)))) for code in (ended, endless)
    ]
    assert [found.cause for found in causes if found] == ["interrupted", "endless_loop"]


@pytest.mark.parametrize(
    ("type_", "message", "cause"),
    [
        ("RecursionError", "maximum recursion depth exceeded", "no_base_case"),
        ("RecursionError", "maximum recursion depth exceeded in comparison", "no_base_case"),
        ("RecursionError", "maximum recursion depth exceeded while calling a Python object", "no_base_case"),
        ("RecursionError", "Stack overflow (used 8160 kB)", "no_base_case"),
        ("MemoryError", "", "memory_growth"),
        ("OverflowError", "(34, 'Numerical result out of range')", "number_too_large"),
        ("OverflowError", "math range error", "number_too_large"),
        ("OverflowError", "int too large to convert to float", "number_too_large"),
        ("OverflowError", "cannot fit 'int' into an index-sized integer", "number_too_large"),
        ("TimeoutError", "", "too_slow"),
        ("KeyboardInterrupt", "", "interrupted"),
    ],
)
def test_the_message_alone_says_what_it_can(type_, message, cause):
    assert cause == cause_of_message(type_, message)
