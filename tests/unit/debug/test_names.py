"""Names: the cause, the line and the correction of programs that use a name which has no value."""

from __future__ import annotations

import pytest
from broken_programs import Broken, assert_found, assert_mended, case_of

from functions.debug.model import Case, ErrorSeen
from functions.debug.rules import names, names_unbound

PROGRAMS = [
    Broken("misspelt_name", 2, 'greeting = "Hi"\nprint(greetng)\n', "Hi\n"),
    Broken("misspelt_name", 3, "total_price = 4\ntax = 1\nprint(totalPrice + tax)\n", "5\n"),
    Broken(
        "misspelt_name",
        4,
        "def average(marks):\n    total = sum(marks)\n    count = len(marks)\n    return totl / count\n\n\n"
        "print(average([2, 4]))\n",
        "3.0\n",
    ),
    Broken(
        "misspelt_name",
        2,
        "for student in ['Mia', 'Tom']:\n    print(studnet.upper())\n    print(studnet)\n",
        "MIA\nMia\nTOM\nTom\n",
    ),
    Broken(
        "misspelt_name",
        4,
        "def area(width, height):\n    return width * height\nwidht = 5\nprint(area(width, 3))\n",
        "15\n",
    ),
    Broken("misspelt_name", 3, "total = 0\nfor n in [1, 2]:\n    totl = totl + n\nprint(total)\n", "3\n"),
    Broken(
        "misspelt_name",
        3,
        "counter = 1\nfor n in [1, 2]:\n    countr += n\nprint(counter)\n",
        "4\n",
    ),
    Broken("misspelt_name", 3, "größe = 3\nname = 'é'\nprint(name, größse)\n", "é 3\n"),
    Broken("misspelt_builtin", 1, 'pritn("hello")\n', "hello\n"),
    Broken("misspelt_builtin", 1, 'name = imput()\nprint("Hi", name)\n', "Hi Bo\n", stdin="Bo\n"),
    Broken("misspelt_builtin", 2, "words = ['a', 'b']\nfor i in rnage(len(words)):\n    print(words[i])\n", "a\nb\n"),
    Broken("misspelt_builtin", 2, "word = 'tea'\nprint(length(word))\n", "3\n"),
    Broken("misspelt_builtin", 1, "println('x')\n", "x\n"),
    Broken("misspelt_builtin", 1, "name = raw_input()\nprint(name)\n", "Bo\n", stdin="Bo\n"),
    Broken("misspelt_builtin", 1, "x = null\nprint(x)\n", "None\n"),
    Broken("misspelt_builtin", 4, "def main():\n    print('on')\n\nif _name_ == '__main__':\n    main()\n", "on\n"),
    Broken("misspelt_keyword", 3, "for n in range(5):\n    if n == 1:\n        braek\n    print(n)\n", "0\n"),
    Broken("wrong_case_name", 2, "Score = 3\nprint(score)\n", "3\n"),
    Broken("wrong_case_name", 1, "Print('x')\n", "x\n"),
    Broken("wrong_case_name", 1, "done = false\nprint(done)\n", "False\n"),
    Broken("wrong_case_name", 3, "class dog:\n    pass\nrex = Dog()\nprint(type(rex).__name__)\n", "dog\n"),
    Broken("used_before_assignment", 1, "greet('Ada')\n\ndef greet(name):\n    print('Hi', name)\n", "Hi Ada\n"),
    Broken("used_before_assignment", 1, "print(price * 2)\nprice = 10\n", "20\n"),
    Broken(
        "used_before_assignment",
        4,
        "# shop\ndef main():\n    print('go')\n    helper()\n\n\nmain()\n\n\ndef helper():\n    print('help')\n",
        "go\nhelp\n",
    ),
    Broken("used_before_assignment", 2, "for n in [1, 2, 3]:\n    total = total + n\nprint(total)\n", "6\n"),
    Broken("used_before_assignment", 2, "for letter in 'abc':\n    word += letter\nprint(word)\n", "abc\n"),
    Broken("used_before_assignment", 2, "for n in [1, 2]:\n    squares.append(n * n)\nprint(squares)\n", "[1, 4]\n"),
    Broken(
        "used_before_assignment",
        3,
        "def add_up(numbers):\n    for n in numbers:\n        total += n\n    return total\n\nprint(add_up([1, 2]))\n",
        "3\n",
    ),
    Broken("unbound_in_some_branch", 3, "age = 3\nif age > 17: word = 'adult'\nprint(word)\n"),
    Broken(
        "unbound_in_some_branch", 5, "try:\n    number = int('x')\nexcept ValueError:\n    print('no')\nprint(number)\n"
    ),
    Broken("unbound_in_some_branch", 3, "for item in []:\n    last = item\nprint(last)\n"),
    Broken(
        "unbound_in_some_branch",
        4,
        "def grade(points):\n    if points > 50:\n        mark = 'pass'\n    return mark\nprint(grade(20))\n",
    ),
    Broken("forgotten_quotes", 1, "print(Hello)\n", "Hello\n"),
    Broken("forgotten_quotes", 1, "colours = [red, green, blue]\nprint(colours[0])\n", "red\n"),
    Broken("forgotten_quotes", 2, "answer = input()\nif answer == yes:\n    print('good')\n", "good\n", stdin="yes\n"),
    Broken(
        "forgotten_quotes",
        2,
        "op = input()\nif op == add:\n    print(1)\nelif op == sub:\n    print(2)\n",
        "2\n",
        stdin="sub\n",
    ),
    Broken("forgotten_quotes", 2, "ages = {'Ann': 3, 'Bo': 5}\nprint(ages[Bo])\n", "5\n"),
    Broken("forgotten_quotes", 1, "person = {name: 'Ann', age: 3}\nprint(person['name'])\n", "Ann\n"),
    Broken("forgotten_quotes", 1, "city = Paris\nprint(city)\n", "Paris\n"),
    Broken("forgotten_quotes", 1, "if __name__ == __main__:\n    print('on')\n", "on\n"),
    Broken("forgotten_quotes", 3, "def greet(name):\n    print('Hi', name)\ngreet(Anna)\n", "Hi Anna\n"),
    Broken("forgotten_import", 1, "print(math.floor(2.5))\n", "2\n"),
    Broken("forgotten_import", 3, '"""Doc."""\n\nprint(random.randint(4, 4))\n', "4\n"),
    Broken("forgotten_import", 2, "from math import pi\nprint(math.sqrt(16))\n", "4.0\n"),
    Broken("forgotten_import", 2, "import math\nprint(sqrt(16))\n", "4.0\n"),
    Broken("forgotten_import", 1, "print(sqrt(16))\n", "4.0\n"),
    Broken("forgotten_import", 1, "d = datetime.strptime('2020', '%Y')\nprint(d.year)\n", "2020\n"),
    Broken("forgotten_import", 2, "import math as m\nprint(math.sqrt(9))\n", "3.0\n"),
    Broken("forgotten_import", 1, "counts = defaultdict(int)\ncounts['a'] += 1\nprint(counts['a'])\n", "1\n"),
    Broken(
        "name_in_other_scope",
        4,
        "def compute():\n    result = 5\n    return result\nprint(result) if compute() else None\n",
    ),
    Broken(
        "name_in_other_scope",
        5,
        "def compute(x):\n    result = x * 5\n    return result\ncompute(2)\nprint(result)\n",
        "10\n",
    ),
    Broken("name_in_other_scope", 4, "def compute(x):\n    result = x * 5\ncompute(2)\nprint(result)\n", "10\n"),
    Broken("name_in_other_scope", 2, "squares = [n * n for n in range(3)]\nprint(n)\n"),
    Broken(
        "name_in_other_scope",
        5,
        "class Dog:\n    def bark(self):\n        print('wuff')\nrex = Dog()\nbark()\n",
        "wuff\n",
    ),
    Broken("name_in_other_scope", 5, "try:\n    int('x')\nexcept ValueError as e:\n    print('no')\nprint(e)\n"),
    Broken(
        "forgotten_self",
        6,
        "class Box:\n    def __init__(self, size):\n        self.size = size\n\n    def area(self):\n"
        "        return size * size\n\nprint(Box(3).area())\n",
        "9\n",
    ),
    Broken(
        "forgotten_self",
        5,
        "class Dog:\n    def bark(self):\n        print('wuff')\n    def greet(self):\n        bark()\nDog().greet()\n",
        "wuff\n",
    ),
    Broken(
        "forgotten_self",
        4,
        "class Counter:\n    count = 0\n    def up(self):\n        count += 1\n        return count\n"
        "print(Counter().up())\n",
        "1\n",
    ),
    Broken(
        "missing_self_parameter",
        3,
        "class Dog:\n    def bark(this):\n        print(self.name)\nrex = Dog()\nrex.name = 'Rex'\nrex.bark()\n",
        "Rex\n",
    ),
    Broken("name_other", 1, "print(result)\n"),
    Broken("name_other", 2, "a = 1\nprint(a + bonus)\n"),
    Broken(
        "local_assigned_in_function",
        3,
        "count = 0\ndef up():\n    count += 1\nup()\nup()\nprint(count)\n",
        "2\n",
    ),
    Broken(
        "local_assigned_in_function",
        4,
        'score = 10\ndef play():\n    """Play."""\n    print(score)\n    score = score + 1\nplay()\n',
        "10\n",
    ),
    Broken(
        "local_assigned_in_function",
        4,
        "def outer():\n    n = 0\n    def inner():\n        n += 1\n        return n\n    return inner()\n"
        "print(outer())\n",
        "1\n",
    ),
    Broken(
        "local_assigned_in_function",
        2,
        "def biggest(a, b):\n    max = max(a, b)\n    return max\nprint(biggest(2, 3))\n",
        "3\n",
    ),
]


def diagnosed(case: Case):
    rules = {**names.RULES, **names_unbound.RULES}[case.error.type]
    return next(found for rule in rules if (found := rule(case)))


@pytest.mark.parametrize("marked", [True, False], ids=["marked", "unmarked"])
@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_the_cause_and_the_line_of_a_name_without_value_are_found(program, marked):
    assert_found(program, diagnosed(case_of(program, marked=marked)))


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_the_corrected_program_does_what_was_meant_and_is_otherwise_untouched(program):
    assert_mended(program, diagnosed(case_of(program)), most_lines=8)


MESSAGES = [
    ("NameError", "name 'x' is not defined", "name_other"),
    ("NameError", "name 'lenght' is not defined", "misspelt_builtin"),
    ("NameError", "name 'pritn' is not defined. Did you mean: 'print'?", "misspelt_builtin"),
    ("NameError", "name 'totl' is not defined. Did you mean: 'total'?", "misspelt_name"),
    ("NameError", "name 'Input' is not defined. Did you mean: 'input'?", "wrong_case_name"),
    ("NameError", "name 'true' is not defined", "wrong_case_name"),
    ("NameError", "name 'math' is not defined. Did you forget to import 'math'?", "forgotten_import"),
    ("NameError", "name 'random' is not defined", "forgotten_import"),
    ("NameError", "name 'randint' is not defined", "forgotten_import"),
    (
        "NameError",
        "name 'time' is not defined. Did you mean: 'tile'? Or did you forget to import 'time'?",
        "forgotten_import",
    ),
    ("NameError", "name 'np' is not defined", "forgotten_import"),
    ("NameError", "name 'size' is not defined. Did you mean: 'self.size'?", "forgotten_self"),
    ("NameError", "free variable 'n' referenced before assignment in enclosing scope", "name_other"),
    (
        "NameError",
        "cannot access free variable 'n' where it is not associated with a value in enclosing scope",
        "name_other",
    ),
    ("UnboundLocalError", "local variable 'count' referenced before assignment", "local_assigned_in_function"),
    (
        "UnboundLocalError",
        "cannot access local variable 'count' where it is not associated with a value",
        "local_assigned_in_function",
    ),
]


@pytest.mark.parametrize(("type_", "message", "cause"), MESSAGES)
def test_the_message_alone_of_any_python_says_what_it_can(type_, message, cause):
    found = diagnosed(Case(error=ErrorSeen(type_, message)))
    assert (cause, None) == (found.cause, found.fixed)
    assert "``" not in found.explanation.replace("` ", "")


def test_the_line_a_traceback_shows_is_enough_to_name_an_import():
    error = ErrorSeen("NameError", "name 'math' is not defined", line=7, source="print(math.sqrt(4))")
    assert (diagnosed(Case(error=error)).cause, diagnosed(Case(error=error)).line) == ("forgotten_import", 7)


def test_windows_line_ends_and_everything_else_stay_as_they_are():
    code = "# ünïcode ☃\r\ntotal = 4\r\n\r\nprint('☃', totl)   # ok\r\n"
    error = ErrorSeen("NameError", "name 'totl' is not defined", line=4, source="print('☃', totl)   # ok")
    assert code.replace("totl", "total") == diagnosed(Case(code, error)).fixed


def test_a_word_of_an_import_of_everything_is_not_put_in_quotes():
    code = "from turtle import *\nspeed(fast)\nif colour() == rot:\n    forward(dist)\n"
    error = ErrorSeen("NameError", "name 'colour' is not defined", line=3)
    assert diagnosed(Case(code, error)).cause != "forgotten_quotes"
