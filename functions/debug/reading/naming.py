"""Naming: the line of a program that an error is in, where its message names something in it."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from functions.debug.reading.suspects import suspects

Nodes = Sequence[ast.AST]
Found = Iterable[int]

_QUOTED = re.compile(r"'([^'\n]{1,200})'|\"([^\"\n]{1,200})\"|‘([^’\n]{1,200})’|`([^`\n]{1,200})`")
_CALLED = re.compile(r"((?:\w{1,60}\.){0,4}\w{1,60})\(\) (?:missing|takes|got|argument)")
_BARE_NAME = re.compile(r"name (\w{1,60}) is")
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Place:
    """A line from 1, and the function it is in."""

    line: int
    function: str | None


def named_place(code: str, type: str, message: str) -> Place | None:
    """Return the only line that an error of this message can be in; for a name that is not known, its first use.

    None where several lines or none can be meant, and where Python cannot read the program.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nodes = list(ast.walk(ast.parse(code)))
        line = _line(nodes, type, message)
        return Place(line, _function_at(nodes, line)) if line else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _line(nodes: Nodes, type: str, message: str) -> int | None:
    for find in (_raised, *_FINDERS.get(type, ())):
        if found := sorted(set(find(nodes, message))):
            return found[0] if type in _FIRST or len(found) == 1 else None
    found = sorted(set(suspects(nodes, type, message)))
    return found[0] if len(found) == 1 else None


def _function_at(nodes: Nodes, line: int) -> str | None:
    around = [node for node in nodes if isinstance(node, _Function) and node.lineno <= line <= (node.end_lineno or 0)]
    innermost = max(around, key=lambda node: node.lineno, default=None)
    return innermost.name if innermost and innermost.lineno != line else None


def _quoted(message: str) -> list[str]:
    return [next(part for part in found.groups() if part) for found in _QUOTED.finditer(message)]


def _name(nodes: Nodes, message: str) -> Found:
    told = _quoted(message)[:1] or _BARE_NAME.findall(message)[:1]
    return (
        node.lineno
        for node in nodes
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store) and node.id in told
    )


def _local(nodes: Nodes, message: str) -> Found:
    """Yield where a function uses a name that it also assigns."""
    told = _quoted(message)[:1]
    for function in nodes:
        if not isinstance(function, _Function):
            continue
        inner = list(ast.walk(function))
        uses = [node for node in inner if isinstance(node, ast.Name) and node.id in told]
        if any(not isinstance(node.ctx, ast.Load) for node in uses):
            yield from (node.lineno for node in uses if isinstance(node.ctx, ast.Load))
            targets = (node.target for node in inner if isinstance(node, ast.AugAssign))
            yield from (target.lineno for target in targets if isinstance(target, ast.Name) and target.id in told)


def _attribute(nodes: Nodes, message: str) -> Found:
    told = _quoted(message.partition(". Did you mean")[0])[-1:]
    return (node.end_lineno or node.lineno for node in nodes if isinstance(node, ast.Attribute) and node.attr in told)


def _imported(nodes: Nodes, message: str) -> Found:
    told = set(_quoted(message)[:1])
    for node in nodes:
        if isinstance(node, ast.Import) and any(_begins(alias.name, told) for alias in node.names):
            yield node.lineno
        if isinstance(node, ast.ImportFrom) and (
            _begins(node.module or "", told) or any(alias.name in told for alias in node.names)
        ):
            yield node.lineno


def _begins(module: str, told: set[str]) -> bool:
    return any(module == name or module.startswith(name + ".") for name in told)


def _called(nodes: Nodes, message: str) -> Found:
    """Yield where the function is called that a message is about; a class for its `__init__`."""
    found = _CALLED.match(message)
    parts = found[1].split(".") if found else []
    if parts and parts[-1] in ("__init__", "__new__"):
        parts = parts[:-1] or [node.name for node in nodes if isinstance(node, ast.ClassDef)]
        parts = parts if len(parts) == 1 else []
    for node in nodes if parts else ():
        if isinstance(node, ast.Call) and _called_name(node) == parts[-1]:
            yield node.lineno


def _called_name(call: ast.Call) -> str:
    called = call.func
    return called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""


def _key(nodes: Nodes, message: str) -> Found:
    return (
        node.lineno
        for node in nodes
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load | ast.Del)
        if isinstance(node.slice, ast.Constant) and repr(node.slice.value) == message
    )


def _opened(nodes: Nodes, message: str) -> Found:
    told = _quoted(message)[:1]
    return (node.lineno for node in nodes if isinstance(node, ast.Constant) and node.value in told)


def _raised(nodes: Nodes, message: str) -> Iterator[int]:
    """Yield where the program itself says so: `raise …("…")`, `assert …, "…"`."""
    for node in nodes if message else ():
        said = node.exc if isinstance(node, ast.Raise) else node.msg if isinstance(node, ast.Assert) else None
        if isinstance(said, ast.Call):
            said = said.args[0] if said.args else None
        if isinstance(said, ast.Constant) and said.value == message and isinstance(node, ast.stmt):
            yield node.lineno


_FINDERS: dict[str, tuple[Callable[[Nodes, str], Found], ...]] = {
    "NameError": (_name,),
    "UnboundLocalError": (_local,),
    "AttributeError": (_attribute,),
    "ModuleNotFoundError": (_imported,),
    "ImportError": (_imported,),
    "TypeError": (_called,),
    "KeyError": (_key,),
    "FileNotFoundError": (_opened,),
}
_FIRST = ("NameError", "UnboundLocalError", "ModuleNotFoundError", "ImportError")
