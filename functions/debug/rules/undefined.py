"""Undefined: the name that a NameError or an UnboundLocalError is about, and what the program says about it."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import lru_cache

from functions.debug.model import Case
from functions.debug.rules import looking
from functions.debug.rules.scoping import Binding, Function, Scopes, scopes

_NAME = re.compile(r"(?:name|variable) ['‘\"]([^'’\"]+)['’\"]")
_SUGGESTED = re.compile(r"[Dd]id you mean:? ['‘\"]([\w.]+)['’\"]")
_BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.TryStar, ast.With, ast.Match)


@dataclass(frozen=True)
class Missing:
    """A name that had no value when it was needed."""

    name: str
    suggested: str | None
    """What Python itself thinks was meant."""
    line: int | None
    node: ast.Name | None
    """Where it was needed; None without a program."""
    scopes: Scopes | None
    """Of the whole program; None where there is only a message or a line."""
    parent: ast.AST | None
    """The node that the name is a direct part of."""

    @property
    def bindings(self) -> tuple[Binding, ...]:
        """Where the place that needs the name sees it bound."""
        return self.scopes.of_name(self.name, self.node) if self.scopes and self.node else ()

    @property
    def elsewhere(self) -> tuple[Binding, ...]:
        """Where the program binds it out of sight of that place."""
        return tuple(one for one in self.scopes.of_name(self.name) if one not in self.bindings) if self.scopes else ()

    @property
    def called(self) -> bool:
        """Whether the name is called like a function."""
        return isinstance(self.parent, ast.Call) and self.parent.func is self.node

    @property
    def attribute(self) -> str | None:
        """What follows the name after a dot."""
        return self.parent.attr if isinstance(self.parent, ast.Attribute) else None

    def known(self) -> dict[str, Binding]:
        """Return the names that the place sees, but for those that its own scope binds only further down."""
        if not self.scopes or not self.node:
            return {}
        here = self.scopes.of.get(self.node)
        seen = self.scopes.visible(self.node)
        line = self.line or self.node.lineno
        return {name: one for name, one in seen.items() if one.scope is not here or one.line <= line}


@lru_cache(maxsize=4)
def missing(case: Case) -> Missing | None:
    """Return the name that the error is about; None where its message names none."""
    found = _NAME.search(case.error.message) if case.error else None
    if not found or not case.error:
        return None
    name = found[1]
    suggested = _SUGGESTED.search(case.error.message)
    root = looking.tree(case)
    about = scopes(root) if root else None
    node = _needed(case, name, about)
    line = looking.place(case) or (node.lineno if node else case.error.line)
    whole = about if root is case.tree else None
    outer = about.parent.get(node) if about and node else None
    return Missing(name, suggested[1] if suggested else None, line, node, whole, outer)


def _needed(case: Case, name: str, about: Scopes | None) -> ast.Name | None:
    """Return where the name is used: where the error says, else the first place at which it may be unknown."""
    here = [node for node in looking.suspects(case, ast.Name) if node.id == name]
    anywhere = [node for node in looking.nodes(case, ast.Name) if node.id == name]
    changed = [node.target for node in looking.suspects(case, ast.AugAssign)]
    used = [node for node in here if isinstance(node.ctx, ast.Load) or node in changed]
    if looking.place(case) is None and about:
        used.sort(key=lambda node: bool(about.of_name(name, node)))
    return next(iter(used or [node for node in anywhere if isinstance(node.ctx, ast.Load)] or anywhere), None)


def uses(missing: Missing) -> list[ast.Name]:
    """Return every place that needs the name and finds it bound as little as the place of the error does."""
    if not missing.scopes:
        return []
    named = [node for node in missing.scopes.of if isinstance(node, ast.Name) and node.id == missing.name]
    return [node for node in named if missing.scopes.of_name(node.id, node) == missing.bindings]


def never_bound(found: Scopes) -> list[ast.Name]:
    """Return the names that are read but bound nowhere in sight, and are not built in."""
    return [
        node
        for node in found.of
        if isinstance(node, ast.Name)
        and isinstance(node.ctx, ast.Load)
        and node.id not in looking.BUILTINS
        and not found.of_name(node.id, node)
    ]


def statement(found: Scopes, node: ast.AST, within: ast.AST | None = None) -> ast.stmt | None:
    """Return the statement a node is in: the innermost, or the one that stands directly in `within`."""
    inner: ast.AST | None = node
    while inner is not None:
        outer = found.parent.get(inner)
        if isinstance(inner, ast.stmt) and (within is None or outer is within):
            return inner
        inner = outer
    return None


def block_around(found: Scopes, node: ast.AST, *kinds: type[ast.AST]) -> ast.stmt | None:
    """Return the outermost block of these kinds (any, if none is named) around a node in the node's own scope."""
    scope, outermost = found.of.get(node), None
    inner = found.parent.get(node)
    while inner is not None and inner is not scope:
        if isinstance(inner, kinds or _BLOCKS) and found.of.get(inner) is scope:
            outermost = inner
        inner = found.parent.get(inner)
    return outermost if isinstance(outermost, ast.stmt) else None


def first_parameter(function: Function) -> str | None:
    """Return the name of a function's first parameter."""
    parameters = (*function.args.posonlyargs, *function.args.args)
    return parameters[0].arg if parameters else None
