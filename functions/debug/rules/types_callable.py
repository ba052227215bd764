"""Callable: `TypeError` of brackets behind a value that is no function."""

from __future__ import annotations

import ast
import re

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import looking
from functions.debug.rules.mending import indentation, renamed, replaced
from functions.debug.rules.phrases import a_kind, at, beginning, shown
from functions.debug.rules.reporting import known, message, tell, written
from functions.debug.rules.scoping import Binding

_SAID = re.compile(r"'(?P<kind>[^']+)' object is not callable")
_INDEXED = ("list", "dict", "tuple", "str", "range")
_RANDOM_OF = {0: "random", 1: "choice", 2: "randint"}
_IN_MODULE = {"random": "random", "time": "time", "datetime": "datetime", "copy": "copy", "pprint": "pprint"}


def _refused(case: Case) -> tuple[str, ast.Call | None] | None:
    """Return the type that a message says cannot be called, and the likeliest call of such a value."""
    said = _SAID.search(message(case))
    if not said:
        return None
    kind = said["kind"].rsplit(".", 1)[-1]
    about = known(case)
    calls = looking.suspects(case, ast.Call)
    marked = case.error.expression if case.error else None

    def fit(call: ast.Call) -> tuple[bool, int]:
        seen = about[1].of(call.func) if about else None
        bound = isinstance(call.func, ast.Name) and about is not None and bool(about[0].of_name(call.func.id, call))
        score = 4 if seen == kind else 2 if bound and seen is None else 0 if seen is None else -1
        return looking.source(case, call) != marked, -score

    calls.sort(key=fit)
    return kind, calls[0] if calls else None


def shadowed_builtin(case: Case) -> Finding | None:
    """`list = [1, 2]` and later `list("ab")`: a value has taken the name of a built-in function."""
    found = _refused(case)
    about = known(case)
    if not found or not about or found[1] is None or not isinstance(found[1].func, ast.Name):
        return None
    kind, call = found
    name = found[1].func.id
    bindings = about[0].of_name(name, found[1])
    if name not in looking.BUILTINS or not bindings:
        return None
    other = {"str": "text", "list": "items", "dict": "table", "sum": "total", "max": "largest", "min": "smallest"}.get(
        name, f"{name}_value"
    )
    other = other if not about[0].of_name(other) else f"my_{name}"
    return tell(
        case,
        "shadowed_builtin_called",
        call,
        (
            f"{beginning(looking.place(case))} {shown(name)} is called, but{at(bindings[0].line)} you gave the name "
            f"{shown(name)} to {a_kind(kind)}. Since then, Python's own {shown(name)} is hidden.",
            f"What does {shown(name)} stand for at this point? Look for a line with {shown(f'{name} = …')}.",
            f"Give your value another name, for example {shown(other)}.",
        ),
        _renamed(case, name, other, bindings),
    )


def _renamed(case: Case, name: str, other: str, bindings: tuple[Binding, ...]) -> str | None:
    """Rename a value that has a built-in function's name, everywhere but where the function is called."""
    about = known(case)
    if not about or case.tree is None or any(one.how in ("import", "function", "class") for one in bindings):
        return None
    scopes = about[0]
    nodes: list[ast.AST] = []
    for node in scopes.of:
        if isinstance(node, ast.arg) and any(one.node is node for one in bindings):
            nodes.append(node)
        elif isinstance(node, ast.Name) and node.id == name and scopes.of_name(name, node) == bindings:
            outer = scopes.parent.get(node)
            own = isinstance(outer, ast.Call) and outer.func is node
            nodes += [] if own else [node]
    return renamed(case, *nodes, to=other)


def missing_between(case: Case) -> Finding | None:
    """`2(x + 1)`, `["a" ("b")]`, `print("a" (b))`: a sign is missing before the bracket."""
    found = _refused(case)
    about = known(case)
    if not found or not found[1] or not about:
        return None
    kind, call = found
    function = found[1].func
    number = kind in ("int", "float") and len(found[1].args) == 1
    literal = isinstance(function, ast.Constant | ast.Tuple | ast.List | ast.Dict | ast.JoinedStr | ast.Set)
    if not literal and not (number and isinstance(function, ast.Name | ast.BinOp | ast.Call)):
        return None
    if isinstance(function, ast.Name) and any(one.how == "function" for one in about[0].of_name(function.id)):
        return None
    _, end = looking.span(case.code, function)
    sign = "*" if number else ","
    word = "an operator such as `*`" if number else "a comma"
    return tell(
        case,
        "not_callable",
        call,
        (
            f"{beginning(looking.place(case))} a bracket follows directly after {written(case, function)}, so Python "
            f"takes it for a call. But {a_kind(kind)} cannot be called.",
            f"What should stand between {written(case, function)} and the bracket behind it?",
            f"Write {word} between the two.",
        ),
        replaced(case, ((end, end), " * " if number else ",")) if case.tree and sign else None,
    )


def module_called(case: Case) -> Finding | None:
    """`random(1, 6)`: the module is called instead of a function in it."""
    found = _refused(case)
    if not found or found[0] != "module":
        return None
    call = found[1]
    name = looking.source(case, call.func) if call else "the module"
    inner = _IN_MODULE.get(name)
    if call is not None and name == "random":
        inner = _RANDOM_OF.get(len(call.args))
    full = f"{name}.{inner or '…'}"
    return tell(
        case,
        "not_callable",
        call,
        (
            f"{beginning(looking.place(case))} {shown(name)} is a module, which holds functions, but is none itself.",
            f"Which function of {shown(name)} do you want to call, and how is it written?",
            f"Name the function too: {shown(f'{full}(…)')}.",
        ),
        replaced(case, (call.func, full)) if call is not None and inner else None,
    )


def decorator_gives_nothing(case: Case) -> Finding | None:
    """A decorator without `return`: the function it decorates has become None."""
    found, about = _refused(case), known(case)
    if not found or found[0] != "NoneType" or not found[1] or not about:
        return None
    function = about[0].function(getattr(found[1].func, "id", getattr(found[1].func, "attr", "")))
    for decorator in function.decorator_list if function else ():
        maker = about[0].function(decorator.id) if isinstance(decorator, ast.Name) else None
        if maker is None or about[1].of_result(maker) != "NoneType" or function is None:
            continue
        inner = [one for one in maker.body if isinstance(one, ast.FunctionDef)]
        name = inner[-1].name if inner else "wrapper"
        _, end = looking.span(case.code, maker.body[-1])
        line = f"\n{indentation(case.line(maker.body[-1].lineno))}return {name}"
        return tell(
            case,
            "not_callable",
            found[1],
            (
                f"{shown(function.name)} has become `None`: its decorator {shown(maker.name)}{at(maker.lineno)} gives "
                "back nothing, and what it gives back takes the function's place.",
                f"What does {shown(maker.name)} give back, and what should it?",
                f"End {shown(maker.name)} with {shown(f'return {name}')}.",
            ),
            replaced(case, ((end, end), line)) if inner else None,
        )
    return None


def not_callable(case: Case) -> Finding | None:
    """Any other value that is called."""
    found = _refused(case)
    if not found:
        return None
    kind, call = found
    what = written(case, call.func) if call is not None else "the value"
    fixed, todo = _without_call(case, kind, call)
    return tell(
        case,
        "not_callable",
        call,
        (
            f"{beginning(looking.place(case))} {what} is followed by round brackets, which call a function. But it is "
            f"{a_kind(kind)}, not a function.",
            f"What is {what} at this point? Was it a function before, and did another line give it a new value?",
            todo,
        ),
        fixed,
    )


def _without_call(case: Case, kind: str, call: ast.Call | None) -> tuple[str | None, str]:
    about = known(case)
    plain = "Take the brackets away, or give the value another name than the function."
    if call is None or not about:
        return None, plain
    name = looking.source(case, call.func)
    function = about[0].function(getattr(call.func, "attr", getattr(call.func, "id", "")))
    decorators = function.decorator_list if function else []
    if not call.args and any(
        isinstance(one, ast.Name) and one.id in ("property", "cached_property") for one in decorators
    ):
        return replaced(case, (call, name)), f"A property is read without brackets: {shown(name)}."
    if isinstance(call.func, ast.Attribute) and function is not None:
        return None, f"Give the attribute another name than the method {shown(function.name)}: it hides it."
    if kind in _INDEXED and len(call.args) == 1 and not call.keywords and about[1].of(call.func) == kind:
        text = f"{name}[{looking.source(case, call.args[0])}]"
        return replaced(case, (call, text)), f"An item is taken with square brackets: {shown(text)}."
    if not call.args and not call.keywords and about[1].of(call.func) == kind:
        return replaced(case, (call, name)), f"Take the brackets away: {shown(name)}."
    return None, plain


RULES: dict[str, tuple[Rule, ...]] = {
    "TypeError": (shadowed_builtin, missing_between, module_called, decorator_gives_nothing, not_callable)
}
