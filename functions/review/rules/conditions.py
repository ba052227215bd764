"""Readability: conditions that say something in a roundabout way."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from functions.review.finding import Finding, found
from functions.review.program import Program
from functions.review.rules.reading import (
    alike,
    ends_here,
    in_condition,
    is_false,
    is_number,
    is_true,
    is_yes_or_no,
    on_one_line,
    opposite,
)
from functions.review.source import Edit


def compared_to_bool(program: Program) -> Iterator[Finding]:
    """`if ready == True`."""
    for node in program.nodes:
        match node:
            case ast.Compare(
                left=left, ops=[ast.Eq() | ast.NotEq() | ast.Is() | ast.IsNot() as sign], comparators=[right]
            ):
                if not (is_true(right) or is_false(right)) or not in_condition(program, node):
                    continue
                means = is_true(right) == isinstance(sign, ast.Eq | ast.Is)
                text = program.text(left) if means else opposite(program, left)
                bracketed = isinstance(left, ast.BoolOp | ast.IfExp | ast.NamedExpr) or not on_one_line(node)
                edits = () if bracketed else (program.replace(node, text),)
                yield found("compared_to_bool", node, *edits, constant=program.text(right))


def compared_to_none(program: Program) -> Iterator[Finding]:
    """`if found == None`."""
    for node in program.nodes:
        match node:
            case ast.Compare(
                left=left, ops=[ast.Eq() | ast.NotEq() as sign], comparators=[ast.Constant(value=None) as right]
            ):
                start, end = program.span(left)[1], program.span(right)[0]
                old, new = ("==", "is") if isinstance(sign, ast.Eq) else ("!=", "is not")
                between = program.data[start:end].decode().replace(old, f" {new} ")
                edit = Edit(start, end, between.replace("  ", " "))
                yield found("compared_to_none", node, edit, sign=new)


def returned_bool(program: Program) -> Iterator[Finding]:
    """`if condition: return True`, `else: return False`."""
    for node in program.nodes:
        match node:
            case ast.If(test=test, body=[ast.Return(value=yes)], orelse=[ast.Return(value=no)]):
                last: ast.stmt = node
            case ast.If(test=test, body=[ast.Return(value=yes)], orelse=[]):
                _, following = program.neighbours(node)
                if not isinstance(following, ast.Return):
                    continue
                last, no = following, following.value
            case _:
                continue
        if not (is_true(yes) and is_false(no)) and not (is_false(yes) and is_true(no)):
            continue
        if program.lines(node.lineno, node.lineno).lstrip().startswith("elif"):
            continue
        value = _as_bool(program, test) if is_true(yes) else opposite(program, test)
        edits = _instead(program, node, last, f"return {value}")
        yield found("returned_bool", node, *edits, until=last)


def assigned_bool(program: Program) -> Iterator[Finding]:
    """`if condition: flag = True`, `else: flag = False`; or `True if condition else False`."""
    for node in program.nodes:
        match node:
            case ast.If(
                test=test,
                body=[ast.Assign(targets=[ast.Name() as one], value=yes)],
                orelse=[ast.Assign(targets=[ast.Name() as other], value=no)],
            ) if one.id == other.id and {is_true(yes), is_true(no)} == {is_false(yes), is_false(no)} == {True, False}:
                if program.lines(node.lineno, node.lineno).lstrip().startswith("elif"):
                    continue
                value = _as_bool(program, test) if is_true(yes) else opposite(program, test)
                yield found("assigned_bool", node, *_instead(program, node, node, f"{one.id} = {value}"))
            case ast.IfExp(test=test, body=yes, orelse=no) if (is_true(yes) and is_false(no)) or (
                is_false(yes) and is_true(no)
            ):
                value = _as_bool(program, test) if is_true(yes) else opposite(program, test)
                yield found("assigned_bool", node, program.replace(node, _in_place(program, node, value)))


def _in_place(program: Program, node: ast.expr, value: str) -> str:
    return value if isinstance(program.parent[node], ast.stmt | ast.Call) else f"({value})"


def _as_bool(program: Program, test: ast.expr) -> str:
    text = program.text(test)
    return text if is_yes_or_no(test) else f"bool({text})"


def _instead(program: Program, first: ast.stmt, last: ast.stmt, line: str) -> tuple[Edit, ...]:
    """Return the edit that puts one line in the place of statements, unless a comment would be lost."""
    end = last.end_lineno or 0
    if not program.stands_alone(first, last) or "#" in program.lines(first.lineno, end) or "\n" in line:
        return ()
    return (program.replace_lines(first.lineno, end, program.indentation(first.lineno) + line),)


def length_compared(program: Program) -> Iterator[Finding]:
    """`if len(names) == 0`."""
    for node in program.nodes:
        match node:
            case ast.Compare(
                left=ast.Call(func=ast.Name() as function, args=[ast.Name() as items]),
                ops=[ast.Eq() | ast.NotEq() | ast.Gt() as sign],
                comparators=[zero],
            ) if program.is_builtin(function, "len") and is_number(zero, 0) and in_condition(program, node):
                text = f"not {items.id}" if isinstance(sign, ast.Eq) else items.id
                yield found("length_compared", node, program.replace(node, text), name=items.id)


def compared_one_by_one(program: Program) -> Iterator[Finding]:
    """`day == "sat" or day == "sun"`."""
    for node in program.nodes:
        if not isinstance(node, ast.BoolOp) or len(node.values) < 2 or not on_one_line(node):
            continue
        wanted: type[ast.cmpop] = ast.Eq if isinstance(node.op, ast.Or) else ast.NotEq
        pairs = [
            (value.left, value.comparators[0])
            for value in node.values
            if isinstance(value, ast.Compare)
            and len(value.ops) == 1
            and isinstance(value.ops[0], wanted)
            and isinstance(value.left, ast.Name)
            and isinstance(value.comparators[0], ast.Constant)
        ]
        if len(pairs) != len(node.values) or not all(alike(left, pairs[0][0]) for left, _ in pairs):
            continue
        items = ", ".join(program.text(constant) for _, constant in pairs)
        sign = "in" if wanted is ast.Eq else "not in"
        name = program.text(pairs[0][0])
        text = f"{name} {sign} ({items})"
        yield found("compared_one_by_one", node, program.replace(node, text), name=name)


def constant_in_or(program: Program) -> Iterator[Finding]:
    """`if day == "sat" or "sun"`: always true."""
    for node in program.nodes:
        match node:
            case ast.BoolOp(op=ast.Or(), values=[ast.Compare(left=left, ops=[ast.Eq()]), *others]) if any(
                isinstance(other, ast.Constant) and other.value for other in others
            ) and in_condition(program, node):
                constant = next(other for other in others if isinstance(other, ast.Constant) and other.value)
                yield found("constant_in_or", node, constant=program.text(constant), name=program.text(left))


def between(program: Program) -> Iterator[Finding]:
    """`age > 12 and age < 20`: Python reads `12 < age < 20`."""
    for node in program.nodes:
        match node:
            case ast.BoolOp(
                op=ast.And(),
                values=[
                    ast.Compare(left=ast.Name() as one, ops=[ast.Gt() | ast.GtE() as above], comparators=[low]),
                    ast.Compare(left=ast.Name() as other, ops=[ast.Lt() | ast.LtE() as below], comparators=[high]),
                ],
            ) if one.id == other.id and all(isinstance(each, ast.Constant | ast.Name) for each in (low, high)):
                signs = [" <= " if isinstance(each, ast.GtE | ast.LtE) else " < " for each in (above, below)]
                text = f"{program.text(low)}{signs[0]}{one.id}{signs[1]}{program.text(high)}"
                if on_one_line(node):
                    yield found("between", node, program.replace(node, text), name=one.id, better=text)


def nested_ifs(program: Program) -> Iterator[Finding]:
    """An `if` that holds nothing but another `if`."""
    for node in program.nodes:
        match node:
            case ast.If(test=test, body=[ast.If(test=inner_test, body=body, orelse=[]) as inner], orelse=[]):
                edits: tuple[Edit, ...] = ()
                moved = program.reindented(body, program.indentation(inner.lineno))
                starts = program.lines(node.lineno, node.lineno).lstrip()
                plain = on_one_line(test) and on_one_line(inner_test) and starts.startswith("if ")
                gap = "#" in program.lines(node.lineno, body[0].lineno - 1)
                if moved and plain and not gap and program.stands_alone(node):
                    both = " and ".join(_bracketed(program, each) for each in (test, inner_test))
                    text = f"{program.indentation(node.lineno)}if {both}:\n{moved}"
                    edits = (program.replace_lines(node.lineno, node.end_lineno or 0, text),)
                yield found("nested_ifs", node, *edits, until=node)


def _bracketed(program: Program, test: ast.expr) -> str:
    text = program.text(test)
    loose = isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or)
    return f"({text})" if loose or isinstance(test, ast.IfExp | ast.Lambda | ast.NamedExpr) else text


def else_after_end(program: Program) -> Iterator[Finding]:
    """An `else` after a `return`: what follows is reached only otherwise."""
    for node in program.nodes:
        match node:
            case ast.If(body=[*_, last], orelse=[_, *_] as rest) if ends_here(last):
                pass
            case _:
                continue
        starts = program.lines(node.lineno, node.lineno).lstrip().startswith("if ")
        if not starts or (isinstance(rest[0], ast.If) and _is_elif(program, rest[0])) or len(rest) < 2:
            continue
        edits: tuple[Edit, ...] = ()
        moved = program.reindented(rest, program.indentation(node.lineno))
        gap = program.lines((last.end_lineno or 0) + 1, rest[0].lineno - 1).strip()
        if moved and gap == "else:" and program.stands_alone(node):
            edits = (program.replace_lines((last.end_lineno or 0) + 1, node.end_lineno or 0, moved),)
        yield found("else_after_end", node, *edits, word=type(last).__name__.lower())


def _is_elif(program: Program, node: ast.If) -> bool:
    return program.text(node).startswith("elif")


RULES = (
    compared_to_bool, compared_to_none, returned_bool, assigned_bool, length_compared, compared_one_by_one,
    constant_in_or, between, nested_ifs, else_after_end,
)  # fmt: skip
