"""Slips with copies: a function that changes what it is given, a copy of a list whose rows are not copied."""

from __future__ import annotations

import ast

from functions.debug.model import Case, Finding
from functions.debug.rules import mending
from functions.debug.rules.slips_defaults import changes_it
from functions.debug.rules.slips_program import CHANGING, Program, at, inside, parameters

_COPIED = ("list", "dict", "set")


def not_copied(program: Program, statement: ast.Assign) -> Finding | None:
    """Find an assignment whose value looks like a copy, and shares what it holds with another name."""
    return _given_away(program, statement) or _copied_outside_only(program, statement)


def _given_away(program: Program, statement: ast.Assign) -> Finding | None:
    """Find `sorted_marks = in_order(marks)` where the function changes `marks` itself and gives it back."""
    match statement:
        case ast.Assign(
            targets=[ast.Name(id=target)],
            value=ast.Call(func=ast.Name(id=called), args=[ast.Name(id=name) as given, *_]) as call,
        ) if target != name:
            function = program.scopes.function(called)
        case _:
            return None
    if not isinstance(function, ast.FunctionDef) or not parameters(function) or program.kinds.of(given) not in _COPIED:
        return None
    inner = parameters(function)[0].arg
    returned = [one.value for one in inside(*function.body) if isinstance(one, ast.Return)]
    itself = bool(returned) and all(isinstance(one, ast.Name) and one.id == inner for one in returned)
    changes = [one for one in inside(*function.body) if changes_it(one, inner)]
    later = [one for one in program.reads(name, program.home(given)) if at(one) > at(call) and one is not given]
    rebound = len(program.bindings(inner, function)) > 1 or len(program.bindings(name, program.home(given))) > 1
    if not itself or not changes or not later or rebound or any(only_changed(program, one) for one in later):
        return None
    if not program.reads(target, program.scope(statement)):
        return None
    line = getattr(changes[0], "lineno", 0)
    return program.found(
        "shared_list", call,
        f"{program.shown(f'{called}()')} changes the very {program.kinds.of(given)} that it gets, in line {line}. So "
        f"after line {call.lineno}, {program.shown(name)} and {program.shown(target)} are one and the same.",
        f"Print {program.shown(name)} before and after line {call.lineno}. Should it change?",
        f"Give the function a copy: {program.shown(f'{name}.copy()')}.",
        mending.replaced(program.case, (given, f"{name}.copy()")),
    )  # fmt: skip


def _copied_outside_only(program: Program, statement: ast.Assign) -> Finding | None:
    """Find a copy of a list of lists whose rows are changed: the copy holds the same rows."""
    name, targets = _copied(statement.value), statement.targets
    if name is None or len(targets) != 1 or not isinstance(targets[0], ast.Name):
        return None
    other = targets[0].id
    scope = program.scope(statement)
    given = [one.value for one in program.bindings(name.id, program.home(name))]
    if len(given) != 1 or len(program.bindings(other, scope)) != 1 or not isinstance(given[0], ast.List | ast.ListComp):
        return None
    parts = given[0].elts if isinstance(given[0], ast.List) else [given[0].elt]
    if not any(
        isinstance(one, ast.List | ast.Dict | ast.BinOp) and program.kinds.of(one) in ("list", "dict") for one in parts
    ):
        return None
    changes = [
        one for one in inside(*getattr(scope, "body", ())) if _changes_row(one, other) and at(one) > at(statement)
    ]
    later = [one for one in program.reads(name.id, scope) if changes and at(one) > at(changes[0])]
    if not changes or not later:
        return None
    sure = not any(binding.name == "copy" for binding in program.scopes.bindings)
    code = mending.replaced(program.case, (statement.value, f"copy.deepcopy({name.id})")) if sure else None
    fixed = mending.imported(Case(code), "import copy") if code else None
    return program.found(
        "shared_list", statement,
        f"{program.shown(statement.value)} in line {statement.lineno} makes a new outer list, but it holds the same "
        f"rows as {program.shown(name)}. Line {getattr(changes[0], 'lineno', 0)} changes a row, and so both.",
        f"Print {program.shown(f'{other}[0] is {name.id}[0]')} after line {statement.lineno}. Which lists are new?",
        f"Copy the rows as well: {program.shown(f'copy.deepcopy({name.id})')}, after `import copy`.",
        fixed,
    )  # fmt: skip


def _copied(value: ast.expr) -> ast.Name | None:
    """Return the name of the list that `items.copy()`, `items[:]` or `list(items)` makes a copy of."""
    match value:
        case ast.Call(func=ast.Attribute(value=ast.Name() as name, attr="copy"), args=[]):
            return name
        case ast.Subscript(value=ast.Name() as name, slice=ast.Slice(lower=None, upper=None, step=None)):
            return name
        case ast.Call(func=ast.Name(id="list"), args=[ast.Name() as name]):
            return name
    return None


def _changes_row(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Subscript(value=ast.Subscript(value=ast.Name(id=of)), ctx=ast.Store()):
            return of == name
        case ast.Call(func=ast.Attribute(value=ast.Subscript(value=ast.Name(id=of)), attr=method)):
            return of == name and method in CHANGING
    return False


def only_changed(program: Program, name: ast.Name) -> bool:
    """Tell whether a name is read only to change what it stands for."""
    above = program.parent.get(name)
    if isinstance(above, ast.Attribute):
        return above.attr in CHANGING and isinstance(program.parent.get(program.parent.get(above)), ast.Expr)  # type: ignore[arg-type]
    return isinstance(above, ast.Subscript) and isinstance(above.ctx, ast.Store | ast.Del)
