"""Early: names that are used before they have a value, or that get one only sometimes."""

from __future__ import annotations

import ast
from typing import get_args

from functions.debug.model import Case, Finding
from functions.debug.rules import looking
from functions.debug.rules.kinds import Kinds
from functions.debug.rules.mending import indentation, inserted, renamed, replaced
from functions.debug.rules.phrases import at, beginning, shown, the_line
from functions.debug.rules.scoping import Binding, Function, Scopes
from functions.debug.rules.undefined import Missing, block_around, missing, statement, uses

_LOOPS = (ast.For, ast.AsyncFor, ast.While)


def misspelt_accumulator(case: Case) -> Finding | None:
    """`totl += x` where there is a `total`: a name that only its own statement makes."""
    found = missing(case)
    if not found or not found.scopes or not found.node or not found.bindings or not _only_by_itself(found):
        return None
    known = [name for name, one in found.known().items() if name != found.name and one.how != "augmented"]
    meant = looking.close(found.name, known)
    if not meant:
        return None
    return Finding(
        "misspelt_name",
        found.line,
        found.name,
        f"{beginning(found.line)} {shown(found.name)} is changed, but nothing gave it a value before. "
        f"There is a name that is nearly the same: {shown(meant)}.",
        f"Compare {shown(found.name)}{at(found.line)} letter by letter with the names above it.",
        f"Write {shown(meant)} instead of {shown(found.name)}.",
        renamed(case, *uses(found), to=meant),
    )


def _only_by_itself(found: Missing) -> bool:
    return all(one.how == "augmented" or _reads(one.value, found.name) for one in found.bindings)


def _reads(value: ast.AST | None, name: str) -> bool:
    return value is not None and any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(value))


def too_early(case: Case) -> Finding | None:
    """A name whose value comes only further down, or in a branch that did not run."""
    found = missing(case)
    if not found or not found.scopes or not found.node or not found.bindings:
        return None
    if _only_by_itself(found):
        return never_begun(case)
    line = _reached(case, found)
    before = [one for one in found.bindings if one.line < line and one.how != "augmented"]
    if any(_in_block(found.scopes, one) for one in before):
        return in_a_branch(found, before[-1])
    return _used_before(case, found, found.bindings[0])


def _reached(case: Case, found: Missing) -> int:
    """Return the last line that the scope of the name had reached when the error came."""
    scope = found.bindings[0].scope
    here = found.line or (found.node.lineno if found.node else 0)
    if found.scopes and found.node and found.scopes.of.get(found.node) is scope:
        return here
    outer = [line for name, line in (case.error.frames if case.error else ()) if name in (None, "<module>")]
    if outer and isinstance(scope, ast.Module):
        return outer[0]
    call = _first_call(found)
    return call.lineno if call else here


def _first_call(found: Missing) -> ast.Call | None:
    """Return the first call, outside of every function, of the function that the name is needed in."""
    function = found.scopes.function_around(found.node) if found.scopes and found.node else None
    for node, scope in sorted(found.scopes.of.items(), key=lambda each: looking.start(each[0])) if found.scopes else ():
        match node:
            case ast.Call(func=ast.Name(id=name)) if (
                function and name == function.name and isinstance(scope, ast.Module)
            ):
                return node
    return None


def _in_block(scopes: Scopes, binding: Binding) -> bool:
    """Tell whether a binding need not happen: within a branch or a loop, or in a function that sets a global name."""
    outside = scopes.of.get(binding.node) is not binding.scope
    return outside or block_around(scopes, binding.node) is not None or isinstance(binding.node, _LOOPS)


def in_a_branch(found: Missing, binding: Binding) -> Finding:
    """Tell that a name gets its value only in a branch or a loop that need not run."""
    name = shown(found.name)
    return Finding(
        "unbound_in_some_branch",
        found.line,
        found.name,
        f"{beginning(found.line)} {name} is needed, but it gets its value only{at(binding.line)}, within a block that "
        "does not always run. This time it did not.",
        f"Follow the program down to {the_line(found.line)}. In which case is the line that sets {name} skipped?",
        f"Give {name} a value in every case: in an `else`, or with a first value before the block begins.",
    )


def _used_before(case: Case, found: Missing, binding: Binding) -> Finding:
    name = shown(found.name)
    what = {"function": "is defined", "class": "is defined", "import": "is imported"}.get(binding.how, "gets its value")
    return Finding(
        "used_before_assignment",
        found.line,
        found.name,
        f"{beginning(found.line)} {name} is used, but it {what} only{at(binding.line)}. Python reads a program from "
        "top to bottom.",
        f"When Python comes to {the_line(found.line)}, which of the lines that make {name} has run already?",
        f"Move the line that makes {name}{at(binding.line)} above the place where it is used.",
        _moved_up(case, found, binding),
    )


def _moved_up(case: Case, found: Missing, binding: Binding) -> str | None:
    """Put the definition, with all of its lines, before the statement that needs it first."""
    if not found.scopes or not found.node or case.tree is None or len(found.bindings) != 1:
        return None
    made = binding.node if isinstance(binding.node, ast.stmt) else found.scopes.parent.get(binding.node)
    at_top = made in case.tree.body
    used = statement(found.scopes, found.node, case.tree)
    if isinstance(used, (*get_args(Function), ast.ClassDef)):
        call = _first_call(found)
        used = statement(found.scopes, call, case.tree) if call else None
    if not at_top or used is None or made is None or made.lineno < used.lineno or _needs_more(found, made, used.lineno):  # type: ignore[attr-defined]
        return None
    starts = looking.line_starts(case.code)
    decorators = [node.lineno for node in getattr(made, "decorator_list", ())]
    first = starts[min([made.lineno, *decorators]) - 1]  # type: ignore[attr-defined]
    last = starts[min(made.end_lineno, len(starts) - 1)]  # type: ignore[attr-defined]
    text = case.code[first:last]
    gap = "" if text.endswith(("\n", "\r")) else "\n"
    goal = starts[used.lineno - 1]
    return replaced(case, ((goal, goal), text + gap), ((first, last), ""))


def _needs_more(found: Missing, made: ast.AST, line: int) -> bool:
    """Tell whether a statement needs, as soon as it runs, what is only made below the line."""
    if not found.scopes or isinstance(made, get_args(Function)):
        return False
    names = {node.id for node in ast.walk(made) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    known = {one.name for one in found.scopes.bindings if one.line < line}
    return bool(names - known - looking.BUILTINS) and not isinstance(made, ast.ClassDef)


def never_begun(case: Case) -> Finding | None:
    """A sum, a text or a list that is added to, but that was never begun."""
    found = missing(case)
    if not found or not found.scopes or not found.node:
        return None
    start = first_value(found)
    grows = bool(found.bindings) or _appended(found)
    if not grows:
        return None
    name, loop = shown(found.name), block_around(found.scopes, found.node, *_LOOPS)
    begin = f"{found.name} = {start or '…'}"
    where = loop or statement(found.scopes, found.node)
    in_module = isinstance(found.scopes.of.get(found.node), ast.Module)
    fixed = None
    if start and where is not None and (loop or in_module):
        fixed = inserted(case, where.lineno, indentation(case.line(where.lineno)) + begin)
    return Finding(
        "used_before_assignment",
        found.line,
        found.name,
        f"{beginning(found.line)} {name} is changed, which needs the value it has so far. But it has none yet.",
        f"What should {name} be before {the_line(found.line)} runs for the first time?",
        f"Begin with {shown(begin)}{' before the loop' if loop else ''}.",
        fixed,
    )


def _appended(found: Missing) -> bool:
    return found.attribute in ("append", "extend", "insert") and not found.elsewhere


def first_value(found: Missing) -> str | None:
    """Return what a name that is added to has to begin with, None where that cannot be told."""
    if not found.scopes or not found.node:
        return None
    if _appended(found):
        return "[]"
    kinds = Kinds(found.scopes)
    for binding in found.bindings:
        value, operator = binding.value, getattr(binding.node, "op", None)
        if isinstance(value, ast.BinOp) and operator is None:
            operator = value.op
            value = value.right if _reads(value.left, found.name) else value.left
        kind = kinds.of(value)
        number = kind in ("int", "float", "bool")
        if isinstance(operator, ast.Add | ast.Sub) and number:
            return "0"
        if isinstance(operator, ast.Mult) and number:
            return "1"
        if isinstance(operator, ast.Add) and kind in ("str", "list"):
            return '""' if kind == "str" else "[]"
    return None
