"""Accessed: which attribute an `AttributeError` is about, of what, and where."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import lru_cache

from functions.debug.model import Case
from functions.debug.rules import looking
from functions.debug.rules.reporting import known, message

_SAID = re.compile(
    r"(?:(?P<partly>partially initialized )?module '(?P<module>[\w.]+)'|type object '(?P<class>[\w.]+)'"
    r"|'(?P<kind>[^']+)' object|(?P<old>\w+) instance) has no attribute '(?P<name>\w+)'"
)
_SUGGESTED = re.compile(r"[Dd]id you mean:? '([\w.]+)'")


@dataclass(frozen=True)
class Accessed:
    """What stands after a dot, but is not there."""

    name: str
    kind: str
    """The type of the value before the dot; of a module or a class its own name."""
    what: str
    """`module`, `class` or `object`."""
    suggested: str | None
    node: ast.Attribute | None
    call: ast.Call | None
    """The call of what is not there, if it is called."""
    statement: ast.AST | None
    """What the attribute, or its call, is a direct part of."""


@lru_cache(maxsize=4)
def accessed(case: Case) -> Accessed | None:
    """Return what a message is about; None where it says something else."""
    said = _SAID.search(message(case))
    if not said:
        return None
    name, about = said["name"], known(case)
    kind = (said["module"] or said["class"] or said["kind"] or said["old"]).rsplit(".", 1)[-1]
    kind = said["module"] or kind
    nodes = [node for node in looking.suspects(case, ast.Attribute) if node.attr == name]
    if not nodes and name.startswith("_") and "__" in name:  # a private name as Python writes it itself
        plain = name[name.index("__", 1) :] if "__" in name[1:] else name
        nodes = [node for node in looking.suspects(case, ast.Attribute) if node.attr == plain]
        name = plain if nodes else name

    def unlike(node: ast.Attribute) -> int:
        seen = about[1].of(node.value) if about else None
        return 0 if seen == kind else 1 if seen is None else 2

    node = min(nodes, key=unlike, default=None)
    outer = about[0].parent.get(node) if about and node is not None else None
    call = outer if isinstance(outer, ast.Call) and outer.func is node else None
    around = about[0].parent.get(call) if about and call is not None else outer
    what = "module" if said["module"] else "class" if said["class"] else "object"
    suggested = _SUGGESTED.search(message(case))
    return Accessed(name, kind, what, suggested[1] if suggested else None, node, call, around)
