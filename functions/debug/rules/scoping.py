"""Scoping: which names a program binds, where, to what, and which of them a place in it sees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest
from typing import Literal, get_args

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
Function = ast.FunctionDef | ast.AsyncFunctionDef
Scope = ast.Module | ast.ClassDef | Function | ast.Lambda | Comprehension
How = Literal["assigned", "augmented", "unpacked", "loop", "with", "parameter", "function", "class", "import", "other"]


@dataclass(frozen=True)
class Binding:
    """A place where a name gets a value."""

    name: str
    line: int
    how: How
    scope: Scope
    node: ast.AST
    """The statement, or the argument, alias or target that binds it."""
    value: ast.expr | None = None
    """What is assigned; of `loop` what is looped over, of `with` the context."""
    whole: ast.expr | None = None
    """Of `unpacked` by an assignment, what is taken apart."""


class Scopes:
    """Who binds which name where, and which names a place can see."""

    def __init__(self, root: ast.Module) -> None:
        """Read the tree once."""
        self.root = root
        self.of: dict[ast.AST, Scope] = {}
        self.parent: dict[ast.AST, ast.AST] = {}
        self._outward: dict[tuple[Scope, str], Scope] = {}
        self._read(root)
        found = (binding for node, scope in self.of.items() for binding in _bound_by(node, scope))
        self.bindings = tuple(sorted(map(self._settled, found), key=lambda binding: binding.line))
        self._named: dict[str, list[Binding]] = {}
        for binding in self.bindings:
            self._named.setdefault(binding.name, []).append(binding)

    def _read(self, root: ast.Module) -> None:
        todo: list[tuple[ast.AST, Scope]] = [(root, root)]
        while todo:
            node, scope = todo.pop()
            self.of[node] = scope
            for child, inner in _parts(node, scope):
                self.parent[child] = node
                todo.append((child, inner))
            if isinstance(node, ast.Global):
                self._outward.update({(scope, name): root for name in node.names})
            elif isinstance(node, ast.Nonlocal):
                self._outward.update({(scope, name): self.of[scope] for name in node.names})

    def _settled(self, binding: Binding) -> Binding:
        """Return the binding in the scope it is really of: that of a `global`, or outside of a comprehension."""
        scope = self._outward.get((binding.scope, binding.name), binding.scope)
        while isinstance(binding.node, ast.NamedExpr) and isinstance(scope, get_args(Comprehension)):
            scope = self.of[scope]
        return replace(binding, scope=scope)

    def around(self, node: ast.AST) -> tuple[Scope, ...]:
        """Return the scopes a node is in, the innermost first, the module last."""
        scope = self.of.get(node, self.root)
        found = [scope]
        while not isinstance(scope, ast.Module):
            scope = self.of[scope]
            found.append(scope)
        return tuple(found)

    def seen_from(self, node: ast.AST) -> tuple[Scope, ...]:
        """Return the scopes whose names a node sees: of the classes around it only the one it stands directly in."""
        first, *others = self.around(node)
        return (first, *(scope for scope in others if not isinstance(scope, ast.ClassDef)))

    def visible(self, node: ast.AST) -> dict[str, Binding]:
        """Return the program's names, no built-in ones, that a node sees, each with its first binding."""
        found: dict[str, Binding] = {}
        for scope in self.seen_from(node):
            for binding in self.bindings:
                if binding.scope is scope:
                    found.setdefault(binding.name, binding)
        return found

    def of_name(self, name: str, node: ast.AST | None = None) -> tuple[Binding, ...]:
        """Return a name's bindings: all, or those of the scope in which a node finds it."""
        all_of_it = tuple(self._named.get(name, ()))
        if node is None:
            return all_of_it
        for scope in self.seen_from(node) if all_of_it else ():
            here = tuple(binding for binding in all_of_it if binding.scope is scope)
            if here:
                return here
        return ()

    def function(self, name: str) -> Function | None:
        """Return the program's only function or method of this name."""
        found = [binding.node for binding in self.of_name(name) if isinstance(binding.node, get_args(Function))]
        return found[0] if len(found) == 1 else None

    def class_(self, name: str) -> ast.ClassDef | None:
        """Return the program's class of this name."""
        found = [binding.node for binding in self.of_name(name) if isinstance(binding.node, ast.ClassDef)]
        return found[-1] if found else None

    def function_around(self, node: ast.AST) -> Function | None:
        """Return the innermost function a node is in."""
        return next((scope for scope in self.around(node) if isinstance(scope, get_args(Function))), None)

    def class_around(self, node: ast.AST) -> ast.ClassDef | None:
        """Return the innermost class a node is in."""
        return next((scope for scope in self.around(node) if isinstance(scope, ast.ClassDef)), None)


@lru_cache(maxsize=4)
def scopes(root: ast.Module) -> Scopes:
    """Return the scopes of a tree, read once."""
    return Scopes(root)


def _parts(node: ast.AST, scope: Scope) -> Iterator[tuple[ast.AST, Scope]]:
    """Yield a node's children, each with the scope it is in: a default value is outside of its function."""
    if not isinstance(node, get_args(Scope)):
        yield from ((child, scope) for child in ast.iter_child_nodes(node))
        return
    outside: set[ast.AST] = {*getattr(node, "decorator_list", ()), *getattr(node, "bases", ())}
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        arguments = node.args
        defaults = [*arguments.defaults, *(default for default in arguments.kw_defaults if default)]
        yield from ((default, scope) for default in defaults)
        given = (*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg)
        yield from ((argument, node) for argument in given if argument)
        outside.add(arguments)
    yield from ((part, scope) for part in outside if not isinstance(part, ast.arguments))
    yield from ((child, node) for child in ast.iter_child_nodes(node) if child not in outside)


def _bound_by(node: ast.AST, scope: Scope) -> Iterator[Binding]:
    """Yield what a node binds in a scope."""
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _targets(target, value, "assigned", scope, node)
        case ast.AnnAssign(target=target, value=value) if value:
            yield from _targets(target, value, "assigned", scope, node)
        case ast.NamedExpr(target=target, value=value):
            yield from _targets(target, value, "assigned", scope, node)
        case ast.AugAssign(target=target, value=value):
            yield from _targets(target, value, "augmented", scope, node)
        case (
            ast.For(target=target, iter=value)
            | ast.AsyncFor(target=target, iter=value)
            | ast.comprehension(target=target, iter=value)
        ):
            yield from _targets(target, value, "loop", scope, node)
        case ast.withitem(optional_vars=target, context_expr=value) if target:
            yield from _targets(target, value, "with", scope, node)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield Binding(name, node.lineno, "function", scope, node)
        case ast.ClassDef(name=name):
            yield Binding(name, node.lineno, "class", scope, node)
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            for alias in aliases:
                yield Binding(alias.asname or alias.name.split(".")[0], node.lineno, "import", scope, alias)
        case ast.arg(arg=name):
            yield Binding(name, node.lineno, "parameter", scope, node)
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield Binding(name, node.lineno, "other", scope, node)


def _targets(target: ast.expr, value: ast.expr, how: How, scope: Scope, node: ast.AST) -> Iterator[Binding]:
    """Yield what assigning a value to a target binds; of `a, b = 1, 2` each name with its own value."""
    todo: list[tuple[ast.expr, ast.expr | None, How]] = [(target, value, how)]
    while todo:
        part, given, way = todo.pop(0)
        if isinstance(part, ast.Name):
            yield Binding(
                part.id, part.lineno, way, scope, node, given, value if how == "assigned" and not given else None
            )
        elif isinstance(part, ast.Starred):
            todo.append((part.value, None, "unpacked"))
        elif isinstance(part, ast.Tuple | ast.List):
            pairwise = isinstance(given, ast.Tuple | ast.List) and len(given.elts) == len(part.elts) and way != "loop"
            values = given.elts if pairwise and isinstance(given, ast.Tuple | ast.List) else []
            todo += [(each, one, way if one else "unpacked") for each, one in zip_longest(part.elts, values)]
