"""Mixing: `TypeError` of an operator between values that each are fine, but do not go together."""

from __future__ import annotations

import ast

from functions.debug.model import Case, Finding
from functions.debug.rules import looking
from functions.debug.rules.inputs import conversion
from functions.debug.rules.kinds import Kinds
from functions.debug.rules.mending import replaced
from functions.debug.rules.operands import Operation, refused
from functions.debug.rules.phrases import a_kind, beginning, shown
from functions.debug.rules.reporting import known, tell, written

_NUMBERS = ("int", "float", "bool", "complex")


def mixed_types_operator(case: Case) -> Finding | None:
    """An operator between values of types that it cannot work with together."""
    found = refused(case)
    if not found or found.sign in ("<", ">", "<=", ">="):
        return None
    fixed, todo = _mended(case, found)
    line = beginning(looking.place(case) or getattr(found.node, "lineno", None))
    both = " and ".join(a_kind(kind) for kind in found.kinds) or "values that do not go together"
    both = f"{both} and something else" if found.sign == "%" and len(found.kinds) == 1 else both
    sides = [f"{written(case, node)} is {a_kind(kind)}" for node, kind in found.sides if kind]
    return tell(
        case,
        "mixed_types_operator",
        found.node,
        (
            f"{line} {shown(found.sign)} gets {both}, and Python cannot work with these together."
            + (f" Here {' and '.join(sides)}." if sides else ""),
            f"Of which type is the value on each side of {shown(found.sign)}, and what should come out: a text or a "
            f"number?",
            todo,
        ),
        fixed,
    )


def _mended(case: Case, found: Operation) -> tuple[str | None, str]:
    """Return the corrected program, if the two types tell what was meant, and what to do."""
    for mend in (_summed, _joined, _counted, _collected):
        if mended := mend(case, found):
            return mended
    if found.left == found.right and found.left and found.left[:1].isupper():
        return (
            None,
            f"Give the class {shown(found.left)} a method that says what {shown(found.sign)} does, or use an "
            f"attribute.",
        )
    return None, "Convert one of the two values, so that both are of a type that the operator can work with."


def _summed(case: Case, found: Operation) -> tuple[str | None, str] | None:
    """`sum` of texts, or a division of a whole list."""
    match found.node:
        case ast.Call(args=[values, *_]) if "str" in found.kinds:
            kind = conversion(case, values)
            text = f"map({kind}, {looking.source(case, values)})"
            return replaced(case, (values, text)), f"Make numbers of the texts first: {shown(text)}."
        case ast.BinOp(left=one, op=ast.Div(), right=ast.Call(func=ast.Name(id="len"))) if found.left == "list":
            text = f"sum({looking.source(case, one)})"
            return replaced(case, (one, text)), f"Add up the items of the list first: {shown(text)}."
    return None


def _joined(case: Case, found: Operation) -> tuple[str | None, str] | None:
    """A text and something else: both become text, or, where the text is of digits, both numbers."""
    if (
        found.sign not in ("+", "+=")
        or "str" not in found.kinds
        or found.left in (None, "list", "tuple", "str" * (found.right == "str"))
    ):
        return None
    text, at = found.of_kind("str"), 1 if found.left == "str" else 0
    other = found.sides[at][0] if len(found.sides) > 1 else None
    if other is None or text is None:
        return None, "Make a text of the other value: `str(…)`, or put both into an f-string."
    if _is_number(text) or _counting(case, found, text):
        return _as_number(case, text)
    if found.sign == "+=" and other is found.one:
        return _as_number(case, text)
    fixed = replaced(case, *((node, f"str({looking.source(case, node)})") for node in _to_join(case, other)))
    return fixed, f"Make a text of the value: {shown(f'str({looking.source(case, other)})')}."


def _to_join(case: Case, other: ast.expr) -> list[ast.expr]:
    """Return the value that has to become a text, and all numbers that the program adds to texts in the same way."""
    about, found = known(case), [other]
    for node in looking.nodes(case, ast.BinOp) if about else ():
        if about and isinstance(node.op, ast.Add):
            pairs = ((node.left, node.right), (node.right, node.left))
            found += [one for one, beside in pairs if about[1].of(one) in _NUMBERS and _text(about[1], beside, other)]
    return list(dict.fromkeys(found))


def _text(kinds: Kinds, node: ast.expr, joined: ast.expr) -> bool:
    """Tell whether a side of a `+` is a text, or becomes one as soon as what is added to a text is one."""
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        if node.right is joined or node.left is joined or kinds.of(node.right) == "str":
            return True
        node = node.left
    return kinds.of(node) == "str"


def _is_number(text: ast.AST) -> bool:
    match text:
        case ast.Constant(value=str(value)):
            return value.strip().lstrip("-").replace(".", "", 1).isdigit()
    return False


def _counting(case: Case, found: Operation, text: ast.expr) -> bool:
    """Tell whether the program sums up, or the text is a name that only ever holds digits."""
    about = known(case)
    if not about or not isinstance(text, ast.Name | ast.Subscript):
        return False
    parent = about[0].parent.get(found.node) if found.node else None
    target = parent.targets[0] if isinstance(parent, ast.Assign) else None
    summed = found.one if isinstance(found.one, ast.Name) else None
    same = isinstance(target, ast.Name) and summed is not None and target.id == summed.id and found.left in _NUMBERS
    bindings = about[0].of_name(text.id, text) if isinstance(text, ast.Name) else ()
    return same or (bool(bindings) and all(one.value is not None and _is_number(one.value) for one in bindings))


def _as_number(case: Case, text: ast.expr) -> tuple[str | None, str]:
    kind = conversion(case, text)
    return _in(case, text, kind), f"Make a number of the text: {shown(f'{kind}({looking.source(case, text)})')}."


def _in(case: Case, node: ast.AST, function: str) -> str | None:
    return replaced(case, (node, f"{function}({looking.source(case, node)})"))


def _collected(case: Case, found: Operation) -> tuple[str | None, str] | None:
    """A list and a single value, two dictionaries, two sets, a list and another collection."""
    one, other = found.one, found.other
    left, right = found.left, found.right
    if one is None or other is None or not isinstance(found.node, ast.BinOp | ast.AugAssign):
        return None
    a, b = looking.source(case, one), looking.source(case, other)
    if found.sign == "+" and left == right == "dict":
        return replaced(
            case, (found.node, f"{{**{a}, **{b}}}")
        ), f"Put both into a new dictionary: {shown(f'{{**{a}, **{b}}}')}."
    if found.sign == "+" and left == right == "set":
        return replaced(case, (found.node, f"{a} | {b}")), f"Two sets are joined with `|`: {shown(f'{a} | {b}')}."
    if found.sign in ("+", "+=") and left == "list" and right in ("tuple", "set", "range", "dict_keys", "map"):
        return _in(case, other, "list"), f"Make a list of the other one: {shown(f'list({b})')}."
    if found.sign in ("+", "+=") and left == "list":
        return replaced(
            case, (other, f"[{b}]")
        ), f"Put the single value into a list too: {shown(f'[{b}]')}, or use `append`."
    if found.sign == "+" and right == "list" and left not in ("tuple", "set", "range"):
        return replaced(case, (one, f"[{a}]")), f"Put the single value into a list too: {shown(f'[{a}]')}."
    if found.sign == "*" and "float" in (left, right):
        number = one if left == "float" else other
        return _in(case, number, "int"), f"Only a whole number can tell how often: {shown('int(…)')}."
    return None


def _counted(case: Case, found: Operation) -> tuple[str | None, str] | None:
    """A text that is counted with."""
    texts = [node for node, kind in found.sides if kind == "str"]
    if not texts or found.sign in ("%", "+", "+=") or not all(_may_count(case, text) for text in texts):
        return None
    kinds = [(text, conversion(case, text)) for text in texts]
    fixed = replaced(case, *((text, f"{kind}({looking.source(case, text)})") for text, kind in kinds))
    first = f"{kinds[0][1]}({looking.source(case, texts[0])})"
    return fixed, f"Make a number of the text first: {shown(first)}."


def _may_count(case: Case, text: ast.expr) -> bool:
    """Tell whether a text may well be made of digits: none that is written out with letters."""
    about = known(case)
    values: list[ast.expr | None] = [text]
    if about and isinstance(text, ast.Name):
        values = [one.value for one in about[0].of_name(text.id, text)]
    return all(not isinstance(one, ast.Constant | ast.JoinedStr) or _is_number(one) for one in values)
