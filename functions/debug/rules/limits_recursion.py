"""Limits: `RecursionError` of a function that has no end to come to."""

from __future__ import annotations

import ast
import builtins
from typing import get_args

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import looking
from functions.debug.rules.mending import replaced
from functions.debug.rules.phrases import shown
from functions.debug.rules.recursion import Recursion, recursion_of
from functions.debug.rules.reporting import around, at, tell, written

_ENDS = ast.Return | ast.Raise
_CHOICES = (ast.If, ast.IfExp, ast.BoolOp, ast.For, ast.While, ast.Try, ast.Match, ast.ListComp, ast.GeneratorExp)


def of_itself(case: Case) -> Finding | None:
    """A property that returns itself, `__str__` that prints itself, `__setattr__`."""
    for function in looking.nodes(case, ast.FunctionDef):
        marks = {looking.source(case, mark) for mark in function.decorator_list}
        if not (marks & {"property", f"{function.name}.setter", "cached_property"}):
            continue
        line = looking.place(case)
        nodes = [one for one in ast.walk(function) if isinstance(one, ast.Attribute) and one.attr == function.name]
        for node in nodes:
            if _is_self(node.value) and line in (None, node.lineno):
                texts = (
                    f"{written(case, node)}{at(case, node)} stands within the property {shown(function.name)} "
                    "itself, so "
                    "it asks the property again, and again.",
                    f"Under which name is the value really kept? It cannot be {shown(function.name)} too.",
                    f"Keep the value under another name, usually {shown(f'self._{function.name}')}, here and in the "
                    "setter.",
                )
                return tell(case, "no_base_case", node, texts, _underscored(case, function.name))
    return None


def of_own_kind(case: Case) -> Finding | None:
    """`__init__` that makes another object of its class, `__str__` that asks for the text of `self`."""
    line = looking.place(case)
    for function in looking.nodes(case, ast.FunctionDef):
        owner = next(iter(around(case, function)), None)
        if not isinstance(owner, ast.ClassDef) or function.name not in _ASKED_BY:
            continue
        for node in ast.walk(function):
            if not _asks_again(node, function.name, owner.name) or (line and getattr(node, "lineno", line) != line):
                continue
            name = shown(function.name)
            texts = (
                f"{written(case, node)} in line {getattr(node, 'lineno', function.lineno)} stands in {name} itself, "
                "and makes "
                f"Python call {name} once more, which does so again.",
                f"When does Python call {name}, and does this line make it do so?",
                _ASKED_BY[function.name],
            )
            return tell(case, "no_base_case", node, texts, here=True)
    return None


_ASKED_BY = {
    "__init__": "Hand the other object over as an argument, or make it outside of the class.",
    "__str__": "Put the text together from the attributes, such as `self.name`, and not from `self`.",
    "__repr__": "Put the text together from the attributes, such as `self.name`, and not from `self`.",
    "__setattr__": "Set it with `super().__setattr__(name, value)`.",
    "__getattr__": "Look it up in `self.__dict__`.",
}


def _asks_again(node: ast.AST, method: str, owner: str) -> bool:
    """Tell whether an expression makes Python call the method that it stands in."""
    match node:
        case ast.Call(func=ast.Name(id=name)) if method == "__init__":
            return name == owner
        case ast.Call(func=ast.Name(id="str" | "repr" | "print"), args=[ast.Name(id="self")]):
            return method in ("__str__", "__repr__")
        case ast.FormattedValue(value=ast.Name(id="self")):
            return method in ("__str__", "__repr__")
        case ast.Attribute(value=ast.Name(id="self"), ctx=ast.Store()):
            return method == "__setattr__"
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            return method == "__getattr__" and not name.startswith("__")
    return False


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _underscored(case: Case, name: str) -> str | None:
    """Return the program in which a property's own functions keep its value under a name with an underscore."""
    own = [one for one in looking.nodes(case, ast.FunctionDef) if one.name == name]
    inside = {id(node) for one in own for node in ast.walk(one)}
    nodes = [
        one
        for one in looking.nodes(case, ast.Attribute)
        if one.attr == name and _is_self(one.value) and id(one) in inside
    ]
    has_setter = len(own) > 1
    stored = any(
        isinstance(one.ctx, ast.Store) and one.attr == f"_{name}" for one in looking.nodes(case, ast.Attribute)
    )
    return replaced(case, *((node, f"self._{name}") for node in nodes)) if has_setter or stored else None


def hides_built_in(case: Case) -> Finding | None:
    """`def print(x): print(x)`: the function calls itself where it means the built-in one."""
    found = recursion_of(case)
    if found is None or found.method or not hasattr(builtins, found.function.name):
        return None
    texts = (
        f"Your function {found.name} has the name of a built-in function, so "
        f"{written(case, found.call)} in line {found.call.lineno} "
        "calls your own function again, without an end.",
        f"Which {found.name} do you mean within the function: Python's or your own?",
        f"Give your function in line {found.function.lineno} another name.",
    )
    return tell(case, "no_base_case", found.call, texts, here=True)


def no_base_case(case: Case) -> Finding | None:
    """Nothing in the function can end it without calling it again."""
    found = recursion_of(case)
    if found is None or _may_end(found):
        return None
    where = f" in line {found.call.lineno}"
    texts = (
        f"{found.name} calls itself{where} whatever it gets: there is no case in which it ends without calling "
        "itself, so "
        "the calls pile up until Python stops them.",
        f"For which argument is the answer of {found.name} so simple that it needs no further call?",
        f"Begin the function with that case: an `if` that does `return` before {written(case, found.call)}.",
    )
    return tell(case, "no_base_case", found.call, texts, here=True)


def _may_end(found: Recursion) -> bool:
    """Tell whether there is a way through the function that does not come to a call of itself."""
    for statement in found.function.body:
        has_call = any(node is found.call for node in ast.walk(statement))
        choices = [node for node in ast.walk(statement) if isinstance(node, _CHOICES)]
        if has_call:
            return any(any(part is found.call for part in ast.walk(node)) for node in choices)
        if isinstance(statement, ast.Return | ast.Raise) or any(
            isinstance(node, _ENDS) for node in ast.walk(statement)
        ):
            return True
    return False


def after_the_call(case: Case) -> Finding | None:
    """The base case stands below the call, where nobody comes."""
    found = recursion_of(case)
    if found is None:
        return None
    places = [any(node is found.call for node in ast.walk(statement)) for statement in found.function.body]
    if True not in places:
        return None
    first = places.index(True)
    statement = found.function.body[first]
    below = next((one for one in found.function.body[first + 1 :] if isinstance(one, ast.If)), None)
    above = any(isinstance(node, _ENDS) for one in found.function.body[:first] for node in ast.walk(one))
    if below is None or above or isinstance(statement, get_args(ast.If | ast.For | ast.While)):
        return None
    texts = (
        f"{written(case, found.call)} in line {found.call.lineno} stands above the base case in line {below.lineno}, "
        "so "
        "the function calls itself before it ever looks whether it should stop.",
        f"In which order do the lines of {found.name} run, and which one should come first?",
        f"Move {shown('if ' + looking.source(case, below.test) + ':')} to the beginning of the function.",
    )
    return tell(case, "base_case_not_reached", found.call, texts, here=True)


RULES: dict[str, tuple[Rule, ...]] = {
    "RecursionError": (of_itself, of_own_kind, hides_built_in, after_the_call, no_base_case)
}
