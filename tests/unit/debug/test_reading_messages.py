"""An error is read from a message alone, from its type alone, and from what somebody writes about it."""

import pytest

from functions.debug.reading import read_error

ALONE = {
    "NameError": [
        "name 'x' is not defined",
        "name x is not defined",
        "name 'x' isn't defined",
    ],
    "IndexError": [
        "list index out of range",
        "string index out of range",
        "pop from empty list",
    ],
    "TypeError": [
        'can only concatenate str (not "int") to str',
        "'int' object is not subscriptable",
        "f() missing 1 required positional argument: 'b'",
        "Dog.bark() takes 0 positional arguments but 1 was given",
        "unhashable type: 'list'",
        "cannot use 'dict' as a set element (unhashable type: 'dict')",
        "'<' not supported between instances of 'str' and 'int'",
    ],
    "ValueError": [
        "invalid literal for int() with base 10: '3,5'",
        "could not convert string to float: 'abc'",
        "not enough values to unpack (expected 2, got 1)",
        "too many values to unpack (expected 2, got 3)",
        "math domain error",
        "expected a nonnegative input, got -1.0",
        "max() iterable argument is empty",
    ],
    "AttributeError": [
        "'list' object has no attribute 'push'",
        "module 'math' has no attribute 'squareroot'",
    ],
    "ModuleNotFoundError": [
        "No module named 'numpyy'",
        "No module named numpy",
    ],
    "ImportError": [
        "cannot import name 'sqroot' from 'math' (unknown location)",
    ],
    "ZeroDivisionError": [
        "division by zero",
        "integer division or modulo by zero",
    ],
    "RecursionError": [
        "maximum recursion depth exceeded in comparison",
        "Process finished with exit code -1073741571 (0xC00000FD)",
    ],
    "RuntimeError": [
        "dictionary changed size during iteration",
    ],
    "FileNotFoundError": [
        "[Errno 2] No such file or directory: 'a.txt'",
        "[WinError 2] Das System kann die angegebene Datei nicht finden: 'a.txt'",
    ],
    "PermissionError": [
        "[Errno 13] Permission denied: '/etc/x'",
    ],
    "UnicodeDecodeError": [
        "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
    ],
    "JSONDecodeError": [
        "Expecting value: line 1 column 1 (char 0)",
    ],
    "EOFError": [
        "EOF when reading a line",
    ],
    "OverflowError": [
        "math range error",
    ],
    "IndentationError": [
        "unexpected indent",
        "unindent does not match any outer indentation level",
    ],
    "TabError": [
        "inconsistent use of tabs and spaces in indentation",
    ],
    "SyntaxError": [
        "'(' was never closed",
        "EOL while scanning string literal",
        "Missing parentheses in call to 'print'. Did you mean print(...)?",
        "invalid character '“' (U+201C)",
        "cannot assign to function call here. Maybe you meant '==' instead of '='?",
    ],
    "UnboundLocalError": [
        "local variable 'n' referenced before assignment",
    ],
    "TimeoutError": [
        "Time limit exceeded",
        "It took too long.",
        "TLE on test 5",
        "timeout",
        "It did not end in time; is there a loop that goes on for ever?",
        "my program never stops",
        "output_limit",
    ],
    "MemoryError": [
        "out_of_memory",
        "It needed more memory than there is; does something grow without an end?",
    ],
    "KeyboardInterrupt": [
        "^C",
    ],
}

IN_COMPANY = [
    (
        "ValueError: amount must be positive, please try again",
        "ValueError",
        "amount must be positive, please try again",
        None,
    ),
    ("print(x[5]) gives list index out of range", "IndexError", "list index out of range", None),
    ("NameError: name 'x' is not defined", "NameError", "name 'x' is not defined", None),
    ("  NameError: name 'x' is not defined  ", "NameError", "name 'x' is not defined", None),
    ("`NameError: name 'x' is not defined`", "NameError", "name 'x' is not defined", None),
    ("**KeyError: 'age'**", "KeyError", "'age'", None),
    ("builtins.ValueError: bad", "ValueError", "bad", None),
    ("requests.exceptions.HTTPError: 404 Client Error", "HTTPError", "404 Client Error", None),
    ("__main__.TooSmall: 3", "TooSmall", "3", None),
    ("Exception: no more seats", "Exception", "no more seats", None),
    ("SyntaxError: invalid syntax (main.py, line 3)", "SyntaxError", "invalid syntax", 3),
    ("invalid syntax (<unknown>, line 12)", "SyntaxError", "invalid syntax", 12),
    ("E   NameError: name 'y' is not defined", "NameError", "name 'y' is not defined", None),
    ("test_shop.py:12: NameError", "NameError", "", 12),
    ("/home/learner/shop.py:5: ZeroDivisionError: division by zero", "ZeroDivisionError", "division by zero", 5),
    ("NameError: name 'x' is not defined on line 3", "NameError", "name 'x' is not defined", 3),
    ("Line 3: NameError: name 'x' is not defined", "NameError", "name 'x' is not defined", 3),
    ("ParseError: bad input on line 2", "SyntaxError", "bad input", 2),
    (
        "SyntaxError: invalid syntax. Did you mean 'while'?",
        "SyntaxError",
        "invalid syntax. Did you mean 'while'?",
        None,
    ),
    (
        "SyntaxError: unterminated string literal (detected at line 3)",
        "SyntaxError",
        "unterminated string literal (detected at line 3)",
        3,
    ),
    (
        "SyntaxError: closing parenthesis ']' does not match opening parenthesis '(' on line 2",
        "SyntaxError",
        "closing parenthesis ']' does not match opening parenthesis '(' on line 2",
        None,
    ),
    (
        "IndentationError: expected an indented block after 'if' statement on line 1",
        "IndentationError",
        "expected an indented block after 'if' statement on line 1",
        None,
    ),
    ("name ‘x’ is not defined", "NameError", "name 'x' is not defined", None),
    ("KeyboardInterrupt", "KeyboardInterrupt", "", None),
    ("it says IndexError", "IndexError", "", None),
    ("I get a key error in line 5", "KeyError", "", 5),
    ("zero division error???", "ZeroDivisionError", "", None),
    ("StopIteration", "StopIteration", "", None),
    (
        "I get a TypeError: unsupported operand type(s) for +: 'int' and 'str' when I run it on line 4",
        "TypeError",
        "unsupported operand type(s) for +: 'int' and 'str'",
        4,
    ),
    ("my program says ValueError: bad luck today when I enter 5. Why?", "ValueError", "bad luck today", None),
    ("TypeError 'int' object is not callable what does that mean", "TypeError", "'int' object is not callable", None),
    (
        "NameError: name 'cont' is not defined. Did you mean: 'count'? please help",
        "NameError",
        "name 'cont' is not defined. Did you mean: 'count'?",
        None,
    ),
    ("I had an IndexError first, fixed it, and now KeyError: 'name'", "KeyError", "'name'", None),
    ("Fehler in Zeile 7: NameError: name 'zahl' is not defined", "NameError", "name 'zahl' is not defined", 7),
    ("J'ai l'erreur `IndexError: list index out of range` à la ligne 12", "IndexError", "list index out of range", 12),
    ("Me sale NameError: name 'suma' is not defined en la línea 3", "NameError", "name 'suma' is not defined", 3),
    ("Error: list index out of range in main.py line 14", "IndexError", "list index out of range", 14),
    (
        "when I import numpy I get ModuleNotFoundError: No module named 'numpy'",
        "ModuleNotFoundError",
        "No module named 'numpy'",
        None,
    ),
    (
        "Runtime Error\nValueError: not enough values to unpack (expected 2, got 1)",
        "ValueError",
        "not enough values to unpack (expected 2, got 1)",
        None,
    ),
    ('main.py:3: error: Name "total" is not defined  [name-defined]', "NameError", 'Name "total" is not defined', 3),
    ('"total" is not defined Pylance(reportUndefinedVariable) [Ln 3, Col 5]', "NameError", '"total" is not defined', 3),
    (
        "sys:1: RuntimeWarning: coroutine 'main' was never awaited",
        "RuntimeWarning",
        "coroutine 'main' was never awaited",
        None,
    ),
    (
        'main.py:4: SyntaxWarning: "is" with a literal. Did you mean "=="?',
        "SyntaxWarning",
        '"is" with a literal. Did you mean "=="?',
        4,
    ),
]

NOTHING = [
    "requests.get(url, timeout=10)",
    "def wait(timeout):\n    time_limit = timeout",
    'print("Error: division by zero")',
    'if b == 0:\n    print("ZeroDivisionError: division by zero")',
    "value = a / b  # may raise ZeroDivisionError",
    "with pytest.raises(ValueError):\n    f()",
    "class TooSmall(Exception):\n    pass",
    "isinstance(problem, KeyError)",
    "_csv.Error: line contains NUL",
    "",
    "hello",
    "it prints 3 and I expected 5",
    "why does except KeyError: print(1) not work",
    "raise ValueError('no')",
    ">>> raise ValueError",
    "bash: syntax error near unexpected token `('",
]


@pytest.mark.parametrize(("type", "message"), [(type, message) for type in ALONE for message in ALONE[type]])
def test_a_message_alone_tells_its_type(type, message):
    error = read_error(message)
    assert (error.type, error.message, error.line) == (type, message, None)


@pytest.mark.parametrize(("text", "type", "message", "line"), IN_COMPANY, ids=[told[0][:60] for told in IN_COMPANY])
def test_a_message_in_any_company_tells_type_message_and_line(text, type, message, line):
    error = read_error(text)
    assert (error.type, error.message, error.line) == (type, message, line)


@pytest.mark.parametrize("text", NOTHING)
def test_where_no_error_is_told_none_is_read(text):
    assert read_error(text) is None


@pytest.mark.parametrize(
    "text", ["NotEnoughMoney: 2 more", "I get NotEnough\nNotEnoughMoney: 2 more\nwhen I pay", "NotEnoughMoney"]
)
def test_an_own_class_is_an_error_where_the_program_defines_it(text):
    code = "class NotEnoughMoney(Exception):\n    pass\n"
    assert read_error(text, code).type == "NotEnoughMoney"
    assert read_error(text) is None


def test_a_message_above_its_frames_is_theirs():
    error = read_error(
        "NameError: name 'totl' is not defined\n\nhere is the rest:\n"
        '  File "main.py", line 3, in add\n    return totl + 1\n           ^^^^'
    )
    assert (error.message, error.line, error.function, error.expression) == (
        "name 'totl' is not defined",
        3,
        "add",
        "totl",
    )
