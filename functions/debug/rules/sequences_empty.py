"""Sequences: `IndexError` of lists and texts in which nothing is."""

from __future__ import annotations

import ast
import re

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import looking
from functions.debug.rules.indexing import OUTSIDE, THINGS, grows, length, subscripts
from functions.debug.rules.mending import replaced
from functions.debug.rules.phrases import shown
from functions.debug.rules.reporting import (
    around,
    at,
    called,
    message,
    number,
    only_value,
    same,
    tell,
    written,
)


def taken_from_nothing(case: Case) -> Finding | None:
    """`items.pop()` of an empty list, `random.choice([])`."""
    names: tuple[str, ...]
    if re.match(r"(?i)pop from an? ?(empty|\w+ empty)|pop from empty|pop index out of range", message(case)):
        names, cause = ("pop", "popleft", "heappop", "popitem"), "pop_from_empty"
    elif message(case).startswith("Cannot choose from an empty"):
        names, cause = ("choice", "choices"), "index_of_empty"
    else:
        return None
    call = next((call for call in looking.suspects(case, ast.Call) if called(call) in names), None)
    owner = _owner(call)
    items = written(case, owner) if owner is not None else "the list"
    if message(case).startswith("pop index"):
        cause, why = "index_out_of_range", f"{items} has no item at the index that `pop` gets"
        if call is not None and owner is not None and _is_length(call, owner):
            return _popped_length(case, call, owner)
        solution = "Keep the index below the number of items; without an index, `pop` takes the last one."
    else:
        why = f"{items} is empty, so there is nothing to take"
        condition = looking.source(case, owner) if isinstance(owner, ast.Name | ast.Attribute) else "items"
        solution = f"Ask whether something is in it first: {shown(f'if {condition}:')} is true only then."
    fixed = _until_empty(case, call, owner) if cause == "pop_from_empty" else None
    solution = f"Go on only for as long as there is something: `while` and {items}." if fixed else solution
    texts = (
        f"The program stops{at(case, call)}: {why}.",
        f"How many items does {items} have when this line runs, and how often does the line run?",
        solution,
    )
    return tell(case, cause, call, texts, fixed)


def _is_length(call: ast.Call, owner: ast.expr) -> bool:
    given = call.args[0] if call.args else None
    return isinstance(given, ast.Call) and called(given) == "len" and bool(given.args) and same(given.args[0], owner)


def _popped_length(case: Case, call: ast.Call, owner: ast.expr) -> Finding:
    better = f"{looking.source(case, owner)}.pop()"
    texts = (
        f"{written(case, call)}{at(case, call)} is one too far: the last index is one less than the length.",
        f"If {written(case, owner)} has three items, which are their indices, and what is `len`?",
        f"Without an index, `pop` takes the last item: {shown(better)}.",
    )
    return tell(case, "index_off_by_one", call, texts, replaced(case, (call, better)))


def _owner(call: ast.Call | None) -> ast.expr | None:
    """Return what a call takes an item of: `items` of `items.pop()`, `random.choice(items)` and `heappop(items)`."""
    if call is None:
        return None
    if called(call) in ("choice", "choices", "heappop"):
        return call.args[0] if call.args else None
    return call.func.value if isinstance(call.func, ast.Attribute) else None


def _until_empty(case: Case, call: ast.Call | None, owner: ast.expr | None) -> str | None:
    """Return the program in which `while True:` around a `pop` goes on only for as long as there are items."""
    loop = next((node for node in around(case, call) if isinstance(node, ast.For | ast.While)), None) if call else None
    if not isinstance(loop, ast.While) or not isinstance(loop.test, ast.Constant) or not isinstance(owner, ast.Name):
        return None
    leaves = any(isinstance(node, ast.Break | ast.Return) for node in ast.walk(loop))
    return None if leaves else replaced(case, (loop.test, owner.id))


def appended_by_index(case: Case) -> Finding | None:
    """`items[i] = x` where `items` was made empty: a list does not grow so."""
    if not re.match(r"list assignment index", message(case)):
        return None
    for node in looking.suspects(case, ast.Assign):
        target = node.targets[0]
        if not isinstance(target, ast.Subscript) or not isinstance(target.value, ast.Name):
            continue
        made = only_value(case, target.value)
        if made is None or not (isinstance(made, ast.List) or (isinstance(made, ast.Call) and _is_empty(made))):
            continue
        items, index, there = target.value.id, written(case, target.slice), length(made) or 0
        better = f"{items}.append({looking.source(case, node.value)})"
        has = f"has {there} item{'s'[: there != 1]} since" if there else "was made empty in"
        texts = (
            f"{written(case, target)}{at(case, node)} wants to replace an item, and {shown(items)} {has} line "
            f"{made.lineno}: there is no item {index} that could be replaced.",
            f"How does an item get into {shown(items)} in the first place?",
            f"Add it at the end: {shown(better)}.",
        )
        in_order = len(node.targets) == 1 and _begins(case, target) == there
        cause = "index_out_of_range" if there else "index_of_empty"
        return tell(case, cause, target, texts, replaced(case, (node, better)) if in_order else None)
    return None


def _is_empty(made: ast.Call) -> bool:
    return called(made) == "list" and not made.args


def _begins(case: Case, target: ast.Subscript) -> int | float | None:
    """Return the first index that a line writes to: that of a number, or of the counter of a `for` loop."""
    if not isinstance(target.slice, ast.Name):
        return number(target.slice)
    for loop in around(case, target):
        if isinstance(loop, ast.For) and target.slice.id in {
            node.id for node in ast.walk(loop.target) if isinstance(node, ast.Name)
        }:
            match loop.iter:
                case ast.Call(func=ast.Name(id="range"), args=[_]) | ast.Call(func=ast.Name(id="enumerate"), args=[_]):
                    return 0
                case ast.Call(func=ast.Name(id="range"), args=[start, _]):
                    return number(start)
    value = [node.value for node in looking.nodes(case, ast.Assign) if same(node.targets[0], target.slice)]
    return number(value[0]) if len(value) == 1 else None


def of_empty(case: Case) -> Finding | None:
    """`items[0]` and `items[-1]` can only fail for what is empty."""
    said = OUTSIDE.match(message(case))
    if not said:
        return None
    found = subscripts(case)
    for node in found:
        value = only_value(case, node.value)
        made_empty = isinstance(value, ast.List | ast.Tuple) and not value.elts and not grows(case, node.value)
        if not made_empty and (number(node.slice) not in (0, -1) or len(found) > 1):
            continue
        items = written(case, node.value)
        thing = THINGS.get(said["type"] or "", "sequence")
        texts = (
            f"{written(case, node)}{at(case, node)} takes an item, and {items} is an empty {thing}: there is none.",
            f"Where should {items} have been filled, and does that happen before this line runs?",
            f"Handle the case that there is nothing first: {shown(f'if {looking.source(case, node.value)}:')}",
        )
        return tell(case, "index_of_empty", node, texts)
    return None


RULES: dict[str, tuple[Rule, ...]] = {"IndexError": (taken_from_nothing, appended_by_index, of_empty)}
