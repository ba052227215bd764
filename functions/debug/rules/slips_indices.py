"""Slips with indices: a loop that leaves out the first or the last item, or goes one too far."""

from __future__ import annotations

import ast

from functions.debug.model import Finding
from functions.debug.rules.slips_limits import Bounds, bounds_of, found_off_by_one, is_range
from functions.debug.rules.slips_program import Program, inside, names_in, number, same, step, within


def _only_as_index(program: Program, loop: ast.For) -> ast.expr | None:
    """Return the list whose items are all that a loop's variable is used for: `items[i]` and nothing else."""
    if not isinstance(loop.target, ast.Name):
        return None
    name, items = loop.target.id, None
    reads = [one for one in program.reads(name, program.scope(loop)) if within(one, loop)]
    for read in reads:
        above = program.parent.get(read)
        if (
            not isinstance(above, ast.Subscript)
            or above.slice is not read
            or not isinstance(above.value, ast.Name | ast.Attribute)
        ):
            return None
        if items is not None and not same(items, above.value):
            return None
        items = above.value
    return items


def _is_length(node: ast.AST | None, items: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "len"
        and len(node.args) == 1
        and same(node.args[0], items)
    )


def _end_of(program: Program, items: ast.expr, loop: ast.For, *places: int) -> bool:
    """Tell whether the first or last item of a list is looked at outside of the loop's own index."""
    scope = program.scope(loop)
    for node in program.all(ast.Subscript):
        asked = number(node.slice) in places or isinstance(node.slice, ast.Slice | ast.BinOp)
        if asked and same(node.value, items) and program.scope(node) is scope:
            return True
    return any(isinstance(node, ast.keyword) and node.arg == "end" for node in inside(*loop.body))


def one_short(program: Program, loop: ast.For, call: ast.Call) -> Finding | None:
    """Find a range over `len(items)` that leaves the first or the last of its indices out."""
    items, bounds = _only_as_index(program, loop), bounds_of(call)
    if items is None or bounds is None or any(isinstance(node, ast.For | ast.While) for node in inside(*loop.body)):
        return None
    for look in (_without_last, _without_first, _without_first_backwards):
        if found := look(program, loop, call, items, bounds):
            return found
    return None


def _without_last(program: Program, loop: ast.For, call: ast.Call, items: ast.expr, bounds: Bounds) -> Finding | None:
    """Find `range(len(items) - 1)`."""
    start, stop, by = bounds
    if (start is not None and number(start) != 0) or by is not None or not _last_index(stop, items):
        return None
    if _end_of(program, items, loop, -1) or _is_sorted_in(loop):
        return None
    length = f"len({program.text(items)})"
    return found_off_by_one(
        program, call,
        f"A range ends before its second number by itself. {program.shown(call)} in line {call.lineno} stops "
        f"one item too early, so the last item of {program.shown(items)} is left out.",
        f"Which is the last index of {program.shown(items)}?",
        program.text(call).replace(program.text(stop), length), (stop, length),
    )  # fmt: skip


def _without_first(program: Program, loop: ast.For, call: ast.Call, items: ast.expr, bounds: Bounds) -> Finding | None:
    """Find `range(1, len(items))` where each item is shown or added."""
    start, stop, by = bounds
    if start is None or number(start) != 1 or by is not None or not _is_length(stop, items):
        return None
    shown = [isinstance(node, ast.AugAssign) or program.text(node).startswith("print(") for node in loop.body]
    if not all(shown) or _end_of(program, items, loop, 0) or not _written_out(program, items):
        return None
    meant = f"range({program.text(stop)})"
    return found_off_by_one(
        program, call,
        f"The first index is 0. {program.shown(call)} in line {call.lineno} begins at 1, so the first item of "
        f"{program.shown(items)} is left out.",
        f"Which is the first index of {program.shown(items)}?", meant, (call, meant),
    )  # fmt: skip


def _without_first_backwards(
    program: Program, loop: ast.For, call: ast.Call, items: ast.expr, bounds: Bounds
) -> Finding | None:
    """Find `range(len(items) - 1, 0, -1)`."""
    start, stop, by = bounds
    if by is None or number(by) != -1 or number(stop) != 0 or not _last_index(start, items):
        return None
    if _end_of(program, items, loop, 0):
        return None
    meant = f"range({program.text(start)}, -1, -1)" if start is not None else ""
    return found_off_by_one(
        program, call,
        f"A range leaves its second number out. {program.shown(call)} in line {call.lineno} ends at index 1, so "
        f"the first item of {program.shown(items)} is left out.",
        f"Which index does the first item of {program.shown(items)} have?", meant, (stop, "-1"),
    )  # fmt: skip


def _is_sorted_in(loop: ast.For) -> bool:
    return any(isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) for node in inside(*loop.body))


def _written_out(program: Program, items: ast.expr) -> bool:
    """Tell whether a list is written out in the program, and no row of titles stands first in it."""
    given = (
        [one.value for one in program.bindings(items.id, program.home(items))] if isinstance(items, ast.Name) else []
    )
    return (
        len(given) == 1
        and isinstance(given[0], ast.List)
        and len({type(getattr(one, "value", None)) for one in given[0].elts}) == 1
    )


def _last_index(start: ast.expr | None, items: ast.expr) -> bool:
    return (
        isinstance(start, ast.BinOp)
        and isinstance(start.op, ast.Sub)
        and number(start.right) == 1
        and _is_length(start.left, items)
    )


def one_too_many(program: Program, loop: ast.For, call: ast.Call) -> Finding | None:
    """Find `range(len(items) + 1)` whose last number is no index any more."""
    bounds = bounds_of(call)
    items = _only_as_index(program, loop)
    match bounds:
        case (start, ast.BinOp(left=left, op=ast.Add(), right=one) as stop, None) if (
            items is not None and number(one) == 1 and _is_length(left, items)
        ):
            if start is not None and number(start) not in (0, 1):
                return None
            length = program.text(left)
            return found_off_by_one(
                program, call,
                f"The last index of {program.shown(items)} is one less than its length, but {program.shown(call)} in "
                f"line {call.lineno} goes one further.",
                f"Which is the last index of {program.shown(items)}?", f"range({length})",
                *([(stop, length)] if start is None or number(start) == 0 else []),
            )  # fmt: skip
    return None


def stops_before_last(program: Program, loop: ast.While) -> Finding | None:
    """Find `while i < len(items) - 1` whose body only reads `items[i]`."""
    match loop.test:
        case ast.Compare(
            left=ast.Name(id=name), ops=[ast.Lt()],
            comparators=[ast.BinOp(left=ast.Call(args=[items]) as length) as limit],
        ) if _last_index(limit, items):  # fmt: skip
            pass
        case _:
            return None
    scope = program.scope(loop)
    reads = [one for one in program.reads(name, scope) if within(one, loop) and not within(one, loop.test)]
    stepping = [node for node in inside(*loop.body) if (found := step(node)) and found[0] == name]
    used = [one for one in reads if not any(within(one, node) for node in stepping)]
    for read in used:
        above = program.parent.get(read)
        if not (isinstance(above, ast.Subscript) and above.slice is read and same(above.value, items)):
            return None
    outside = [one for one in program.all(ast.Subscript) if same(one.value, items) and not within(one, loop)]
    later = [one for one in program.reads(name, scope) if not within(one, loop)]
    if (
        outside
        or later
        or not used
        or not stepping
        or any(isinstance(node, ast.keyword) and node.arg == "end" for node in inside(*loop.body))
    ):
        return None
    meant = program.text(length)
    return found_off_by_one(
        program, loop.test,
        f"The last index of {program.shown(items)} is its length less 1. With `<`, line {loop.lineno} stops before it "
        "is reached, so the last item is left out.",
        f"Which is the last index of {program.shown(items)}?", f"{name} < {meant}", (limit, meant),
    )  # fmt: skip


def index_by_chance(program: Program, part: ast.Subscript) -> Finding | None:
    """Find `items[random.randint(0, len(items))]`, which is one too far now and then."""
    given: ast.expr | None = part.slice
    if isinstance(given, ast.Name):
        bound = program.bindings(given.id, program.home(given))
        given = bound[0].value if len(bound) == 1 else None
    match given:
        case ast.Call(func=ast.Attribute(attr="randint") | ast.Name(id="randint"), args=[_, last]) if _is_length(
            last, part.value
        ):
            meant = f"{program.text(last)} - 1"
            return found_off_by_one(
                program, given,
                f"`randint` may give its second number too. In line {given.lineno} that is {program.shown(last)}, and "
                f"the last index of {program.shown(part.value)} is one less.",
                f"Which numbers may {program.shown(given)} give for a list of three items?", meant, (last, meant),
            )  # fmt: skip
    return None


def mirrored(program: Program, compared: ast.Compare) -> Finding | None:
    """Find `text[i] == text[-i]`: the last item is -1, and so the mirror of 0 is not 0."""
    match compared:
        case ast.Compare(
            left=ast.Subscript(value=one, slice=ast.Name(id=name)),
            comparators=[
                ast.Subscript(value=other, slice=ast.UnaryOp(op=ast.USub(), operand=ast.Name(id=back)) as index)
            ],
        ) if same(one, other) and name == back:  # fmt: skip
            pass
        case _:
            return None
    loops = [one for one in program.loops_around(compared) if isinstance(one, ast.For) and name in names_in(one.target)]
    bounds = bounds_of(loops[0].iter) if loops and is_range(loops[0].iter) else None
    if bounds is None or (bounds[0] is not None and number(bounds[0]) != 0):
        return None
    meant = f"-{name} - 1"
    return found_off_by_one(
        program, compared,
        f"For {program.shown(name)} equal to 0, {program.shown(other)}`[-0]` is the first item again, not the last "
        f"one: line {compared.lineno} compares with the neighbour of the item that is meant.",
        f"Which index has the last item of {program.shown(other)}, counted from the end?",
        f"{program.text(other)}[{meant}]", (index, meant),
    )  # fmt: skip
