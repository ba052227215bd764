"""Structure: what is written twice where once would do."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

from functions.review.finding import Finding, found
from functions.review.program import Program
from functions.review.rules.structure import Block

_ALIKE = 3
"""Statements of one shape after each other that ask for a loop."""
_LARGE = 7
"""Nodes of an expression that is worth a name when it stands twice."""


def repeated_code(program: Program) -> Iterator[Finding]:
    """Statements that stand twice, with no more than names and values changed."""
    shapes = _shapes(program)
    seen: dict[int, tuple[list[ast.stmt], int]] = {}
    for block in _blocks(program):
        at = 0
        while at < len(block):
            earlier, start = seen.setdefault(shapes[block[at]], (block, at))
            length = _shared(shapes, earlier, start, block, at)
            part = block[at : at + length]
            if length and _is_much(program, part):
                first = earlier[start : start + length]
                yield found(
                    "repeated_code", part[0],
                    until=part[-1],
                    here=part[0].lineno, there=first[0].lineno,
                )  # fmt: skip
            at += max(length, 1)


def _blocks(program: Program) -> list[list[ast.stmt]]:
    return list({id(block): block for block in map(program.block, program.statements)}.values())


def _shared(shapes: dict[ast.AST, int], earlier: list[ast.stmt], start: int, block: list[ast.stmt], at: int) -> int:
    """Return how many statements are of one shape from two places on; none where the two would overlap."""
    if earlier is block and start == at:
        return 0
    most = min(len(earlier) - start, len(block) - at, at - start if earlier is block else len(block))
    length = 0
    while length < most and shapes[earlier[start + length]] == shapes[block[at + length]]:
        length += 1
    return length


def _is_much(program: Program, statements: list[ast.stmt]) -> bool:
    nodes = [node for statement in statements for node in program.within(statement)]
    busy = sum(
        isinstance(node, Block | ast.AugAssign | ast.Return) or (isinstance(node, ast.Assign) and not _is_given(node))
        for node in nodes
    )
    return sum(isinstance(node, ast.stmt) for node in nodes) >= 3 and busy >= 2 and len(nodes) >= 20


def _is_given(node: ast.Assign) -> bool:
    return isinstance(node.value, ast.Constant | ast.Name | ast.List | ast.Dict)


def _shapes(program: Program) -> dict[ast.AST, int]:
    """Return a number for every node that is the same for two parts of a program where these differ in names and
    values alone."""
    shapes: dict[ast.AST, int] = {}
    for node in reversed(program.nodes):  # what stands within comes first
        kept: list[object] = [type(node).__name__]
        for field, value in ast.iter_fields(node):
            if isinstance(node, ast.Constant):
                kept.append(type(value).__name__)
            elif isinstance(value, list):
                kept += [shapes.get(item, 0) for item in value if isinstance(item, ast.AST)]
                kept.append(len(value))
            elif isinstance(value, ast.AST):
                kept.append(shapes.get(value, type(value).__name__))
            elif field == "attr":
                kept.append(value)
        shapes[node] = hash(tuple(kept))
    return shapes


def repeated_lines(program: Program) -> Iterator[Finding]:
    """Three statements or more of one shape after each other: what a loop is for."""
    shapes = _shapes(program)
    for block in _blocks(program):
        at = 0
        while at < len(block):
            length = 1
            while at + length < len(block) and shapes[block[at + length]] == shapes[block[at]]:
                length += 1
            if length >= _ALIKE and _does_something(program, block[at]):
                yield found("repeated_lines", block[at], until=block[at + length - 1], count=length)
            at += length


def _does_something(program: Program, statement: ast.stmt) -> bool:
    """Tell whether a statement works something out from other things than its own constants."""
    match statement:
        case ast.Assign(targets=[target], value=value):
            if isinstance(target, ast.Attribute) or isinstance(value, ast.Name | ast.Constant):
                return False  # an object takes over what it is given
        case ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.ClassDef() | ast.AnnAssign() | ast.Assert():
            return False
        case ast.Expr(value=ast.Call(args=arguments)) if all(
            isinstance(argument, ast.Constant | ast.Name | ast.Call | ast.JoinedStr) for argument in arguments
        ):
            return False  # calls that try a function out with one value and another
    names = [node for node in program.within(statement) if isinstance(node, ast.Name)]
    return len(names) >= 2


def repeated_expression(program: Program) -> Iterator[Finding]:
    """The same longer expression twice in one function: it deserves a name."""
    places: dict[tuple[ast.AST, str], list[ast.expr]] = defaultdict(list)
    for node in program.nodes:
        if isinstance(node, ast.BinOp | ast.Call | ast.Compare) and _is_large(program, node):
            places[program.scope(node), ast.dump(node)].append(node)
    told: list[ast.expr] = []
    for nodes in places.values():
        if len(nodes) > 1 and not any(program.inside(nodes[1], outer) for outer in told):
            told += nodes
            text, first = program.text(nodes[1]), nodes[0].lineno
            yield found("repeated_expression", program.statement(nodes[1]), expression=text, there=first)


def _is_large(program: Program, node: ast.expr) -> bool:
    within = program.within(node)
    works = any(isinstance(each, ast.BinOp | ast.Call) for each in within)
    asks = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("print", "input")
    return works and not asks and len(within) >= _LARGE and any(isinstance(each, ast.Name) for each in within[1:])


RULES = (repeated_code, repeated_lines, repeated_expression)
