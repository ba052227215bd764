"""Slips of falling through: a call, written out with its values, for which no branch of a function gives an answer."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator

from functions.debug.model import Finding
from functions.debug.rules.slips_functions import calls_of
from functions.debug.rules.slips_program import Program, ends, inside

_Value = str | int | float | bool
_COMPARED: dict[type[ast.cmpop], Callable[..., bool]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: operator.eq, ast.NotEq: operator.ne,
}  # fmt: skip


class Unknown(Exception):
    """What cannot be told from the program's text."""


def no_answer(program: Program) -> Iterator[Finding]:
    """A chain of `if`s without an `else`, and a call that none of them answers."""
    for function in program.all(ast.FunctionDef):
        body = [
            node for node in function.body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        ]
        if (
            not body
            or not all(isinstance(node, ast.If) for node in body)
            or any(not isinstance(one.value, ast.expr) for one in _returns(function))
        ):
            continue
        for call in calls_of(program, function):
            if not isinstance(program.parent.get(call), ast.Expr | ast.If | ast.While) and _falls_through(
                function, call, body
            ):
                yield _unanswered(program, function, call, body[-1])
                break


def _returns(function: ast.FunctionDef) -> list[ast.Return]:
    return [node for node in inside(*function.body) if isinstance(node, ast.Return)]


def _falls_through(function: ast.FunctionDef, call: ast.Call, body: list[ast.stmt]) -> bool:
    """Tell whether no `if` of a function fits the values of a call."""
    names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    if not _returns(function) or call.keywords or len(call.args) != len(names) or function.args.vararg:
        return False
    try:
        values = {name: _value(given, {}) for name, given in zip(names, call.args, strict=True)}
        return not any(_enters(branch, values) for branch in body)
    except (Unknown, TypeError, ZeroDivisionError, OverflowError, ValueError):
        return False


def _enters(branch: ast.stmt, values: dict[str, _Value]) -> bool:
    """Tell whether a branch of a chain, each of which must end with a `return`, runs for these values."""
    if not isinstance(branch, ast.If) or not ends(branch.body):
        raise Unknown
    if _value(branch.test, values):
        return True
    if not branch.orelse:
        return False
    return (
        _enters(branch.orelse[0], values) if len(branch.orelse) == 1 and isinstance(branch.orelse[0], ast.If) else True
    )


def _value(node: ast.expr, values: dict[str, _Value]) -> _Value:
    """Return the value of an expression of written values, parameters and comparisons. Raises Unknown for any other."""
    match node:
        case ast.Constant(value=value) if isinstance(value, str | int | float):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_number(operand, values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _value(operand, values)
        case ast.Name(id=name) if name in values:
            return values[name]
        case ast.BoolOp(op=ast.And(), values=parts):
            return all(_value(part, values) for part in parts)
        case ast.BoolOp(values=parts):
            return any(_value(part, values) for part in parts)
        case ast.BinOp(left=left, op=ast.Mod(), right=right):
            return _number(left, values) % _number(right, values)
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            sides = [_value(one, values) for one in (left, *comparators)]
            if any(type(how) not in _COMPARED for how in ops):
                raise Unknown
            return all(_COMPARED[type(how)](a, b) for how, a, b in zip(ops, sides, sides[1:], strict=False))
    raise Unknown


def _number(node: ast.expr, values: dict[str, _Value]) -> int | float:
    value = _value(node, values)
    if not isinstance(value, int | float):
        raise Unknown
    return value


def _unanswered(program: Program, function: ast.FunctionDef, call: ast.Call, last: ast.stmt) -> Finding:
    while isinstance(last, ast.If) and last.orelse:
        last = last.orelse[-1]
    whole, name = program.shown(call), program.shown(f"{function.name}()")
    return program.found(
        "missing_return", last,
        f"No condition in {name} is true for {whole} in line {call.lineno}. The function then ends without a `return`, "
        "and gives back `None`.",
        f"Go through the conditions of {name} with the values of {whole}. Which of them is true, and what happens if "
        "none is?",
        f"Give an answer for all other cases as well: a last `return` after line {last.end_lineno}.",
    )  # fmt: skip
