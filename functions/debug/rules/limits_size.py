"""Limits: `MemoryError` and `OverflowError`, more than the memory, or a number, can hold."""

from __future__ import annotations

import ast
import re

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import looking
from functions.debug.rules.mending import replaced
from functions.debug.rules.phrases import shown
from functions.debug.rules.reporting import around, at, is_call, message, number, same, tell, written

_GROWING = ("append", "extend", "insert", "add")
_MANY = 10**7


def grows_itself(case: Case) -> Finding | None:
    """`for x in items: items.append(x)`: there is always one more."""
    for loop in looking.nodes(case, ast.For):
        for node in ast.walk(loop):
            match node:
                case ast.Call(func=ast.Attribute(value=owner, attr=method)) if method in _GROWING and same(
                    owner, loop.iter
                ):
                    better = f"list({looking.source(case, loop.iter)})"
                    texts = (
                        f"The loop in line {loop.lineno} goes through {written(case, owner)}, and "
                        f"{written(case, node)} in "
                        f"line {node.lineno} makes it longer in every round: there is always one more item.",
                        f"When should the loop end, if {written(case, owner)} grows as fast as it is gone through?",
                        f"Go through a copy: {shown(f'for {looking.source(case, loop.target)} in {better}:')}",
                    )
                    return tell(case, "memory_growth", node, texts, replaced(case, (loop.iter, better)))
    return None


def grows_without_end(case: Case) -> Finding | None:
    """A `while` loop that collects, and does not end."""
    for loop in looking.nodes(case, ast.While):
        for node in ast.walk(loop):
            if not _collects(node):
                continue
            assert isinstance(node, ast.Call | ast.AugAssign)
            head = looking.source(case, loop.test)
            texts = (
                f"The loop in line {loop.lineno} collects something in every round with {written(case, node)} in line "
                f"{node.lineno}, and does so until the memory is full.",
                f"How often does the loop run, and when does {shown(head)} become false?",
                "Make sure that the loop ends, and print `len` of what it collects while you try it out.",
            )
            return tell(case, "memory_growth", node, texts)
    return None


def _collects(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr=method)):
            return method in _GROWING
        case ast.AugAssign(op=ast.Mult() | ast.Add(), value=value):
            return number(value) is None or isinstance(node.op, ast.Mult)
    return False


def too_much_memory(case: Case) -> Finding | None:
    """Any other program that needs more memory than there is."""
    node = next((one for one in looking.suspects(case, ast.BinOp, ast.Call) if _is_large(one)), None)
    what = (
        f"{written(case, node)} makes far too much at once" if node is not None else "it keeps more than fits into it"
    )
    texts = (
        f"The program needs more memory than there is{at(case, node)}: {what}.",
        "What is collected or made there, and how many of it?",
        "Make fewer, or work through them one after the other: a loop over `range` or a generator keeps only one.",
    )
    return tell(case, "memory_growth", node, texts)


def _is_large(node: ast.AST) -> bool:
    values = [_size(part) for part in ast.walk(node)]
    return any(value is not None and value >= _MANY for value in values) and (
        (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult))
        or is_call(node, "list", "bytearray", "bytes", "range")
    )


def _size(node: ast.AST) -> float | None:
    match node:
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            base, power = number(left), number(right)
            return None if base is None or power is None or not 0 <= power < 100 or base > 10**6 else base**power
    return number(node)


def number_too_large(case: Case) -> Finding | None:
    """A number with a decimal point, or one that the system counts with, that is too large."""
    if not case.error or case.error.type != "OverflowError":
        return None
    division = next((one for one in looking.suspects(case, ast.BinOp) if isinstance(one.op, ast.Div)), None)
    powers = [one for one in looking.suspects(case, ast.BinOp) if isinstance(one.op, ast.Pow | ast.Mult)]
    calls = [one for one in looking.suspects(case, ast.Call) if looking.place(case)]
    node: ast.expr | None = next(iter([*powers, *calls]), division)
    why, solution = next((say for pattern, *say in _OVERFLOWS if re.search(pattern, message(case))))
    fixed = None
    if division is not None and re.search(
        r"division result too large|int too large to convert to float", message(case)
    ):
        node, better = division, f"{looking.source(case, division.left)} // {looking.source(case, division.right)}"
        fixed = replaced(case, (division, better))
        solution = f"Stay with whole numbers: {shown(better)}."
    loop = (
        next((one for one in around(case, node) if isinstance(one, ast.For | ast.While)), None)
        if node is not None
        else None
    )
    more = f" It stands in the loop of line {loop.lineno}, so it grows with every round." if loop is not None else ""
    texts = (
        f"{written(case, node) if node is not None else 'A calculation'}{at(case, node)} leaves the range that is "
        "possible. "
        f"{why}{more}",
        "Which numbers go into this line, and how large are they? Print them just before it.",
        solution,
    )
    return tell(case, "number_too_large", node, texts, fixed)


_OVERFLOWS = (
    (r"infinity to integer", "Infinity is no whole number.", "Look at where `inf` comes from, and handle it before."),
    (r"ssize_t|C (long|int)|index-sized|too many items", "The system cannot count so far.", "Use a smaller number."),
    (r"date value|timestamp|days=|year", "Dates go from the year 1 to the year 9999.", "Use fewer days."),
    (r"character|byte|0x110000|range\(256\)", "There is no character or byte of that number.", "Use a smaller number."),
    (r"", "Numbers with a decimal point end near 1.8e308.",
     "Stay with whole numbers, which may be as long as you like: `//` for `/`, and no decimal point."),
)  # fmt: skip


RULES: dict[str, tuple[Rule, ...]] = {
    "MemoryError": (grows_itself, grows_without_end, too_much_memory),
    "OverflowError": (number_too_large,),
}
