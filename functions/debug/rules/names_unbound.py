"""Names that a function sets itself: `UnboundLocalError`, and names of an enclosing function that have no value yet."""

from __future__ import annotations

import ast

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import early, looking, outside
from functions.debug.rules.mending import indentation, inserted, renamed, replaced
from functions.debug.rules.names import attributes_of
from functions.debug.rules.phrases import at, beginning, shown, the_line
from functions.debug.rules.scoping import Binding, Function
from functions.debug.rules.undefined import Missing, first_parameter, missing


def of_the_object(case: Case) -> Finding | None:
    """`count += 1` in a method whose class has `count`."""
    found = missing(case)
    function = _function(found)
    if not found or not found.scopes or function is None or not isinstance(found.scopes.of[function], ast.ClassDef):
        return None
    owner, me = found.scopes.of[function], first_parameter(function)
    if not me or not isinstance(owner, ast.ClassDef) or found.name not in attributes_of(owner, found.scopes):
        return None
    full = f"{me}.{found.name}"
    return Finding(
        "forgotten_self",
        found.line,
        found.name,
        f"{beginning(found.line)} {shown(found.name)} is a name of the method alone, and has no value yet. What "
        f"belongs to the object is reached through {shown(me)}.",
        f"Look at {shown(found.name)}{at(found.line)}. Does it belong to this method only, or to the object?",
        f"Write {shown(full)} instead of {shown(found.name)}.",
        replaced(case, *((node, full) for node in _names(found, function))),
    )


def of_the_program(case: Case) -> Finding | None:
    """A name of the program that a function also assigns, which makes it the function's own."""
    found = missing(case)
    function = _function(found)
    if not found or not found.scopes or function is None:
        return None
    outer = _outer(found, function)
    if not outer:
        return None
    word = "global" if isinstance(outer.scope, ast.Module) else "nonlocal"
    setting = next((one for one in found.bindings if one.scope is function), None)
    name = shown(found.name)
    return Finding(
        "local_assigned_in_function",
        found.line,
        found.name,
        f"{beginning(found.line)} {name} has no value yet. Because the function {shown(function.name)} assigns "
        f"{name}{at(setting.line if setting else None)}, it is the function's own name, another one than the {name} "
        f"outside{at(outer.line)}.",
        f"Which {name} do you mean within {shown(function.name)}: its own, or the one from outside? How can "
        "Python tell?",
        f"Hand {name} over as a parameter and return the new value, or write {shown(f'{word} {found.name}')} as the "
        "first line of the function.",
        _declared(case, function, f"{word} {found.name}"),
    )


def _function(found: Missing | None) -> Function | None:
    return found.scopes.function_around(found.node) if found and found.scopes and found.node else None


def _outer(found: Missing, function: Function) -> Binding | None:
    """Return where the name is bound in a scope around the function: to a value, not to a function or a module."""
    if not found.scopes:
        return None
    for scope in found.scopes.seen_from(function):
        for binding in found.scopes.bindings:
            if (
                binding.scope is scope
                and binding.name == found.name
                and binding.how in ("assigned", "unpacked", "loop")
            ):
                return binding
    return None


def _declared(case: Case, function: Function, text: str) -> str | None:
    """Put a line at the function's beginning, below its docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None and function.body[1:] else function.body
    first = body[0].lineno
    if first == function.lineno:
        return None
    return inserted(case, first, indentation(case.line(first)) + text)


def _names(found: Missing, function: Function) -> list[ast.Name]:
    every = found.scopes.of if found.scopes else ()
    named = [node for node in every if isinstance(node, ast.Name) and node.id == found.name]
    return [node for node in named if found.scopes and found.scopes.function_around(node) is function]


def hides_builtin(case: Case) -> Finding | None:
    """`max = max(a, b)` in a function: its own name hides the built-in one from the first line on."""
    found = missing(case)
    function = _function(found)
    hidden = found is not None and (found.name in looking.BUILTINS or bool(found.elsewhere))
    if not found or not found.scopes or function is None or not hidden or not found.called:
        return None
    own = [node for node in _names(found, function) if not _called(found, node)]
    other = f"{found.name}_value"
    name = shown(found.name)
    return Finding(
        "local_assigned_in_function",
        found.line,
        found.name,
        f"{beginning(found.line)} {name} is called, but the function {shown(function.name)} uses {name} as a name of "
        "its own. That hides the function of the same name in all of it, before the assignment too.",
        f"How many things are called {name} within {shown(function.name)}?",
        f"Give your value another name, for example {shown(other)}.",
        renamed(case, *own, to=other),
    )


def _called(found: Missing, node: ast.AST) -> bool:
    outer = found.scopes.parent.get(node) if found.scopes else None
    return isinstance(outer, ast.Call) and outer.func is node


def in_a_branch(case: Case) -> Finding | None:
    """A name that only a branch or a loop of the function sets."""
    found = missing(case)
    if not found or not found.scopes or not found.bindings:
        return None
    before = [one for one in found.bindings if one.line < (found.line or 0) and one.how != "augmented"]
    return early.in_a_branch(found, before[-1]) if before else None


def other(case: Case) -> Finding | None:
    """A name of a function that is used before the function sets it."""
    found = missing(case)
    if not found:
        return None
    name = shown(found.name)
    setting = next((one for one in found.bindings if one.line > (found.line or 0)), None)
    return Finding(
        "used_before_assignment" if found.scopes else "local_assigned_in_function",
        found.line,
        found.name,
        f"{beginning(found.line)} {name} has no value yet. The function assigns it somewhere"
        f"{at(setting.line if setting else None)}, so everywhere in the function it is the function's own name.",
        f"Which line gives {name} its first value within the function, and does it run before {the_line(found.line)}?",
        f"Give {name} a value at the beginning of the function, take it as a parameter, or, if the name from outside "
        f"is meant, write {shown(f'global {found.name}')} first.",
    )


RULES: dict[str, tuple[Rule, ...]] = {
    "UnboundLocalError": (
        outside.gone_after_except,
        hides_builtin,
        of_the_object,
        of_the_program,
        early.misspelt_accumulator,
        in_a_branch,
        early.too_early,
        other,
    )
}
