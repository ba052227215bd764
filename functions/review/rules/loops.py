"""Readability: loops that Python says more directly."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from functions.review.finding import Finding, found
from functions.review.program import Program, names_in
from functions.review.rules.reading import call_of, is_false, is_true, opposite
from functions.review.source import Edit

_PLURALS = (("children", "child"), ("people", "person"), ("men", "man"), ("data", ""), ("news", ""))


def singular(name: str) -> str | None:
    """Return what one of several is called, as far as the name of them all tells: `student` of `students`."""
    for plural, one in _PLURALS:
        if name.endswith(plural):
            return name.removesuffix(plural) + one if one else None
    if name.endswith("ies") and len(name) > 4:
        return f"{name[:-3]}y"
    if name.endswith(("sses", "xes", "ches", "shes")):
        return name[:-2]
    if name.endswith("s") and not name.endswith(("ss", "us", "is")) and len(name) > 3:
        return name[:-1]
    if name.endswith("_list") and len(name) > 5:
        return singular(name[:-5]) or name[:-5]
    return None


def index_loop(program: Program) -> Iterator[Finding]:
    """`for i in range(len(names))`: Python can go over the names themselves."""
    for loop in program.nodes:
        match loop:
            case ast.For(
                target=ast.Name() as index,
                iter=ast.Call(
                    func=ast.Name(id="range"), args=[ast.Call(func=ast.Name(id="len"), args=[ast.Name() as items])]
                ) as whole,
            ):
                reads = [node for node in program.within(loop) if _is_item(node, items, index)]
                if not reads:
                    continue
                others = [use for use in program.uses(index) if program.inside(use, loop) and use is not index]
                alone = len(others) == len(reads)
                edits = _direct(program, loop, index, items, whole, reads, alone)
                rule = "index_loop" if alone else "index_loop_with_number"
                yield found(rule, loop, *edits, index=index.id, name=items.id)


def _is_item(node: ast.AST, items: ast.Name, index: ast.Name) -> bool:
    match node:
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Name(id=place), ctx=ast.Load()):
            return (name, place) == (items.id, index.id)
    return False


def _direct(
    program: Program,
    loop: ast.For,
    index: ast.Name,
    items: ast.Name,
    whole: ast.Call,
    reads: list[ast.AST],
    alone: bool,
) -> tuple[Edit, ...]:
    item = next(filter(program.is_free, filter(None, (singular(items.id), "item", f"{items.id}_item"))), None)
    stored = [use for use in program.uses(index) if not isinstance(use.ctx, ast.Load) and program.inside(use, loop)]
    if (
        item is None
        or program.changes(items, loop)
        or program.kind(items) in ("dict", "set")
        or program.read_outside(index, loop)
        or len(stored) > 1
        or not program.is_builtin(whole.func, "range")
    ):
        return ()
    target, source = (item, items.id) if alone else (f"{index.id}, {item}", f"enumerate({items.id})")
    return (
        program.replace(index, target),
        program.replace(whole, source),
        *(program.replace(read, item) for read in reads if isinstance(read, ast.Subscript)),
    )


def counting_while(program: Program) -> Iterator[Finding]:
    """`i = 0`, `while i < n:` and `i += 1` at its end: a `for` loop counts by itself."""
    for loop in program.nodes:
        match loop:
            case ast.While(
                test=ast.Compare(left=ast.Name() as counter, ops=[ast.Lt() | ast.LtE()]), body=[_, *_, last]
            ):
                step = _step(last, counter.id)
            case _:
                continue
        first, _ = program.neighbours(loop)
        if step is None or not isinstance(first, ast.Assign):
            continue
        stores = [use for use in program.uses(counter) if program.inside(use, loop) and isinstance(use.ctx, ast.Store)]
        jumps = any(isinstance(node, ast.Continue) for node in program.within(loop))
        if len(stores) == 1 and not jumps and [program.text(target) for target in first.targets] == [counter.id]:
            edits = _counted(program, first, loop, counter, step)
            yield found("counting_while", first, *edits, until=loop, name=counter.id)


def _step(statement: ast.stmt, name: str) -> int | None:
    """Return the whole number by which a statement makes a variable larger, if it does no more."""
    match statement:
        case ast.AugAssign(target=ast.Name(id=target), op=ast.Add(), value=ast.Constant(value=int(step))):
            return step if target == name and step > 0 else None
        case ast.Assign(
            targets=[ast.Name(id=target)],
            value=ast.BinOp(left=ast.Name(id=same), op=ast.Add(), right=ast.Constant(value=int(step))),
        ):
            return step if target == same == name and step > 0 else None
    return None


def _counted(program: Program, first: ast.Assign, loop: ast.While, counter: ast.Name, step: int) -> tuple[Edit, ...]:
    assert isinstance(loop.test, ast.Compare)
    end, last = loop.test.comparators[0], loop.body[-1]
    names = [node for node in ast.walk(end) if isinstance(node, ast.Name) and not program.is_builtin(node, "len")]
    start, test = program.span(loop)[0], program.span(loop.test)
    if (
        loop.orelse
        or not (isinstance(first.value, ast.Constant) and type(first.value.value) is int)
        or not (isinstance(end, ast.Constant | ast.Name) or call_of(end, "len"))
        or program.kind(end) != "int"
        or program.data[start : test[0]] != b"while "
        or any(program.changes(name, loop) for name in names)
        or _read_elsewhere(program, counter, loop)
        or not all(map(program.stands_alone, (first, loop, last)))
    ):
        return ()
    begin, stop = program.text(first.value), program.text(end)
    stop += " + 1" * isinstance(loop.test.ops[0], ast.LtE)
    limits = f"{begin}, {stop}, {step}" if step > 1 else stop if begin == "0" else f"{begin}, {stop}"
    return (
        program.replace_lines(first.lineno, first.end_lineno or 0, None),
        Edit(start, test[1], f"for {counter.id} in range({limits})"),
        program.replace_lines(last.lineno, last.end_lineno or 0, None),
    )


def _read_elsewhere(program: Program, counter: ast.Name, loop: ast.stmt) -> bool:
    """Tell whether a counter is read outside its loop."""
    return any(isinstance(use.ctx, ast.Load) and not program.inside(use, loop) for use in program.uses(counter))


def list_built_by_append(program: Program) -> Iterator[Finding]:
    """An empty list and a loop that does nothing but append to it: a comprehension."""
    for loop in program.nodes:
        if not isinstance(loop, ast.For) or len(loop.body) != 1 or loop.orelse:
            continue
        inner, condition = loop.body[0], ""
        if isinstance(inner, ast.If) and not inner.orelse and len(inner.body) == 1:
            condition, inner = f" if {program.text(inner.test)}", inner.body[0]
        first, _ = program.neighbours(loop)
        match first, inner:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.List(elts=[])),
                ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=same), attr="append"), args=[item])),
            ) if name == same:
                edits = _comprehension(program, first, loop, name, program.text(item), condition)
                yield found("list_built_by_append", first, *edits, until=loop, name=name)


def _comprehension(
    program: Program, first: ast.Assign, loop: ast.For, name: str, item: str, condition: str
) -> tuple[Edit, ...]:
    lines = range(first.lineno, (loop.end_lineno or 0) + 1)
    targets = [each for each in ast.walk(loop.target) if isinstance(each, ast.Name)]
    inner = names_in(loop.iter) | names_in(ast.parse(item, mode="eval"))
    text = f"{name} = [{item} for {program.text(loop.target)} in {program.text(loop.iter)}{condition}]"
    if (
        not (program.stands_alone(first) and program.stands_alone(loop))
        or any(program.read_outside(each, loop) for each in targets)
        or name in inner
        or (isinstance(loop.body[0], ast.If) and name in names_in(loop.body[0].test))
        or isinstance(program.scope(loop), ast.ClassDef)
        or any(isinstance(each, ast.Yield | ast.YieldFrom | ast.Await | ast.NamedExpr) for each in ast.walk(loop))
        or program.inside_text & set(lines)
        or "#" in program.lines(lines[0], lines[-1])
        or "\n" in text
        or len(text) > _LONGEST
    ):
        return ()
    return (program.replace_lines(lines[0], lines[-1], program.indentation(first.lineno) + text),)


_LONGEST = 110
"""Characters of a line that is proposed."""


def any_or_all(program: Program) -> Iterator[Finding]:
    """A loop that returns True as soon as something holds, and False after it."""
    for loop in program.nodes:
        if not isinstance(loop, ast.For) or len(loop.body) != 1 or loop.orelse:
            continue
        _, after = program.neighbours(loop)
        match loop.body[0], after:
            case ast.If(test=test, body=[ast.Return(value=inner)], orelse=[]), ast.Return(value=last):
                if is_true(inner) and is_false(last):
                    call, condition = "any", program.text(test)
                elif is_false(inner) and is_true(last):
                    call, condition = "all", opposite(program, test)
                else:
                    continue
            case _:
                continue
        line = f"return {call}({condition} for {program.text(loop.target)} in {program.text(loop.iter)})"
        lines = range(loop.lineno, (after.end_lineno or 0) + 1)
        edits: tuple[Edit, ...] = ()
        if (
            program.stands_alone(loop, after)
            and "#" not in program.lines(lines[0], lines[-1])
            and not any(isinstance(each, ast.Await | ast.NamedExpr | ast.Yield) for each in ast.walk(loop))
            and "\n" not in line
            and len(line) <= _LONGEST
        ):
            edits = (program.replace_lines(lines[0], lines[-1], program.indentation(loop.lineno) + line),)
        yield found("any_or_all", loop, *edits, until=after, call=call)


RULES = (index_loop, counting_while, list_built_by_append, any_or_all)
