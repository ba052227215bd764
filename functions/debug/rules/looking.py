"""Looking: what rules ask of a program's syntax tree.

Which names it binds where is in `scoping`, what kind of value an expression gives in `kinds`, and how a program is
changed in `mending`. Nothing there runs a program, raises on strange code, or recurses as deep as a program may nest.
"""

from __future__ import annotations

import ast
import builtins
import difflib
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TypeVar

from functions.debug.model import Case

Found = TypeVar("Found", bound=ast.AST)

BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_")) | {"__name__", "__file__", "__doc__"}
_NEAR = 0.75
_WITHOUT_CODE = "pass"


def place(case: Case) -> int | None:
    """Return the line of the program that the error is in; None where that is not known.

    A traceback may be of a program that the code sent along is only a part of: then its source line is looked for.
    """
    error = case.error
    if error is None:
        return None
    if not case.code.strip():
        return error.line
    source = (error.source or "").strip()
    here = case.line(error.line).strip()
    if not source or (here and here.startswith(source)):
        return error.line if here or (not source and error.line and error.line <= len(case.lines)) else None
    same = [number for number, text in enumerate(case.lines, 1) if text.strip() == source]
    near = error.line or 0
    return min(same, key=lambda number: abs(number - near), default=error.line if here else None)


def tree(case: Case) -> ast.Module | None:
    """Return the program's tree; without a readable program that of the line the traceback shows, at its number."""
    if case.code.strip() and case.tree is not None:
        return case.tree
    if case.error is None or not case.error.source:
        return None
    return _tree_of_line(case.error.source.strip(), place(case) or 1)


@lru_cache(maxsize=16)
def _tree_of_line(source: str, number: int) -> ast.Module | None:
    block = source if not source.endswith(":") else f"{source} {_WITHOUT_CODE}"
    for text in (block, block.removeprefix("el"), source.rstrip(":"), source.partition(":")[2].strip()):
        try:
            return ast.increment_lineno(ast.parse(text), number - 1)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None


def nodes(case: Case, *kinds: type[Found]) -> list[Found]:
    """Return the tree's nodes of these kinds in the order in which they are read."""
    root = tree(case)
    return [node for node in _in_order(root) if isinstance(node, kinds)] if root else []


@lru_cache(maxsize=4)
def _in_order(root: ast.Module) -> tuple[ast.AST, ...]:
    """Return a tree's nodes in the order in which they are read; walked once, as many rules ask for some of them."""
    return tuple(sorted(ast.walk(root), key=start))


def start(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def on_line(case: Case, line: int | None, *kinds: type[Found]) -> list[Found]:
    """Return the nodes of these kinds that begin on the line, then those that began before and reach it."""
    if line is None:
        return []
    reaching = [node for node in nodes(case, *kinds) if start(node)[0] <= line <= (_last(node) or 0)]
    return sorted(reaching, key=lambda node: start(node)[0] != line)


def _last(node: ast.AST) -> int | None:
    last = getattr(node, "end_lineno", None)
    return int(last) if last is not None else None


def suspects(case: Case, *kinds: type[Found]) -> list[Found]:
    """Return the nodes of these kinds that the error may be about, the likeliest first.

    Those that Python marked come first, then those on its line; where no line is known, all of the program's.
    """
    line = place(case)
    found = on_line(case, line, *kinds) if line else nodes(case, *kinds)
    marked = case.error.expression if case.error else None
    if not marked:
        return found
    marked = marked.strip()
    return sorted(found, key=lambda node: (text := source(case, node)) != marked and 1 + (marked not in text))


def source(case: Case, node: ast.AST) -> str:
    """Return a node as the learner wrote it; without a program, as Python would write it."""
    if case.tree is not None and case.code.strip():
        return segment(case.code, node)
    try:
        return ast.unparse(node)
    except (ValueError, RecursionError, AttributeError):
        return ""


def segment(code: str, node: ast.AST) -> str:
    """Return the part of the code that a node stands for; "" for a node without a place."""
    begin, end = span(code, node)
    return code[begin:end]


def span(code: str, node: ast.AST) -> tuple[int, int]:
    """Return a node's begin and end as positions in the code; (0, 0) for a node without a place."""
    first, last = getattr(node, "lineno", None), _last(node)
    if first is None or last is None:
        return 0, 0
    begins = line_starts(code)
    return (
        _position(code, begins, first, getattr(node, "col_offset", 0)),
        _position(code, begins, last, getattr(node, "end_col_offset", 0)),
    )


@lru_cache(maxsize=8)
def line_starts(code: str) -> tuple[int, ...]:
    """Return the position at which each line begins as Python counts lines, and, last, that of the code's end."""
    return (0, *(match.end() for match in re.finditer(r"\r\n?|\n", code)), len(code))


def _position(code: str, begins: tuple[int, ...], line: int, column: int) -> int:
    """Return the position of a column, which a syntax tree counts in bytes of UTF-8."""
    if line >= len(begins):
        return len(code)
    text = code[begins[line - 1] : begins[line]]
    return begins[line - 1] + (column if text.isascii() else len(text.encode()[:column].decode(errors="ignore")))


def close(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that was most likely meant by another one; None where none is close.

    Upper and lower case and underscores count little. Two short names are close only if one letter sets them apart.
    """
    ranked = sorted(((likeness(name, other), other) for other in known if other != name), key=lambda each: -each[0])
    return ranked[0][1] if ranked and ranked[0][0] else None


def likeness(name: str, other: str) -> float:
    """Return how alike two names are: 0.0 where not enough, 1.0 where but case or underscores differ."""
    return _likeness(_plain(name), _plain(other))


def _plain(name: str) -> str:
    return name.casefold().replace("_", "") or name


def _likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if min(len(one), len(other)) < 2 or abs(len(one) - len(other)) > max(2, len(one) // 3):
        return 0.0
    ratio = difflib.SequenceMatcher(None, one, other).ratio()
    step = one_step(one, other)
    if max(len(one), len(other)) < 4:
        return ratio if step and one[0] == other[0] else 0.0
    return max(ratio, 0.8) if step else ratio if ratio >= _NEAR else 0.0


def one_step(one: str, other: str) -> bool:
    """Tell whether one letter put in, left out, exchanged or swapped with its neighbour makes one word the other."""
    if len(one) > len(other):
        one, other = other, one
    begin = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(other) - len(one) == 1:
        return one[begin:] == other[begin + 1 :]
    rest_one, rest_other = one[begin:], other[begin:]
    swapped = rest_one[:2] == rest_other[:2][::-1] and rest_one[2:] == rest_other[2:]
    return len(one) == len(other) and (rest_one[1:] == rest_other[1:] or swapped)
