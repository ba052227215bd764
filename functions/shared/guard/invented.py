"""Invented names: what a program of an answer takes from Python that Python does not have.

Only what is certain is said: modules that are imported, names taken from them, methods of values whose type is written
there (`"".trim()`, or a name that is only ever given lists), and keywords of well-known functions.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from functions.shared.guard.words import words

_LITERALS: dict[type[ast.AST], str] = {
    ast.List: "list", ast.ListComp: "list", ast.Dict: "dict", ast.DictComp: "dict", ast.Set: "set", ast.SetComp: "set",
    ast.Tuple: "tuple", ast.JoinedStr: "str",
}  # fmt: skip
_DENIED = re.compile(
    r"\b(?:no|not|n't|cannot|never|none|instead|doesn't|don't|isn't|without|unlike|other languages?|javascript|java"
    r"|removed|invented|wrong|missing|error)\b",
    re.IGNORECASE,
)
_FILES = frozenset(
    {"py", "pyc", "pyi", "pyw", "ipynb", "txt", "md", "rst", "html", "css", "js", "csv", "tsv", "json", "xml", "yaml"}
    | {"yml", "toml", "ini", "cfg", "log", "db", "sqlite", "zip", "png", "jpg", "svg", "pdf", "sh", "bat", "exe"}
)
"""What the names of files end with: `statistics.py` is no name of a module's."""
_SPAN_CALL = re.compile(r"^([a-z_]{2,20})\.([A-Za-z_]\w{0,40})(?:\(.{0,80}\))?$")


def invented_in(tree: ast.AST, own: Collection[str] = ()) -> str | None:
    """Return what a program names that there is not, as one would write it; None where all of it may exist.

    `own` are modules that the learner or the course has.
    """
    return next(_invented(tree, own), None)


def invented_in_span(span: str, sentence: str) -> str | None:
    """Return what a piece of code within a sentence names that there is not, unless the sentence says so itself."""
    found = _SPAN_CALL.match(span)
    if found is None or _DENIED.search(sentence):
        return None
    owner, name = found[1], found[2]
    if name in _FILES and "(" not in span:
        return None
    there = _table()["names"].get(owner) or _table()["types"].get(owner)
    return f"{owner}.{name}" if there and name not in there and not _exists(f"{owner}.{name}") else None


def _invented(tree: ast.AST, own: Collection[str]) -> Iterator[str]:
    nodes = list(ast.walk(tree))
    bound, modules = _bound(nodes), dict[str, str]()
    for node in nodes:
        if isinstance(node, ast.Import):
            for each in node.names:
                if not _may_exist(each.name, own):
                    yield f"import {each.name}"
                top = each.name.partition(".")[0]
                modules[each.asname or top] = each.name if each.asname else top
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield from _not_taken(node.module, [each.name for each in node.names], own)
    types = {name: kinds.pop() for name, kinds in bound.items() if len(kinds) == 1}
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield from _no_attribute(node, modules, types)
        elif isinstance(node, ast.Call):
            yield from _no_keyword(node, bound)


def _not_taken(module: str, names: Iterable[str], own: Collection[str]) -> Iterator[str]:
    if not _may_exist(module, own):
        yield f"from {module} import"
    there = _table()["names"].get(module)
    for name in names if there else ():
        if name != "*" and name not in there and not _exists(f"{module}.{name}") and not name.startswith("_"):
            yield f"from {module} import {name}"


def _no_attribute(node: ast.Attribute, modules: dict[str, str], types: dict[str, str]) -> Iterator[str]:
    kind = _type_of(node.value)
    owner = node.value.id if isinstance(node.value, ast.Name) else ""
    kind = kind or types.get(owner, "")
    if kind in _table()["types"] and node.attr not in _table()["types"][kind]:
        yield f"{kind}.{node.attr}"
    module = modules.get(owner, "")
    there = _table()["names"].get(module)
    if there and node.attr not in there and not _exists(f"{module}.{node.attr}") and not node.attr.startswith("_"):
        yield f"{module}.{node.attr}"


def _no_keyword(node: ast.Call, bound: dict[str, set[str]]) -> Iterator[str]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    known = _table()["keywords"].get(name)
    if known is not None and name not in bound:
        yield from (f"{name}({each.arg}=…)" for each in node.keywords if each.arg and each.arg not in known)


def _bound(nodes: Iterable[ast.AST]) -> dict[str, set[str]]:
    """Return the types of whatever each name is given, as far as it is written there; `?` where it is not."""
    bound: dict[str, set[str]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            bound.setdefault(node.targets[0].id, set()).add(_type_of(node.value) or "?")
    plain = {id(node.targets[0]) for node in nodes if isinstance(node, ast.Assign) and len(node.targets) == 1}
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in plain:
            bound.setdefault(node.id, set()).add("?")
        elif isinstance(node, ast.arg):
            bound.setdefault(node.arg, set()).add("?")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound.setdefault(node.name, set()).add("?")
    return bound


def _type_of(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
        return type(node.value).__name__
    return _LITERALS.get(type(node), "")


def _may_exist(module: str, own: Collection[str]) -> bool:
    top = module.partition(".")[0]
    return (
        top in _table()["modules"]
        or top in words("packages")["names"].split()
        or top in own
        or _exists(top)
        or top.startswith("_")
    )


def _exists(module: str) -> bool:
    """Whether a dotted name is a module that is known, as `os.path` of `os`, or came with a later Python."""
    known = (*_table()["names"], *words("newer")["names"].split())
    return any(name == module or name.startswith(f"{module}.") for name in known)


@cache
def _table() -> dict[str, Any]:
    held = json.loads(Path(__file__).with_name("names.json").read_text("utf-8"))
    parts = {
        part: {name: frozenset(names.split()) for name, names in held[part].items()}
        for part in ("names", "types", "keywords")
    }
    return {**parts, "modules": frozenset(held["modules"].split())}
