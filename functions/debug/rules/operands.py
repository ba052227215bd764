"""Operands: which operation of a line Python could not do, and with values of which types."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from functions.debug.model import Case
from functions.debug.rules import looking
from functions.debug.rules.reporting import known, message

FUNCTIONS = ("function", "method", "builtin_function_or_method", "method-wrapper", "method_descriptor")
_NUMBERS = ("int", "float", "bool", "complex")
_OPERATORS: dict[str, type[ast.AST]] = {
    "+": ast.Add, "-": ast.Sub, "*": ast.Mult, "/": ast.Div, "//": ast.FloorDiv, "%": ast.Mod, "**": ast.Pow,
    "@": ast.MatMult, "&": ast.BitAnd, "|": ast.BitOr, "^": ast.BitXor, "<<": ast.LShift, ">>": ast.RShift,
    "<": ast.Lt, ">": ast.Gt, "<=": ast.LtE, ">=": ast.GtE,
}  # fmt: skip
_SAID = (
    re.compile(
        r"unsupported operand type\(s\) for (?P<op>\S+?)(?: or pow\(\))?: '(?P<left>[^']+)' and '(?P<right>[^']+)'"
    ),
    re.compile(r"can only concatenate (?P<left>[\w.]+) \(not \"(?P<right>[^\"]+)\"\) to"),
    re.compile(r"^(?:must be|Can't convert .* to) (?P<left>str), not (?P<right>\w+)$"),
    re.compile(r"can't (?:concat|add) (?P<right>\w+) to (?P<left>\w+)"),
    re.compile(r"can't (?P<op>multiply) sequence by non-int of type '(?P<right>[^']+)'"),
    re.compile(r"(?P<op>not all arguments converted) during string formatting"),
    re.compile(r"'(?P<op>[<>]=?)' not supported between instances of '(?P<left>[^']+)' and '(?P<right>[^']+)'"),
    re.compile(r"bad operand type for (?P<op>unary [-+~]|abs\(\)): '(?P<left>[^']+)'"),
)
_WORDED = {"multiply": "*", "not all arguments converted": "%"}


@dataclass(frozen=True)
class Operation:
    """An operation that Python refused."""

    sign: str
    """As it is written: `+`, `+=`, `<`, `unary -`."""
    left: str | None
    """The types of the two values; None where the message does not tell."""
    right: str | None
    node: ast.AST | None = None
    """The BinOp, AugAssign, Compare or UnaryOp, or the call of `sum`, `sort` and the like that does it."""
    one: ast.expr | None = None
    other: ast.expr | None = None
    """The expressions of the two values."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The types of both values, as far as they are known."""
        return tuple(kind for kind in (self.left, self.right) if kind)

    @property
    def sides(self) -> tuple[tuple[ast.expr, str | None], ...]:
        """The expressions, each with the type of its value."""
        pairs = ((self.one, self.left), (self.other, self.right))
        return tuple((node, kind) for node, kind in pairs if node is not None)

    def of_kind(self, *kinds: str) -> ast.expr | None:
        """Return the first side whose value is of one of these types."""
        return next((node for node, kind in self.sides if kind in kinds), None)


def refused(case: Case) -> Operation | None:
    """Return the operation that a message is about; None where it is about none."""
    said = next((found for pattern in _SAID if (found := pattern.search(message(case)))), None)
    if not said:
        return None
    groups = said.groupdict()
    sign = _WORDED.get(groups.get("op") or "+", groups.get("op") or "+")
    left, right = groups.get("left"), groups.get("right")
    left = "str" if groups.get("op") == "not all arguments converted" else left
    wanted = Operation(sign, left, right)
    ranked = sorted(_candidates(case, wanted), key=lambda found: -_fit(case, found))
    best = ranked[0] if ranked else None
    return best if best and _fit(case, best) >= 0 else _hidden(case, wanted)


def _candidates(case: Case, wanted: Operation) -> list[Operation]:
    """Return the operations of the line that are done with this sign, the likeliest first."""
    sign, found = wanted.sign, []
    operator = _OPERATORS.get(sign.rstrip("=") if sign not in ("<=", ">=") else sign)
    for node in looking.suspects(case, ast.BinOp, ast.AugAssign, ast.Compare, ast.UnaryOp, ast.Call):
        match node:
            case ast.BinOp(left=one, op=op, right=other) | ast.AugAssign(target=one, op=op, value=other) if (
                operator and isinstance(op, operator)
            ):
                sides = [(one, other)]
            case ast.Compare(left=first, ops=ops, comparators=others) if operator:
                values = (first, *others)
                sides = [(values[at], values[at + 1]) for at, op in enumerate(ops) if isinstance(op, operator)]
            case ast.UnaryOp(operand=one) if sign.startswith("unary"):
                found.append(Operation(sign, wanted.left, None, node, one))
                continue
            case ast.Call(func=ast.Name(id="abs"), args=[one]) if sign == "abs()":
                found.append(Operation(sign, wanted.left, None, node, one))
                continue
            case _:
                continue
        found += [Operation(sign, *_types(case, wanted, *pair), node, *pair) for pair in sides]
    return found


def _types(case: Case, wanted: Operation, one: ast.expr, other: ast.expr) -> tuple[str | None, str | None]:
    """Return the types of both sides; `3 * "a"` may be told as `"a" * 3` is."""
    about = known(case)
    if wanted.sign == "*" and wanted.left is None and about:
        left, right = about[1].of(one), about[1].of(other)
        if left == wanted.right and right != wanted.right:
            return wanted.right, right
        return left, wanted.right
    return wanted.left, wanted.right


def _fit(case: Case, found: Operation) -> int:
    """Return how well the types of a message fit what the program tells of an operation's sides; below 0: not at "
    "all."""
    about, score = known(case), 0
    for node, kind in found.sides:
        seen = about[1].of(node) if about else None
        if seen is not None and kind is not None:
            score += 2 if seen == kind else -1 if seen in _NUMBERS and kind in _NUMBERS else -3
    marked = case.error.expression if case.error else None
    return score + (1 if marked and found.node and looking.source(case, found.node) == marked.strip() else 0)


def _hidden(case: Case, wanted: Operation) -> Operation:
    """Return the operation as the call that does it: `sum` adds, `sort`, `max` and others compare."""
    adds, compares = ("sum", "fsum", "mean", "accumulate"), ("sort", "sorted", "max", "min", "heappush", "insort")
    names = adds if wanted.sign in ("+", "/") else compares if wanted.sign in ("<", ">") else ()
    for call in looking.suspects(case, ast.Call):
        name = getattr(call.func, "attr", getattr(call.func, "id", None))
        if name in names:
            return Operation(wanted.sign, wanted.left, wanted.right, call)
    return wanted
