"""Time: looking for something again and again in what has to be read from its beginning."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from functions.review.finding import Finding, found
from functions.review.program import Program
from functions.review.rules.reading import call_of, method_of, outermost
from functions.review.source import Edit
from functions.review.tree import Comprehension


def list_search_in_loop(program: Program) -> Iterator[Finding]:
    """`x in names` within a loop, where `names` is a list: a set knows at once."""
    for node in program.nodes:
        match node:
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[ast.Name() as searched]):
                loops = list(program.loops(node))
                if not loops or program.kind(searched) != "list":
                    continue
                if any(program.changes(searched, loop) for loop in loops):
                    yield from _grown(program, node, searched)
                    continue
                before = program.statement(outermost(loops))
                name = f"known_{searched.id}"
                edits: tuple[Edit, ...] = ()
                if _holds_hashable(program, searched) and program.is_free(name) and program.stands_alone(before):
                    edits = (
                        program.insert(before.lineno, f"{name} = set({searched.id})"),
                        program.replace(searched, name),
                    )
                yield found("list_search_in_loop", before, *edits, until=program.statement(node), name=searched.id)


def _grown(program: Program, node: ast.Compare, searched: ast.Name) -> Iterator[Finding]:
    """A list that grows while it is searched: only what is never taken out of it, or put at a place, can be a set."""
    methods = {
        parent.attr for use in program.uses(searched) if isinstance(parent := program.parent[use], ast.Attribute)
    }
    if "append" in methods and not methods & {"pop", "remove", "insert", "sort"}:
        yield found("growing_list_searched", node, name=searched.id)


def _holds_hashable(program: Program, name: ast.Name) -> bool:
    return all(
        (isinstance(value, ast.List) and all(isinstance(item, ast.Constant) for item in value.elts))
        or ((method := method_of(value)) is not None and method.attr in ("split", "splitlines"))
        for value in program.assigned(name)
    )


def literal_searched(program: Program) -> Iterator[Finding]:
    """`x in ["a", "b", …]`, long and within a loop."""
    for node in program.nodes:
        match node:
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[ast.List(elts=items) as searched]) if (
                len(items) > 3
                and all(isinstance(item, ast.Constant) for item in items)
                and any(program.loops(node))
                and searched.lineno == searched.end_lineno
            ):
                text = program.text(searched)
                yield found("literal_searched", node, program.replace(searched, f"{{{text[1:-1]}}}"))


def count_in_loop(program: Program) -> Iterator[Finding]:
    """`words.count(word)` for each word: each call reads the whole list."""
    for node in program.nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name() as counted, attr="count"), args=[argument], keywords=[]):
                loops = list(program.loops(node))
                if not loops or any(program.changes(counted, loop) for loop in loops):
                    continue
                before = program.statement(outermost(loops))
                name = f"{counted.id}_counts"
                edits: tuple[Edit, ...] = ()
                if (
                    program.is_free(name)
                    and program.stands_alone(before)
                    and any(_goes_over(loop, argument, counted) for loop in loops)
                ):
                    edits = (
                        program.insert(before.lineno, f"{name} = Counter({counted.id})"),
                        program.replace(node, f"{name}[{program.text(argument)}]"),
                    )
                yield found(
                    "count_in_loop", before, *edits,
                    until=program.statement(node),
                    needs="from collections import Counter",
                    name=counted.id,
                )  # fmt: skip


def _goes_over(loop: ast.AST, item: ast.expr, items: ast.Name) -> bool:
    """Tell whether a loop gives `item` each of `items`, in whatever order, so that it can be a key."""
    pairs = (
        [(each.target, each.iter) for each in loop.generators]
        if isinstance(loop, Comprehension)
        else [(loop.target, loop.iter)]
        if isinstance(loop, ast.For)
        else []
    )
    for target, source in pairs:
        while (inner := call_of(source, "set", "sorted", "list")) and len(inner.args) == 1:
            source = inner.args[0]
        same = isinstance(source, ast.Name) and source.id == items.id
        if same and isinstance(target, ast.Name) and isinstance(item, ast.Name) and target.id == item.id:
            return True
    return False


def nested_scan(program: Program) -> Iterator[Finding]:
    """A loop over a list within a loop over the same list, or one that looks for what is equal in another."""
    for inner in program.nodes:
        if not isinstance(inner, ast.For) or (scanned := _scanned(inner)) is None:
            continue
        outer = next((loop for loop in program.loops(inner) if isinstance(loop, ast.For) and _scanned(loop)), None)
        if outer is None or not _compares(program, outer, inner):
            continue
        same = _scanned(outer) == scanned
        yield found("nested_scan" if same else "matching_scan", outer, until=inner, name=scanned)


def _scanned(loop: ast.For) -> str | None:
    """Return the name of the list that a loop goes over, itself or by index."""
    match loop.iter:
        case ast.Name(id=name):
            return name
        case ast.Call(
            func=ast.Name(id="range"), args=[*_, ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)])]
        ):
            return name
        case ast.Call(func=ast.Name(id="enumerate"), args=[ast.Name(id=name), *_]):
            return name
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Slice()):
            return name
    return None


def _compares(program: Program, outer: ast.For, inner: ast.For) -> bool:
    """Tell whether a loop within another is there to find an equal pair."""
    targets = [{each.id for each in ast.walk(loop.target) if isinstance(each, ast.Name)} for loop in (outer, inner)]
    for node in program.within(inner):
        match node:
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
                sides = [{each.id for each in ast.walk(side) if isinstance(each, ast.Name)} for side in (left, right)]
                if (sides[0] & targets[0] and sides[1] & targets[1]) or (
                    sides[0] & targets[1] and sides[1] & targets[0]
                ):
                    return True
    return False


RULES = (list_search_in_loop, literal_searched, count_in_loop, nested_scan)
