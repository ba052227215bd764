"""Slips with names: a function stores under a local one what the object, or the program, is to keep."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules import mending
from functions.debug.rules.scoping import Function
from functions.debug.rules.slips_functions import calls_of
from functions.debug.rules.slips_moving import before, indentation, newline
from functions.debug.rules.slips_program import Program, at, inside, names_in, parameters


def local_instead_of_outer(program: Program) -> Iterator[Finding]:
    """A function stores a value under a local name that nobody reads, and an outer one is meant."""
    for function in program.all(ast.FunctionDef):
        owner = program.scopes.of[function]
        for node in inside(*function.body):
            if not isinstance(node, ast.Assign) or len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name):
                continue
            name = node.targets[0].id
            if program.home_of(name, node) is not function or program.reads(name, function):
                continue
            found = None
            if isinstance(owner, ast.ClassDef):
                found = _attribute_meant(program, function, owner, node, name)
            elif isinstance(owner, ast.Module):
                found = _global_meant(program, function, node, name)
            if found:
                yield found


def _attribute_meant(
    program: Program, function: Function, owner: ast.ClassDef, node: ast.Assign, name: str
) -> Finding | None:
    """Find `value = new` in a method of a class whose objects have a `value`."""
    first = function.args.args[0].arg if function.args.args else None
    known = [
        one for one in ast.walk(owner)
        if isinstance(one, ast.Attribute) and one.attr == name
        and isinstance(one.ctx, ast.Store) and isinstance(one.value, ast.Name)
    ]  # fmt: skip
    given, parts = {one.arg for one in parameters(function)} - {"self"}, list(ast.walk(node.value))
    own = names_in(node.value) & given or any(isinstance(one, ast.Attribute) and one.attr == name for one in parts)
    written = isinstance(node.value, ast.Constant | ast.List | ast.Dict)
    if first != "self" or not known or not (own or written) or any(isinstance(one, ast.Call) for one in parts):
        return None
    return program.found(
        "forgotten_self", node,
        f"{program.shown(name)} in line {node.lineno} is a variable of {program.shown(function.name)} alone, and is "
        f"gone when it ends. The attribute {program.shown(f'self.{name}')} keeps its old value.",
        f"Which {program.shown(name)} should line {node.lineno} change: one of the method, or the one that the object "
        "keeps?",
        f"Write {program.shown(f'self.{name}')} to the left of the `=`.",
        mending.replaced(program.case, (node.targets[0], f"self.{name}")),
    )  # fmt: skip


def _global_meant(program: Program, function: ast.FunctionDef, node: ast.Assign, name: str) -> Finding | None:
    """Find `score = 0` in a function that is called for nothing else, while the program goes on to read its `score`."""
    outer = [one for one in program.bindings(name, program.tree) if one.how in ("assigned", "augmented")]
    calls = [call for call in calls_of(program, function) if isinstance(program.parent.get(call), ast.Expr)]
    read = [one for one in program.reads(name, program.tree) if calls and at(one) > at(calls[0])]
    given = {one.arg for one in parameters(function)} | {one for call in calls for one in names_in(*call.args)}
    returns = any(isinstance(one, ast.Return) and one.value for one in inside(*function.body))
    if not outer or not read or returns or name in given:
        return None
    documented = ast.get_docstring(function) is not None and len(function.body) > 1
    first = function.body[1] if documented else function.body[0]
    change = before(program, first, f"{indentation(program, first)}global {name}{newline(program)}")
    return program.found(
        "local_assigned_in_function", node,
        f"Line {node.lineno} makes a new variable {program.shown(name)} that belongs to "
        f"{program.shown(f'{function.name}()')} alone. The {program.shown(name)} of line {outer[0].line} stays as it "
        "was.",
        f"How many variables are called {program.shown(name)} here? Which one does line {read[0].lineno} read?",
        f"Let the function give the value back with `return`, or say {program.shown(f'global {name}')} in its first "
        "line.",
        mending.replaced(program.case, change) if change and first.lineno > function.lineno else None,
    )  # fmt: skip
