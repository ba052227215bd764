"""Outside: names that exist, but only in a part of the program that the place does not see."""

from __future__ import annotations

import ast
from typing import get_args

from functions.debug.model import Case, Finding
from functions.debug.rules import looking
from functions.debug.rules.mending import indentation, replaced
from functions.debug.rules.phrases import at, beginning, shown
from functions.debug.rules.scoping import Binding, Comprehension, Scopes
from functions.debug.rules.undefined import Missing, missing, uses


def gone_after_except(case: Case) -> Finding | None:
    """`e` of `except … as e`, which is gone when the `except` block ends."""
    found = missing(case)
    if not found or not found.bindings or not all(isinstance(one.node, ast.ExceptHandler) for one in found.bindings):
        return None
    name = shown(found.name)
    return Finding(
        "name_in_other_scope",
        found.line,
        found.name,
        f"{beginning(found.line)} {name} is gone already: the name after `as` lives only within its `except` block.",
        f"Look at the `except`{at(found.bindings[0].line)}. Where does its block end?",
        f"Use {name} within the `except` block, or keep it there under another name.",
    )


def in_other_scope(case: Case) -> Finding | None:
    """A name that only a function, a class or a comprehension knows."""
    found = missing(case)
    if not found or not found.scopes or not found.node or not found.elsewhere:
        return None
    binding = found.elsewhere[0]
    name, owner = shown(found.name), binding.scope
    inside = f"the {_word(owner)} {shown(owner.name)}" if hasattr(owner, "name") else f"a {_word(owner)}"
    fixed, todo = _brought_out(case, found, binding)
    return Finding(
        "name_in_other_scope",
        found.line,
        found.name,
        f"{beginning(found.line)} {name} is not known: it exists only within {inside}{at(binding.line)}. "
        "What is made in there is not seen outside.",
        f"Look at {inside}. How could the place{at(found.line)} get at the value of {name}?",
        todo or f"Let the function `return` {name} and keep what the call gives back, or hand it over as an argument.",
        fixed,
    )


def _word(scope: ast.AST) -> str:
    if isinstance(scope, ast.ClassDef):
        return "class"
    return "comprehension" if isinstance(scope, get_args(Comprehension)) else "function"


def _brought_out(case: Case, found: Missing, binding: Binding) -> tuple[str | None, str | None]:
    """Return the program that brings the value to where it is needed, and what was done."""
    owner, scopes = binding.scope, found.scopes
    if not scopes or not found.node:
        return None, None
    if isinstance(owner, ast.ClassDef):
        return _through_object(case, found, owner, binding)
    calls = [node for node in scopes.of if _calls_alone(node, owner, scopes, found)]
    if not isinstance(owner, ast.FunctionDef) or binding.how == "parameter" or len(calls) != 1:
        return None, None
    call = calls[0]
    given = [node for node, scope in scopes.of.items() if scope is owner and isinstance(node, ast.Return)]
    written = looking.source(case, call)
    todo = f"Keep what the function gives back: {shown(f'{found.name} = {written}')}."
    returns = [node.value for node in given]
    if returns and all(isinstance(value, ast.Name) and value.id == found.name for value in returns):
        return replaced(case, (call, f"{found.name} = {written}")), todo
    if given or binding.node not in owner.body:
        return None, None
    begin, end = looking.span(case.code, owner.body[-1])
    line = case.code[looking.line_starts(case.code)[owner.body[-1].lineno - 1] : begin]
    ending = f"\n{indentation(line)}return {found.name}"
    todo = f"End the function with {shown(f'return {found.name}')}, and write {shown(f'{found.name} = {written}')}."
    return replaced(case, ((end, end), ending), (call, f"{found.name} = {written}")), todo


def _calls_alone(node: ast.AST, owner: ast.AST, scopes: Scopes, found: Missing) -> bool:
    """Tell whether a node is a call of the function as a statement of its own, above and beside the name's place."""
    match scopes.parent.get(node), node:
        case ast.Expr(), ast.Call(func=ast.Name(id=name)):
            beside = scopes.of.get(node) is (scopes.of.get(found.node) if found.node else None)
            return name == getattr(owner, "name", None) and beside and node.lineno < (found.line or 0)
    return False


def _through_object(case: Case, found: Missing, owner: ast.ClassDef, binding: Binding) -> tuple[str | None, str | None]:
    """Use the program's only object of a class, where a method was called without one."""
    scopes = found.scopes
    made = [
        one.name
        for one in (scopes.bindings if scopes else ())
        if isinstance(one.value, ast.Call) and isinstance(one.value.func, ast.Name) and one.value.func.id == owner.name
    ]
    if len(set(made)) != 1 or binding.how != "function":
        return None, f"Reach it through an object of the class: {shown(f'….{found.name}')}."
    full = f"{made[0]}.{found.name}"
    return replaced(case, *((node, full) for node in uses(found))), f"Call it on the object: {shown(f'{full}(…)')}."
