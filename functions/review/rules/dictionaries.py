"""Readability: what a dictionary, a tuple or an f-string says in one line."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from functions.review.finding import Finding, found
from functions.review.program import Program
from functions.review.rules.reading import alike, is_number, on_one_line
from functions.review.source import Edit

_SHORTEST_CHAIN = 4


def double_lookup(program: Program) -> Iterator[Finding]:
    """`if key in counts: counts[key] += 1`, `else: counts[key] = 1`."""
    for node in program.nodes:
        match node:
            case ast.If(
                test=ast.Compare(left=key, ops=[ast.In() | ast.NotIn() as sign], comparators=[held]),
                body=[one],
                orelse=[other],
            ):
                first, again = (other, one) if isinstance(sign, ast.In) else (one, other)
            case _:
                continue
        text = _counted(program, key, held, first, again) or _collected(program, key, held, first, again)
        if text is None or program.lines(node.lineno, node.lineno).lstrip().startswith("elif"):
            continue
        lines = (node.lineno, node.end_lineno or 0)
        edits: tuple[Edit, ...] = ()
        if program.stands_alone(node) and "#" not in program.lines(*lines):
            edits = (program.replace_lines(*lines, program.indentation(node.lineno) + text),)
        method = "setdefault" if "setdefault" in text else "get"
        yield found("double_lookup", node, *edits, method=method)


def _place(node: ast.expr, key: ast.expr, held: ast.expr) -> bool:
    """Tell whether a node is `held[key]`."""
    return isinstance(node, ast.Subscript) and alike(node.value, held) and alike(node.slice, key)


def _counted(program: Program, key: ast.expr, held: ast.expr, first: ast.stmt, again: ast.stmt) -> str | None:
    match first, again:
        case (
            ast.Assign(targets=[start], value=ast.Constant() as beginning),
            ast.AugAssign(target=more, op=ast.Add(), value=step),
        ) if _place(start, key, held) and _place(more, key, held) and alike(beginning, step) and is_number(step, 1):
            place = program.text(start)
            return f"{place} = {program.text(held)}.get({program.text(key)}, 0) + {program.text(step)}"
    return None


def _collected(program: Program, key: ast.expr, held: ast.expr, first: ast.stmt, again: ast.stmt) -> str | None:
    match first, again:
        case (
            ast.Assign(targets=[start], value=ast.List(elts=[item])),
            ast.Expr(value=ast.Call(func=ast.Attribute(value=more, attr="append"), args=[same])),
        ) if _place(start, key, held) and _place(more, key, held) and alike(item, same):
            return f"{program.text(held)}.setdefault({program.text(key)}, []).append({program.text(item)})"
    return None


def elif_chain(program: Program) -> Iterator[Finding]:
    """`if day == "mon"`, `elif day == "tue"`, …: a dictionary."""
    for node in program.nodes:
        if not isinstance(node, ast.If) or _is_inner(program, node):
            continue
        tests, bodies, otherwise = _chain(node)
        asked = [_asked(test) for test in tests]
        if len(tests) < _SHORTEST_CHAIN or any(each is None for each in asked):
            continue
        name = asked[0][0] if asked[0] else ""
        if any(each and each[0] != name for each in asked):
            continue
        edits = _as_dictionary(program, node, name, [each[1] for each in asked if each], bodies, otherwise)
        yield found("elif_chain", node, *edits, name=name, count=len(tests))


def _is_inner(program: Program, node: ast.If) -> bool:
    parent = program.parent[node]
    return isinstance(parent, ast.If) and parent.orelse == [node]


def _chain(node: ast.If) -> tuple[list[ast.expr], list[list[ast.stmt]], list[ast.stmt]]:
    tests, bodies = [node.test], [node.body]
    while len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
        node = node.orelse[0]
        tests.append(node.test)
        bodies.append(node.body)
    return tests, bodies, node.orelse


def _asked(test: ast.expr) -> tuple[str, ast.Constant] | None:
    match test:
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Eq()], comparators=[ast.Constant() as value]):
            return name, value
    return None


def _as_dictionary(
    program: Program,
    node: ast.If,
    name: str,
    keys: list[ast.Constant],
    bodies: list[list[ast.stmt]],
    otherwise: list[ast.stmt],
) -> tuple[Edit, ...]:
    """Return the edit where every branch does no more than give back, or assign, a constant."""
    given = [_given(body) for body in (*bodies, otherwise)]
    first, last = node.lineno, node.end_lineno or 0
    if (
        any(each is None or each[0] != (given[0] or ("",))[0] for each in given)
        or len({repr(key.value) for key in keys}) < len(keys)
        or "#" in program.lines(first, last)
        or not program.stands_alone(node)
    ):
        return ()
    values = [program.text(each[1]) for each in given if each]
    target = given[0][0] if given[0] else ""
    table = next(filter(program.is_free, (f"{target}_by_{name}" if target else f"by_{name}", f"{name}_table")), None)
    if table is None:
        return ()
    indentation = program.indentation(first)
    unit = "\t" if indentation.startswith("\t") else "    "
    lines = [f"{table} = {{"]
    lines += [f"{unit}{program.text(key)}: {value}," for key, value in zip(keys, values[:-1], strict=True)]
    lines += ["}", f"{f'{target} =' if target else 'return'} {table}.get({name}, {values[-1]})"]
    return (program.replace_lines(first, last, "\n".join(indentation + line for line in lines)),)


def _given(body: list[ast.stmt]) -> tuple[str, ast.expr] | None:
    """Return what a branch assigns a constant to, "" where it gives it back, and the constant."""
    match body:
        case [ast.Return(value=ast.Constant() as value)] if on_one_line(value):
            return "", value
        case [ast.Assign(targets=[ast.Name(id=target)], value=ast.Constant() as value)] if on_one_line(value):
            return target, value
    return None


def swapped_by_hand(program: Program) -> Iterator[Finding]:
    """`kept = a`, `a = b`, `b = kept`."""
    for node in program.statements:
        _, second = program.neighbours(node)
        third = program.neighbours(second)[1] if second else None
        match node, second, third:
            case (
                ast.Assign(targets=[ast.Name() as kept], value=one),
                ast.Assign(targets=[one_again], value=other),
                ast.Assign(targets=[other_again], value=ast.Name() as last),
            ) if kept.id == last.id and alike(one, one_again) and alike(other, other_again) and not alike(one, other):
                edits: tuple[Edit, ...] = ()
                lines = (node.lineno, third.end_lineno or 0)
                only = len(program.uses(kept)) == 2
                if only and program.stands_alone(node, third) and "#" not in program.lines(*lines):
                    both = f"{program.text(one)}, {program.text(other)}"
                    text = f"{program.indentation(node.lineno)}{both} = {program.text(other)}, {program.text(one)}"
                    edits = (program.replace_lines(*lines, text),)
                yield found("swapped_by_hand", node, *edits, until=third)


def glued_text(program: Program) -> Iterator[Finding]:
    """`"You are " + str(age) + " years old"`: an f-string."""
    for node in program.nodes:
        if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Add):
            continue
        if isinstance(program.parent[node], ast.BinOp):
            continue
        parts = list(_parts(node))
        if not any(_is_text(part) for part in parts) or not any(_is_str(part) for part in parts):
            continue
        text = _f_string(program, parts)
        plain = text and on_one_line(node) and program.data[slice(*program.span(node))].count(b"(") < 8
        edits = (program.replace(node, text),) if text and plain else ()
        yield found("glued_text", program.statement(node), *edits, until=program.statement(node))


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from _parts(node.left)
        yield node.right
    else:
        yield node


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_str(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="str"), args=[_], keywords=[]):
            return True
    return False


def _f_string(program: Program, parts: list[ast.expr]) -> str | None:
    """Return an f-string of the parts; None where quotes or backslashes would get into each other's way."""
    pieces = []
    for part in parts:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            if not part.value.isprintable() or "\\" in part.value or '"' in part.value:
                return None
            pieces.append(part.value.replace("{", "{{").replace("}", "}}"))
        else:
            inner = part.args[0] if isinstance(part, ast.Call) and _is_str(part) else part
            text = program.text(inner)
            if set(text) & set('\\"{}#:!\n') or isinstance(inner, ast.Lambda | ast.Starred | ast.JoinedStr):
                return None
            pieces.append(f"{{{text}}}")
    return f'f"{"".join(pieces)}"'


RULES = (double_lookup, elif_chain, swapped_by_hand, glued_text)
