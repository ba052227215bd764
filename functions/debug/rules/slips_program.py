"""What the rules about slips ask of a program: its nodes by kind, who reads and binds a name, and which loop is around.

One is built for a case and shown to every rule, so that the tree is read once.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeVar, get_args

from functions.debug.model import Case, Finding
from functions.debug.rules import looking
from functions.debug.rules.kinds import Kinds
from functions.debug.rules.scoping import Binding, Comprehension, Function, Scope, scopes
from functions.shared.markdown import code, cut

Node = TypeVar("Node", bound=ast.AST)
Loop = ast.For | ast.AsyncFor | ast.While
Defined = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
ENDING = ast.Return | ast.Raise | ast.Break | ast.Continue
_ENDING_CALLS = ("exit", "quit", "_exit", "abort")
CHANGING = frozenset(
    ("append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "add", "discard", "update", "popitem")
) | {"setdefault", "appendleft", "popleft"}
"""The methods that change the list, dictionary or set they are called on."""


class Program:
    """A program that Python can read, as far as rules about slips look at it."""

    def __init__(self, case: Case, tree: ast.Module) -> None:
        self.case, self.tree = case, tree
        self.scopes = scopes(tree)
        self.kinds = Kinds(self.scopes)
        self.parent = self.scopes.parent
        self._by_type: dict[type[ast.AST], list[ast.AST]] = defaultdict(list)
        for node in self.scopes.of:
            self._by_type[type(node)].append(node)
        for found in self._by_type.values():
            found.sort(key=at)
        self._bound: dict[tuple[Scope, str], list[Binding]] = defaultdict(list)
        for binding in self.scopes.bindings:
            self._bound[binding.scope, binding.name].append(binding)
        self._reads: dict[tuple[Scope | None, str], list[ast.Name]] = defaultdict(list)
        for name in self.all(ast.Name):
            if isinstance(name.ctx, ast.Load):
                self._reads[self.home(name), name.id].append(name)

    def all(self, *types: type[Node]) -> list[Node]:
        """Return the nodes of exactly these types in the order in which they are read."""
        found: list[Node] = [node for kind in types for node in self._by_type.get(kind, ())]  # type: ignore[misc]
        return sorted(found, key=at) if len(types) > 1 else found

    def loops(self) -> list[Loop]:
        """Return the loops in the order in which they are read."""
        return sorted([*self.all(ast.For), *self.all(ast.AsyncFor), *self.all(ast.While)], key=at)

    def functions(self) -> list[Function]:
        """Return the functions and methods in the order in which they are read."""
        return sorted([*self.all(ast.FunctionDef), *self.all(ast.AsyncFunctionDef)], key=at)

    def home(self, name: ast.Name) -> Scope | None:
        """Return the scope a name is found in; None for one that the program does not bind."""
        return self.home_of(name.id, name)

    def home_of(self, name: str, node: ast.AST) -> Scope | None:
        """Return the scope a name would be found in at a node."""
        return next((scope for scope in self.scopes.seen_from(node) if (scope, name) in self._bound), None)

    def bindings(self, name: str, scope: Scope | None) -> list[Binding]:
        """Return where a name of a scope gets its values, in order."""
        return self._bound.get((scope, name), []) if scope is not None else []

    def reads(self, name: str, scope: Scope | None) -> list[ast.Name]:
        """Return where a name of a scope is read, in order."""
        return self._reads.get((scope, name), [])

    def built_in(self, name: ast.AST) -> bool:
        """Tell whether a node is a name that still means what Python says it means."""
        return isinstance(name, ast.Name) and self.home(name) is None

    def text(self, node: ast.AST) -> str:
        """Return a node as the learner wrote it."""
        return looking.segment(self.case.code, node)

    def shown(self, what: ast.AST | str) -> str:
        """Return a node, or a text, as Markdown code within a line."""
        text = what if isinstance(what, str) else self.text(what)
        return code(cut(" ".join(text.split()) if "\n" in text else text))

    def block(self, statement: ast.AST) -> list[ast.stmt]:
        """Return the statements a statement stands among; none for a node that is no statement."""
        parent = self.parent.get(statement)
        for field in ("body", "orelse", "finalbody"):
            found = getattr(parent, field, None)
            if isinstance(found, list) and statement in found:
                return found
        return []

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what a node stands in, the innermost first, as far as its function, class or the module."""
        above = self.parent.get(node)
        while above is not None:
            yield above
            if isinstance(above, (*get_args(Defined), ast.Module)):
                return
            above = self.parent.get(above)

    def loops_around(self, node: ast.AST) -> list[Loop]:
        """Return the loops a node is repeated by within its function, the innermost first."""
        return [
            above for above in self.ancestors(node) if isinstance(above, get_args(Loop)) and not _in_else(node, above)
        ]

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """Return the statement a node is part of."""
        above: ast.AST | None = node
        while above is not None and not isinstance(above, ast.stmt):
            above = self.parent.get(above)
        return above

    def scope(self, node: ast.AST) -> Scope:
        """Return the function, class or module whose names an assignment at a node binds."""
        scope = self.scopes.of.get(node, self.tree)
        while isinstance(scope, get_args(Comprehension)):
            scope = self.scopes.of[scope]
        return scope

    def imports(self, *modules: str) -> bool:
        """Tell whether the program imports one of these modules, or from it."""
        names = {alias.name for node in self.all(ast.Import) for alias in node.names}
        names |= {node.module or "" for node in self.all(ast.ImportFrom)}
        return any(name.partition(".")[0] in modules for name in names)

    def is_module(self, node: ast.AST) -> bool:
        """Tell whether an expression is a name that an import binds."""
        if not isinstance(node, ast.Name):
            return False
        return any(binding.how == "import" for binding in self.bindings(node.id, self.home(node)))

    def defines_method(self, name: str) -> bool:
        """Tell whether a class of the program has a method of this name."""
        return any(one.name == name and isinstance(self.scopes.of[one], ast.ClassDef) for one in self.functions())

    def found(
        self, cause: str, node: ast.AST, explanation: str, pointer: str, solution: str, fixed: str | None = None
    ) -> Finding:
        """Return a finding about a node; what is missing from the end of a function is missed in its last line."""
        text = self.text(node)
        expression = text if text and "\n" not in text else None
        line = getattr(node, "end_lineno" if cause == "missing_return" else "lineno", None)
        return Finding(cause, line, expression, explanation, pointer, solution, fixed)


def at(node: ast.AST) -> tuple[int, int]:
    """Return a node's line and column."""
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def inside(*nodes: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes and what is in them, but not what is within another function or class."""
    waiting = list(nodes)[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, get_args(Defined)):
            waiting.extend(list(ast.iter_child_nodes(node))[::-1])


def within(node: ast.AST, outer: ast.AST) -> bool:
    """Tell whether a node stands within another one, by their places."""
    end = getattr(outer, "end_lineno", 0) or 0, getattr(outer, "end_col_offset", 0) or 0
    return at(outer) <= at(node) < end


def names_in(*nodes: ast.AST) -> set[str]:
    """Return the names that are read in the nodes."""
    return {one.id for node in nodes for one in ast.walk(node) if isinstance(one, ast.Name)}


def same(one: ast.AST, other: ast.AST) -> bool:
    """Tell whether two expressions are written alike, whatever the white space."""
    return type(one) is type(other) and ast.dump(_loaded(one)) == ast.dump(_loaded(other))


def _loaded(node: ast.AST) -> ast.AST:
    """Return the node as if it were read: `x` to the left of `=` is the same `x`."""
    match node:
        case ast.Name(id=name):
            return ast.Name(name, ast.Load())
        case ast.Attribute(value=value, attr=name):
            return ast.Attribute(value, name, ast.Load())
        case ast.Subscript(value=value, slice=index):
            return ast.Subscript(value, index, ast.Load())
    return node


def ends(block: list[ast.stmt]) -> bool:
    """Tell whether a block always leaves: what follows it is not reached through it."""
    if not block:
        return False
    match block[-1]:
        case ast.Return() | ast.Raise() | ast.Break() | ast.Continue():
            return True
        case ast.If(body=body, orelse=orelse):
            return ends(body) and ends(orelse)
        case ast.Expr(value=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name))):
            return name in _ENDING_CALLS
    return False


def leaves(*nodes: ast.AST, loop: bool = True) -> bool:
    """Tell whether something in the body of a loop may end it: a `break` of its own, `return`, `raise`, `exit()`."""
    waiting = [(node, loop) for node in nodes]
    while waiting:
        node, own = waiting.pop()
        match node:
            case ast.Return() | ast.Raise() | ast.Yield() | ast.YieldFrom() | ast.Await():
                return True
            case ast.Break() if own:
                return True
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _ENDING_CALLS:
                return True
        if not isinstance(node, get_args(Defined)):
            deeper = own and not isinstance(node, get_args(Loop))
            waiting.extend((child, deeper) for child in ast.iter_child_nodes(node))
    return False


def number(node: ast.AST | None) -> int | float | None:
    """Return the number an expression writes out, with its sign; None for any other expression."""
    match node:
        case ast.Constant(value=value) if type(value) in (int, float):
            return value  # type: ignore[return-value]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = number(operand)
            return None if inner is None else -inner
    return None


def parameters(function: Function | ast.Lambda) -> list[ast.arg]:
    """Return a function's parameters, without `*args` and `**kwargs`."""
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def step(statement: ast.AST) -> tuple[str, ast.operator, ast.expr] | None:
    """Return (name, operator, operand) of `name += operand` or `name = name + operand`."""
    match statement:
        case ast.AugAssign(target=ast.Name(id=name), op=op, value=value):
            return name, op, value
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.BinOp(left=left, op=op, right=right)):
            if isinstance(left, ast.Name) and left.id == name:
                return name, op, right
            if isinstance(right, ast.Name) and right.id == name and isinstance(op, ast.Add | ast.Mult):
                return name, op, left
    return None


def changed(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names that statements may give another value, or whose value they may change."""
    found: set[str] = set()
    for node in inside(*nodes):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                found.add(name)
            case ast.Subscript(ctx=ast.Store() | ast.Del()) | ast.Attribute(ctx=ast.Store() | ast.Del()):
                found.update(names_in(node))
            case ast.Call(func=func, args=args, keywords=keywords):
                given = [*args, *(keyword.value for keyword in keywords)]
                found |= names_in(*given, func.value) if isinstance(func, ast.Attribute) else names_in(*given)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                found |= {alias.asname or alias.name for alias in aliases}
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Await() | ast.Yield() | ast.YieldFrom():
                found.add("*")
    return found


def _in_else(node: ast.AST, loop: ast.AST) -> bool:
    """Tell whether a node stands in a loop's `else`, or in what a `for` goes through: neither is repeated."""
    once = [*getattr(loop, "orelse", ())]
    if isinstance(loop, ast.For | ast.AsyncFor):
        once.append(loop.iter)
    return any(within(node, one) for one in once)
