"""Slips of counting: a range or an index that is one off, or a range that has no numbers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules.slips_indices import index_by_chance, mirrored, one_short, one_too_many, stops_before_last
from functions.debug.rules.slips_limits import as_announced, bounds_of, found_off_by_one, is_range, wrong_limits
from functions.debug.rules.slips_program import Program, inside, number, same, step

_FACTORIAL = re.compile(r"fact|fakult|silnia|fatorial|jiecheng", re.IGNORECASE)


def off_by_one(program: Program) -> Iterator[Finding]:
    """A range or limit that leaves out the first or last number, or has one too many."""
    for loop in program.all(ast.For):
        call: ast.expr = loop.iter
        if is_range(call):
            found = (
                _no_rounds(program, call) or one_short(program, loop, call) or one_too_many(program, loop, call)
                or _factors(program, loop, call) or _product(program, loop, call) or as_announced(program, call)
            )  # fmt: skip
            if found:
                yield found
    for whole in program.all(ast.Call):
        match whole:
            case ast.Call(func=ast.Name(id="sum"), args=[numbers]) if is_range(numbers):
                if found := as_announced(program, numbers):
                    yield found
    for counting in program.all(ast.While):
        if found := stops_before_last(program, counting):
            yield found
    for part in program.all(ast.Subscript):
        if found := index_by_chance(program, part):
            yield found
    for compared in program.all(ast.Compare):
        if found := mirrored(program, compared):
            yield found
    yield from wrong_limits(program)


def _no_rounds(program: Program, call: ast.Call) -> Finding | None:
    """Find `range(10, 0)`, which counts up and so has no numbers."""
    bounds = bounds_of(call)
    if bounds is None or bounds[2] is not None:
        return None
    start, stop, _ = bounds
    if start is None:
        return None
    first, last = number(start), number(stop)
    negative = isinstance(start, ast.UnaryOp)
    downwards = first > last if first is not None and last is not None else last in (0, -1) and not negative
    if not downwards:
        return None
    meant = f"range({program.text(start)}, {program.text(stop)}, -1)"
    return found_off_by_one(
        program, call,
        f"{program.shown(call)} counts upwards, and cannot come from {program.shown(start)} up to "
        f"{program.shown(stop)}: the loop of line {call.lineno} has no rounds at all.",
        "In which direction should the loop count?", meant, (call, meant),
    )  # fmt: skip


def _factors(program: Program, loop: ast.For, call: ast.Call) -> Finding | None:
    """Find `range(2, int(n ** 0.5))`, which does not try the root itself."""
    bounds = bounds_of(call)
    if (
        bounds is None
        or bounds[0] is None
        or bounds[2] is not None
        or not isinstance(loop.target, ast.Name)
        or number(bounds[0]) not in (1, 2)
    ):
        return None
    stop, text = bounds[1], re.sub(r"\s", "", program.text(bounds[1]))
    tried = [
        node for node in inside(*loop.body)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and same(node.right, loop.target)
    ]  # fmt: skip
    of = re.sub(r"\s", "", program.text(tried[0].left)) if tried else ""
    roots = (
        f"int({of}**0.5)",
        f"int({of}**.5)",
        f"int({of}**(1/2))",
        f"int(math.sqrt({of}))",
        f"int(sqrt({of}))",
        f"math.isqrt({of})",
        f"isqrt({of})",
    )
    if not of or text not in (*roots, f"{of}//2", f"int({of}/2)"):
        return None
    meant = f"{program.text(stop)} + 1"
    return found_off_by_one(
        program, call,
        f"A range ends before its second number, so {program.shown(call)} in line {call.lineno} never tries "
        f"{program.shown(stop)} itself. That is where "
        f"{'the root of a square number' if text in roots else 'half of an even number'} would be.",
        f"Which numbers are tried for {program.shown('9' if text in roots else '4')}?",
        f"range({program.text(bounds[0])}, {meant})", (stop, meant),
    )  # fmt: skip


def _product(program: Program, loop: ast.For, call: ast.Call) -> Finding | None:
    """Find a product over a range that begins with 0, or a factorial that leaves its number out."""
    bounds = bounds_of(call)
    if bounds is None or bounds[2] is not None or not isinstance(loop.target, ast.Name):
        return None
    times = [
        node for node in loop.body
        if (found := step(node)) and isinstance(found[1], ast.Mult) and same(found[2], loop.target)
    ]  # fmt: skip
    start, stop, _ = bounds
    if not times:
        return None
    whole = program.scopes.function_around(loop)
    factorial = _FACTORIAL.search(getattr(whole, "name", "") or program.case.code)
    plus = f"{program.text(stop)} + 1" if factorial and isinstance(stop, ast.Name) else program.text(stop)
    if start is None or number(start) == 0:
        meant = f"range(1, {plus})"
        return found_off_by_one(
            program, call,
            f"The first number of {program.shown(call)} is 0, and a product with 0 in it is 0. So line "
            f"{times[0].lineno} makes everything 0.",
            f"What is the product after line {times[0].lineno} in the first round?",
            meant, *([(call, meant)] if factorial and isinstance(stop, ast.Name) else []),
        )  # fmt: skip
    if factorial and isinstance(stop, ast.Name) and number(start) in (1, 2):
        meant = f"range({program.text(start)}, {plus})"
        return found_off_by_one(
            program, call,
            f"A range ends before its second number, so {program.shown(call)} in line {call.lineno} leaves "
            f"{program.shown(stop)} itself out of the product.",
            f"Which is the last factor that is needed, and which is the last number of {program.shown(call)}?",
            meant, (stop, plus),
        )  # fmt: skip
    return None
