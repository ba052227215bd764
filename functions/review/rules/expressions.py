"""Readability: expressions that do too much, or what they are not made for."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

from functions.review.finding import Finding, found
from functions.review.program import Home, Program
from functions.review.rules.reading import on_one_line
from functions.review.source import Edit

_DENSE = 38
"""Nodes of the syntax tree in one expression, from which on one reads it twice."""
_MANY = 3
"""Places of one thing that are asked for by number."""


def comprehension_for_effect(program: Program) -> Iterator[Finding]:
    """`[print(name) for name in names]`: makes a list that nobody wants."""
    for node in program.statements:
        match node:
            case ast.Expr(value=ast.ListComp(elt=element, generators=[generator]) as value):
                edits: tuple[Edit, ...] = ()
                if program.stands_alone(node) and not generator.is_async:
                    edits = (program.replace(node, _as_loop(program, node, element, generator)),)
                yield found("comprehension_for_effect", node, *edits, code=program.text(value.elt))


def _as_loop(program: Program, node: ast.stmt, element: ast.expr, generator: ast.comprehension) -> str:
    indentation = program.indentation(node.lineno)
    unit = "\t" if indentation.startswith("\t") else "    "
    lines = [f"for {program.text(generator.target)} in {_flat(program, generator.iter)}:"]
    for condition in generator.ifs:
        lines.append(f"{indentation}{unit * len(lines)}if {_flat(program, condition)}:")
    return "\n".join([*lines, f"{indentation}{unit * len(lines)}{_flat(program, element)}"])


def _flat(program: Program, node: ast.expr) -> str:
    """Return a node on one line, if no text or comment stands in the way."""
    text = program.text(node)
    return text if "'" in text or '"' in text or "#" in text else " ".join(text.split())


def dense_expression(program: Program) -> Iterator[Finding]:
    """An expression in which more happens than one takes in at once."""
    for node in program.statements:
        for value in (child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)):
            busy = [each for each in program.within(value) if not isinstance(each, ast.Constant | ast.keyword)]
            works = any(isinstance(each, ast.BinOp | ast.Compare | ast.IfExp) for each in busy)
            if works and len(busy) > _DENSE and not isinstance(value, ast.Dict | ast.List | ast.Set | ast.Tuple):
                yield found("dense_expression", node, until=value)


def numbered_items(program: Program) -> Iterator[Finding]:
    """`row[0]`, `row[1]`, `row[2]`: what stands at which place has to be remembered."""
    places: dict[tuple[Home, str], dict[str, ast.Subscript]] = defaultdict(dict)
    for node in program.nodes:
        match node:
            case ast.Subscript(value=ast.Name() as held, slice=ast.Constant(value=int(place)), ctx=ast.Load()):
                places[program.home(held), held.id].setdefault(str(place), node)
    for (_, name), nodes in places.items():
        if len(nodes) >= _MANY:
            first = next(iter(nodes.values()))
            yield found("numbered_items", program.statement(first), until=first, name=name, count=len(nodes))


def nested_conditional(program: Program) -> Iterator[Finding]:
    """`a if x else b if y else c`."""
    for node in program.nodes:
        if not isinstance(node, ast.IfExp) or any(isinstance(outer, ast.IfExp) for outer in program.around(node)):
            continue
        if any(isinstance(each, ast.IfExp) for each in program.within(node)[1:]):
            yield found("nested_conditional", node)


def named_lambda(program: Program) -> Iterator[Finding]:
    """`double = lambda number: 2 * number`: a function with a name is a `def`."""
    for node in program.statements:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda(args=arguments, body=body) as value):
                edits: tuple[Edit, ...] = ()
                start, end = program.span(value)[0] + len("lambda"), program.span(body)[0]
                head = program.data[start:end].decode().strip()
                if on_one_line(node) and program.stands_alone(node) and head.endswith(":") and not arguments.defaults:
                    inner = f"{program.indentation(node.lineno)}    return {program.text(body)}"
                    text = f"def {name}({head[:-1].strip()}):\n{inner}"
                    edits = (program.replace(node, text),)
                yield found("named_lambda", node, *edits, name=name)


RULES = (comprehension_for_effect, dense_expression, numbered_items, nested_conditional, named_lambda)
