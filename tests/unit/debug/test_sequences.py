"""Sequences: the cause, the line and the correction of programs with an index, or a `pop`, without an item."""

from __future__ import annotations

import pytest
from agreeing import cause_of_message, found_in, printed_when_fixed
from broken_programs import Broken

PROGRAMS = [
    Broken("index_off_by_one", 3, "xs = ['a', 'b']\nfor i in range(len(xs) + 1):\n    print(xs[i])\n", "a\nb\n"),
    Broken("index_off_by_one", 2, "word = 'tea'\nprint(word[len(word)])\n", "a\n"),
    Broken("index_off_by_one", 3, "xs = [4, 5, 6]\nlast = len(xs)\nprint(xs[last])\n", "6\n"),
    Broken(
        "index_off_by_one",
        3,
        "xs = [1, 2, 3]\nfor i in range(1, len(xs) + 1):\n    print(i, xs[i])\n",
        "1 1\n2 2\n3 3\n",
    ),
    Broken("index_off_by_one", 2, "colours = ['red', 'blue', 'tan']\nprint(colours[3])\n", "tan\n"),
    Broken(
        "index_off_by_one",
        3,
        "xs = [1, 5, 3]\nfor i in range(len(xs)):\n    if xs[i] > xs[i + 1]:\n        print('drop at', i)\n",
        "drop at 1\n",
    ),
    Broken("index_off_by_one", 4, "xs = [1, 2]\ni = 0\nwhile i <= len(xs):\n    print(xs[i])\n    i += 1\n", "1\n2\n"),
    Broken(
        "index_off_by_one",
        5,
        "def rises(xs):\n    i = 0\n    count = 0\n    while i < len(xs):\n        if xs[i] < xs[i + 1]:\n           "
        " count += 1\n"
        "        i += 1\n    return count\n\n\nprint(rises([1, 2, 1, 4]))\n",
        "2\n",
    ),
    Broken("index_off_by_one", 3, "names = ['Al', 'Bo']\nfor n in range(3):\n    print(names[n])\n", "Al\nBo\n"),
    Broken("index_out_of_range", 3, "xs = [3, 1, 2]\nfor x in xs:\n    print(xs[x])\n", "3\n1\n2\n"),
    Broken("index_out_of_range", 2, "scores = [1, 2, 3]\nprint(scores[10])\n"),
    Broken("index_out_of_range", 2, "word = 'tea'\nprint(word[7])\n"),
    Broken("index_out_of_range", 2, "line = 'Ada'\nprint(line.split(',')[1])\n"),
    Broken("index_out_of_range", 2, "import sys\nprint(sys.argv[99])\n"),
    Broken("index_out_of_range", 3, "parts = 'a b'.split()\nn = 4\nprint(parts[n])\n"),
    Broken(
        "index_out_of_range",
        4,
        "names = ['Al', 'Bo', 'Cy']\nages = [3, 4]\nfor i in range(len(names)):\n    print(names[i], ages[i])\n",
        "Al 3\nBo 4\n",
    ),
    Broken(
        "index_out_of_range",
        3,
        "xs = [1, 2, 3, 4]\nfor i in range(len(xs)):\n    if xs[i] % 2 == 0:\n        xs.pop(i)\nprint(xs)\n",
        "[1, 3]\n",
    ),
    Broken("index_out_of_range", 2, "xs = [1, 2]\nxs.pop(5)\n"),
    Broken("index_of_empty", 2, "xs = []\nprint(xs[0])\n"),
    Broken("index_of_empty", 2, "def first(items):\n    return items[0]\nprint(first([]))\n"),
    Broken(
        "index_of_empty", 3, "squares = []\nfor i in range(3):\n    squares[i] = i * i\nprint(squares)\n", "[0, 1, 4]\n"
    ),
    Broken("index_of_empty", 2, "import random\nprint(random.choice([]))\n"),
    Broken("index_of_empty", 2, "text = ''\nif text[0] == 'a':\n    print('a')\n"),
    Broken("pop_from_empty", 3, "tasks = ['a']\nfor _ in range(2):\n    print(tasks.pop())\n"),
    Broken("pop_from_empty", 3, "from collections import deque\nqueue = deque()\nprint(queue.popleft())\n"),
    Broken("pop_from_empty", 3, "tasks = ['a', 'b']\nwhile True:\n    print(tasks.pop())\n", "b\na\n"),
    Broken("index_off_by_one", 3, "xs = [1, 2]\nfor i in range(len(xs), 0, -1):\n    print(xs[i])\n", "2\n1\n"),
    Broken(
        "index_off_by_one", 3, "xs = ['a', 'b']\nfor i, x in enumerate(xs, 1):\n    print(xs[i], x)\n", "a a\nb b\n"
    ),
    Broken("index_off_by_one", 3, "xs = [0] * 3\nfor i in range(0, 4):\n    xs[i] = i\nprint(xs)\n", "[0, 1, 2]\n"),
    Broken("index_off_by_one", 2, "xs = [1, 2]\nprint(xs.pop(len(xs)))\n", "2\n"),
    Broken(
        "index_off_by_one",
        4,
        "xs = [3, 1, 2]\nfor a in range(len(xs)):\n    for b in range(len(xs)):\n        if xs[b] > xs[b + 1]:\n"
        "            xs[b], xs[b + 1] = xs[b + 1], xs[b]\nprint(xs)\n",
        "[1, 2, 3]\n",
    ),
    Broken(
        "index_out_of_range",
        3,
        "fib = [0, 1]\nfor i in range(2, 6):\n    fib[i] = fib[i - 1] + fib[i - 2]\nprint(fib)\n",
        "[0, 1, 1, 2, 3, 5]\n",
    ),
    Broken("index_out_of_range", 2, "grid = [[1, 2], [3, 4]]\nprint(grid[0][5])\n"),
    Broken("index_of_empty", 2, "xs = list()\nxs[0] = 4\nprint(xs)\n", "[4]\n"),
]


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_the_cause_and_the_line_of_an_index_without_an_item_are_found(program):
    found = found_in(program)
    assert (program.cause, program.line) == (found.cause, found.line)


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_a_correction_is_offered_only_where_the_program_then_does_what_was_meant(program):
    assert program.prints == printed_when_fixed(program)


@pytest.mark.parametrize(
    ("message", "cause"),
    [
        ("list index out of range", "index_out_of_range"),
        ("string index out of range", "index_out_of_range"),
        ("tuple index out of range", "index_out_of_range"),
        ("range object index out of range", "index_out_of_range"),
        ("deque index out of range", "index_out_of_range"),
        ("list assignment index out of range", "index_out_of_range"),
        ("index 5 is out of bounds for axis 0 with size 3", "index_out_of_range"),
        ("pop from empty list", "pop_from_empty"),
        ("pop from an empty deque", "pop_from_empty"),
        ("pop index out of range", "index_out_of_range"),
        ("Cannot choose from an empty sequence", "index_of_empty"),
        ("Replacement index 1 out of range for positional args tuple", "index_out_of_range"),
    ],
)
def test_the_message_alone_says_what_it_can(message, cause):
    assert cause == cause_of_message("IndexError", message)
