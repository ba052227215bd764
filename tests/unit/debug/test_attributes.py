"""Attributes: the cause, the line and the correction of programs that ask for what a value does not have."""

from __future__ import annotations

from functools import partial

import pytest
from broken_programs import Broken, assert_found, assert_mended, case_of

from functions.debug.diagnose import diagnose
from functions.debug.model import Case, ErrorSeen

typo = partial(Broken, "misspelt_attribute")
otherly = partial(Broken, "method_of_other_type")
noned = partial(Broken, "attribute_of_none")
unset = partial(Broken, "attribute_never_set")
module = partial(Broken, "module_has_no_attribute")
DOG = "class Dog:\n    def __init__(self, name):\n        self.name = name\n"
SPACED_DOG = DOG + "\n\n"
PROGRAMS = [
    typo(2, "words = ['a']\nwords.apend('b')\nprint(words)\n", "['a', 'b']\n"),
    typo(2, "name = 'bo'\nprint(name.uper())\n", "BO\n"),
    typo(2, "ages = {'Bo': 3}\nfor key, value in ages.item():\n    print(key, value)\n", "Bo 3\n"),
    typo(5, DOG + "rex = Dog('Rex')\nprint(rex.nmae)\n", "Rex\n"),
    typo(7, DOG + "    def bark(self):\n        print('wuff')\nrex = Dog('Rex')\nrex.brak()\n", "wuff\n"),
    typo(
        5,
        "class Cart:\n    def __init__(self):\n        self.items = []\n    def add(self, item):\n"
        "        self.item.append(item)\n"
        "cart = Cart()\ncart.add('tea')\nprint(cart.items)\n",
        "['tea']\n",
    ),
    otherly(2, "words = ['a']\nwords.push('b')\nprint(words)\n", "['a', 'b']\n"),
    otherly(2, "words = ['a', 'b']\nfor i in range(words.length):\n    print(words[i])\n", "a\nb\n"),
    otherly(2, "words = ['a', 'b']\nprint(words.size())\n", "2\n"),
    otherly(2, "name = 'bo'\nif name.contains('b'):\n    print('yes')\n", "yes\n"),
    otherly(2, "name = 'bo'\nprint(name.toUpperCase())\n", "BO\n"),
    otherly(3, "word = ''\nfor letter in 'abc':\n    word.append(letter)\nprint(word)\n", "abc\n"),
    otherly(2, "word = 'abc'\nprint(word.reverse())\n", "cba\n"),
    otherly(2, "word = 'abcdef'\nprint(word.substring(1, 3))\n", "bc\n"),
    otherly(2, "ages = {'Bo': 3}\nif ages.has_key('Bo'):\n    print('yes')\n", "yes\n"),
    otherly(2, "person = {'name': 'Bo'}\nprint(person.name)\n", "Bo\n"),
    otherly(2, "tags = set()\ntags.append('a')\nprint(tags)\n", "{'a'}\n"),
    otherly(2, "point = (1, 2)\npoint.append(3)\nprint(point)\n", "[1, 2, 3]\n"),
    otherly(2, "numbers = range(3)\nnumbers.append(9)\nprint(numbers)\n", "[0, 1, 2, 9]\n"),
    otherly(2, "n = 12\nprint(n.isdigit())\n", "True\n"),
    otherly(2, "x = 2.345\nprint(x.round(1))\n", "2.3\n"),
    otherly(1, "words = 'A B'.split().lower()\nprint(words)\n", "['a', 'b']\n"),
    otherly(2, "words = ['a', 'b']\nprint(words.join('-'))\n", "a-b\n"),
    otherly(2, "lines = ['a ', 'b ']\nprint(lines.strip())\n"),
    otherly(2, "ages = {'Bo': 3}\nnames = ages.keys().sort()\nprint(names)\n", "['Bo']\n"),
    otherly(6, DOG + "dogs = [Dog('Rex')]\nfor i in range(len(dogs)):\n    print(i.name)\n", "Rex\n"),
    otherly(2, "x = 5\nx.append(3)\n"),
    noned(3, "words = ['b', 'a']\nwords = words.sort()\nwords.append('c')\nprint(words)\n", "['a', 'b', 'c']\n"),
    noned(3, "def make():\n    names = ['Bo']\nmake().append('x')\n", ""),
    noned(2, "import re\nprint(re.match('a', 'b').group())\n"),
    noned(2, "words = ['a']\nwords.append('b').append('c')\n"),
    Broken("method_not_called", 1, "name = input.strip()\nprint(name)\n", "Bo\n", stdin=" Bo \n"),
    Broken("method_not_called", 2, "name = ' bo '\nprint(name.strip.upper())\n", "BO\n"),
    unset(
        6,
        "class Dog:\n    def __init__(self, name):\n        name = name\n\nrex = Dog('Rex')\nprint(rex.name)\n",
        "Rex\n",
    ),
    unset(5, "class Dog:\n    def __init__(self, name):\n        pass\nrex = Dog('Rex')\nprint(rex.name)\n", "Rex\n"),
    unset(
        5,
        "class Account:\n    def __init__(self):\n        self.owner = 'Bo'\n    def add(self, x):\n"
        "        self.balance += 5\n"
        "a = Account()\na.add(1)\nprint(a.balance)\n",
        "5\n",
    ),
    unset(
        6,
        "class Puppy:\n    def __init__(self):\n        self.age = 1\n    def grow(self):\n"
        "        self.big = True\nprint(Puppy().big)\n",
    ),
    unset(
        7,
        DOG
        + "class Puppy(Dog):\n    def __init__(self, name, age):\n        self.age = age\nprint(Puppy('Bo', 1).name)\n",
        "Bo\n",
    ),
    unset(6, DOG + "def bark(self):\n    print(self.name)\nDog('Rex').bark()\n", "Rex\n"),
    unset(4, DOG + "print(Dog.name)\n"),
    unset(4, "class Safe:\n    def __init__(self):\n        self.__code = 1\nprint(Safe().__code)\n"),
    unset(5, DOG + "rex = Dog('Rex')\nrex.fly()\n"),
    unset(4, "class Game:\n    def start(self):\n        self.level = 1\nprint(Game().level)\n"),
    module(2, "import math\nprint(math.squareroot(9))\n", "3.0\n"),
    module(2, "import math\nprint(math.PI > 3)\n", "True\n"),
    module(2, "import random\nprint(random.randInt(4, 4))\n", "4\n"),
    module(2, "import datetime\nprint(datetime.now().year > 2000)\n", "True\n"),
    module(2, "import math\nprint(math.randint(4, 4))\n", "4\n"),
    module(2, "import math\nprint(math.abs(-4))\n", "4\n"),
    module(2, "import string\nprint(string.letters[0])\n", "a\n"),
    module(2, "from random import random\nprint(random.randint(4, 4))\n", "4\n"),
    Broken("misspelt_attribute", 2, "words = ['tea']\nwords.apend('ink')\nprint(words)\n", "['tea', 'ink']\n"),
    Broken("misspelt_attribute", 2, "name = 'ada'\nprint(name.uper())\n", "ADA\n"),
    Broken("misspelt_attribute", 2, "name = 'ada'\nprint(name.startsWith('a'))\n", "True\n"),
    Broken("misspelt_attribute", 6, SPACED_DOG + "print(Dog('Rex').nmae)\n", "Rex\n"),
    Broken(
        "misspelt_attribute",
        7,
        "class Dog:\n    def __init__(self, name):\n        self.naem = name\n\n    def say(self):\n"
        "        # twice\n        print(self.name, self.name)\n\n\nDog('Rex').say()\n",
        "Rex Rex\n",
    ),
    Broken("misspelt_attribute", 8, SPACED_DOG + "rex = Dog('Rex')\nrex.age = 3\nprint(rex.Name)\n", "Rex\n"),
    Broken("method_of_other_type", 2, "xs = [3]\nxs.push(4)\nprint(xs)\n", "[3, 4]\n"),
    Broken("method_of_other_type", 2, "xs = [3]\nprint(xs.length)\n", "1\n"),
    Broken("method_of_other_type", 2, "word = 'tea'\nprint(word.length())\n", "3\n"),
    Broken("method_of_other_type", 2, "word = 'tea'\nif word.contains('e'):\n    print('yes')\n", "yes\n"),
    Broken("method_of_other_type", 2, "word = 'tea'\nif not word.contains('x'):\n    print('no')\n", "no\n"),
    Broken("method_of_other_type", 2, "word = 'tea'\nword.append('s')\nprint(word)\n", "teas\n"),
    Broken("method_of_other_type", 2, "word = 'tea'\nprint(word.reverse())\n", "aet\n"),
    Broken("method_of_other_type", 2, "word = 'tea'\nprint(word.toUpperCase())\n", "TEA\n"),
    Broken("method_of_other_type", 2, "words = ['a', 'b']\nprint(words.join('-'))\n", "a-b\n"),
    Broken("method_of_other_type", 2, "ages = {'Ada': 3}\nprint(ages.has_key('Ada'))\n", "True\n"),
    Broken("method_of_other_type", 2, "ages = {'Ada': 3}\nprint(ages.Ada)\n", "3\n"),
    Broken("method_of_other_type", 2, "ages = {}\nages.add('Ada', 3)\nprint(ages)\n", "{'Ada': 3}\n"),
    Broken("method_of_other_type", 2, "seen = {1}\nseen.append(2)\nprint(seen)\n", "{1, 2}\n"),
    Broken("method_of_other_type", 2, "point = (1, 2)\npoint.append(3)\nprint(point)\n", "[1, 2, 3]\n"),
    Broken("method_of_other_type", 2, "n = range(3)\nn.append(3)\nprint(n)\n", "[0, 1, 2, 3]\n"),
    Broken("method_of_other_type", 2, "n = 25\nprint(n.isdigit())\n", "True\n"),
    Broken("method_of_other_type", 2, "names = ['ada', 'bob']\nprint(names.upper())\n"),
    Broken("attribute_of_none", 3, "xs = [2, 1]\nxs = xs.sort()\nxs.append(3)\nprint(xs)\n", "[1, 2, 3]\n"),
    Broken("attribute_of_none", 4, "def greet(n):\n    'Hi ' + n\n\nprint(greet('Bo').upper())\n", "HI BO\n"),
    Broken("attribute_of_none", 2, "import re\nprint(re.match('a', 'b').group())\n"),
    Broken("attribute_of_none", 2, "head = None\nprint(head.next)\n"),
    Broken("method_not_called", 2, "name = ' ada '\nprint(name.strip.upper())\n", "ADA\n"),
    Broken(
        "attribute_never_set",
        6,
        "class Dog:\n    def __init__(self, name):\n        name = name\n\n\nprint(Dog('Rex').name)\n",
        "Rex\n",
    ),
    Broken(
        "attribute_never_set",
        5,
        "class Dog:\n    def __init__(self, name):\n        pass\n\nprint(Dog('Rex').name)\n",
        "Rex\n",
    ),
    Broken(
        "attribute_never_set",
        6,
        "class Shop:\n    def __init__(self):\n        self.open = True\n\n    def sell(self, item):\n        "
        "self.sold.append(item)\n"
        "        print(self.sold)\n\n\nShop().sell('tea')\n",
        "['tea']\n",
    ),
    Broken(
        "attribute_never_set",
        6,
        "class Counter:\n    def __init__(self):\n        self.name = 'c'\n\n    def up(self):\n        self.count "
        "+= 1\n"
        "        print(self.count)\n\n\nCounter().up()\n",
        "1\n",
    ),
    Broken(
        "attribute_never_set",
        11,
        SPACED_DOG + "class Puppy(Dog):\n    def __init__(self, name, age):\n        self.age = age\n\n\n"
        "print(Puppy('Rex', 1).name)\n",
        "Rex\n",
    ),
    Broken(
        "attribute_never_set",
        6,
        "class Dog:\n    def train(self):\n        self.tricks = ['sit']\n\n\nprint(Dog().tricks)\n",
    ),
    Broken("attribute_never_set", 6, SPACED_DOG + "print(Dog.name)\n"),
    Broken(
        "missing_init",
        5,
        "class Dog:\n    def _init_(self):\n        self.tricks = []\n\nprint(Dog().tricks)\n",
        "[]\n",
    ),
    Broken("module_has_no_attribute", 2, "import math\nprint(math.squareroot(9))\n", "3.0\n"),
    Broken("module_has_no_attribute", 2, "import math\nprint(math.Sqrt(9))\n", "3.0\n"),
    Broken("module_has_no_attribute", 2, "import math\nprint(math.abs(-9))\n", "9\n"),
    Broken("module_has_no_attribute", 2, "import math\nprint(math.choice([4]))\n", "4\n"),
    Broken("module_has_no_attribute", 2, "import datetime\nprint(datetime.now().year > 2000)\n", "True\n"),
    Broken(
        "module_has_no_attribute",
        2,
        "from datetime import datetime\nprint(datetime.datetime(2024, 1, 2).year)\n",
        "2024\n",
    ),
    Broken("module_has_no_attribute", 2, "import math\nprint(math.nothing_like_it)\n"),
    Broken(
        "other_error",
        7,
        "class A:\n    @property\n    def x(self):\n        return 1\n\na = A()\na.x = 2\n",
    ),
]


@pytest.mark.parametrize("marked", [True, False], ids=["marked", "unmarked"])
@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_the_cause_and_the_line_of_a_missing_attribute_are_found(program, marked):
    assert_found(program, diagnose(case_of(program, marked=marked)))


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_the_corrected_program_does_what_was_meant_and_is_otherwise_untouched(program):
    assert_mended(program, diagnose(case_of(program)), most_lines=6)


MESSAGES = [
    ("'list' object has no attribute 'push'", "method_of_other_type"),
    ("'list' object has no attribute 'apend'. Did you mean: 'append'?", "misspelt_attribute"),
    ("'str' object has no attribute 'uper'", "misspelt_attribute"),
    ("'NoneType' object has no attribute 'append'", "attribute_of_none"),
    ("'Dog' object has no attribute 'age'", "attribute_never_set"),
    ("type object 'Dog' has no attribute 'age'", "attribute_never_set"),
    ("module 'math' has no attribute 'squareroot'", "module_has_no_attribute"),
    (
        "partially initialized module 'random' has no attribute 'randint' (most likely due to a circular import)",
        "shadowed_module",
    ),
    (
        "module 'random' has no attribute 'randint' (consider renaming 'C:\\Users\\me\\random.py' since it has the "
        "same name as the standard library module named 'random' and the import system gives it precedence)",
        "shadowed_module",
    ),
]


@pytest.mark.parametrize(("message", "cause"), MESSAGES)
def test_the_message_alone_of_any_python_says_what_it_can(message, cause):
    found = diagnose(Case(error=ErrorSeen("AttributeError", message)))
    assert (cause, None) == (found.cause, found.fixed)
