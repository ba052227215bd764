"""Reading: small questions about a node that several rules ask."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from functions.review.program import Program
from functions.review.tree import Function, Loop


def call_of(node: ast.AST | None, *names: str) -> ast.Call | None:
    """Return a node that is a call of one of these functions, with arguments by place alone; else None."""
    match node:
        case ast.Call(func=ast.Name(id=name), keywords=[]) if name in names:
            return node
    return None


def method_of(node: ast.AST | None) -> ast.Attribute | None:
    """Return what is called, where a node calls a method."""
    match node:
        case ast.Call(func=ast.Attribute() as method):
            return method
    return None


def outermost(loops: Sequence[Loop]) -> Loop:
    """Return the outermost of the loops around a node."""
    return loops[-1]


def is_true(node: ast.AST | None) -> bool:
    """Tell whether a node is the constant True."""
    return isinstance(node, ast.Constant) and node.value is True


def is_false(node: ast.AST | None) -> bool:
    """Tell whether a node is the constant False."""
    return isinstance(node, ast.Constant) and node.value is False


def is_number(node: ast.AST | None, value: int) -> bool:
    """Tell whether a node is this whole number."""
    return isinstance(node, ast.Constant) and type(node.value) is int and node.value == value


def alike(one: ast.AST, other: ast.AST) -> bool:
    """Tell whether two nodes are written alike, whether they are read or set."""
    return _dumped(one) == _dumped(other)


def _dumped(node: ast.AST) -> str:
    return ast.dump(node).replace("Store()", "Load()").replace("Del()", "Load()")


def is_yes_or_no(node: ast.expr) -> bool:
    """Tell whether a value is True or False for certain."""
    match node:
        case ast.Compare() | ast.UnaryOp(op=ast.Not()) | ast.Constant(value=bool()):
            return True
        case ast.BoolOp(values=values):
            return all(map(is_yes_or_no, values))
        case ast.Call(func=ast.Name(id="isinstance" | "all" | "any" | "bool" | "callable" | "hasattr")):
            return True
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in ("startswith", "endswith") or (name.startswith("is") and name[2:3].islower())
    return False


def is_calm(node: ast.expr) -> bool:
    """Tell whether working a value out can neither fail nor be noticed."""
    return all(
        isinstance(each, ast.Constant | ast.Name | ast.Tuple | ast.List | ast.Dict | ast.expr_context)
        for each in ast.walk(node)
    )


def opposite(program: Program, test: ast.expr) -> str:
    """Return the text of a condition that is true where this one is false."""
    text = program.text(test)
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return program.text(operand)
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq() | ast.In() | ast.NotIn() | ast.Is() | ast.IsNot()]):
            sign = _OPPOSITES[type(test.ops[0])]
            start, end = program.span(left)[1], program.span(test.comparators[0])[0]
            between = program.data[start:end].decode()
            if not between.strip(" ").replace(" ", "").isidentifier() and between.strip() not in ("==", "!="):
                return f"not ({text})"
            return f"{program.text(left)} {sign} {program.text(test.comparators[0])}"
        case ast.Name() | ast.Call() | ast.Attribute() | ast.Subscript():
            return f"not {text}"
    return f"not ({text})"


_OPPOSITES: dict[type[ast.cmpop], str] = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}


def in_condition(program: Program, node: ast.AST) -> bool:
    """Tell whether only it matters of a node whether it is true: in `if`, `while`, `not`, `and`, `or`."""
    parent = program.parent[node]
    match parent:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            return node is test
        case ast.comprehension(ifs=conditions):
            return node in conditions
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.BoolOp():
            return in_condition(program, parent)
    return False


def on_one_line(node: ast.expr | ast.stmt) -> bool:
    """Tell whether a node does not go over several lines."""
    return node.lineno == node.end_lineno


def ends_here(statement: ast.stmt) -> bool:
    """Tell whether what follows a statement in its block is never reached."""
    return isinstance(statement, ast.Return | ast.Raise | ast.Break | ast.Continue)


def body_without_docstring(program: Program, function: Function) -> list[ast.stmt]:
    """Return the statements of a function but its docstring."""
    return [each for each in function.body if not program.is_docstring(each)]
