"""Sequences: `IndexError` in a loop that goes further than the items do."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import looking
from functions.debug.rules.indexing import OUTSIDE, length, subscripts
from functions.debug.rules.mending import replaced
from functions.debug.rules.phrases import shown
from functions.debug.rules.reporting import (
    around,
    at,
    called,
    is_call,
    message,
    number,
    only_value,
    same,
    tell,
    written,
)


@dataclass(frozen=True)
class _Use:
    """An item taken by a loop's counter: `items[i + further]`."""

    node: ast.Subscript
    counter: str
    further: int
    loop: ast.For | ast.While


@dataclass(frozen=True)
class _End:
    """Where a loop's counter ends: before `len(of) + more`."""

    of: ast.expr
    more: int
    node: ast.expr
    """What says so, and is to be replaced."""
    pattern: str
    """What to put there, with `{}` in place of the end."""
    start: int = 0


def _uses(case: Case) -> list[_Use]:
    if not OUTSIDE.match(message(case)):
        return []
    found = []
    for node in subscripts(case):
        counter, further = _parted(node.slice)
        for loop in around(case, node):
            if counter and isinstance(loop, ast.For | ast.While) and _counts(loop, counter):
                found.append(_Use(node, counter, further, loop))
                break
    return found


def _parted(index: ast.expr) -> tuple[str | None, int]:
    """Return the name and the number that an index is the sum of."""
    match index:
        case ast.Name(id=name):
            return name, 0
        case ast.BinOp(left=ast.Name(id=name), op=ast.Add(), right=ast.Constant(value=int() as further)):
            return name, further
        case ast.BinOp(left=ast.Name(id=name), op=ast.Sub(), right=ast.Constant(value=int() as less)):
            return name, -less
    return None, 0


def _counts(loop: ast.For | ast.While, counter: str) -> bool:
    target = loop.target if isinstance(loop, ast.For) else loop.test
    return any(isinstance(node, ast.Name) and node.id == counter for node in ast.walk(target))


def _end(case: Case, use: _Use) -> _End | None:
    """Return where the loop's counter ends, as far as the program's text tells."""
    match use.loop:
        case ast.For(iter=ast.Call(func=ast.Name(id="range"), args=[stop])):
            return _ending(case, use, stop, stop, "{}")
        case ast.For(iter=ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=int() as start), stop, *_])):
            return _ending(case, use, stop, stop, "{}", start)
        case ast.For(iter=ast.Call(func=ast.Name(id="range"), args=[ast.Name() | ast.BinOp() as start, stop])) if (
            number(start) is None
        ):
            return _ending(case, use, stop, stop, "{}")
        case ast.For(iter=ast.Call(func=ast.Name(id="enumerate"), args=[items, *_]) as counting):
            return _End(items, _beginning(counting), counting, "enumerate({})", _beginning(counting))
        case ast.While(test=test):
            for compare in ast.walk(test):
                match compare:
                    case ast.Compare(left=ast.Name(id=name), ops=[ast.Lt() | ast.LtE() as op], comparators=[stop]):
                        if name == use.counter:
                            found = _ending(case, use, stop, compare, f"{name} < {{}}")
                            more = found.more + isinstance(op, ast.LtE) if found else 0
                            return _End(found.of, more, found.node, found.pattern) if found else None
    return None


def _beginning(counting: ast.Call) -> int:
    """Return the number that `enumerate` begins with."""
    given = [*counting.args[1:2], *(word.value for word in counting.keywords if word.arg == "start")]
    start = number(given[0]) if given else 0
    return start if isinstance(start, int) else 0


def _ending(case: Case, use: _Use, stop: ast.expr, node: ast.expr, pattern: str, start: int = 0) -> _End | None:
    more = 0
    if isinstance(stop, ast.BinOp) and isinstance(stop.right, ast.Constant) and isinstance(stop.right.value, int):
        more = stop.right.value if isinstance(stop.op, ast.Add) else -stop.right.value
        stop = stop.left if isinstance(stop.op, ast.Add | ast.Sub) else stop
    value = only_value(case, stop)
    if isinstance(value, ast.Call) and is_call(value, "len") and value.args:
        return _End(value.args[0], more, node, pattern, start)
    items, last = length(only_value(case, use.node.value)), number(value)
    if items and isinstance(last, int):
        return _End(use.node.value, last + more - items, node, pattern, start)
    return None


def items_used_as_indices(case: Case) -> Finding | None:
    """`for x in items: items[x]`: the loop gives the items themselves."""
    for use in _uses(case):
        loop, items = use.loop, written(case, use.node.value)
        if not isinstance(loop, ast.For) or use.further or not isinstance(loop.target, ast.Name):
            continue
        if same(loop.iter, use.node.value):
            texts = (
                f"The loop over {items} gives its items one after the other, and {written(case, use.node)}"
                f"{at(case, use.node)} takes such an item for an index.",
                f"What is {shown(use.counter)} in the first round: the first item, or 0?",
                f"The item is {shown(use.counter)} itself, without {items} and square brackets.",
            )
            return tell(case, "index_out_of_range", use.node, texts, replaced(case, (use.node, use.counter)))
    return None


def items_taken_out_meanwhile(case: Case) -> Finding | None:
    """`for i in range(len(items)): … items.pop(i)`: the list gets shorter, the range does not."""
    for use in _uses(case):
        end = _end(case, use)
        if end is None or not same(end.of, use.node.value) or not isinstance(use.loop, ast.For):
            continue
        gone = next((node for node in ast.walk(use.loop) if _takes_out(node, use.node.value)), None)
        if gone is None or end.more > 0 or use.further > 0:
            continue
        items, count = written(case, use.node.value), written(case, use.loop.iter)
        better = f"reversed({looking.source(case, use.loop.iter)})"
        texts = (
            f"{written(case, use.node)}{at(case, use.node)} is outside: the loop counts {count}, as many items as "
            f"there were at first, and {written(case, gone)} makes {items} shorter meanwhile.",
            f"How many items does {items} have after one has been taken out, and how far does the loop still count?",
            f"Go backwards, so that what moves up has been seen already: {shown(f'for {use.counter} in {better}:')} "
            "Or collect the items that stay in a new list.",
        )
        return tell(case, "index_out_of_range", use.node, texts, replaced(case, (use.loop.iter, better)))
    return None


def _takes_out(node: ast.AST, items: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=owner, attr="pop" | "remove")):
            return same(owner, items)
        case ast.Delete(targets=[ast.Subscript(value=owner)]):
            return same(owner, items)
    return False


def loop_too_far(case: Case) -> Finding | None:
    """`range(len(items) + 1)`, `while i <= len(items)`, `items[i + 1]` in the last round."""
    for use in _uses(case):
        end = _end(case, use)
        if end is None or not same(end.of, use.node.value) or end.more + use.further <= 0:
            continue
        source, items = looking.source(case, use.node.value), written(case, use.node.value)
        cause = "index_off_by_one" if end.more + use.further == 1 else "index_out_of_range"
        if end.start and not use.further:
            better = f"{source}[{use.counter} - {end.start}]"
            alike = [node for node in ast.walk(use.loop) if isinstance(node, ast.Subscript) and same(node, use.node)]
            fixed = replaced(case, *((node, better) for node in alike))
            solution = f"As {shown(use.counter)} begins at {end.start}, take {shown(better)}."
        else:
            limit = f"len({source}) - {use.further}" if use.further > 0 else f"len({source})"
            better = end.pattern.format(limit)
            fixed = replaced(case, (end.node, better))
            solution = f"End one round earlier: write {shown(better)} in place of {written(case, end.node)}."
        texts = (
            f"{written(case, use.node)}{at(case, use.node)} goes too far: in the last round of the loop in line "
            f"{use.loop.lineno}, {written(case, use.node.slice)} is larger than the last index of {items}, which is "
            "one less than its length.",
            f"Which value does {shown(use.counter)} have in the last round, and which is the last index of {items}?",
            solution,
        )
        return tell(case, cause, use.node, texts, fixed)
    return None


def counts_another(case: Case) -> Finding | None:
    """`for i in range(len(names)): ages[i]` where there are fewer ages; rows and columns that are swapped."""
    for use in _uses(case):
        end = _end(case, use)
        if end is None or same(end.of, use.node.value) or not isinstance(use.loop, ast.For):
            continue
        items, counted = written(case, use.node.value), written(case, end.of)
        source = looking.source(case, use.node.value)
        plain = isinstance(use.node.value, ast.Name) and isinstance(end.of, ast.Name) and not (end.more or use.further)
        better = f"min(len({looking.source(case, end.of)}), len({source}))"
        texts = (
            f"{written(case, use.node)}{at(case, use.node)} is outside: the loop in line {use.loop.lineno} counts the "
            f"items of {counted}, and {items} has fewer.",
            f"Are {counted} and {items} of the same length? Which of the two should the loop count?",
            f"Count only as far as both go: {shown(end.pattern.format(better))}. With `zip` you need no index at all."
            if plain
            else f"Let the loop count the items of {items}: {shown(f'len({source})')}.",
        )
        fixed = replaced(case, (end.node, end.pattern.format(better))) if plain else None
        return tell(case, "index_out_of_range", use.node, texts, fixed)
    return None


def begins_too_far(case: Case) -> Finding | None:
    """`range(len(items), 0, -1)`: going backwards, the first index is one too many."""
    for use in _uses(case):
        match use.loop:
            case ast.For(iter=ast.Call(func=ast.Name(id="range"), args=[start, stop, step]) as counting):
                pass
            case _:
                continue
        value = only_value(case, start)
        back = number(step)
        if back is None or back >= 0 or not isinstance(value, ast.Call) or not is_call(value, "len") or use.further < 0:
            continue
        if not value.args or not same(value.args[0], use.node.value):
            continue
        items, source = written(case, use.node.value), looking.source(case, use.node.value)
        to_first = "-1" if number(stop) in (0, -1) else looking.source(case, stop)
        better = f"range(len({source}) - 1, {to_first}, {looking.source(case, step)})"
        texts = (
            f"{written(case, use.node)}{at(case, use.node)} goes too far in the first round of the loop in line "
            f"{use.loop.lineno}: {shown(use.counter)} begins with the length of {items}, and the last index is one "
            "less.",
            f"Which value does {shown(use.counter)} have in the first round, and which in the last one?",
            f"Begin at the last index and end after 0: {shown(better)}. Or loop over {shown(f'reversed({source})')}.",
        )
        return tell(case, "index_off_by_one", use.node, texts, replaced(case, (counting, better)))
    return None


def length_as_index(case: Case) -> Finding | None:
    """`items[len(items)]`: one more than the last index."""
    if not OUTSIDE.match(message(case)):
        return None
    for node in subscripts(case):
        value = only_value(case, node.slice)
        if not (
            isinstance(value, ast.Call) and called(value) == "len" and value.args and same(value.args[0], node.value)
        ):
            continue
        items, source = written(case, node.value), looking.source(case, node.value)
        better = f"{source}[{looking.source(case, node.slice)} - 1]"
        texts = (
            f"{written(case, node)}{at(case, node)} is one too far: indices begin at 0, so the last index of {items} "
            "is one less than its length.",
            f"If {items} has three items, which are their indices, and what is `len`?",
            f"The last item is {shown(better)}, or simply {shown(f'{source}[-1]')}.",
        )
        return tell(case, "index_off_by_one", node, texts, replaced(case, (node, better)))
    return None


RULES: dict[str, tuple[Rule, ...]] = {
    "IndexError": (
        length_as_index,
        begins_too_far,
        items_taken_out_meanwhile,
        items_used_as_indices,
        loop_too_far,
        counts_another,
    ),
}
