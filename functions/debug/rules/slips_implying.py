"""Which condition can only be true where another one is: of numbers within limits, multiples, and parts of `and`."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from math import inf

from functions.debug.rules.slips_program import number, same


@dataclass(frozen=True)
class Part:
    """The numbers that fit a condition on one expression: (limit, whether the limit itself fits) below and above."""

    of: ast.expr
    least: tuple[float, bool] = (-inf, True)
    most: tuple[float, bool] = (inf, True)

    def covers(self, other: Part) -> bool:
        """Tell whether every number that fits the other condition fits this one."""
        (low, with_low), (other_low, with_other_low) = self.least, other.least
        (high, with_high), (other_high, with_other_high) = self.most, other.most
        below = low < other_low or (low == other_low and (with_low or not with_other_low))
        above = high > other_high or (high == other_high and (with_high or not with_other_high))
        return same(self.of, other.of) and below and above


def implies(test: ast.expr, other: ast.expr) -> bool:
    """Tell whether a condition can only be true where another one is."""
    if same(test, other):
        return True
    if (
        isinstance(test, ast.BoolOp)
        and isinstance(test.op, ast.And)
        and any(implies(one, other) for one in test.values)
    ):
        return True
    if isinstance(other, ast.BoolOp) and isinstance(other.op, ast.Or):
        return any(same(test, one) for one in other.values)
    if (multiple := _multiple(test)) and (factor := _multiple(other)):
        return same(multiple[0], factor[0]) and multiple[1] % factor[1] == 0
    narrow, wide = part_of(test), part_of(other)
    return narrow is not None and wide is not None and wide.covers(narrow)


def _multiple(test: ast.expr) -> tuple[ast.expr, int] | None:
    """Return (x, n) of `x % n == 0`."""
    match test:
        case ast.Compare(
            left=ast.BinOp(left=of, op=ast.Mod(), right=ast.Constant(value=int(by))), ops=[ast.Eq()], comparators=[zero]
        ):
            return (of, by) if number(zero) == 0 and by else None
    return None


def part_of(test: ast.expr) -> Part | None:
    """Return the numbers that fit `x > 1`, `1 < x <= 5`, `x == 2` or several of these joined with `and`."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        parts = [part_of(one) for one in test.values]
        known = [part for part in parts if part]
        if len(known) != len(parts) or not all(same(part.of, known[0].of) for part in known):
            return None
        return Part(known[0].of, max(one.least for one in known), min(one.most for one in known))
    if not isinstance(test, ast.Compare):
        return None
    sides = [test.left, *test.comparators]
    if len(sides) == 3 and number(sides[0]) is not None and number(sides[2]) is not None:
        low, high = (
            _limits(sides[1], _TURNED.get(type(test.ops[0])), sides[0]),
            _limits(sides[1], type(test.ops[1]), sides[2]),
        )
        return Part(sides[1], low.least, high.most) if low and high else None
    if len(sides) != 2:
        return None
    if number(sides[0]) is not None:
        return _limits(sides[1], _TURNED.get(type(test.ops[0])), sides[0])
    return _limits(sides[0], type(test.ops[0]), sides[1])


_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
    ast.Eq: ast.Eq,
}


def _limits(of: ast.expr, how: type[ast.cmpop] | None, limit: ast.expr) -> Part | None:
    value = number(limit)
    if value is None or how is None or number(of) is not None:
        return None
    if how in (ast.Gt, ast.GtE):
        return Part(of, least=(value, how is ast.GtE))
    if how in (ast.Lt, ast.LtE):
        return Part(of, most=(value, how is ast.LtE))
    return Part(of, (value, True), (value, True)) if how is ast.Eq else None
