"""Slips with results of functions: one that is shown instead of given back, one that nobody takes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules import mending
from functions.debug.rules.slips_calls import TEXT_METHODS
from functions.debug.rules.slips_functions import calls_of, is_generator, last_ones, uses
from functions.debug.rules.slips_program import Program, at, inside, parameters

_PURE = frozenset(
    (
        "len",
        "sum",
        "max",
        "min",
        "abs",
        "round",
        "int",
        "float",
        "str",
        "sorted",
        "list",
        "range",
        "set",
        "tuple",
        "dict",
        "bool",
    )
) | {"enumerate", "zip", "ord", "chr", "any", "all", "isinstance", "reversed", "pow", "divmod", "map", "filter"}
_PURE_METHODS = TEXT_METHODS | {
    "join",
    "replace",
    "split",
    "count",
    "index",
    "find",
    "format",
    "startswith",
    "endswith",
    "append",
    "get",
    "items",
    "keys",
    "values",
    "sqrt",
}


def result_not_taken(program: Program) -> Iterator[Finding]:
    """`add(2, 3)` on a line of its own, of a function that does nothing but give a result back."""
    for function in program.all(ast.FunctionDef):
        given = [node for node in inside(*function.body) if isinstance(node, ast.Return) and node.value]
        if not given or not _only_calculates(program, function):
            continue
        for call in calls_of(program, function):
            statement = program.parent.get(call)
            if not isinstance(statement, ast.Expr) or any(
                isinstance(one, ast.Try | ast.With) for one in program.ancestors(call)
            ):
                continue
            if program.scopes.function_around(call) is function:
                continue
            yield _not_taken(program, function, call)
            break


def _only_calculates(program: Program, function: ast.FunctionDef) -> bool:
    """Tell whether a function changes nothing outside of itself, so that its result is all it is good for."""
    given = {one.arg for one in parameters(function)}
    if function.decorator_list or is_generator(function):
        return False
    for node in inside(*function.body):
        match node:
            case (
                ast.Global()
                | ast.Nonlocal()
                | ast.Raise()
                | ast.Assert()
                | ast.Await()
                | ast.Import()
                | ast.Delete()
                | ast.With()
            ):
                return False
            case ast.Attribute(ctx=ast.Store()) | ast.Subscript(ctx=ast.Store()):
                if not isinstance(node.value, ast.Name) or node.value.id in given or node.value.id == "self":
                    return False
                if program.home(node.value) is not function:
                    return False
            case ast.Call(func=ast.Name(id=name)) if name not in _PURE and name != function.name:
                return False
            case ast.Call(func=ast.Attribute(attr=name, value=owner)):
                local = isinstance(owner, ast.Name) and program.home(owner) is function and owner.id not in given
                if name not in _PURE_METHODS or (name == "append" and not local):
                    return False
    return True


def _not_taken(program: Program, function: ast.FunctionDef, call: ast.Call) -> Finding:
    names = [one for one in call.args if isinstance(one, ast.Name)]
    later = [
        one
        for one in names
        if any(at(read) > at(call) and read is not one for read in program.reads(one.id, program.home(one)))
    ]
    shown, fixed, meant = program.shown(call), None, f"print({program.text(call)})"
    if len(later) == 1 and later[0] is call.args[0]:
        meant = f"{later[0].id} = {program.text(call)}"
        if program.home(later[0]) is program.scope(call):
            fixed = mending.replaced(program.case, (call, meant))
    elif not later and program.scope(call) is program.tree:
        fixed = mending.replaced(program.case, (call, meant))
    return program.found(
        "result_thrown_away", call,
        f"{program.shown(f'{function.name}()')} only gives a result back; it shows and changes nothing. Line "
        f"{call.lineno} calls it and drops that result.",
        f"Where does the result of {shown} in line {call.lineno} go?",
        f"Take the result: {program.shown(meant)}.",
        fixed,
    )  # fmt: skip


def print_instead_of_return(program: Program) -> Iterator[Finding]:
    """A function that shows its result where another line wants to use it."""
    for function in program.all(ast.FunctionDef):
        if is_generator(function) or any(
            isinstance(node, ast.Return) and node.value for node in inside(*function.body)
        ):
            continue
        used = uses(program, function)
        prints = [node for node in inside(*function.body) if isinstance(node, ast.Expr) and _is_print(node.value)]
        last = [one for one in prints if one in list(last_ones(function.body))]
        if not used or not prints:
            continue
        guilty, call = (last or prints)[-1], used[0]
        shown = guilty.value.args[0] if isinstance(guilty.value, ast.Call) and len(guilty.value.args) == 1 else None
        sure = (
            last
            and last == prints
            and all(
                isinstance(one.value, ast.Call)
                and len(one.value.args) == 1
                and not one.value.keywords
                and not isinstance(one.value.args[0], ast.Starred)
                for one in prints
            )
        )
        name = program.shown(f"{function.name}()")
        yield program.found(
            "print_instead_of_return", guilty,
            f"{name} shows its result with `print` in line {guilty.lineno}, but gives nothing back. Line {call.lineno} "
            f"uses {program.shown(call)}, and that is `None`.",
            f"What does line {call.lineno} get from {name}? Who needs the result: somebody who reads it, or the "
            "program?",
            f"Give the result back instead: {program.shown('return ' + program.text(shown))}." if shown is not None
            else f"Let {name} end with `return` and the result, and print it where it is called.",
            mending.replaced(program.case, *((one, _returned(program, one)) for one in prints)) if sure else None,
        )  # fmt: skip


def _is_print(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print" and bool(node.args)
    )


def _returned(program: Program, statement: ast.Expr) -> str:
    assert isinstance(statement.value, ast.Call)
    value = statement.value.args[0]
    text = program.text(value)
    return f"return {text}" if value.lineno == value.end_lineno else f"return ({text})"
