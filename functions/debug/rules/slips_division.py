"""Slips with division: `//` where the part after the point matters, `/` where only whole numbers make sense."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules import looking, mending
from functions.debug.rules.slips_program import Program, at, inside, number, same

_AVERAGE = re.compile(
    r"aver|avg|mean|mittel|durchschnitt|schnitt|promedio|media\b|moyenne|srednia|średnia|ortalama|pingjun", re.I
)
_SHARE = re.compile(r"bmi|ratio|speed|tempo|velocidad|geschwindigkeit", re.I)
_DEGREES = re.compile(r"celsius|fahrenheit|f2c|c2f|f_to_c|c_to_f|temp", re.I)


def integer_division(program: Program) -> Iterator[Finding]:
    """`//` where the part after the point matters, or `/` where only whole numbers make sense."""
    for operation in program.all(ast.BinOp):
        if isinstance(operation.op, ast.FloorDiv) and (why := _part_lost(program, operation)):
            yield _other_division(program, operation, "//", "/", why)
        elif isinstance(operation.op, ast.Div) and _whole_meant(program, operation):
            rest = program.shown(f"{program.text(operation.left)} % {program.text(operation.right)}")
            why = f"the program also takes the rest {rest}, so whole numbers are meant, but `/` always gives a float"
            yield _other_division(program, operation, "/", "//", why)
    for statement in program.all(ast.AugAssign):
        if isinstance(statement.op, ast.Div) and _digits_taken(program, statement, statement.target, statement.value):
            sign = program.case.code.find("/=", *_gap(program, statement.target, statement.value))
            yield program.found(
                "integer_division", statement,
                f"`/=` makes {program.shown(statement.target)} a float, so line {statement.lineno} keeps the part "
                "after the point, and the digits that come next are wrong.",
                f"Print {program.shown(statement.target)} after line {statement.lineno} in every round. Is it a whole "
                "number?",
                f"Divide without a rest: {program.shown(program.text(statement).replace('/=', '//=', 1))}.",
                mending.replaced(program.case, ((sign, sign + 2), "//=")) if sign >= 0 else None,
            )  # fmt: skip


def _other_division(program: Program, operation: ast.BinOp, sign: str, meant: str, why: str) -> Finding:
    gap = _gap(program, operation.left, operation.right)
    place = program.case.code.find(sign, *gap)
    text, (begin, _) = program.text(operation), looking.span(program.case.code, operation)
    other = text[: place - begin] + meant + text[place - begin + len(sign) :] if place >= 0 else text
    return program.found(
        "integer_division", operation,
        f"In line {operation.lineno} {why}.",
        f"Work out {program.shown(operation)} by hand for numbers that do not divide evenly. What does `{sign}` do "
        "with the part after the point?",
        f"Use `{meant}` there: {program.shown(other)}.",
        mending.replaced(program.case, ((place, place + len(sign)), meant)) if place >= 0 else None,
    )  # fmt: skip


def _gap(program: Program, left: ast.AST, right: ast.AST) -> tuple[int, int]:
    return looking.span(program.case.code, left)[1], looking.span(program.case.code, right)[0]


def _part_lost(program: Program, operation: ast.BinOp) -> str | None:
    """Return why a `//` loses what is wanted; None where it may be meant."""
    left, right = operation.left, operation.right
    lost = f"`//` cuts off what stands after the point, and {program.shown(operation)}"
    if {type(program.parent.get(operation))} & {ast.Subscript, ast.Slice}:
        return None
    if (a := number(left)) is not None and (b := number(right)) is not None:
        return f"{lost} is 0" if 0 < a < b else None
    called = [node.func.id for node in (left, right) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    if called == ["sum", "len"]:
        return f"{lost} is meant to be an average"
    above = program.parent.get(operation)
    if (
        isinstance(above, ast.BinOp)
        and isinstance(above.op, ast.Mult)
        and above.left is operation
        and number(above.right) == 100
    ):
        return f"{lost} is 0 as long as the first number is the smaller one"
    function = program.scopes.function_around(operation)
    named = [getattr(function, "name", ""), *_stored_in(program, operation)]
    if any(map(_AVERAGE.search, named)) and not isinstance(above, ast.Call) and "len" not in called[:1]:
        return f"{lost} is meant to be an average"
    if any(map(_SHARE.search, _stored_in(program, operation))) and not any(
        isinstance(one.op, ast.Mod) for one in program.all(ast.BinOp)
    ):
        return f"{lost} is meant to have such a part"
    if any(map(_DEGREES.search, named)) and number(right) in (5, 9):
        return f"{lost} is meant to be a temperature"
    return None


def _stored_in(program: Program, node: ast.AST) -> list[str]:
    statement = program.statement(node)
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return [one.id for one in targets if isinstance(one, ast.Name)]


def _whole_meant(program: Program, operation: ast.BinOp) -> bool:
    """Tell whether `a / b` stands beside `a % b`, as when an amount is taken apart."""
    statement = program.statement(operation)
    if not isinstance(statement, ast.Assign) or statement.value is not operation or len(statement.targets) != 1:
        return False
    if _digits_taken(program, statement, statement.targets[0], operation.right) and same(
        statement.targets[0], operation.left
    ):
        return True
    if (number(operation.right) or 0) < 2:
        return False
    scope = program.scope(statement)
    for rest in program.all(ast.BinOp):
        alike = isinstance(rest.op, ast.Mod) and same(rest.left, operation.left) and same(rest.right, operation.right)
        around = program.statement(rest)
        kept = isinstance(around, ast.Assign) and around.value is rest
        if alike and kept and program.scope(rest) is scope and 0 <= at(rest)[0] - at(operation)[0] <= 3:
            return True
    return False


def _digits_taken(program: Program, statement: ast.stmt, target: ast.expr, divisor: ast.expr) -> bool:
    """Tell whether a loop takes `n % 10` and then `n / 10`, or the same with another whole number."""
    loops = program.loops_around(statement)
    if not loops or not isinstance(number(divisor), int):
        return False
    rests = [node for node in inside(*loops[0].body) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod)]
    return any(same(one.left, target) and same(one.right, divisor) for one in rests)
