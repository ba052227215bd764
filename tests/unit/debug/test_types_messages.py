"""Types: what a message alone says of a value of the wrong type, in the words of any Python."""

from __future__ import annotations

import pytest
from test_types import diagnosed

from functions.debug.model import Case, ErrorSeen

MESSAGES = [
    ("unsupported operand type(s) for +: 'int' and 'str'", "mixed_types_operator"),
    ("unsupported operand type(s) for ** or pow(): 'str' and 'int'", "mixed_types_operator"),
    ("unsupported operand type(s) for +=: 'NoneType' and 'int'", "none_operand"),
    ("must be str, not int", "mixed_types_operator"),
    ('can only concatenate str (not "int") to str', "mixed_types_operator"),
    ('can only concatenate list (not "NoneType") to list', "none_operand"),
    ('can only concatenate str (not "method") to str', "method_not_called"),
    ("can't multiply sequence by non-int of type 'float'", "mixed_types_operator"),
    ("bad operand type for unary -: 'str'", "mixed_types_operator"),
    ("'<' not supported between instances of 'str' and 'int'", "unorderable"),
    ("f() missing 1 required positional argument: 'b'", "missing_argument"),
    ("f() missing 2 required positional arguments: 'a' and 'b'", "missing_argument"),
    ("Dog.__init__() missing 1 required positional argument: 'name'", "missing_argument"),
    ("f() missing 1 required keyword-only argument: 'key'", "missing_argument"),
    ("insert expected 2 arguments, got 1", "missing_argument"),
    ("f() takes 2 positional arguments but 3 were given", "too_many_arguments"),
    ("f() takes from 1 to 2 positional arguments but 3 were given", "too_many_arguments"),
    ("append() takes exactly one argument (2 given)", "too_many_arguments"),
    ("list.append() takes exactly one argument (2 given)", "too_many_arguments"),
    ("input expected at most 1 argument, got 2", "too_many_arguments"),
    ("f() got multiple values for argument 'a'", "too_many_arguments"),
    ("Dog.bark() takes 0 positional arguments but 1 was given", "missing_self_parameter"),
    ("Dog() takes no arguments", "missing_init"),
    ("object() takes no parameters", "missing_init"),
    ("f() got an unexpected keyword argument 'colour'", "unexpected_keyword"),
    ("f() got an unexpected keyword argument 'colour'. Did you mean 'color'?", "unexpected_keyword"),
    ("'seperator' is an invalid keyword argument for print()", "unexpected_keyword"),
    ("print() got an unexpected keyword argument 'seperator'", "unexpected_keyword"),
    ("str.upper() takes no keyword arguments", "unexpected_keyword"),
    ("'int' object is not callable", "not_callable"),
    ("'module' object is not callable. Did you mean: 'time.time(...)'?", "not_callable"),
    ("'NoneType' object is not subscriptable", "none_subscripted"),
    ("'NoneType' object does not support item assignment", "none_subscripted"),
    ("'int' object is not subscriptable", "not_subscriptable"),
    ("'builtin_function_or_method' object is not subscriptable", "not_subscriptable"),
    ("'type' object is not subscriptable", "not_subscriptable"),
    ("'int' object is not iterable", "not_iterable"),
    ("'NoneType' object is not iterable", "not_iterable"),
    ("cannot unpack non-iterable NoneType object", "not_iterable"),
    ("argument of type 'int' is not iterable", "not_iterable"),
    ("argument of type 'int' is not a container or iterable", "not_iterable"),
    ("'builtin_function_or_method' object is not iterable", "method_not_called"),
    ("'float' object cannot be interpreted as an integer", "range_needs_int"),
    ("list indices must be integers or slices, not str", "index_not_int"),
    ("string indices must be integers", "index_not_int"),
    ("string indices must be integers, not 'str'", "index_not_int"),
    ("slice indices must be integers or None or have an __index__ method", "index_not_int"),
    ("unhashable type: 'list'", "unhashable"),
    ("cannot use 'list' as a dict key (unhashable type: 'list')", "unhashable"),
    ("cannot use 'dict' as a set element (unhashable type: 'dict')", "unhashable"),
    ("'str' object does not support item assignment", "item_assignment"),
    ("'tuple' object doesn't support item deletion", "item_assignment"),
    ("object of type 'int' has no len()", "wrong_argument_type"),
    ("object of type 'method' has no len()", "method_not_called"),
    ("sequence item 0: expected str instance, int found", "wrong_argument_type"),
    (
        "int() argument must be a string, a bytes-like object or a real number, not 'list'",
        "wrong_argument_type",
    ),
    ("int() argument must be a string, a bytes-like object or a number, not 'NoneType'", "wrong_argument_type"),
    ("must be real number, not str", "wrong_argument_type"),
    ("%d format: a number is required, not str", "wrong_argument_type"),
    ("%d format: a real number is required, not str", "wrong_argument_type"),
    ("type str doesn't define __round__ method", "wrong_argument_type"),
    ("write() argument must be str, not int", "wrong_argument_type"),
    ("replace() argument 2 must be str, not int", "wrong_argument_type"),
    ("'in <string>' requires string as left operand, not int", "wrong_argument_type"),
    ("expected string or bytes-like object, got 'int'", "wrong_argument_type"),
    ("Object of type set is not JSON serializable", "wrong_argument_type"),
    ("Can't instantiate abstract class Shape with abstract method area", "type_other"),
    ("Can't instantiate abstract class Shape without an implementation for abstract method 'area'", "type_other"),
    ("something nobody has heard of", "type_other"),
    ("", "type_other"),
]


@pytest.mark.parametrize(("message", "cause"), MESSAGES)
def test_the_message_alone_of_any_python_says_what_it_can(message, cause):
    found = diagnosed(Case(error=ErrorSeen("TypeError", message)))
    assert (cause, None) == (found.cause, found.fixed)


def test_the_line_of_a_traceback_is_enough_to_name_the_two_sides():
    error = ErrorSeen("TypeError", 'can only concatenate str (not "int") to str', line=9, source="print('Age: ' + age)")
    found = diagnosed(Case(error=error))
    assert (found.cause, found.line, found.fixed) == ("mixed_types_operator", 9, None)
    assert "`str(age)`" in found.solution


def test_what_a_learner_wrote_cannot_break_out_of_the_markdown_around_it():
    code = "a = '`x`**'\nprint(a + 1 + '`')\n"
    found = diagnosed(Case(code, ErrorSeen("TypeError", 'can only concatenate str (not "int") to str', line=2)))
    assert found.expression is not None
    assert f"`` {found.expression} ``" in found.explanation or "`a`" in found.explanation
