"""Suspects: the lines of a program in which an error of a kind can come up at all."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence

_OPERATORS: dict[str, tuple[type[ast.operator], ...]] = {
    "+": (ast.Add,),
    "+=": (ast.Add,),
    "-": (ast.Sub,),
    "-=": (ast.Sub,),
    "*": (ast.Mult,),
    "*=": (ast.Mult,),
    "/": (ast.Div,),
    "/=": (ast.Div,),
    "//": (ast.FloorDiv,),
    "%": (ast.Mod,),
    "**": (ast.Pow,),
}
_COMPARISONS: dict[str, type[ast.cmpop]] = {"<": ast.Lt, "<=": ast.LtE, ">": ast.Gt, ">=": ast.GtE}

Test = Callable[[ast.AST], bool]


def suspects(nodes: Sequence[ast.AST], type: str, message: str) -> Iterator[int]:
    """Yield the lines of the nodes that can raise this, in any order and more than once; none for an unknown kind."""
    test = next((test for kind, part, test in _TESTS if kind == type and part in message), None)
    if type == "TypeError" and test is None:
        test = _operation(message)
    for node in nodes if test else ():
        if test and test(node):
            line = getattr(node, "lineno", None)
            if line is None and isinstance(node, ast.comprehension):
                line = node.iter.lineno
            if line:
                yield line


def _calls(*names: str) -> Test:
    return lambda node: (
        isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id in names)
            or (isinstance(node.func, ast.Attribute) and node.func.attr in names)
        )
    )


def _of_module(name: str) -> Test:
    return lambda node: (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == name
    )


def _operates(*operators: type[ast.operator]) -> Test:
    return lambda node: isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, operators)


def _operation(message: str) -> Test | None:
    """Return the test for the operator that a TypeError names."""
    if message.startswith(("can only concatenate", "must be str, not")):
        return _operates(ast.Add)
    if message.startswith("can't multiply sequence"):
        return _operates(ast.Mult)
    sign = message.partition("unsupported operand type(s) for ")[2].partition(":")[0].removesuffix(" or pow()")
    if sign in _OPERATORS:
        return _operates(*_OPERATORS[sign])
    comparison = _COMPARISONS.get(message.partition(" not supported between")[0].strip("'"))
    return _compares(comparison) if comparison else None


def _compares(comparison: type[ast.cmpop]) -> Test:
    def test(node: ast.AST) -> bool:
        if isinstance(node, ast.Compare):
            return any(isinstance(operator, comparison) for operator in node.ops)
        return _calls("sorted", "sort", "min", "max")(node)

    return test


def _takes_item(node: ast.AST) -> bool:
    return isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and not isinstance(node.slice, ast.Slice)


def _takes_place(node: ast.AST) -> bool:
    """Whether an item is taken by its place, as far as one can see: a text in the brackets is a key."""
    if not isinstance(node, ast.Subscript) or not _takes_item(node):
        return False
    return not (isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str))


def _sets_item(node: ast.AST) -> bool:
    return isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)


def _unpacks(node: ast.AST) -> bool:
    if isinstance(node, ast.For | ast.comprehension):
        return isinstance(node.target, ast.Tuple | ast.List)
    return isinstance(node, ast.Assign) and any(isinstance(target, ast.Tuple | ast.List) for target in node.targets)


def _goes_through(node: ast.AST) -> bool:
    return isinstance(node, ast.For | ast.comprehension)


_TESTS: tuple[tuple[str, str, Test], ...] = (
    ("IndexError", "assignment index", _sets_item),
    ("IndexError", "pop ", _calls("pop", "popleft")),
    ("IndexError", "index out of range", _takes_place),
    ("IndexError", "Cannot choose", _calls("choice")),
    ("IndexError", "Replacement index", _calls("format")),
    ("KeyError", "", _takes_item),
    ("TypeError", "not subscriptable", _takes_item),
    ("TypeError", "indices must be", lambda node: isinstance(node, ast.Subscript)),
    ("TypeError", "item assignment", _sets_item),
    ("TypeError", "cannot unpack", _unpacks),
    ("TypeError", "is not iterable", _goes_through),
    ("TypeError", "interpreted as an integer", _calls("range")),
    ("TypeError", "has no len()", _calls("len")),
    ("TypeError", "expected str instance", _calls("join")),
    ("TypeError", "JSON serializable", _calls("dump", "dumps")),
    ("ValueError", "invalid literal for int()", _calls("int")),
    ("ValueError", "string to float", _calls("float")),
    ("ValueError", "to unpack", _unpacks),
    ("ValueError", "remove(x)", _calls("remove")),
    ("ValueError", "index(x)", _calls("index")),
    ("ValueError", "not in list", _calls("index", "remove")),
    ("ValueError", "substring not found", _calls("index", "rindex")),
    ("ValueError", "math domain error", _of_module("math")),
    ("ValueError", "expected a nonnegative input", _of_module("math")),
    ("ValueError", "expected a positive input", _of_module("math")),
    ("ValueError", "empty sequence", _calls("min", "max")),
    ("ValueError", "argument is empty", _calls("min", "max")),
    ("ValueError", "does not match format", _calls("strptime")),
    ("ZeroDivisionError", "modulo", _operates(ast.Mod)),
    ("ZeroDivisionError", "", _operates(ast.Div, ast.FloorDiv, ast.Mod)),
    ("OverflowError", "math range", _of_module("math")),
    ("OverflowError", "Numerical result", _operates(ast.Pow)),
    ("AssertionError", "", lambda node: isinstance(node, ast.Assert)),
    ("EOFError", "", _calls("input")),
    ("StopIteration", "", _calls("next", "__next__")),
    ("JSONDecodeError", "", _calls("load", "loads")),
    ("RuntimeError", "during iteration", _goes_through),
)
"""An error's type, a part of its message, and what can raise it; the first that fits counts."""
