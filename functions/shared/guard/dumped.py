"""Dumped: a syntax tree written out (`Module(body=[FunctionDef(name='f', …`) read back as the program that it is."""

from __future__ import annotations

import ast
import re

from functions.shared.guard.normalising import UNREADABLE, parsed

_BEGINS = re.compile(r"\b(?:Module\(\s*body=|FunctionDef\(\s*name=|AsyncFunctionDef\(\s*name=|ClassDef\(\s*name=)")
_NODES = {name: kind for name, kind in vars(ast).items() if isinstance(kind, type) and issubclass(kind, ast.AST)}
LONGEST = 40_000
"""Characters of a tree; that of an exercise has a few thousand."""


def program_of_a_tree(text: str) -> str:
    """Return the program whose syntax tree is written out in a text; "" where there is none that can be read."""
    found = _BEGINS.search(text)
    if found is None:
        return ""
    try:
        written = parsed(_balanced(text[found.start() : found.start() + LONGEST]))
        node = _built(written.body[0].value) if written and isinstance(written.body[0], ast.Expr) else None
        return ast.unparse(ast.fix_missing_locations(node)) if isinstance(node, ast.AST) else ""
    except (*UNREADABLE, TypeError, AttributeError, KeyError, IndexError):
        return ""


def _balanced(text: str) -> str:
    """Return a text up to where its first bracket is closed."""
    deep = 0
    for found in re.finditer(r"[()]|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", text):
        deep += {"(": 1, ")": -1}.get(found[0], 0)
        if found[0] == ")" and not deep:
            return text[: found.end()]
    return text


def _built(node: ast.AST) -> object:
    """Return what an expression stands for, of nodes and plain values alone. KeyError for any other name."""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return _NODES[name](**{each.arg: _built(each.value) for each in node.keywords if each.arg})
        case ast.List():
            return [_built(each) for each in node.elts]
        case _:
            return ast.literal_eval(node)
