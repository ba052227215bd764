"""Nothing: where a None comes from that a program goes on with, and how it would have a value instead."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from functions.debug.model import Case
from functions.debug.rules import looking
from functions.debug.rules.mending import indentation, replaced
from functions.debug.rules.phrases import at, shown
from functions.debug.rules.reporting import known, only_value
from functions.debug.rules.scoping import Function, Scopes

IN_PLACE = ("append", "sort", "reverse", "extend", "insert", "remove", "clear", "update", "add", "discard", "shuffle")
"""Methods, and a function of `random`, that change their object and return None."""
_MAYBE = ("get", "match", "search", "fullmatch", "find")


@dataclass(frozen=True)
class Origin:
    """Where a None comes from."""

    why: str
    """A sentence that goes on after what failed."""
    solution: str
    fixed: str | None = None


def origin(case: Case, node: ast.AST | None) -> Origin:
    """Say where the None comes from that an expression gives, as far as the program tells."""
    value = _given(case, node)
    about = known(case)
    match value:
        case ast.Call(func=ast.Attribute(attr=name)) if name in IN_PLACE:
            return _in_place(case, value, name)
        case ast.Call(func=ast.Name(id="shuffle")):
            return _in_place(case, value, "shuffle")
        case ast.Call(func=ast.Name(id="print")):
            return _printed(case, value)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if about and about[0].function(name):
            function = about[0].function(name)
            return _returned(case, about[0], function) if function else _unknown()
        case ast.Call(func=ast.Attribute(attr=name)) if name in _MAYBE:
            return Origin(
                f"{shown(f'{name}()')}{at(value.lineno)} gives `None` where it finds nothing.",
                f"Ask {shown('if … is not None:')} before you go on, or tell {shown(name)} what to give instead.",
            )
        case ast.Constant(value=None):
            return Origin(
                f"It was set to `None`{at(value.lineno)}, and nothing else came into it since.",
                "Give it a real value before this line, or ask `if … is not None:` first.",
            )
    return _unknown()


def _given(case: Case, node: ast.AST | None) -> ast.expr | None:
    """Return the expression that gives the value of a node: through its name, the last assignment before it."""
    about = known(case)
    if node is None or not about:
        return None
    if isinstance(node, ast.Name):
        before = [one for one in about[0].of_name(node.id, node) if one.line <= node.lineno and one.value is not None]
        assigned = [one.value for one in before if one.how == "assigned"]
        return assigned[-1] if assigned else only_value(case, node)
    if isinstance(node, ast.Attribute):
        return next(iter(reversed(about[1].given_to_attribute(node))), None)
    return node if isinstance(node, ast.expr) else None


def _unknown() -> Origin:
    return Origin(
        "It comes from a function without `return`, from a method that changes its object in place, or was never set.",
        "Look at the line that makes the value, and let it give something other than `None`.",
    )


def _in_place(case: Case, call: ast.Call, name: str) -> Origin:
    fixed = _apart(case, call, name)
    return Origin(
        f"{shown(f'{name}()')}{at(call.lineno)} changes its object itself and gives back `None`.",
        f"Call {shown(looking.source(case, call))} in a line of its own, without `=`"
        + (", or use `sorted(…)`, which gives a new list." if name == "sort" else "."),
        fixed,
    )


def _apart(case: Case, call: ast.Call, name: str) -> str | None:
    """Put a call that changes its object into a line of its own; what was assigned gets the object."""
    about = known(case)
    if not about or not isinstance(call.func, ast.Attribute | ast.Name):
        return None
    shuffled = name == "shuffle" and len(call.args) == 1
    owner = call.args[0] if shuffled else call.func.value if isinstance(call.func, ast.Attribute) else None
    if owner is None or (name == "shuffle" and not shuffled):
        return None
    object_, written = looking.source(case, owner), looking.source(case, call)
    statement = about[0].parent.get(call)
    if not isinstance(statement, ast.Assign):
        return _sorted(case, call, name, object_)
    if len(statement.targets) != 1 or statement.lineno != statement.end_lineno:
        return None
    target = looking.source(case, statement.targets[0])
    if target == object_:
        return replaced(case, (statement, written))
    if name == "sort" or not isinstance(owner, ast.Name | ast.Attribute):
        return _sorted(case, call, name, object_)
    indent = indentation(case.line(statement.lineno))
    return replaced(case, (statement, f"{written}\n{indent}{target} = {object_}"))


def _sorted(case: Case, call: ast.Call, name: str, object_: str) -> str | None:
    if name == "reverse":
        return replaced(case, (call, f"{object_}[::-1]"))
    given = ", ".join([object_, *(looking.source(case, keyword) for keyword in call.keywords)])
    return replaced(case, (call, f"sorted({given})")) if name == "sort" else None


def _printed(case: Case, call: ast.Call) -> Origin:
    about = known(case)
    statement = about[0].parent.get(call) if about else None
    fixed = None
    if isinstance(statement, ast.Assign) and len(call.args) == 1 and not call.keywords:
        target = looking.source(case, statement.targets[0])
        indent = indentation(case.line(statement.lineno))
        text = f"{target} = {looking.source(case, call.args[0])}\n{indent}print({target})"
        fixed = replaced(case, (statement, text))
    return Origin(
        f"{shown('print()')}{at(call.lineno)} shows its text and gives back `None`.",
        "Keep the value in the name first, and print it in another line.",
        fixed,
    )


def _returned(case: Case, scopes: Scopes, function: Function) -> Origin:
    name = shown(f"{function.name}()")
    returns = [node for node, scope in scopes.of.items() if scope is function and isinstance(node, ast.Return)]
    valued = [node for node in returns if node.value is not None]
    how = "has no `return`" if not valued else "does not come to a `return` with a value in every case"
    return Origin(
        f"The function {name}{at(function.lineno)} {how}, and then Python gives back `None`.",
        f"Let {name} end with `return` and the value, in every case.",
        _with_return(case, scopes, function, bool(valued)),
    )


def _with_return(case: Case, scopes: Scopes, function: Function, some: bool) -> str | None:
    """Let a function give back what it ends with, where its last statement leaves no doubt what that is."""
    last = function.body[-1]
    changes = [_returning(case, each) for each in _endings(last)]
    if all(changes) and changes:
        return replaced(case, *(change for change in changes if change))
    if some or not isinstance(last, ast.For | ast.While | ast.If | ast.With):
        return None
    grown = {one.name for one in scopes.bindings if one.scope is function and _grows(one.node, one.name)}
    grown |= {node.func.value.id for node in ast.walk(last) if _appends(node)}  # type: ignore[attr-defined]
    made = {
        one.name for one in scopes.bindings if one.scope is function and one.how == "assigned" and one.node is not last
    }
    if len(grown & made) != 1:
        return None
    _, end = looking.span(case.code, last)
    indent = indentation(case.line(function.body[0].lineno))
    return replaced(case, ((end, end), f"\n{indent}return {next(iter(grown & made))}"))


def _grows(node: ast.AST, name: str) -> bool:
    value = getattr(node, "value", None)
    reads = value is not None and any(isinstance(one, ast.Name) and one.id == name for one in ast.walk(value))
    return isinstance(node, ast.AugAssign) or (isinstance(node, ast.Assign) and reads)


def _appends(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(), attr="append" | "extend" | "add" | "insert")):
            return True
    return False


def _endings(last: ast.stmt) -> list[ast.stmt]:
    """Return the statements that a function may end with: of an `if` with an `else` the last one of each branch."""
    found, todo = [], [last]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.If) and node.orelse:
            todo += [node.body[-1], node.orelse[-1]]
        elif not isinstance(node, ast.Return):
            found.append(node)
    return found


def _returning(case: Case, last: ast.stmt) -> tuple[ast.AST | tuple[int, int], str] | None:
    """Return the change that lets a function end with the value of its last statement; None where that is unclear."""
    match last:
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"), args=[value], keywords=[])):
            return last, f"return {looking.source(case, value)}"
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name))) if name in IN_PLACE:
            return None
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"))):
            return None
        case ast.Expr(value=value) if not isinstance(value, ast.Constant):
            return last, f"return {looking.source(case, value)}"
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AugAssign(target=ast.Name(id=name)):
            _, end = looking.span(case.code, last)
            return (end, end), f"\n{indentation(case.line(last.lineno))}return {name}"
    return None
