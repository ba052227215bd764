"""Inputs: texts that `input` gave, in places where the program counts with them."""

from __future__ import annotations

import ast
import re

from functions.debug.model import Case
from functions.debug.rules import looking
from functions.debug.rules.kinds import Kinds
from functions.debug.rules.mending import Change, replaced
from functions.debug.rules.reporting import known
from functions.debug.rules.scoping import Binding

_DECIMAL = re.compile(
    r"price|cost|height|weight|temp|celsius|fahrenheit|bmi|radius|rate|salary|average|percent|cm\b|kg|km\b|metre|meter"
    r"|bill|tip\b|tax|budget|precio|preis|peso|altura|gewicht|grösse|größe|wzrost|waga|cena",
    re.IGNORECASE,
)
_NUMBERS = ("int", "float", "bool")


def conversion(case: Case, *nodes: ast.AST) -> str:
    """Return `float` where what is typed in may have decimals, by its names or the numbers beside it, else `int`."""
    about = known(case)
    written = " ".join(looking.source(case, node) for node in nodes)
    decimals = about is not None and any(about[1].of(node) == "float" for node in nodes)
    typed = about is not None and any(about[1].input_call(node) for node in nodes if isinstance(node, ast.expr))
    texts = " ".join(one.value for one in looking.nodes(case, ast.Constant) if isinstance(one.value, str))
    named = _DECIMAL.search(written) if typed or not texts else re.search(r"\d\.\d", texts)
    return "float" if decimals or named or re.search(r"\d\.\d", written) else "int"


def texts_in(case: Case, *operands: ast.AST | None) -> list[ast.expr]:
    """Return the parts of these operands, down to their names and calls, that give the text of an `input`."""
    about, found = known(case), []
    todo = [operand for operand in operands if operand is not None]
    while todo and about:
        node = todo.pop(0)
        if isinstance(node, ast.BinOp):
            todo += [node.left, node.right]
        elif isinstance(node, ast.expr) and about[1].input_call(node):
            found.append(node)
    return found


def as_numbers(case: Case, texts: list[ast.expr]) -> str | None:
    """Return the program with numbers made of these texts, and of whatever else it typed in and counts with.

    Where all uses of a name count with it, its `input` is converted at once; where others need the text, those that
    count are.
    """
    about = known(case)
    if not about or not texts:
        return None
    changes: dict[tuple[int, int], Change] = {}
    for text in (*texts, *_further(about[1], texts)):
        for node in _to_convert(about[1], text):
            kind = conversion(case, text, node)
            written = looking.source(case, node)
            changes[looking.span(case.code, node)] = (node, f"{kind}({written})")
    return replaced(case, *changes.values())


def _to_convert(kinds: Kinds, text: ast.expr) -> list[ast.expr]:
    """Return what has to be put into `int(…)`: the `input` a name is given, or the name where it is counted with."""
    if not isinstance(text, ast.Name):
        return [text]
    bindings = [one for one in kinds.scopes.of_name(text.id, text) if one.how == "assigned"]
    values = [one.value for one in bindings if one.value is not None]
    direct = [value for value in values if _is_input(value)]
    if not direct or len(direct) != len(values) or len(bindings) != len(kinds.scopes.of_name(text.id, text)):
        return [node for node in _uses(kinds, text) if node is text or _counts(kinds, node)]
    if any(_reads(kinds, node) for node in _uses(kinds, text)):
        return [node for node in _uses(kinds, text) if node is text or _counts(kinds, node)]
    return direct


def _is_input(value: ast.expr) -> bool:
    while isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        value = value.func.value
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "input"


def _uses(kinds: Kinds, text: ast.Name) -> list[ast.Name]:
    bindings = kinds.scopes.of_name(text.id, text)
    loads = [node for node in kinds.scopes.of if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    return [node for node in loads if node.id == text.id and kinds.scopes.of_name(text.id, node) == bindings]


def _further(kinds: Kinds, texts: list[ast.expr]) -> list[ast.expr]:
    """Return one use of each other name that is given an `input` and counted with."""
    seen = {node.id for node in texts if isinstance(node, ast.Name)}
    found: list[ast.expr] = []
    for node in kinds.scopes.of:
        if isinstance(node, ast.Name) and node.id not in seen and isinstance(node.ctx, ast.Load):
            bindings = kinds.scopes.of_name(node.id, node)
            if bindings and all(_given_input(one) for one in bindings) and _counts(kinds, node):
                seen.add(node.id)
                found.append(node)
    return found


def _given_input(binding: Binding) -> bool:
    return binding.how == "assigned" and binding.value is not None and _is_input(binding.value)


def _counts(kinds: Kinds, node: ast.AST) -> bool:
    """Tell whether a text stands where a number is needed."""
    match kinds.scopes.parent.get(node):
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return kinds.of(left if right is node else right) in _NUMBERS
        case ast.BinOp(op=ast.Mult() | ast.Mod(), left=left, right=right):
            other = left if right is node else right
            return kinds.of(other) in _NUMBERS or kinds.input_call(other) is not None
        case ast.BinOp() | ast.UnaryOp(op=ast.USub()):
            return True
        case ast.AugAssign(op=ast.Add(), target=target):
            return kinds.of(target) in _NUMBERS
        case ast.AugAssign():
            return True
        case ast.Compare(left=left, comparators=others):
            return any(kinds.of(one) in _NUMBERS for one in (left, *others) if one is not node)
        case ast.Call(func=ast.Name(id="range" | "abs" | "round")):
            return True
    return False


def _reads(kinds: Kinds, node: ast.AST) -> bool:
    """Tell whether a use needs the text: a method of it, its length, a comparison with another text or a sum."""
    match kinds.scopes.parent.get(node):
        case ast.Attribute() | ast.Subscript(value=ast.Name()):
            return True
        case ast.Call(func=ast.Name(id="len" | "int" | "float" | "list")) | ast.For():
            return True
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            other = left if right is node else right
            return kinds.of(other) == "str" and kinds.input_call(other) is None
        case ast.Compare(left=left, comparators=others):
            texts = [one for one in (left, *others) if one is not node]
            return any(kinds.of(one) == "str" and kinds.input_call(one) is None for one in texts)
    return False
