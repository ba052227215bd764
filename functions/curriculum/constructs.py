"""Constructs: what a program is made of, as exercises may require or forbid it; from its syntax tree alone."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Literal, get_args

Construct = Literal[
    "for", "while", "loop", "comprehension", "if", "function", "class", "try", "raise", "with", "lambda",
    "f-string", "slice", "decorator", "async", "recursion", "return", "dictionary", "list", "augmented-assignment",
]  # fmt: skip
CONSTRUCTS: tuple[Construct, ...] = get_args(Construct)

_Defined = (ast.FunctionDef, ast.AsyncFunctionDef)
_NODES: dict[Construct, tuple[type[ast.AST], ...]] = {
    "for": (ast.For, ast.AsyncFor),
    "while": (ast.While,),
    "loop": (ast.For, ast.AsyncFor, ast.While),
    "comprehension": (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
    "if": (ast.If, ast.IfExp, ast.Match),
    "function": _Defined,
    "class": (ast.ClassDef,),
    "try": (ast.Try, ast.TryStar),
    "raise": (ast.Raise,),
    "with": (ast.With, ast.AsyncWith),
    "lambda": (ast.Lambda,),
    "f-string": (ast.JoinedStr,),
    "slice": (ast.Slice,),
    "async": (ast.AsyncFunctionDef, ast.Await),
    "return": (ast.Return,),
    "dictionary": (ast.Dict, ast.DictComp),
    "list": (ast.List, ast.ListComp),
    "augmented-assignment": (ast.AugAssign,),
}
_SHAPES: dict[Construct, Callable[[ast.AST], bool]] = {
    "decorator": lambda node: isinstance(node, (*_Defined, ast.ClassDef)) and bool(node.decorator_list),
    "recursion": lambda node: isinstance(node, _Defined) and node.name in _called_under(node),
}


def constructs_in(source: str) -> frozenset[Construct]:
    """Return what a program uses. Raises SyntaxError if it is none."""
    nodes = list(ast.walk(ast.parse(source)))
    by_type = {name for name, types in _NODES.items() if any(isinstance(node, types) for node in nodes)}
    return frozenset(by_type | {name for name, fits in _SHAPES.items() if any(map(fits, nodes))})


def calls_in(source: str) -> frozenset[str]:
    """Return the names a program calls: `sum` for a function, `.sort` for a method. Raises SyntaxError."""
    return frozenset(_called_under(ast.parse(source)))


def _called_under(tree: ast.AST) -> set[str]:
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = {function.id for function in called if isinstance(function, ast.Name)}
    return names | {f".{function.attr}" for function in called if isinstance(function, ast.Attribute)}
