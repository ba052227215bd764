"""Slips of hiding: a name that hides one of Python's own, and an `except` that hides every error."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules import looking, mending
from functions.debug.rules.looking import BUILTINS
from functions.debug.rules.scoping import Binding
from functions.debug.rules.slips_moving import ended, lines_of
from functions.debug.rules.slips_program import Program, at, inside

_BETTER = {
    "list": "items", "str": "text", "sum": "total", "max": "highest", "min": "lowest", "input": "answer",
    "dict": "table", "len": "length", "int": "number", "type": "kind", "id": "number",
    "print": "shown", "set": "unique", "sorted": "ordered",
}  # fmt: skip
_CANNOT_BE_CALLED = ("str", "list", "dict", "set", "tuple", "int", "float", "bool", "NoneType")


def shadowed_builtin(program: Program) -> Iterator[Finding]:
    """A variable with the name of a built-in function that the program still wants to call."""
    told = set()
    for call in program.all(ast.Call):
        name = call.func
        if not isinstance(name, ast.Name) or name.id not in BUILTINS or (scope := program.home(name)) is None:
            continue
        bound = program.bindings(name.id, scope)
        before = [
            one
            for one in bound
            if scope is not program.scope(call) or one.line < call.lineno or program.loops_around(call)
        ]
        if (
            not before
            or (scope, name.id) in told
            or any(one.how in ("function", "class", "import", "other") for one in bound)
        ):
            continue
        if not all(_no_function(program, one) for one in bound):
            continue
        told.add((scope, name.id))
        shown, first = program.shown(name), before[0]
        better = _BETTER.get(name.id, f"my_{name.id}")
        yield program.found(
            "shadowed_builtin", first.node if hasattr(first.node, "lineno") else call,
            f"Line {first.line} makes {shown} a name of your own. From then on it no longer is Python's function, "
            f"which line {call.lineno} wants to call.",
            f"What does {shown} stand for in line {first.line}, and what should it stand for in line {call.lineno}?",
            f"Give the variable of line {first.line} another name, such as {program.shown(better)}.",
            _renamed(program, scope, name.id, better),
        )  # fmt: skip


def _no_function(program: Program, bound: Binding) -> bool:
    """Tell whether a name surely gets something that cannot be called."""
    match bound.value:
        case ast.Call(func=ast.Name(id=name)) if name == bound.name and bound.how == "assigned":
            return name in _BETTER
    if bound.how == "assigned":
        return program.kinds.of(bound.value) in _CANNOT_BE_CALLED
    if bound.how == "parameter":
        given = program.kinds.arguments_for(bound)
        return bool(given) and all(program.kinds.of(one) in _CANNOT_BE_CALLED for one in given)
    return bound.how == "augmented" or (bound.how == "loop" and program.kinds.of_part(bound.value) in _CANNOT_BE_CALLED)


def _renamed(program: Program, scope: ast.AST, name: str, better: str) -> str | None:
    """Return the program with the variable under another name wherever it is not called."""
    if any(one.name == better for one in program.scopes.bindings) or any(
        one.id == better for one in program.all(ast.Name)
    ):
        return None
    if any(binding.how not in ("assigned", "augmented", "loop") for binding in program.bindings(name, scope)):  # type: ignore[arg-type]
        return None
    names = []
    for one in program.all(ast.Name):
        above = program.parent.get(one)
        called = isinstance(above, ast.Call) and above.func is one
        if one.id == name and program.home(one) is scope and not called:
            names.append(one)
    return mending.renamed(program.case, *names, to=better) if names else None


def exception_swallowed(program: Program) -> Iterator[Finding]:
    """`except: pass` makes every error invisible, also those nobody thought of."""
    for handler in program.all(ast.ExceptHandler):
        every = handler.type is None or (
            isinstance(handler.type, ast.Name) and handler.type.id in ("Exception", "BaseException")
        )
        tried = program.parent.get(handler)
        if not every or not isinstance(tried, ast.Try | ast.TryStar) or not all(map(_does_nothing, handler.body)):
            continue
        expected = _expected(tried)
        yield program.found(
            "exception_swallowed", handler,
            f"Line {handler.lineno} catches every error and does nothing with it, so whatever goes wrong in the `try` "
            f"of line {tried.lineno} goes wrong unseen.",
            f"Which error do you expect in the lines after line {tried.lineno}? What happens when it is another one?",
            f"Name the error that you expect, such as {program.shown(f'except {expected}:')}, and print a message when "
            "it comes.",
        )  # fmt: skip


def handlers_never_reached(program: Program) -> Iterator[Finding]:
    """An `except` below one that catches the same errors and more."""
    for tried in program.all(ast.Try):
        for number, handler in enumerate(tried.handlers):
            earlier = next((one for one in tried.handlers[:number] if _catches(one, handler)), None)
            if earlier is None or handler.type is None or earlier.type is None:
                continue
            swapped = handler is tried.handlers[number] and tried.handlers[number - 1] is earlier
            parts = (lines_of(program, *earlier.body), lines_of(program, *handler.body))
            fixed = None
            if swapped and all(parts) and parts[0] and parts[1]:
                code = program.case.code
                bodies = [ended(program, code[slice(*part)]) for part in parts if part]
                heads = [_head(program, one) for one in (earlier, handler)]
                changes = [
                    (heads[0], code[slice(*heads[1])]),
                    (heads[1], code[slice(*heads[0])]),
                    (parts[0], bodies[1]),
                    (parts[1], bodies[0]),
                ]
                fixed = mending.replaced(program.case, *changes)
            yield program.found(
                "branches_never_reached", handler,
                f"`except` in line {earlier.lineno} catches {program.shown(earlier.type)}, and every "
                f"{program.shown(handler.type)} is one. Python takes the first `except` that fits, so line "
                f"{handler.lineno} is never reached.",
                f"Which `except` fits a {program.shown(handler.type)} first, read from the top?",
                f"Put {program.shown('except ' + program.text(handler.type))} above "
                f"{program.shown('except ' + program.text(earlier.type))}.",
                fixed,
            )  # fmt: skip


def _head(program: Program, handler: ast.ExceptHandler) -> tuple[int, int]:
    """Return the part of a handler between its `except` and its body: the type, the name and the colon."""
    begin = looking.span(program.case.code, handler)[0]
    first = lines_of(program, handler.body[0])
    return begin, looking.line_starts(program.case.code)[handler.lineno] if first else begin


def _catches(wide: ast.ExceptHandler, narrow: ast.ExceptHandler) -> bool:
    """Tell whether an `except` of built-in errors takes all that another one would."""
    types = [getattr(builtins, one.type.id, None) if isinstance(one.type, ast.Name) else None for one in (wide, narrow)]
    known = [one for one in types if isinstance(one, type) and issubclass(one, BaseException)]
    return len(known) == 2 and issubclass(known[1], known[0])


def _does_nothing(node: ast.stmt) -> bool:
    constant = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return constant or isinstance(node, ast.Pass | ast.Continue)


def _expected(tried: ast.Try | ast.TryStar) -> str:
    """Return the error that the lines of a `try` usually meet."""
    for node in sorted(inside(*tried.body), key=at):
        match node:
            case ast.Call(func=ast.Name(id="int" | "float")):
                return "ValueError"
            case ast.Call(func=ast.Name(id="open")):
                return "FileNotFoundError"
            case ast.BinOp(op=ast.Div() | ast.FloorDiv() | ast.Mod()):
                return "ZeroDivisionError"
            case ast.Subscript(slice=ast.Constant(value=str())):
                return "KeyError"
    return "ValueError"
