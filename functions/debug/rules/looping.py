"""Looping: what a loop's own name stands for."""

from __future__ import annotations

import ast

from functions.debug.model import Case
from functions.debug.rules import looking
from functions.debug.rules.reporting import known


def item_of(case: Case, node: ast.AST | None) -> str | None:
    """Return `items[i]` for the `i` of `for i in range(len(items))`, where the item itself is meant."""
    about = known(case)
    if not about or not isinstance(node, ast.Name):
        return None
    for binding in about[0].of_name(node.id, node):
        match binding.how, binding.value:
            case "loop", ast.Call(
                func=ast.Name(id="range"), args=[*_, ast.Call(func=ast.Name(id="len"), args=[items])]
            ):
                return f"{looking.source(case, items)}[{node.id}]"
    return None
