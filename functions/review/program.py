"""Program: a learner's code, with what is known of its variables without running it."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Literal

from functions.review.model import Unreadable
from functions.review.tree import Comprehension, Function, Scope, Tree

DEEPEST = 150
"""Levels of a syntax tree. Python reads more, but what walks a tree by recursion then meets Python's own limit."""

Kind = Literal["list", "dict", "set", "str", "int", "tuple"]
Home = Scope | Comprehension

CHANGING = frozenset(
    (
        *("add", "append", "appendleft", "clear", "discard", "extend", "extendleft", "insert", "pop", "popitem"),
        *("popleft", "remove", "reverse", "setdefault", "sort", "update", "write"),
    )
)
"""Names of methods that change what they are called on."""
_GIVING: dict[str, Kind] = {
    **dict.fromkeys(("list", "sorted", "split", "splitlines", "readlines"), "list"),
    **dict.fromkeys(("str", "input", "join", "lower", "upper", "strip", "replace", "title", "format", "read"), "str"),
    **dict.fromkeys(("len", "int", "randint"), "int"),
    "dict": "dict",
    "set": "set",
    "tuple": "tuple",
}


class Program(Tree):
    """A program that Python can read."""

    @cached_property
    def bound(self) -> dict[Scope, set[str]]:
        """The names that each function, class and module binds itself."""
        bound: dict[Scope, set[str]] = defaultdict(set)
        elsewhere: dict[Scope, set[str]] = defaultdict(set)
        for node in self.nodes:
            match node:
                case ast.Name(id=name, ctx=ast.Store() | ast.Del()) if not self._in_comprehension_target(node):
                    bound[self.scope(node)].add(name)
                case ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    bound[self.scope(node)].add(name)
                case ast.ClassDef(name=name) | ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                    bound[self.scope(node)].add(name)
                case ast.alias(name=name, asname=other):
                    bound[self.scope(node)].add(other or name.partition(".")[0])
                case ast.Global(names=names) | ast.Nonlocal(names=names):
                    elsewhere[self.scope(node)].update(names)
        return {scope: names - elsewhere[scope] for scope, names in bound.items()}

    def _in_comprehension_target(self, name: ast.Name) -> bool:
        child: ast.AST = name
        for outer in self.around(name):
            if isinstance(outer, ast.comprehension):
                return child is outer.target
            if not isinstance(outer, ast.Tuple | ast.List | ast.Starred):
                return False
            child = outer
        return False

    @cached_property
    def _homes(self) -> dict[ast.Name, Home]:
        targets: dict[ast.AST, set[str]] = defaultdict(set)
        names = [node for node in self.nodes if isinstance(node, ast.Name)]
        for name in names:
            if isinstance(name.ctx, ast.Store) and self._in_comprehension_target(name):
                targets[next(outer for outer in self.around(name) if isinstance(outer, Comprehension))].add(name.id)
        return {name: self._home(name, targets) for name in names}

    def _home(self, name: ast.Name, targets: dict[ast.AST, set[str]]) -> Home:
        child, in_function = ast.AST(), False
        for outer in self.around(name):
            if isinstance(outer, Comprehension) and name.id in targets[outer]:
                first = outer.generators[0]
                if not (child is first and self.inside(name, first.iter)):
                    return outer
            if isinstance(outer, Scope):
                seen = not (isinstance(outer, ast.ClassDef) and in_function)
                if seen and name.id in self.bound.get(outer, ()):
                    return outer
                in_function = True
            child = outer
        return self.tree

    def home(self, name: ast.Name) -> Home:
        """Return where the variable that a name stands for lives; the module for what nobody binds."""
        return self._homes[name]

    @cached_property
    def variables(self) -> dict[tuple[Home, str], list[ast.Name]]:
        """Every variable, with the names that stand for it, in the order of the source."""
        variables: dict[tuple[Home, str], list[ast.Name]] = defaultdict(list)
        for name, home in self._homes.items():
            variables[home, name.id].append(name)
        return variables

    @cached_property
    def names(self) -> dict[str, list[ast.Name]]:
        """The names of each spelling, in the order of the source."""
        names: dict[str, list[ast.Name]] = defaultdict(list)
        for name in self._homes:
            names[name.id].append(name)
        return names

    def uses(self, name: ast.Name) -> list[ast.Name]:
        """Return all the names that stand for the same variable, in the order of the source."""
        return self.variables[self.home(name), name.id]

    def is_builtin(self, node: ast.AST, *names: str) -> bool:
        """Tell whether a node is one of these names, and the program gives it no meaning of its own."""
        return isinstance(node, ast.Name) and node.id in names and node.id not in self._own

    def assigned(self, name: ast.Name) -> Iterator[ast.expr | None]:
        """Yield what is assigned to a variable, time by time; None where that is not to be seen."""
        home = self.home(name)
        if isinstance(home, Function | ast.Lambda):
            every = (*home.args.posonlyargs, *home.args.args, *home.args.kwonlyargs, home.args.vararg, home.args.kwarg)
            yield from (None for each in every if each and each.arg == name.id)
        for each in self.uses(name):
            if not isinstance(each.ctx, ast.Load):
                match self.parent[each]:
                    case ast.Assign(value=value, targets=targets) if each in targets:
                        yield value
                    case ast.AnnAssign(value=value):
                        yield value
                    case ast.AugAssign():
                        pass  # what it is stays what it was
                    case _:
                        yield None

    def kind(self, node: ast.expr) -> Kind | None:
        """Return what type a value is of, as far as its own form or all that its variable is given tell."""
        if not isinstance(node, ast.Name):
            return kind_of(node)
        return self._kinds[self.home(node), node.id]

    @cached_property
    def _kinds(self) -> dict[tuple[Home, str], Kind | None]:
        kinds = {
            which: {kind_of(value) if value else None for value in self.assigned(names[0])}
            for which, names in self.variables.items()
        }
        return {which: held.pop() if len(held) == 1 else None for which, held in kinds.items()}

    def changes(self, name: ast.Name, outer: ast.AST) -> bool:
        """Tell whether a part of the program may change a variable, or what it holds."""
        return self.any_inside(self._changing[self.home(name), name.id], outer)

    @cached_property
    def _changing(self) -> dict[tuple[Home, str], list[ast.Name]]:
        return {which: list(filter(self._is_change, names)) for which, names in self.variables.items()}

    def _is_change(self, name: ast.Name) -> bool:
        if not isinstance(name.ctx, ast.Load):
            return True
        match parent := self.parent[name]:
            case ast.Attribute(attr=attr, ctx=context):
                return attr in CHANGING or not isinstance(context, ast.Load)
            case ast.Subscript(value=value, ctx=context) if value is name:
                grown = self.parent[parent]
                changes = isinstance(grown, ast.Attribute) and grown.attr in CHANGING
                return changes or not isinstance(context, ast.Load)
            case ast.Call(func=function) if function is not name:  # who is given it may change it
                return not isinstance(function, ast.Name) or function.id in self._own
        return False

    def read_outside(self, name: ast.Name, outer: ast.AST) -> bool:
        """Tell whether what a part of the program leaves in a variable may be read elsewhere."""
        reads = self._reads[self.home(name), name.id]
        return bool(reads) and not (self.inside(reads[0], outer) and self.inside(reads[-1], outer))

    @cached_property
    def _reads(self) -> dict[tuple[Home, str], list[ast.Name]]:
        return {which: list(filter(self._is_read_of_before, names)) for which, names in self.variables.items()}

    def _is_read_of_before(self, name: ast.Name) -> bool:
        """Tell whether a name reads what something before it left: not that of the `for` loop it stands in."""
        if not isinstance(name.ctx, ast.Load):
            return False
        child: ast.AST = name
        for outer in self.around(name):
            if isinstance(outer, ast.For) and self.field[child] == "body" and name.id in names_in(outer.target):
                return False
            child = outer
        return True

    def is_free(self, name: str) -> bool:
        """Tell whether a name stands nowhere in the program, and may be given to something new."""
        return name not in self._words

    @cached_property
    def texts(self) -> frozenset[str]:
        """The strings of the program, which may be names for something that looks there."""
        return frozenset(
            node.value for node in self.nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )

    @cached_property
    def _own(self) -> frozenset[str]:
        return frozenset(name for names in self.bound.values() for name in names)

    @cached_property
    def _words(self) -> frozenset[str]:
        keywords = {node.arg for node in self.nodes if isinstance(node, ast.keyword) and node.arg}
        return self._own | keywords | {name.id for name in self._homes}


def names_in(node: ast.AST) -> set[str]:
    """Return the names that stand in a part of a program."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def kind_of(node: ast.expr) -> Kind | None:
    """Return what type a value is of, as far as its form tells."""
    match node:
        case ast.List() | ast.ListComp():
            return "list"
        case ast.Dict() | ast.DictComp():
            return "dict"
        case ast.Set() | ast.SetComp():
            return "set"
        case ast.Tuple():
            return "tuple"
        case ast.JoinedStr() | ast.Constant(value=str()):
            return "str"
        case ast.Constant(value=int(value)) if not isinstance(value, bool):
            return "int"
        case ast.BinOp(left=ast.List()):
            return "list"
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return _GIVING.get(name)
    return None


def read(code: str) -> Program | Unreadable:
    """Return the program, or why Python cannot read it."""
    try:
        program = Program(code, ast.parse(code))
        if program.deepest > DEEPEST:
            raise RecursionError
    except SyntaxError as error:
        return Unreadable(error.msg, error.lineno)
    except (RecursionError, MemoryError):
        return Unreadable("the program is nested too deeply", None)
    except ValueError as error:
        return Unreadable(str(error), None)
    return program
