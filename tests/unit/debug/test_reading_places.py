"""The program helps to find the line: where numbers are of another file, and where no number is told."""

import pytest

from functions.debug.reading import read_error

SHOP = """\
prices = {"apple": 3}


def total(names):
    result = 0
    for name in names:
        result += prices[name]
    return result


print(total(["apple", "pear"]))
"""


def traceback(line, source, file="main.py", function="<module>", message="KeyError: 'pear'"):
    return f'Traceback (most recent call last):\n  File "{file}", line {line}, in {function}\n    {source}\n{message}\n'


def test_the_line_is_the_told_one_where_the_program_has_it_there():
    assert read_error(traceback(7, "result += prices[name]", function="total"), SHOP).line == 7


def test_a_line_of_another_count_is_the_one_that_reads_the_same():
    assert read_error(traceback(107, "result += prices[name]", function="total"), SHOP).line == 7


def test_of_lines_that_read_the_same_the_nearest_is_meant():
    code = "print(x)\ny = 1\ny = 2\nprint(x)\n"
    assert read_error(traceback(5, "print(x)"), code).line == 4


def test_a_line_that_the_program_does_not_have_stays_as_it_was_told():
    error = read_error(traceback(300, "something(else_)"), SHOP)
    assert (error.line, error.source) == (300, "something(else_)")


def test_the_frame_in_the_program_counts_for_more_than_the_one_in_the_learners_other_file():
    text = (
        "Traceback (most recent call last):\n"
        '  File "main.py", line 11, in <module>\n    print(total(["apple", "pear"]))\n'
        '  File "helper.py", line 3, in price_of\n    return table[name]\n'
        "KeyError: 'pear'\n"
    )
    assert (read_error(text, SHOP).line, read_error(text, SHOP).file) == (11, "main.py")
    assert (read_error(text).line, read_error(text).file) == (3, "helper.py")


def test_what_was_typed_at_the_prompt_is_looked_for_in_the_program():
    text = (
        ">>> print(total(['pear']))\nTraceback (most recent call last):\n"
        "  File \"<stdin>\", line 1, in <module>\nKeyError: 'pear'\n"
    )
    error = read_error(text, "total = dict\n\nprint(total(['pear']))\n")
    assert (error.line, error.source) == (3, "print(total(['pear']))")


@pytest.mark.parametrize(
    ("message", "code", "line", "function"),
    [
        ("NameError: name 'conter' is not defined", "counter = 1\n# conter\nprint(conter)\nprint(conter)\n", 3, None),
        ("name 'totl' is not defined", "def f():\n    total = 1\n    return totl\n\n\nf()\n", 3, "f"),
        ("UnboundLocalError: local variable 'n' referenced before assignment", "n = 1\ndef f():\n    n += 1\n", 3, "f"),
        (
            "UnboundLocalError: cannot access local variable 'n' where it is not associated with a value",
            "n = 1\nprint(n)\ndef f():\n    print(n)\n    n = 2\n",
            4,
            "f",
        ),
        ("AttributeError: 'list' object has no attribute 'push'", "a = []\na.append(1)\na.push(2)\n", 3, None),
        (
            "AttributeError: 'str' object has no attribute 'uper'. Did you mean: 'upper'?",
            "s = 'a'.upper()\nprint(s.uper())\n",
            2,
            None,
        ),
        ("ModuleNotFoundError: No module named 'numpyy'", "import math\nimport numpyy as np\n", 2, None),
        ("ImportError: cannot import name 'sqroot' from 'math' (x)", "import os\nfrom math import sqroot\n", 2, None),
        ("TypeError: f() missing 1 required positional argument: 'b'", "def f(a, b):\n    pass\n\nf(1)\n", 4, None),
        (
            "TypeError: Dog.__init__() missing 1 required positional argument: 'name'",
            "class Dog:\n    def __init__(self, name): pass\n\nrex = Dog()\n",
            4,
            None,
        ),
        ("KeyError: 'b'", "d = {'a': 1}\nprint(d['a'])\nprint(d['b'])\n", 3, None),
        ("ValueError: invalid literal for int() with base 10: 'x'", "s = 'x'\nn = int(s)\n", 2, None),
        ("ZeroDivisionError: division by zero", "a = 1\nb = 0\nprint(a / b)\n", 3, None),
        ("IndexError: list index out of range", "a = [1]\nfor i in range(2):\n    print(a[i])\n", 3, None),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'a.txt'", "import os\nopen('a.txt')\n", 2, None),
        ('TypeError: can only concatenate str (not "int") to str', "a = 'x'\nprint(a + 1)\n", 2, None),
        (
            "TypeError: '<' not supported between instances of 'str' and 'int'",
            "a = input()\nif a < 3:\n    pass\n",
            2,
            None,
        ),
        ("ValueError: not enough values to unpack (expected 2, got 1)", "s = 'x'\na, b = s.split(',')\n", 2, None),
        ("NotEnough: 2 more", "class NotEnough(Exception): pass\n\nraise NotEnough('2 more')\n", 3, None),
        ("AssertionError: too small", "assert 1, 'x'\nassert 0, 'too small'\n", 2, None),
        ("EOFError: EOF when reading a line", "print(1)\nx = input()\n", 2, None),
        ("SyntaxError: '(' was never closed", "x = 1\nprint((1, 2)\ny = 3\n", 2, None),
        ("expected an indented block", "if True:\nprint(1)\n", 2, None),
        # several lines may be meant, or none
        ("IndexError: list index out of range", "a = [1]\nprint(a[1])\nprint(a[2])\n", None, None),
        ("AttributeError: 'list' object has no attribute 'push'", "a.push(1)\na.push(2)\n", None, None),
        ("ValueError: something", "x = 1\n", None, None),
        ("NameError: name 'x' is not defined", "print(x\n", None, None),
    ],
)
def test_a_message_that_tells_no_line_is_placed_where_the_program_leaves_no_doubt(message, code, line, function):
    error = read_error(message, code)
    assert (error.line, error.function) == (line, function)


@pytest.mark.parametrize(
    ("source", "markers", "expression"),
    [
        ("print(total)", "      ^^^^^", "total"),
        ("print(a / b)", "      ~~^~~", "a / b"),
        ("print(f(1))", "      ~^^^", "f(1)"),
        ("x = d['a']['b']", "    ~~~~~~^^^^^", "d['a']['b']"),
        ("print('你好世界', names[5])", "              ~~~~~^^^", "names[5]"),  # up to 3.12: characters
        ("print('你好世界', names[5])", "                  ~~~~~^^^", "names[5]"),  # since 3.13: columns
        ("naïve = 'é' + 1", "        ~~~~^~~", "'é' + 1"),
        ("print(total)", "        ^^^", None),  # within a word: the markers have slipped
        ("print(total)", "                  ^^^", None),
    ],
)
def test_the_expression_is_what_stands_above_the_markers(source, markers, expression):
    text = (
        f'Traceback (most recent call last):\n  File "main.py", line 1, in <module>\n    {source}\n    {markers}\n'
        "ValueError: x\n"
    )
    assert read_error(text).expression == expression


@pytest.mark.parametrize(
    ("source", "column", "expression"),
    [
        ("whlie True:", 6, "True"),
        ("print 'hello'", 6, "'hello'"),
        ("x = (1, 2", 4, "("),
        ("if x", 4, None),
        ("x = 007", 6, "007"),
    ],
)
def test_a_single_caret_of_a_syntax_error_points_at_a_word(source, column, expression):
    text = f'  File "main.py", line 1\n    {source}\n    {" " * column}^\nSyntaxError: invalid syntax\n'
    assert read_error(text).expression == expression
