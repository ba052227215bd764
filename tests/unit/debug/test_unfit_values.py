"""Values: the cause, the line and the correction of programs that end with a `ValueError`."""

from __future__ import annotations

import pytest
from agreeing import cause_of_message, found_in, printed_when_fixed
from broken_programs import Broken

PROGRAMS = [
    Broken("number_from_text", 1, "price = int('4.5')\nprint(price)\n", "4.5\n"),
    Broken("number_from_text", 2, "text = '1,200'\nprint(int(text))\n", "1200\n"),
    Broken("number_from_text", 2, "text = '1,5'\nprint(float(text))\n", "1.5\n"),
    Broken("number_from_text", 2, "age = '36'\nprint(int('age') + 1)\n", "37\n"),
    Broken("number_from_text", 1, "age = int(input('Age? '))\n", stdin="abc\n"),
    Broken("number_from_text", 1, "age = int(input())\n", stdin="\n"),
    Broken("number_from_text", 1, "numbers = list(map(int, input().split(',')))\n", stdin="1,b\n"),
    Broken("number_from_text", 1, "n = int(input())\n", stdin="3 4\n"),
    Broken("number_from_text", 2, "for part in ['1', 'two']:\n    print(int(part))\n"),
    Broken("number_from_text", 1, "print(int('0x1F'))\n", "31\n"),
    Broken("number_from_text", 1, "print(float('12 kg'))\n"),
    Broken("too_many_to_unpack", 1, "a, b = [1, 2, 3]\n"),
    Broken("too_many_to_unpack", 2, "ages = {'Ada': 36}\nfor name, age in ages:\n    print(name, age)\n", "Ada 36\n"),
    Broken(
        "too_many_to_unpack", 2, "names = ['Ada', 'Bob']\nfor i, name in names:\n    print(i, name)\n", "0 Ada\n1 Bob\n"
    ),
    Broken(
        "too_many_to_unpack",
        5,
        "def limits(xs):\n    return min(xs), max(xs), sum(xs)\n\n\nlow, high = limits([1, 2])\n",
    ),
    Broken("too_many_to_unpack", 1, "a, b = input().split()\n", stdin="1 2 3\n"),
    Broken("not_enough_to_unpack", 1, "first, last = 'Ada'.split()\n"),
    Broken("not_enough_to_unpack", 2, "line = 'Ada,36'\nname, age = line.split()\nprint(name, age)\n", "Ada 36\n"),
    Broken("not_enough_to_unpack", 1, "a, b, c = (1, 2)\n"),
    Broken("not_enough_to_unpack", 2, "d = {'a': 1, 'b': 2}\nfor k, v in d:\n    print(k, v)\n", "a 1\nb 2\n"),
    Broken("not_enough_to_unpack", 1, "print([x + y for x, y in [(1,), (2,)]])\n"),
    Broken("item_not_in_list", 2, "xs = ['tea', 'milk']\nxs.remove('Tea')\nprint(xs)\n", "['milk']\n"),
    Broken("item_not_in_list", 2, "xs = [1, 2]\nxs.remove('1')\nprint(xs)\n", "[2]\n"),
    Broken("item_not_in_list", 3, "xs = [1, 2]\nfor n in [1, 3]:\n    xs.remove(n)\nprint(xs)\n", "[2]\n"),
    Broken("item_not_in_list", 2, "xs = [1, 2]\nprint(xs.index(9))\n"),
    Broken("substring_not_found", 2, "mail = 'ada'\nprint(mail.index('@'))\n"),
    Broken("math_domain", 2, "import math\nprint(math.sqrt(-4))\n"),
    Broken("math_domain", 3, "import math\nx = 0\nprint(math.log(x))\n"),
    Broken("math_domain", 2, "from math import factorial\nprint(factorial(-1))\n"),
    Broken("value_other", 1, "print(max([]))\n"),
    Broken("value_other", 2, "import random\nprint(1 <= random.randint(6, 1) <= 6)\n", "True\n"),
    Broken("value_other", 1, "print('abc'.split(''))\n"),
    Broken("value_other", 1, "for i in range(0, 5, 0):\n    print(i)\n"),
    Broken("value_other", 2, "from datetime import date\nprint(date(2024, 2, 30))\n"),
    Broken("value_other", 1, "print(f'{\"a\":d}')\n"),
    Broken(
        "not_enough_to_unpack", 1, "for i, a, b in enumerate([(1, 2), (3, 4)]):\n    print(i, a, b)\n", "0 1 2\n1 3 4\n"
    ),
    Broken("too_many_to_unpack", 2, "line = 'at: 10:30'\nkey, value = line.split(':')\nprint(value)\n", " 10:30\n"),
    Broken("too_many_to_unpack", 1, "for a, b in zip([1], [2], [3]):\n    print(a, b)\n"),
    Broken("number_from_text", 1, "print(sum(int(digit) for digit in '12a'))\n"),
]


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_the_cause_and_the_line_of_a_value_that_does_not_fit_are_found(program):
    found = found_in(program)
    assert (program.cause, program.line) == (found.cause, found.line)


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_a_correction_is_offered_only_where_the_program_then_does_what_was_meant(program):
    assert program.prints == printed_when_fixed(program)


@pytest.mark.parametrize(
    ("message", "cause"),
    [
        ("invalid literal for int() with base 10: 'abc'", "number_from_text"),
        ("invalid literal for int() with base 2: '12'", "number_from_text"),
        ("could not convert string to float: 'abc'", "number_from_text"),
        ("could not convert string to float: ", "number_from_text"),
        ("Invalid literal for Fraction: 'x'", "number_from_text"),
        ("too many values to unpack (expected 2)", "too_many_to_unpack"),
        ("too many values to unpack (expected 2, got 3)", "too_many_to_unpack"),
        ("not enough values to unpack (expected 3, got 2)", "not_enough_to_unpack"),
        ("not enough values to unpack (expected at least 2, got 0)", "not_enough_to_unpack"),
        ("list.remove(x): x not in list", "item_not_in_list"),
        ("list.index(x): x not in list", "item_not_in_list"),
        ("'tea' is not in list", "item_not_in_list"),
        ("tuple.index(x): x not in tuple", "item_not_in_list"),
        ("substring not found", "substring_not_found"),
        ("math domain error", "math_domain"),
        ("expected a nonnegative input, got -4.0", "math_domain"),
        ("expected a positive input, got 0.0", "math_domain"),
        ("factorial() not defined for negative values", "math_domain"),
        ("max() arg is an empty sequence", "value_other"),
        ("max() iterable argument is empty", "value_other"),
        ("I/O operation on closed file.", "value_other"),
        ("time data 'x' does not match format '%Y'", "value_other"),
        ("something that nobody has ever seen", "value_other"),
        ("", "value_other"),
    ],
)
def test_the_message_alone_says_what_it_can(message, cause):
    assert cause == cause_of_message("ValueError", message)


def test_the_text_and_where_it_comes_from_are_named():
    found = found_in(Broken("", 0, "answer = input('Age? ')\nage = int(answer)\n", stdin="twelve\n"))
    assert "`'twelve'`" in found.explanation
    assert "`answer`" in found.pointer
    assert "line 1" in found.pointer
