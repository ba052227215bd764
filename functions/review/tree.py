"""Tree: a program as its syntax tree, indexed, so that what stands where is found at once."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property

from functions.review.source import Edit, Source

Function = ast.FunctionDef | ast.AsyncFunctionDef
Scope = Function | ast.Lambda | ast.ClassDef | ast.Module
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
Loop = ast.For | ast.AsyncFor | ast.While | Comprehension

_SHARED = (ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop)
"""Python keeps one object for each of these: they have no parent of their own."""


class Tree(Source):
    """The tree of a program."""

    def __init__(self, code: str, tree: ast.Module) -> None:
        """Index the tree of the code."""
        super().__init__(code)
        self.tree = tree
        self.parent: dict[ast.AST, ast.AST] = {}
        self.field: dict[ast.AST, str] = {}
        """What part of its parent a node is: `body`, `test`, …"""
        self.nodes: list[ast.AST] = []
        """Every node, in the order of the source."""
        self._place: dict[ast.AST, int] = {}
        self._last: dict[ast.AST, int] = {}
        self.deepest = 0
        """Levels of the tree."""
        self._index()

    def _index(self) -> None:
        waiting: list[tuple[ast.AST, int]] = [(self.tree, 1)]
        while waiting:
            node, depth = waiting.pop()
            if not depth:
                self._last[node] = len(self.nodes) - 1
                continue
            self.deepest = max(self.deepest, depth)
            self._place[node] = len(self.nodes)
            self.nodes.append(node)
            waiting.append((node, 0))
            children = []
            for field, value in ast.iter_fields(node):
                held = [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, ast.AST)]
                children += [(field, child) for child in held if not isinstance(child, _SHARED)]
            for field, child in reversed(children):
                self.parent[child], self.field[child] = node, field
                waiting.append((child, depth + 1))

    def inside(self, node: ast.AST, outer: ast.AST) -> bool:
        """Tell whether a node is the other or stands in it."""
        return self._place[outer] <= self._place[node] <= self._last[outer]

    def any_inside(self, nodes: Sequence[ast.AST], outer: ast.AST) -> bool:
        """Tell whether one of the nodes, which are in the order of the source, stands in another."""
        at = bisect_left(nodes, self._place[outer], key=self._place.__getitem__)
        return at < len(nodes) and self._place[nodes[at]] <= self._last[outer]

    def within(self, outer: ast.AST) -> list[ast.AST]:
        """Return a node and all that stands in it, in the order of the source."""
        return self.nodes[self._place[outer] : self._last[outer] + 1]

    def comes_before(self, node: ast.AST, other: ast.AST) -> bool:
        """Tell whether a node comes before the other in the source."""
        return self._place[node] < self._place[other]

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what a node stands in, from the inside out."""
        while node in self.parent:
            node = self.parent[node]
            yield node

    def scope(self, node: ast.AST) -> Scope:
        """Return the function, class or module that a node stands in."""
        return next(outer for outer in self.around(node) if isinstance(outer, Scope))

    def statement(self, node: ast.AST) -> ast.stmt:
        """Return the statement that a node is, or is a part of."""
        while not isinstance(node, ast.stmt):
            node = self.parent[node]
        return node

    @cached_property
    def _places_in_block(self) -> dict[ast.stmt, tuple[list[ast.stmt], int]]:
        blocks = (getattr(node, name, None) for node in self.nodes for name in ("body", "orelse", "finalbody"))
        lists = [block for block in blocks if isinstance(block, list)]
        return {each: (block, at) for block in lists for at, each in enumerate(block)}

    def block(self, statement: ast.stmt) -> list[ast.stmt]:
        """Return the statements of the block that a statement stands in."""
        return self._places_in_block[statement][0]

    def neighbours(self, statement: ast.stmt) -> tuple[ast.stmt | None, ast.stmt | None]:
        """Return the statements before and after one in its block."""
        block, at = self._places_in_block[statement]
        return (block[at - 1] if at else None), (block[at + 1] if at + 1 < len(block) else None)

    def loops(self, node: ast.AST) -> Iterator[Loop]:
        """Yield the loops that do a node again and again, from the inside out, up to the function it stands in."""
        child = node
        for outer in self.around(node):
            match outer:
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda() | ast.ClassDef():
                    return
                case ast.For() | ast.AsyncFor() if self.field[child] == "body":
                    yield outer
                case ast.While() if self.field[child] in ("body", "test"):
                    yield outer
                case ast.comprehension() if self.field[child] == "ifs":
                    yield self.parent[outer]  # type: ignore[misc]  # always a comprehension
                case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                    if child is not outer.generators[0]:
                        yield outer
            child = outer

    @cached_property
    def statements(self) -> list[ast.stmt]:
        """Every statement, without docstrings, in the order of the source."""
        return [node for node in self.nodes if isinstance(node, ast.stmt) and not self.is_docstring(node)]

    @cached_property
    def functions(self) -> list[Function]:
        """Every function and method, in the order of the source."""
        return [node for node in self.nodes if isinstance(node, Function)]

    @cached_property
    def classes(self) -> list[ast.ClassDef]:
        """Every class, in the order of the source."""
        return [node for node in self.nodes if isinstance(node, ast.ClassDef)]

    @cached_property
    def inside_text(self) -> frozenset[int]:
        """Numbers of the lines that begin within a string: their indentation is part of a value."""
        texts = [node for node in self.nodes if isinstance(node, ast.JoinedStr | ast.Constant)]
        return frozenset(line for node in texts for line in range(node.lineno + 1, (node.end_lineno or 0) + 1))

    def is_docstring(self, node: ast.AST) -> bool:
        """Tell whether a node is a statement that is the docstring of what it stands in."""
        match node:
            case ast.Expr(value=ast.Constant(value=str())):
                home = self.parent[node]
                return isinstance(home, Function | ast.ClassDef | ast.Module) and home.body[0] is node
        return False

    def is_method(self, function: Function) -> bool:
        """Tell whether a function stands in a class."""
        return isinstance(self.parent[function], ast.ClassDef)

    def reindented(self, statements: list[ast.stmt], indentation: str) -> str | None:
        """Return the lines of statements of one block with another indentation, the last one without its newline; None
        where they do not stand on lines of their own."""
        first, last = statements[0].lineno, statements[-1].end_lineno or 0
        old = self.indentation(first)
        if not self.stands_alone(statements[0], statements[-1]) or isinstance(statements[0], Function | ast.ClassDef):
            return None
        lines = []
        for number in range(first, last + 1):
            line = self.lines(number, number)
            shifts = number not in self.inside_text and line.startswith(old) and line.strip()
            lines.append(indentation + line[len(old) :] if shifts else line)
        return "\n".join(lines)

    def importing(self, line: str) -> tuple[Edit, ...]:
        """Return the edit that adds an import after those at the top, none where it is there already."""
        wanted = ast.dump(ast.parse(line).body[0])
        if any(isinstance(node, ast.Import | ast.ImportFrom) and ast.dump(node) == wanted for node in self.tree.body):
            return ()
        heading: list[ast.stmt] = [node for node in self.tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        if self.is_docstring(self.tree.body[0]):
            heading.insert(0, self.tree.body[0])
        last = 0
        for node, other in zip(self.tree.body, heading, strict=False):
            if node is not other:
                break
            last = node.end_lineno or 0
        at = self.line_start(last + 1)
        ended = not at or self.data[:at].endswith((b"\r", b"\n"))
        return (Edit(at, at, f"{line}\n" if ended else f"\n{line}"),)
