"""Slips with sharing: one list under several names, or in several rows."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules import mending
from functions.debug.rules.slips_copies import not_copied, only_changed
from functions.debug.rules.slips_defaults import changes_it, new_container
from functions.debug.rules.slips_moving import body_indentation, indentation, indented, lines_of, moved, newline
from functions.debug.rules.slips_program import Loop, Program, at, inside, within

_NEW = {"list": "[]", "dict": "{}", "set": "set()"}


def shared_list(program: Program) -> Iterator[Finding]:
    """Two names, or several rows, for one list."""
    for node in program.all(ast.BinOp):
        if isinstance(node.op, ast.Mult) and (found := _multiplied(program, node)):
            yield found
    for call in program.all(ast.Call):
        match call:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="dict"), attr="fromkeys"), args=[keys, value]) if (
                new_container(value) and program.text(value) in (*_NEW.values(), "list()", "dict()")
            ):
                meant = f"{{key: {program.text(value)} for key in {program.text(keys)}}}"
                yield _one_for_all(program, call, program.shown(value), "key", meant)
    for made in program.all(ast.ListComp):
        if found := _same_row(program, made):
            yield found
    for statement in program.all(ast.Assign):
        if (
            found := _two_names(program, statement)
            or _second_name(program, statement)
            or not_copied(program, statement)
        ):
            yield found
    for loop in program.loops():
        if found := _put_in_again(program, loop):
            yield found


def _multiplied(program: Program, node: ast.BinOp) -> Finding | None:
    """Find `[[0] * 3] * 3`."""
    for listed, times in ((node.left, node.right), (node.right, node.left)):
        match listed:
            case ast.List(elts=[ast.BinOp(left=left, op=ast.Mult(), right=right) as row]) if isinstance(
                left, ast.List
            ) or isinstance(right, ast.List):
                pass
            case ast.List(elts=[row]) if new_container(row) or _plain_list(program, row):
                pass
            case _:
                continue
        copy = program.text(row) if not isinstance(row, ast.Name) else f"{row.id}.copy()"
        meant = f"[{copy} for _ in range({program.text(times)})]"
        return _one_for_all(program, node, program.shown(row), "row", meant)
    return None


def _same_row(program: Program, made: ast.ListComp) -> Finding | None:
    """Find `[row for _ in range(3)]`, which takes the same row each time."""
    match made:
        case ast.ListComp(
            elt=ast.Name(id=name) as row,
            generators=[ast.comprehension(target=ast.Name(id=other), iter=ast.Call(func=ast.Name(id="range")))],
        ):
            if name == other or not _plain_list(program, row):
                return None
        case _:
            return None
    meant = program.text(made).replace(name, f"{name}.copy()", 1)
    return _one_for_all(program, made, program.shown(name), "row", meant)


def _plain_list(program: Program, node: ast.expr) -> bool:
    """Tell whether a node is the name of a list."""
    return isinstance(node, ast.Name) and program.kinds.of(node) == "list"


def _one_for_all(program: Program, node: ast.expr, value: str, each: str, meant: str) -> Finding:
    return program.found(
        "shared_list", node,
        f"{program.shown(node)} in line {node.lineno} makes {value} once and takes it for every {each}. Change one "
        f"{each}, and all of them change.",
        f"Change one {each} and print all of them. How many lists does line {node.lineno} make?",
        f"Make a new one for each {each}: {program.shown(meant)}.",
        mending.replaced(program.case, (node, meant)),
    )  # fmt: skip


def _two_names(program: Program, statement: ast.Assign) -> Finding | None:
    """Find `a = b = []`."""
    names = [one.id for one in statement.targets if isinstance(one, ast.Name)]
    if len(names) < 2 or len(names) != len(statement.targets) or not new_container(statement.value):
        return None
    scope = program.scope(statement)
    changed = [name for name in names if any(changes_it(node, name) for node in ast.walk(scope))]
    if not changed or any(len(program.bindings(name, scope)) > 1 for name in names):
        return None
    line, indent, value = newline(program), indentation(program, statement), program.text(statement.value)
    text = f"{line}{indent}".join(f"{name} = {value}" for name in names)
    both = " and ".join(map(program.shown, names))
    return program.found(
        "shared_list", statement,
        f"Line {statement.lineno} makes one {program.kinds.of(statement.value)} and gives it several names: {both}. "
        "What you put into one of them is in the other as well.",
        f"How many times does line {statement.lineno} make {program.shown(value)}? Compare {both} with `is`.",
        f"Give each name one of its own, on lines of their own: {program.shown(f'{names[0]} = {value}')} and so on.",
        mending.replaced(program.case, (statement, text)) if lines_of(program, statement) else None,
    )  # fmt: skip


def _second_name(program: Program, statement: ast.Assign) -> Finding | None:
    """Find `b = a` that is used as if it made a copy."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=other)], value=ast.Name(id=name) as value) if name != other:
            pass
        case _:
            return None
    scope = program.scope(statement)
    ours, theirs = program.bindings(other, scope), program.bindings(name, scope)
    if program.home(value) is not scope or len(ours) != 1 or len(theirs) != 1 or program.kinds.of(value) not in _NEW:
        return None
    for changed, kept in ((other, name), (name, other)):
        changes = [
            node
            for node in inside(*getattr(scope, "body", ()))
            if changes_it(node, changed) and at(node) > at(statement)
        ]
        plain = [
            one
            for one in program.reads(kept, scope)
            if changes and at(one) > at(changes[0]) and not only_changed(program, one)
        ]
        own = [one for one in program.reads(changed, scope) if changes and at(one) > at(changes[0])]
        if not changes or not plain or (not own and changed == other and isinstance(scope, ast.FunctionDef)):
            continue
        nested = any(
            new_container(part) for one in theirs if isinstance(one.value, ast.List) for part in one.value.elts
        )
        copied = f"{other} = {name}.copy()"
        return program.found(
            "shared_list", statement,
            f"Line {statement.lineno} copies nothing: {program.shown(other)} becomes a second name for what "
            f"{program.shown(name)} stands for. Line {getattr(changes[0], 'lineno', 0)} therefore changes both.",
            f"Print {program.shown(f'{other} is {name}')} after line {statement.lineno}. How many lists are there?",
            f"Make a copy: {program.shown(copied)}.",
            mending.replaced(program.case, (statement, copied)) if not nested else None,
        )  # fmt: skip
    return None


def _put_in_again(program: Program, loop: Loop) -> Finding | None:
    """Find a list that is filled in every round and put into another one, but made only once before the loop."""
    scope = program.scope(loop)
    for node in inside(*loop.body):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=all_of_them), attr="append"), args=[ast.Name(id=name)]
            ) if all_of_them != name:
                made = program.bindings(name, scope)
            case _:
                continue
        changes = [one for one in inside(*loop.body) if changes_it(one, name)]
        begun = made[0].node if len(made) == 1 and made[0].how == "assigned" and new_container(made[0].value) else None
        if program.loops_around(node)[:1] != [loop] or not isinstance(begun, ast.Assign) or not changes:
            continue
        if (
            within(begun, loop)
            or len(begun.targets) != 1
            or any(isinstance(one, ast.Break | ast.Return) for one in inside(*loop.body))
        ):
            continue
        return _same_every_round(program, loop, node, begun, name, changes)
    return None


def _same_every_round(
    program: Program, loop: Loop, node: ast.Call, begun: ast.Assign, name: str, changes: list[ast.AST]
) -> Finding:
    emptied = any(
        isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr == "clear"
        for one in changes
    )
    outside = [one for one in program.reads(name, program.scope(loop)) if not within(one, loop)]
    fixed = mending.replaced(program.case, (node.args[0], f"{name}.copy()")) if emptied else None
    indent, part = body_indentation(program, loop), lines_of(program, loop.body[0])
    if not emptied and not outside and indent is not None and part and program.block(begun) is program.block(loop):
        fixed = (
            moved(program, begun, into=((part[0], part[0]), ""), indent=indent)
            if indented(program, begun, indent)
            else None
        )
    shown, whole = program.shown(name), program.shown(begun)
    return program.found(
        "shared_list", node,
        f"{shown} is made once, in line {begun.lineno}, and line {node.lineno} puts this same object in again in every "
        "round. So all entries are one and the same, and change together.",
        f"How often does line {begun.lineno} run, and how often line {node.lineno}? How many objects should there be "
        "in the end?",
        f"Make a new one in every round: move {whole} into the loop of line {loop.lineno}." if not emptied
        else f"Put in a copy: {program.shown(f'{name}.copy()')}.",
        fixed,
    )  # fmt: skip
