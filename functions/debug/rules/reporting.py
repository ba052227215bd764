"""Reporting: how a rule puts what it found together, and small questions that several families ask of a program."""

from __future__ import annotations

import ast
from functools import lru_cache

from functions.debug.model import Case, Finding
from functions.debug.rules import looking
from functions.debug.rules.kinds import Kinds
from functions.debug.rules.phrases import shown
from functions.debug.rules.scoping import Scopes, scopes

Texts = tuple[str, str, str]
"""The explanation, the pointer and the solution of a finding."""


def tell(
    case: Case, cause: str, node: ast.AST | None, texts: Texts, fixed: str | None = None, *, here: bool = False
) -> Finding:
    """Return a finding about a node, or about the whole line, on the error's line or `here`, on that of the node."""
    line = (None if here else looking.place(case)) or getattr(node, "lineno", None)
    expression = looking.source(case, node) if node is not None else case.error.expression if case.error else None
    return Finding(cause, line, expression or None, *texts, fixed)


def at(case: Case, node: ast.AST | None = None) -> str:
    """Return where the error is as it stands within a sentence: " in line 3", or "" where nobody knows."""
    line = looking.place(case) or getattr(node, "lineno", None)
    return f" in line {line}" if line else ""


def message(case: Case) -> str:
    """Return the error's message, "" without an error."""
    return case.error.message if case.error else ""


def written(case: Case, node: ast.AST) -> str:
    """Return a node as the learner wrote it, safe within a sentence."""
    return shown(looking.source(case, node))


def known(case: Case) -> tuple[Scopes, Kinds] | None:
    """Return the names and the kinds of values of a program that can be read, else None."""
    root = looking.tree(case)
    return _known(root) if root else None


@lru_cache(maxsize=4)
def _known(root: ast.Module) -> tuple[Scopes, Kinds]:
    found = scopes(root)
    return found, Kinds(found)


def only_value(case: Case, node: ast.AST) -> ast.expr | None:
    """Return what a name stands for where the program gives it a value only once; any other expression as it is."""
    if not isinstance(node, ast.Name):
        return node if isinstance(node, ast.expr) else None
    about = known(case)
    bindings = about[0].of_name(node.id, node) if about else ()
    return bindings[0].value if len(bindings) == 1 and bindings[0].how == "assigned" else None


def around(case: Case, node: ast.AST) -> list[ast.AST]:
    """Return the nodes a node is in, the innermost first."""
    about, found = known(case), []
    parent = about[0].parent.get(node) if about else None
    while about and parent is not None:
        found.append(parent)
        parent = about[0].parent.get(parent)
    return found


def number(node: ast.AST | None) -> int | float | None:
    """Return the number that is written at a node, with its sign."""
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -value
    return None


def is_call(node: ast.AST | None, *names: str) -> bool:
    """Tell whether a node is a call of a function, or of a method or a module's function, of one of these names."""
    return isinstance(node, ast.Call) and called(node) in names


def called(node: ast.Call) -> str:
    """Return the last name of what is called; "" where it has none."""
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def same(one: ast.AST, other: ast.AST) -> bool:
    """Tell whether two expressions are written alike, whether they are read or assigned to."""
    return ast.dump(one).replace("Store()", "Load()") == ast.dump(other).replace("Store()", "Load()")
