"""Indexing: what rules about sequences ask: where a program takes an item, and how many items there are."""

from __future__ import annotations

import ast
import re

from functions.debug.model import Case
from functions.debug.rules import looking
from functions.debug.rules.reporting import called, same

OUTSIDE = re.compile(r"(?:(?P<type>\w+)(?: object)? )?(?P<write>assignment )?index out of range|.*out of bounds")
"""What Python says of an index without an item."""
THINGS = {"string": "text", "list": "list", "tuple": "tuple"}
"""How a sequence is called in words."""


def subscripts(case: Case) -> list[ast.Subscript]:
    """Return where an item is taken that the error may be about, the likeliest first."""
    found = looking.suspects(case, ast.Subscript)
    return [node for node in found if not isinstance(node.slice, ast.Slice | ast.Tuple)]


def grows(case: Case, node: ast.expr) -> bool:
    """Tell whether the program adds items to what is written so."""
    return any(
        called(call) in ("append", "extend", "insert")
        and isinstance(call.func, ast.Attribute)
        and same(call.func.value, node)
        for call in looking.nodes(case, ast.Call)
    )


def length(value: ast.expr | None) -> int | None:
    """Return how many items a value has that is written out in the program."""
    match value:
        case ast.List(elts=parts) | ast.Tuple(elts=parts) if not any(isinstance(part, ast.Starred) for part in parts):
            return len(parts)
        case ast.Constant(value=str() as text):
            return len(text)
        case ast.BinOp(left=ast.List(elts=[_]), op=ast.Mult(), right=ast.Constant(value=int() as times)):
            return times
        case ast.Call(
            func=ast.Name(id="list"),
            args=[ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=int() as end)])],
        ):
            return end
    return None
