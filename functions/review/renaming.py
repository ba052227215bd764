"""Renaming: every place where a name must change, or none where that cannot be told."""

from __future__ import annotations

import ast
import builtins
import keyword
import re

from functions.review.program import Home, Program
from functions.review.source import Edit
from functions.review.tree import Function

_BY_NAME = frozenset(("eval", "exec", "globals", "locals", "vars", "getattr", "setattr"))
"""Functions that reach a variable by what it is called."""
_BUILTIN = frozenset(dir(builtins))


def renamed(program: Program, home: Home, old: str, new: str) -> tuple[Edit, ...]:
    """Return the edits that give a variable, a function, a class or a parameter another name; none where the name
    stands in places of another kind, or where the new one may mean something already."""
    if not can_be_named(program, new) or _is_named_otherwise(program, old):
        return ()
    edits = [_of_name(program, name, new) for name in program.variables.get((home, old), ())]
    for node in program.nodes:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name) if (
                name == old and program.scope(node) is home
            ):
                edits.append(_of_definition(program, node, old, new))
            case ast.arg(arg=name) if name == old and program.scope(node) is home:
                start = program.span(node)[0]
                edits.append(_checked(program, Edit(start, start + len(old.encode()), new), old))
    certain = [edit for edit in edits if edit]
    return tuple(certain) if len(certain) == len(edits) else ()


def can_be_named(program: Program, name: str) -> bool:
    """Tell whether a name is one that something new may have."""
    return name.isidentifier() and not keyword.iskeyword(name) and name not in _BUILTIN and program.is_free(name)


def _is_named_otherwise(program: Program, old: str) -> bool:
    if old in program.texts or _BY_NAME & program.names.keys():
        return True
    for node in program.nodes:
        match node:
            case ast.Global(names=names) | ast.Nonlocal(names=names) if old in names:
                return True
            case ast.keyword(arg=name) | ast.ExceptHandler(name=name) | ast.MatchAs(name=name) if name == old:
                return True
            case ast.MatchStar(name=name) | ast.MatchMapping(rest=name) if name == old:
                return True
            case ast.alias(name=name, asname=other) if old in (name, other):
                return True
    return False


def _of_name(program: Program, name: ast.Name, new: str) -> Edit | None:
    return _checked(program, program.replace(name, new), name.id)


def _of_definition(program: Program, node: Function | ast.ClassDef, old: str, new: str) -> Edit | None:
    start = program.span(node)[0]
    head = re.match(rb"(?:async\s+)?(?:def|class)\s+", program.data[start:])
    return (
        _checked(program, Edit(start + head.end(), start + head.end() + len(old.encode()), new), old) if head else None
    )


def _checked(program: Program, edit: Edit, old: str) -> Edit | None:
    """Return an edit of what is the old name indeed: within an f-string, positions are not always right."""
    return edit if program.data[edit.start : edit.end].decode(errors="replace") == old else None
