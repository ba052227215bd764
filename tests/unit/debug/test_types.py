"""Types: the cause, the line and the correction of programs that use a value of the wrong type."""

from __future__ import annotations

from functools import partial

import pytest
from broken_programs import Broken, assert_found, assert_mended, case_of

from functions.debug.model import Case
from functions.debug.rules import (
    types_arguments,
    types_callable,
    types_calls,
    types_indexing,
    types_items,
    types_iterating,
    types_operators,
    types_other,
)

FAMILIES = (
    types_arguments,
    types_callable,
    types_calls,
    types_indexing,
    types_items,
    types_iterating,
    types_operators,
    types_other,
)
"""In the order in which they are asked: that of their names."""

mixed = partial(Broken, "mixed_types_operator")
asked = partial(Broken, "input_is_text")
nothing = partial(Broken, "none_operand")
few = partial(Broken, "missing_argument")
many = partial(Broken, "too_many_arguments")
selfless = partial(Broken, "missing_self_parameter")
uncalled = partial(Broken, "method_not_called")
uncallable = partial(Broken, "not_callable")
hidden = partial(Broken, "shadowed_builtin_called")
single = partial(Broken, "not_iterable")
ranged = partial(Broken, "range_needs_int")
unnumbered = partial(Broken, "index_not_int")
fixedly = partial(Broken, "item_assignment")
key = partial(Broken, "unhashable")
unordered = partial(Broken, "unorderable")
argument = partial(Broken, "wrong_argument_type")
itemless = partial(Broken, "not_subscriptable")
empty = partial(Broken, "none_subscripted")

OPERATORS = [
    mixed(2, "age = 12\nprint('I am ' + age + ' years old')\n", "I am 12 years old\n"),
    mixed(2, "score = 3\nprint(score + ' points')\n", "3 points\n"),
    mixed(3, "text = ''\nfor n in range(3):\n    text += n\nprint(text)\n", "012\n"),
    mixed(1, "print('Sum: ' + sum([2, 3]))\n", "Sum: 5\n"),
    mixed(3, "price = 2.5\ncount = '4'\nprint(price * count)\n", "10.0\n"),
    mixed(1, "print(5 + '3')\n", "8\n"),
    mixed(2, "shop = ['milk']\nshop = shop + 'bread'\nprint(shop)\n", "['milk', 'bread']\n"),
    mixed(3, "a = {'x': 1}\nb = {'y': 2}\nprint(a + b)\n", "{'x': 1, 'y': 2}\n"),
    mixed(3, "a = {1}\nb = {2}\nprint(a + b)\n", "{1, 2}\n"),
    mixed(2, "marks = [2, 4]\nprint(marks / len(marks))\n", "3.0\n"),
    mixed(2, "digits = '1 2 3'.split()\nprint(sum(digits))\n", "6\n"),
    mixed(
        4,
        "rows = ['a;1', 'b;2']\ntotal = 0\nfor row in rows:\n    total = total + row.split(';')[1]\nprint(total)\n",
        "3\n",
    ),
    mixed(2, "half = 1.5\nprint('ab' * half)\n", "ab\n"),
    mixed(1, "print([1] - [2])\n"),
    mixed(2, "x = [1, 2]\nprint(x - 1)\n"),
    asked(2, "age = input('Age? ')\nprint(age + 1)\n", "Age? 13\n", stdin="12\n"),
    asked(2, "n = input()\nif n > 3:\n    print('big')\n", "big\n", stdin="5\n"),
    asked(3, "a = input()\nb = input()\nprint(a * b)\n", "12\n", stdin="3\n4\n"),
    asked(3, "width = input()\nheight = input()\narea = width * height\nprint(area)\n", "7.5\n", stdin="3\n2.5\n"),
    asked(2, "n = input()\nif n % 2 == 0:\n    print('even')\n", "even\n", stdin="4\n"),
    asked(
        2, "age = input()\nprint('Next year ' + age + ' becomes', age + 1)\n", "Next year 4 becomes 5\n", stdin="4\n"
    ),
    asked(4, "total = 0\nfor i in range(2):\n    n = input()\n    total += n\nprint(total)\n", "7\n", stdin="3\n4\n"),
    asked(3, "numbers = input().split()\nfor n in numbers:\n    print(n - 1)\n", "1\n2\n", stdin="2 3\n"),
    asked(
        2,
        "def less(n):\n    return n - 1\nprint(less(input()))\n",
        "1\n",
        stdin="2\n",
    ),
    asked(2, "guess = input()\nwhile guess < 5:\n    guess = input()\nprint('done')\n", "done\n", stdin="3\n6\n"),
    asked(3, "a = input()\nb = input()\nprint((a + b) / 2)\n", "3.0\n", stdin="2\n4\n"),
    asked(2, "year = input()\nprint(2030 - year)\n", "10\n", stdin="2020\n"),
    nothing(3, "def add(a, b):\n    print(a + b)\nprint(add(1, 2) + 1)\n", "4\n"),
    nothing(4, "def double(n):\n    result = n * 2\n\nprint(double(4) + 1)\n", "9\n"),
    nothing(
        4,
        "def fact(n):\n    if n == 1:\n        return 1\n    n * fact(n - 1) if n < 2 else None\nprint(fact(3) * 2)\n"[
            :0
        ]
        or "def total(xs):\n    s = 0\n    for x in xs: s += x\nprint(total([1, 2]) + 1)\n",
        "4\n",
    ),
    nothing(1, "print('Total: ') + str(3)\n", "Total: 3\n"),
    nothing(1, "print('%d points') % 3\n", "3 points\n"),
    nothing(
        3,
        "words = ['b', 'a']\nordered = words.sort()\nprint(ordered + ['x'])\n",
        "['a', 'b', 'x']\n",
    ),
    nothing(3, "stock = {'tea': 1}\ncount = stock.get('milk')\nprint(count + 1)\n"),
    uncalled(2, "name = 'bo'\nprint('Hi ' + name.title)\n", "Hi Bo\n"),
    uncalled(3, "def points():\n    return 4\nprint(points + 1)\n", "5\n"),
    uncalled(3, "def age():\n    return 20\nif age > 18:\n    print('ok')\n", "ok\n"),
    unordered(2, "points = '7'\nif points > 5:\n    print('won')\n", "won\n"),
    unordered(2, "values = [3, 'a']\nvalues.sort()\n"),
    unordered(2, "marks = [1, 2]\nif marks > 1:\n    print('x')\n"),
]

CALLS = [
    few(3, "def greet(name, age):\n    print(name, age)\ngreet('Bo')\n"),
    few(
        4,
        "def area(width, height):\n    return width * height\nheight = 3\nprint(area(2))\n",
        "6\n",
    ),
    few(4, "class Dog:\n    def __init__(self, name):\n        self.name = name\nrex = Dog()\n"),
    few(4, "class Dog:\n    def bark(self):\n        print('wuff')\nDog.bark()\n", "wuff\n"),
    few(2, "words = []\nwords.insert('a')\n"),
    few(1, "print(len())\n"),
    uncalled(5, "class Dog:\n    def bark(self):\n        print('wuff')\nrex = Dog\nrex.bark()\n", "wuff\n"),
    many(3, "def greet(name):\n    print(name)\ngreet('Bo', 3)\n"),
    many(1, "age = input('How old is ', 'Bo')\n", "How old is Bo", stdin="3"),
    many(2, "words = []\nwords.append('a', 'b')\nprint(words)\n", "['a', 'b']\n"),
    many(1, "print(sum(1, 2, 3))\n", "6\n"),
    many(3, "def f(a, b):\n    return a\nf(1, a=2)\n"),
    selfless(4, "class Dog:\n    def bark():\n        print('wuff')\nDog().bark()\n", "wuff\n"),
    selfless(
        5,
        "class Sum:\n    def add(a, b):\n        return a + b\nsums = Sum()\nprint(sums.add(1, 2))\n",
        "3\n",
    ),
    selfless(4, "class Cat:\n    def __init__(name):\n        pass\nCat('Tom')\n", ""),
    Broken(
        "missing_init",
        4,
        "class Dog:\n    def __int__(self, name):\n        self.name = name\nrex = Dog('Rex')\nprint(rex.name)\n",
        "Rex\n",
    ),
    Broken("missing_init", 3, "class Dog:\n    sound = 'wuff'\nrex = Dog('Rex')\n"),
    Broken("unexpected_keyword", 3, "def greet(name, times):\n    print(name * times)\ngreet('a', tmes=2)\n", "aa\n"),
    Broken("unexpected_keyword", 1, "print(1, 2, seperator='-')\n", "1-2\n"),
    Broken("unexpected_keyword", 1, "print(sorted([1, 2], reversed=True))\n", "[2, 1]\n"),
    Broken("unexpected_keyword", 3, "def greet(name):\n    print(name)\ngreet('a', colour='red')\n"),
]

CALLABLE = [
    hidden(2, "list = [1, 2]\nletters = list('ab')\nprint(letters, list)\n", "['a', 'b'] [1, 2]\n"),
    hidden(4, "sum = 0\nfor n in [1, 2]:\n    sum += n\nprint(sum([1, 2]))\n", "3\n"),
    hidden(2, "str = 'a'\nprint(str(3))\n", "3\n"),
    hidden(3, "def show(max):\n    print(max)\n    print(max(1, 2))\nshow(5)\n", "5\n2\n"),
    uncallable(2, "x = 3\nprint(2(x + 1))\n", "8\n"),
    uncallable(3, "x = 3\ny = 2\nprint(x(y + 1))\n", "9\n"),
    uncallable(2, "name = 'Bo'\nprint('Hi ' (name))\n", "Hi  Bo\n"),
    uncallable(1, "pairs = [(1, 2)\n         (3, 4)]\nprint(pairs)\n", "[(1, 2), (3, 4)]\n"),
    uncallable(2, "words = ['a', 'b']\nprint(words(0))\n", "a\n"),
    uncallable(2, "import random\nprint(random(4, 4))\n", "4\n"),
    uncallable(
        6,
        "class Box:\n    @property\n    def area(self):\n        return 4\n\nprint(Box().area())\n",
        "4\n",
    ),
    uncallable(
        8,
        "def loud(function):\n    def wrapper():\n        print(function().upper())\n\n@loud\ndef hi():\n"
        "    return 'hi'\nhi()\n",
        "HI\n",
    ),
    uncallable(
        6,
        "class Dog:\n    def __init__(self, name):\n        self.name = name\n    def name(self):\n"
        "        return 1\nDog('x').name()\n",
    ),
]

INDEXING = [
    empty(3, "words = ['b', 'a']\nwords = words.sort()\nprint(words[0])\n", "a\n"),
    empty(3, "def first():\n    names = ['Bo']\nprint(first()[0])\n", "Bo\n"),
    empty(2, "deck = [1].append(2)\nprint(deck[0])\n"),
    empty(3, "def pair(a, b):\n    print([a, b])\nprint(pair(1, 2)[0])\n", "1\n"),
    itemless(1, "print['hello']\n", "hello\n"),
    itemless(2, "words = ['a']\nwords.append['b']\nprint(words)\n", "['a', 'b']\n"),
    itemless(2, "year = 1984\nprint(year[0])\n", "1\n"),
    itemless(2, "ages = {'Bo': 3}\nprint(ages.keys()[0])\n", "Bo\n"),
    itemless(2, "tags = {'a'}\nprint(tags[0])\n", "a\n"),
    itemless(
        5, "class Dog:\n    def __init__(self):\n        self.name = 'Rex'\nrex = Dog()\nprint(rex['name'])\n", "Rex\n"
    ),
    itemless(3, "def names():\n    return ['Bo']\nprint(names[0])\n", "Bo\n"),
    itemless(2, "line = 'a b'\nprint(line.split[0])\n", "a\n"),
    unnumbered(3, "names = ['Bo', 'Al']\nfor name in names:\n    print(names[name])\n", "Bo\nAl\n"),
    unnumbered(2, "words = ['a', 'b', 'c']\nprint(words[len(words) / 2])\n", "b\n"),
    unnumbered(3, "words = ['a', 'b', 'c']\nmiddle = len(words) / 2\nprint(words[middle])\n", "b\n"),
    unnumbered(2, "grid = [[1, 2], [3, 4]]\nprint(grid[1, 0])\n", "3\n"),
    unnumbered(3, "people = {'bo': {'age': 3}}\nfor person in people:\n    print(person['age'])\n", "3\n"),
    unnumbered(1, "rows = [[1, 2] [3, 4]]\nprint(rows)\n", "[[1, 2], [3, 4]]\n"),
    unnumbered(2, "people = [{'name': 'Bo'}]\nprint(people['name'])\n"),
    unnumbered(2, "word = 'spam'\nprint(word[0:len(word) / 2])\n", "sp\n"),
    asked(3, "menu = ['tea', 'milk']\nchoice = input()\nprint(menu[choice])\n", "milk\n", stdin="1\n"),
]

ITEMS = [
    fixedly(2, "word = 'cat'\nword[0] = 'h'\nprint(word)\n", "hat\n"),
    fixedly(2, "word = 'cat'\nword[-1] = 'r'\nprint(word)\n", "car\n"),
    fixedly(
        4, "word = 'cat'\nfor i in range(3):\n    if word[i] == 'a':\n        word[i] = 'u'\nprint(word)\n", "cut\n"
    ),
    fixedly(2, "point = (1, 2)\npoint[0] = 5\nprint(point)\n", "[5, 2]\n"),
    fixedly(2, "n = 5\nn[0] = 1\n"),
    fixedly(2, "word = 'cat'\ndel word[0]\n"),
    key(1, "places = {[1, 2]: 'a'}\nprint(places)\n", "{(1, 2): 'a'}\n"),
    key(2, "seen = set()\nseen.add([1, 2])\nprint(seen)\n", "{(1, 2)}\n"),
    key(3, "d = {}\nspot = [1, 2]\nd[spot] = 1\nprint(d)\n", "{(1, 2): 1}\n"),
    key(1, "wanted = {{'a': 1}}\n"),
]

ITERATING = [
    single(1, "for i in 3:\n    print(i)\n", "0\n1\n2\n"),
    single(2, "words = ['a', 'b']\nfor i in len(words):\n    print(words[i])\n", "a\nb\n"),
    single(2, "n = 2\nprint([i for i in n])\n", "[0, 1]\n"),
    single(3, "def get():\n    names = ['Bo']\nfor name in get():\n    print(name)\n", "Bo\n"),
    single(2, "items = [1]\nitems += 2\nprint(items)\n", "[1, 2]\n"),
    single(2, "items = [1]\nitems.extend(2)\nprint(items)\n", "[1, 2]\n"),
    single(1, "a, b = 5\n"),
    single(2, "code = 1234\nif '2' in code:\n    print('yes')\n", "yes\n"),
    single(1, "print(sum(1, 2))\n", "3\n"),
    uncalled(2, "ages = {'Bo': 3}\nfor name, age in ages.items:\n    print(name, age)\n", "Bo 3\n"),
    ranged(2, "n = 5\nfor i in range(n / 2):\n    print(i)\n", "0\n1\n"),
    ranged(1, "for i in range(2.0):\n    print(i)\n", "0\n1\n"),
    ranged(2, "words = ['a', 'b']\nfor i in range(words):\n    print(words[i])\n", "a\nb\n"),
    ranged(2, "times = '2'\nfor i in range(times):\n    print(i)\n", "0\n1\n"),
    asked(2, "times = input()\nfor i in range(times):\n    print(i)\n", "0\n1\n", stdin="2\n"),
]

ARGUMENTS = [
    argument(2, "n = 1234\nprint(len(n))\n", "4\n"),
    argument(2, "numbers = [1, 2]\nprint('-'.join(numbers))\n", "1-2\n"),
    argument(1, "print(int(['1', '2']))\n", "[1, 2]\n"),
    argument(1, "values = int(input().split())\nprint(values)\n", "[1, 2]\n", stdin="1 2\n"),
    argument(2, "import math\nprint(math.sqrt('16'))\n", "4.0\n"),
    argument(2, "line = 'a1'\nprint(1 in line)\n", "True\n"),
    argument(2, "text = 'a1b'\nprint(text.replace('1', 2))\n", "a2b\n"),
    argument(2, "doubled = map(str, [1, 2])\nprint(len(doubled))\n", "2\n"),
    argument(3, "words = []\nwords = words.append('a')\nprint(len(words))\n", "1\n"),
    argument(1, "raise 'wrong'\n"),
    asked(2, "n = input()\nprint(round(n))\n", "3\n", stdin="3\n"),
    uncalled(2, "name = 'bo'\nprint(len(name.upper))\n", "2\n"),
    Broken(
        "type_other",
        6,
        "from abc import ABC, abstractmethod\nclass Shape(ABC):\n    @abstractmethod\n    def area(self):\n"
        "        ...\nShape()\n",
    ),
]

PROGRAMS = [*OPERATORS, *CALLS, *CALLABLE, *INDEXING, *ITEMS, *ITERATING, *ARGUMENTS]


def diagnosed(case: Case):
    return next(found for family in FAMILIES for rule in family.RULES["TypeError"] if (found := rule(case)))


@pytest.mark.parametrize("marked", [True, False], ids=["marked", "unmarked"])
@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_the_cause_and_the_line_of_a_wrong_type_are_found(program, marked):
    assert_found(program, diagnosed(case_of(program, marked=marked)))


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_the_corrected_program_does_what_was_meant_and_is_otherwise_untouched(program):
    assert_mended(program, diagnosed(case_of(program)), most_lines=6)
