"""Docstrings: what a function or a class says of itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from functions.review.finding import Finding, found
from functions.review.program import Program
from functions.review.source import Edit
from functions.review.tree import Function

_VERBS = """
add apply ask build change check clean close collect compare convert copy count create decode decrypt delete deposit
describe display divide draw encode encrypt fill filter find format generate give greet guess handle insert join keep
list load look make merge move multiply normalize open parse pay play pop print push put read remove render replace
report reset reverse roll save say search select sell send set show shuffle sort split start stop store subtract sum
swap take tell translate turn update validate withdraw write
"""
"""With which the name of a function may begin that says what it does."""
_DOES = frozenset(_VERBS.split())


def missing_docstring(program: Program) -> Iterator[Finding]:
    """A function or class of some size that does not say what it is for."""
    for node in (*program.functions, *program.classes):
        if ast.get_docstring(node, clean=False) is not None or node.name.startswith("_") or _is_small(program, node):
            continue
        edits, until = _drafted(program, node)
        yield found("missing_docstring", node, *edits, until=until, name=node.name)


def _is_small(program: Program, node: Function | ast.ClassDef) -> bool:
    size = sum(isinstance(each, ast.stmt) for each in program.within(node)) - 1
    nested = not isinstance(program.parent[node], ast.Module | ast.ClassDef)
    return nested or size < (6 if isinstance(node, ast.ClassDef) else 4)


def _drafted(program: Program, node: Function | ast.ClassDef) -> tuple[tuple[Edit, ...], ast.stmt]:
    """Return the edit that adds a first draft, made of the name, where the name says enough for one."""
    first = node.body[0]
    sentence = None if isinstance(node, ast.ClassDef) else _sentence(node)
    if sentence is None or not program.stands_alone(first) or first.lineno == node.lineno:
        return (), first
    if isinstance(first, Function | ast.ClassDef) and first.decorator_list:
        return (), first
    return (program.insert(first.lineno, f'"""{sentence}"""'),), first


def _sentence(function: Function) -> str | None:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", function.name).lower().split("_")
    if len(words) < 2 or not all(word.isalpha() and len(word) > 1 for word in words) or words[0] == "test":
        return None
    if words[0] in ("is", "has", "can", "should"):
        subject = next((each.arg for each in function.args.args if each.arg not in ("self", "cls")), "it")
        return f"Tell whether {subject} {' '.join(words)}."
    if words[0] in ("get", "compute", "calculate", "calc"):
        return f"Return the {' '.join(words[1:])}."
    if words[0] in _DOES:
        return f"{' '.join(words).capitalize()}."
    return None


RULES = (missing_docstring,)
