"""Compiled: a program told by what Python makes of it, in whatever notation: the nodes of its tree, or its bytecode."""

from __future__ import annotations

import ast
import dis
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from types import CodeType

from functions.shared.guard.normalising import parsed

SHARE = 0.8
"""Of a program's nodes, or of its instructions, from which a text is taken to list them."""
FEWEST = 8
"""Nodes or instructions that a list of them has: fewer are words."""
REMEMBERED = 512

_NODES = frozenset(
    name
    for name, kind in vars(ast).items()
    if isinstance(kind, type) and issubclass(kind, ast.stmt | ast.expr | ast.operator | ast.cmpop | ast.excepthandler)
)
_INSTRUCTIONS = frozenset(name for name in dis.opmap if "_" in name)
_WORD = re.compile(r"\b[A-Z][A-Za-z_]+\b")


def takes_apart(texts: Iterable[str], solution: str) -> bool:
    """Return whether a text lists the nodes of a program's tree or its instructions, most of them."""
    lists = [listed for text in texts if (listed := _listed(text)).total() >= FEWEST]
    return any((told & listed).total() >= SHARE * told.total() for listed in lists for told in _tellings(solution))


@lru_cache(maxsize=REMEMBERED)
def _listed(text: str) -> Counter[str]:
    return Counter(word for word in _WORD.findall(text) if word in _NODES or word in _INSTRUCTIONS)


@lru_cache(maxsize=REMEMBERED)
def _tellings(solution: str) -> tuple[Counter[str], ...]:
    tree = parsed(solution)
    if tree is None:
        return ()
    nodes = Counter(name for node in ast.walk(tree) if (name := type(node).__name__) in _NODES)
    told = Counter(name for name in _instructions(compile(tree, "", "exec")) if name in _INSTRUCTIONS)
    return tuple(each for each in (nodes, told) if each.total() >= FEWEST)


def _instructions(code: CodeType) -> Iterator[str]:
    yield from (each.opname for each in dis.get_instructions(code))
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _instructions(constant)
