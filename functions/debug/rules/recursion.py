"""Recursion: what rules ask of a function that calls itself."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from functions.debug.model import Case
from functions.debug.rules import looking
from functions.debug.rules.phrases import shown
from functions.debug.rules.reporting import around, called, known, number
from functions.debug.rules.scoping import Function


@dataclass(frozen=True)
class Recursion:
    """A function, and a call of it within itself."""

    function: Function
    call: ast.Call
    method: bool

    @property
    def name(self) -> str:
        """The function's name with its brackets, safe within a sentence."""
        return shown(f"{self.function.name}()")


def recursion_of(case: Case) -> Recursion | None:
    """Return the function that calls itself: the one the traceback names most often, else the first of the program."""
    frames = Counter(name for name, _ in (case.error.frames if case.error else ()) if name)
    named = [name for name, _ in frames.most_common()] + [case.error.function if case.error else None]
    found = []
    functions: list[Function] = [*looking.nodes(case, ast.FunctionDef), *looking.nodes(case, ast.AsyncFunctionDef)]
    for function in functions:
        method = any(isinstance(node, ast.ClassDef) for node in around(case, function)[:1])
        calls = [node for node in ast.walk(function) if isinstance(node, ast.Call) and _calls(node, function, method)]
        if calls:
            line = looking.place(case)
            call = min(calls, key=lambda one: one.lineno != line)
            found.append(Recursion(function, call, method))
    return min(found, key=lambda one: one.function.name not in named, default=None)


def _calls(call: ast.Call, function: Function, method: bool) -> bool:
    if isinstance(call.func, ast.Attribute):
        return method and call.func.attr == function.name and not _of_super(call.func.value)
    return called(call) == function.name and not method


def _of_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and called(node) == "super"


def arguments(found: Recursion) -> Iterator[tuple[str, ast.expr]]:
    """Yield the function's parameters, each with what the call within it gives."""
    names = [argument.arg for argument in found.function.args.args]
    names = names[1:] if found.method else names
    yield from zip(names, found.call.args, strict=False)


def first_given(case: Case, found: Recursion, parameter: str) -> int | float | None:
    """Return the number that the program calls the function with from outside."""
    names = [name for name, _ in arguments(found)]
    inside = {id(node) for node in ast.walk(found.function)}
    for call in looking.nodes(case, ast.Call):
        if called(call) == found.function.name and id(call) not in inside and parameter in names:
            given = call.args[names.index(parameter) : names.index(parameter) + 1]
            about = known(case)
            value = given[0] if given else None
            if isinstance(value, ast.Name) and about:
                bound = [one.value for one in about[0].of_name(value.id, value)]
                value = bound[0] if len(bound) == 1 else None
            if number(value) is not None:
                return number(value)
    return None
