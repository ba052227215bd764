"""Slips with calls: a function that is named but not called, a coroutine that nobody waits for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules import mending
from functions.debug.rules.slips_functions import calls_of, is_generator
from functions.debug.rules.slips_moving import newline
from functions.debug.rules.slips_program import Program, inside, parameters
from functions.debug.rules.slips_results import OF_MODULES

TEXT_METHODS = frozenset(
    (
        "upper",
        "lower",
        "title",
        "capitalize",
        "strip",
        "isdigit",
        "isalpha",
        "isupper",
        "islower",
        "isnumeric",
        "isspace",
        "swapcase",
    )
) | {"isalnum", "split"}
_OTHER_METHODS = frozenset(
    ("close", "clear", "reverse", "sort", "keys", "values", "items", "readlines", "readline", "read", "popitem")
)
_STARTING = re.compile(r"main|start\w*|run\w*|play\w*|game|spiel\w*|juego|jugar|menu|programm?|haupt\w*|principal")


def function_not_called(program: Program) -> Iterator[Finding]:
    """A function's name without its brackets."""
    for statement in program.all(ast.Expr):
        if _is_function(program, statement.value):
            yield _without_brackets(program, statement.value, f"Line {statement.lineno} only names")
    conditions = (program.all(ast.If), program.all(ast.While), program.all(ast.IfExp))
    for asked in [one.test for nodes in conditions for one in nodes]:
        for test in _truths(asked):
            if _is_function(program, test):
                yield _without_brackets(
                    program, test, f"The condition in line {test.lineno} asks only whether there is such a thing as"
                )
    for call in program.all(ast.Call):
        if isinstance(call.func, ast.Name) and call.func.id == "print" and program.built_in(call.func):
            for value in call.args:
                if _is_function(program, value) and not program.text(value).startswith("type"):
                    yield _without_brackets(program, value, f"Line {value.lineno} shows, instead of a result,")
    for part in program.all(ast.FormattedValue):
        if _is_function(program, part.value):
            yield _without_brackets(
                program, part.value, f"Line {part.value.lineno} shows, instead of a result,", fix=False
            )
    for stored in program.all(ast.Assign):
        if _text_method_stored(program, stored) or _shown_only(program, stored):
            yield _without_brackets(program, stored.value, f"Line {stored.lineno} stores")
    if found := _nothing_starts(program):
        yield found


def _truths(test: ast.expr) -> Iterator[ast.expr]:
    """Yield what a condition takes for true or false as it is."""
    match test:
        case ast.BoolOp(values=values):
            for value in values:
                yield from _truths(value)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield from _truths(operand)
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq()], comparators=[ast.Constant(value=value)]) if (
            value is not None
        ):
            yield left
        case _:
            yield test


def _is_function(program: Program, node: ast.expr) -> bool:
    """Tell whether an expression stands for a function, never for what one gives back."""
    if isinstance(node, ast.Name):
        found = program.bindings(node.id, program.home(node))
        return bool(found) and all(
            one.how == "function" and not getattr(one.node, "decorator_list", ()) for one in found
        )
    if not isinstance(node, ast.Attribute) or program.is_module(node.value):
        return False
    kind, name = program.kinds.of(node.value), node.attr
    if kind == "str":
        return name in TEXT_METHODS
    if kind in ("list", "dict", "set", "TextIOWrapper"):
        return name in _OTHER_METHODS
    method = program.scopes.function(name)
    stored = any(one.attr == name and isinstance(one.ctx, ast.Store) for one in program.all(ast.Attribute))
    in_class = method is not None and isinstance(program.scopes.of[method], ast.ClassDef) and not method.decorator_list
    fields = {
        one.name for one in program.scopes.bindings if isinstance(one.scope, ast.ClassDef) and one.how != "function"
    }
    of_class = isinstance(node.value, ast.Name) and program.scopes.class_(node.value.id) is not None
    if in_class and not stored and name not in fields and not of_class:
        return not _asks_whether_there(program, node)
    parent = program.parent.get(node)
    named = (
        isinstance(node.value, ast.Name)
        and program.home(node.value) is not None
        and kind is None
        and not stored
        and name not in fields
    )
    return (
        named
        and method is None
        and isinstance(parent, ast.Expr)
        and name in _OTHER_METHODS | {"upper", "lower", "append"}
    )


def _asks_whether_there(program: Program, node: ast.Attribute) -> bool:
    return isinstance(program.scopes.of.get(node), ast.ClassDef)


def _text_method_stored(program: Program, stored: ast.Assign) -> bool:
    """Tell whether a method of a text is stored, and never called by its new name."""
    value = stored.value
    if not isinstance(value, ast.Attribute) or value.attr not in TEXT_METHODS:
        return False
    return program.kinds.of(value.value) == "str" and not _called_later(program, stored)


def _shown_only(program: Program, stored: ast.Assign) -> bool:
    """Tell whether a function is stored under a name that is then only shown, compared or calculated with."""
    value, targets = stored.value, stored.targets
    known = isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name) and value.value.id in OF_MODULES
    if not (known and value.attr in OF_MODULES[value.value.id]) and not _is_function(program, value):  # type: ignore[attr-defined]
        return False
    if len(targets) != 1 or not isinstance(targets[0], ast.Name):
        return False
    reads = program.reads(targets[0].id, program.scope(stored))
    return bool(reads) and all(_as_value(program, one) for one in reads)


def _as_value(program: Program, name: ast.Name) -> bool:
    match program.parent.get(name):
        case ast.Call(func=ast.Name(id="print")) as call:
            return call.func is not name
        case ast.FormattedValue() | ast.BinOp():
            return True
        case ast.Compare(comparators=[ast.Constant(value=value)]):
            return value is not None
    return False


def _called_later(program: Program, stored: ast.Assign) -> bool:
    names = [one.id for one in stored.targets if isinstance(one, ast.Name)]
    return any(isinstance(call.func, ast.Name) and call.func.id in names for call in program.all(ast.Call))


def _without_brackets(program: Program, node: ast.expr, what: str, fix: bool = True) -> Finding:
    function = program.scopes.function(node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", ""))
    needed: list[ast.arg] = []
    if function is not None and not (isinstance(node, ast.Attribute) and program.kinds.of(node.value) == "str"):
        required = [*function.args.posonlyargs, *function.args.args]
        needed = required[: len(required) - len(function.args.defaults)][
            isinstance(program.scopes.of[function], ast.ClassDef) :
        ]
    shown, text = program.shown(node), program.text(node)
    given = ", ".join(one.arg for one in needed)
    statement = program.statement(node)
    return program.found(
        "function_not_called", statement if isinstance(statement, ast.Expr) and statement.value is node else node,
        f"{what} the function {shown} itself: without brackets after its name, a function does not run.",
        f"What happens with {shown} in line {node.lineno}: is it only named, or called?",
        f"Call it: {program.shown(f'{text}({given})')}.",
        mending.replaced(program.case, (node, f"{text}()")) if not needed and fix else None,
    )  # fmt: skip


def _nothing_starts(program: Program) -> Finding | None:
    """Find a program of functions only, one of which is plainly meant to start it."""
    body = [
        node for node in program.tree.body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]
    known = [node for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    simple = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
    others = [node for node in body if not isinstance(node, simple)]
    if any(
        not isinstance(node, ast.Assign) or any(isinstance(one, ast.Call) for one in ast.walk(node)) for node in others
    ):
        return None
    for function in known[::-1]:
        named = any(one.id == function.name for one in program.all(ast.Name))
        if (
            named
            or not _STARTING.fullmatch(function.name)
            or parameters(function)
            or function.decorator_list
            or isinstance(function, ast.AsyncFunctionDef)
        ):
            continue
        if not any(isinstance(node, ast.Call) for node in inside(*function.body)) or any(
            isinstance(node, ast.Return) and node.value for node in inside(*function.body)
        ):
            continue
        end = program.case.code
        line = newline(program)
        lead = "" if end.endswith(("\n", "\r")) else line
        return program.found(
            "function_not_called", function,
            f"The program defines {program.shown(f'{function.name}()')} in line {function.lineno}, but no line calls "
            "it, so nothing happens when you start it.",
            f"What does Python do with line {function.lineno}: run the function, or only remember it? Which line "
            "starts it?",
            f"Call it in a last line, without indentation: {program.shown(f'{function.name}()')}.",
            mending.replaced(program.case, ((len(end), len(end)), f"{lead}{line}{line}{function.name}(){line}")),
        )  # fmt: skip
    return None


def coroutine_not_awaited(program: Program) -> Iterator[Finding]:
    """`work()` of an `async def` on a line of its own: nothing runs."""
    for function in program.all(ast.AsyncFunctionDef):
        for call in calls_of(program, function):
            if not isinstance(program.parent.get(call), ast.Expr) or is_generator(function):
                continue
            if isinstance(call.func, ast.Attribute) and not isinstance(call.func.value, ast.Name):
                continue
            inner = isinstance(program.scopes.function_around(call), ast.AsyncFunctionDef)
            text = program.text(call)
            meant = f"await {text}" if inner else f"asyncio.run({text})"
            sure = inner or (program.imports("asyncio") and program.scope(call) is program.tree)
            yield program.found(
                "coroutine_not_awaited", call,
                f"{program.shown(call)} in line {call.lineno} only prepares the work of an `async def`. Nobody waits "
                "for it, so it never runs.",
                f"What must stand before the call in line {call.lineno} so that Python runs it and waits for its end?",
                f"Write {program.shown(meant)}.",
                mending.replaced(program.case, (call, meant)) if sure else None,
            )  # fmt: skip
