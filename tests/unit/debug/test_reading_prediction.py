"""What Python would say of a program that it cannot read is known without running it."""

import warnings

import pytest

from functions.debug.reading import predict_syntax_error


@pytest.mark.parametrize(
    ("code", "type", "line", "expression"),
    [
        ("x = 1\nif x = 1:\n    pass\n", "SyntaxError", 2, "x = 1"),
        ("print((1, 2)\n", "SyntaxError", 1, "("),
        ("print('hello\n", "SyntaxError", 1, "'"),
        ("whlie True:\n    pass\n", "SyntaxError", 1, "True"),
        ("if True:\nprint(1)\n", "IndentationError", 2, None),
        ("def f():\n\tx = 1\n        y = 2\n", "TabError", 3, None),
        ("x = 1\nreturn x\n", "SyntaxError", 2, "return x"),
        ("for i in []:\n    pass\nbreak\n", "SyntaxError", 3, "break"),
        ("def f(a, a):\n    pass\n", "SyntaxError", 1, "a"),
        ("x = 1\nprint(f'{a b}')\n", "SyntaxError", 2, "a b"),
        ("x = 1\nprint(f'{a +}')\n", "SyntaxError", 2, None),
        ("x = “a”\n", "SyntaxError", 1, "“"),
    ],
)
def test_a_program_that_cannot_be_read_tells_its_error(code, type, line, expression):
    error = predict_syntax_error(code)
    assert error is not None
    assert (error.type, error.line, error.expression) == (type, line, expression)
    assert error.message


@pytest.mark.parametrize("code", ["", "x = 1\n", "\ufeffx = 1\n", "print(undefined / 0)\n", "x = 1\r\ny = 2\r\n"])
def test_a_program_that_can_be_read_tells_none(code):
    assert predict_syntax_error(code) is None


def test_warnings_are_neither_errors_nor_shown():
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        assert predict_syntax_error("x = '\\d'\nif x is 1:\n    pass\n") is None
    assert shown == []


@pytest.mark.parametrize("code", ["a\0b", "x = '\ud800'", "(" * 10_000, "x = " + "-" * 100_000 + "1", "1" * 10_000])
def test_a_program_beyond_measure_is_given_up_without_harm(code):
    error = predict_syntax_error(code)
    assert error is None or error.type == "SyntaxError"
