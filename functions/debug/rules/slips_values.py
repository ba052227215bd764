"""Slips with values: `=+`, `is` for `==`, floats compared exactly."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from decimal import Decimal

from functions.debug.model import Finding
from functions.debug.rules import looking, mending
from functions.debug.rules.slips_program import Program, number

_ARITHMETIC = ast.Add | ast.Sub | ast.Mult | ast.Div | ast.Pow


def augmented_typo(program: Program) -> Iterator[Finding]:
    """`x =+ 1` gives x the value +1 instead of adding to it."""
    for statement in program.all(ast.Assign):
        target, value = statement.targets[0], statement.value
        if (
            len(statement.targets) != 1
            or not isinstance(value, ast.UnaryOp)
            or not isinstance(value.op, ast.UAdd | ast.USub)
        ):
            continue
        sign = "+" if isinstance(value.op, ast.UAdd) else "-"
        begin, end = looking.span(program.case.code, target)[1], looking.span(program.case.code, value.operand)[0]
        between = program.case.code[begin:end]
        if not _slipped(program, statement, between, sign):
            continue
        place = begin + between.index("=")
        swapped = ((place, begin + between.index(sign) + 1), f"{sign}=" if between[-1].isspace() else f"{sign}= ")
        name, meant = program.shown(target), f"{program.text(target)} {sign}= {program.text(value.operand)}"
        yield program.found(
            "augmented_typo", statement,
            f"`={sign}` is read as `=` and then a {'plus' if sign == '+' else 'minus'} sign: line {statement.lineno} "
            f"sets {name} to {program.shown(sign + program.text(value.operand))}, whatever it was before.",
            f"Read the signs in line {statement.lineno} one by one. Which value does {name} have afterwards?",
            f"The sign comes first: write {program.shown(meant)}.",
            mending.replaced(program.case, swapped),
        )  # fmt: skip


def _slipped(program: Program, statement: ast.Assign, between: str, sign: str) -> bool:
    """Tell whether the signs between a name and a number stand the wrong way round, rather than as meant."""
    target = statement.targets[0]
    if isinstance(target, ast.Name):
        others = program.bindings(target.id, program.home_of(target.id, statement))
        known = any(one.node is not statement and one.how in ("assigned", "parameter") for one in others)
    else:
        known = isinstance(target, ast.Attribute | ast.Subscript)
    if sign == "+":
        return known and ("=+" in between or bool(program.loops_around(statement)))
    spaced = re.fullmatch(r"(\s*)=-(\s*)", between)
    return bool(known and spaced and (spaced[2] or (spaced[1] and _repeated(program, statement))))


def _repeated(program: Program, statement: ast.stmt) -> bool:
    within = (ast.For, ast.While, ast.If, ast.FunctionDef)
    return any(isinstance(above, within) for above in program.ancestors(statement))


def is_with_literal(program: Program) -> Iterator[Finding]:
    """`x is 5` asks for the same object where an equal value is meant."""
    for compared in program.all(ast.Compare):
        if len(compared.ops) != 1 or not isinstance(compared.ops[0], ast.Is | ast.IsNot):
            continue
        left, right = compared.left, compared.comparators[0]
        if not (_literal(left) or _literal(right) or _equal_meant(program, compared)):
            continue
        part = looking.span(program.case.code, left)[1], looking.span(program.case.code, right)[0]
        sign = "==" if isinstance(compared.ops[0], ast.Is) else "!="
        word = re.compile(r"\bis\s+not\b" if sign == "!=" else r"\bis\b").search(program.case.code, *part)
        fixed = mending.replaced(program.case, (word.span(), sign)) if word else None
        written = "is" if sign == "==" else "is not"
        yield program.found(
            "is_with_literal", compared,
            f"`{written}` asks whether two names stand for one and the same object. In line {compared.lineno} you want "
            f"to know whether the values are {'equal' if sign == '==' else 'different'}, and two equal values may be "
            "two objects.",
            f"Look at the `{written}` in line {compared.lineno}. Do you ask for the same object or for an equal value?",
            f"Compare values with `{sign}`: {program.shown(f'{program.text(left)} {sign} {program.text(right)}')}.",
            fixed,
        )  # fmt: skip


def _literal(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str | bytes | int | float | complex) and not isinstance(node.value, bool)
    return number(node) is not None or isinstance(node, ast.List | ast.Dict | ast.Set | ast.Tuple | ast.JoinedStr)


def _equal_meant(program: Program, compared: ast.Compare) -> bool:
    """Tell whether texts or numbers that were made in different places are asked to be one object."""
    kinds = {program.kinds.of(compared.left), program.kinds.of(compared.comparators[0])}
    tested = isinstance(program.parent.get(compared), ast.If | ast.While | ast.BoolOp | ast.UnaryOp)
    return tested and len(kinds) == 1 and kinds <= {"str", "int", "float"}


def float_equality(program: Program) -> Iterator[Finding]:
    """`0.1 + 0.2 == 0.3`: floats that were calculated are seldom exactly what one expects."""
    for compared in program.all(ast.Compare):
        if len(compared.ops) != 1 or not isinstance(compared.ops[0], ast.Eq | ast.NotEq):
            continue
        left, right = compared.left, compared.comparators[0]
        sides = ((left, right), (right, left))
        rough = any(
            _inexact(program, one) or (_rough(program, one) and _calculated(program, other)) for one, other in sides
        )
        if not rough or not (_maybe_float(left) and _maybe_float(right)):
            continue
        near = ", abs_tol=1e-9" if 0 in (number(left), number(right)) else ""
        call = f"math.isclose({program.text(left)}, {program.text(right)}{near})"
        call = f"not {call}" if isinstance(compared.ops[0], ast.NotEq) else call
        yield program.found(
            "float_equality", compared,
            "Python keeps floats such as 0.1 only nearly, and calculating makes the small differences visible. Line "
            f"{compared.lineno} asks whether {program.shown(left)} and {program.shown(right)} are exactly equal, which "
            "they may miss by a hair.",
            f"Print both sides of {program.shown(compared)} just before line {compared.lineno}. Are all their digits "
            "the same?",
            f"Ask whether they are close enough: {program.shown(call)}, after `import math`.",
            _with_isclose(program, compared, call),
        )  # fmt: skip


def _inexact(program: Program, node: ast.expr, depth: int = 4) -> bool:
    """Tell whether a value is calculated from floats that a computer can only keep nearly."""
    match node:
        case ast.BinOp(left=left, op=op, right=right) if isinstance(op, _ARITHMETIC):
            parts = (left, right)
            root = isinstance(op, ast.Pow) and isinstance(left, ast.Call) and program.text(left.func).endswith("sqrt")
            return root or any(
                _rough(program, one) or (depth > 0 and _inexact(program, one, depth - 1)) for one in parts
            )
        case ast.Call(func=ast.Name(id="sum"), args=[items]) if depth:
            return _holds_rough(program, items)
        case ast.Name() if depth:
            found = program.bindings(node.id, program.home(node))
            added = [one.value for one in found if one.how == "augmented" and one.value is not None]
            stored = [one.value for one in found if one.how == "assigned" and one.value is not None]
            return any(_rough(program, one) for one in added) or any(
                _inexact(program, one, depth - 1) for one in stored
            )
    return False


def _calculated(program: Program, node: ast.expr) -> bool:
    """Tell whether a value comes of an operation that may give a float."""
    if isinstance(node, ast.Name):
        given = [one.value for one in program.bindings(node.id, program.home(node))]
        return any(isinstance(one, ast.BinOp) and isinstance(one.op, _ARITHMETIC) for one in given)
    return isinstance(node, ast.BinOp) and isinstance(node.op, _ARITHMETIC)


def _holds_rough(program: Program, items: ast.expr) -> bool:
    given = (
        [one.value for one in program.bindings(items.id, program.home(items))]
        if isinstance(items, ast.Name)
        else [items]
    )
    parts = [one.elts for one in given if isinstance(one, ast.List | ast.Tuple)]
    return any(
        all(number(part) is not None for part in elts) and any(_rough(program, part) for part in elts) for elts in parts
    )


def _rough(program: Program, node: ast.AST) -> bool:
    """Tell whether a value is a float such as 0.1, which no computer keeps exactly; 0.5 and 2.0 are kept so."""
    if isinstance(node, ast.Name):
        found = program.bindings(node.id, program.home(node))
        return any(
            (one.how == "assigned" and number(one.value) is not None and _rough(program, one.value))  # type: ignore[arg-type]
            or (one.how == "loop" and one.value is not None and _holds_rough(program, one.value))
            for one in found
        )
    value = number(node)
    return isinstance(value, float) and abs(value) < 1e15 and Decimal(value) != Decimal(repr(value))


def _maybe_float(node: ast.expr) -> bool:
    return number(node) is not None or not isinstance(
        node, ast.Constant | ast.JoinedStr | ast.List | ast.Tuple | ast.Dict
    )


def _with_isclose(program: Program, compared: ast.Compare, call: str) -> str | None:
    """Return the program with the comparison made by `math.isclose`, imported where it is not yet."""
    change = (compared, call if call.startswith("math") or not _tight(program, compared) else f"({call})")
    whole = [one for one in program.all(ast.Import) if one in program.tree.body]
    if any(alias.name == "math" and not alias.asname for one in whole for alias in one.names):
        return mending.replaced(program.case, change)
    if any(binding.name == "math" for binding in program.scopes.bindings):
        return None
    code = mending.imported(program.case, "import math")
    if code is None:
        return None
    added = len(code) - len(program.case.code)
    begin, end = looking.span(program.case.code, compared)
    place = next(
        (at for at, (a, b) in enumerate(zip(code, program.case.code, strict=False)) if a != b), len(program.case.code)
    )
    shift = added if place <= begin else 0
    return code[: begin + shift] + change[1] + code[end + shift :]


def _tight(program: Program, node: ast.AST) -> bool:
    return not isinstance(
        program.parent.get(node), ast.If | ast.While | ast.Return | ast.Assign | ast.BoolOp | ast.Assert
    )
