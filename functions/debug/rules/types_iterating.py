"""Iterating: `TypeError` of a loop over, or a look into, one single value, and of a number of times that is none."""

from __future__ import annotations

import ast
import re

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import looking
from functions.debug.rules.inputs import texts_in
from functions.debug.rules.mending import Change, replaced
from functions.debug.rules.nothing import origin
from functions.debug.rules.operands import FUNCTIONS
from functions.debug.rules.phrases import a_kind, beginning, shown
from functions.debug.rules.reporting import called, known, message, tell, written
from functions.debug.rules.types_operators import not_called, number_of_input

_SAID = re.compile(
    r"'(?P<kind>[^']+)' object is not iterable|cannot unpack non-iterable (?P<unpacked>[\w.]+) object"
    r"|argument of type '(?P<asked>[^']+)' is not (?:iterable|a container)|(?P<join>can only join an iterable)"
    r"|argument (?:#\d+ |\d+ )?(?:must support iteration|after \* must be an iterable, not (?P<starred>[\w.]+))"
    r"|Value after \* must be an iterable, not (?P<after>[\w.]+)"
)
_WHOLE = re.compile(
    r"'(?P<kind>[^']+)' object cannot be interpreted as an integer|integer argument expected, got (?P<old>\w+)"
)
_NUMBERS = ("int", "float", "bool")


def _gone_through(case: Case, kind: str | None) -> ast.expr | None:
    """Return the expression that should be gone through, looked into or unpacked."""
    about, found = known(case), []
    for node in looking.suspects(
        case, ast.For, ast.comprehension, ast.Call, ast.Compare, ast.AugAssign, ast.Assign, ast.Starred
    ):
        match node:
            case ast.For(iter=value) | ast.comprehension(iter=value) | ast.Starred(value=value):
                found.append(value)
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[value]):
                found.append(value)
            case ast.Assign(targets=[ast.Tuple() | ast.List()], value=value) | ast.AugAssign(value=value):
                found.append(value)
            case ast.Call(func=ast.Name(id="map" | "filter"), args=[_, value, *_]):
                found.append(value)
            case ast.Call(args=args) if called(node) in _TAKING:
                found += args
    if not found:  # a comprehension has no place of its own
        found = [part.iter for node in looking.suspects(case, ast.expr) for part in getattr(node, "generators", ())]
    return min(found, key=lambda node: _unlike(about[1].of(node) if about else None, kind), default=None)


_TAKING = ("sum", "max", "min", "list", "tuple", "set", "sorted", "enumerate", "zip", "extend", "join", "any", "all",
           "dict", "update", "reversed", "iter", "union", "deque", "Counter")  # fmt: skip


def _unlike(seen: str | None, kind: str | None) -> int:
    return 0 if seen == kind else 1 if seen is None else 2


def _line(case: Case, node: ast.AST | None) -> str:
    return beginning(looking.place(case) or getattr(node, "lineno", None))


def not_iterable(case: Case) -> Finding | None:
    """A loop over a number or None, or `in` with one on its right side."""
    said = _SAID.search(message(case))
    if not said:
        return None
    kind = next((value for key, value in said.groupdict().items() if value and key != "join"), None)
    kind = kind.rsplit(".", 1)[-1] if kind else None
    node = _gone_through(case, kind)
    what = written(case, node) if node is not None else "the value"
    if kind in FUNCTIONS:
        return not_called(case, node)
    if kind == "NoneType":
        about = origin(case, node)
        fixed, todo, why = about.fixed, about.solution, f" {about.why}"
    else:
        (fixed, todo), why = _made_many(case, kind, node), ""
    is_ = a_kind(kind) if kind else "one single value"
    return tell(
        case,
        "not_iterable",
        node,
        (
            f"{_line(case, node)} Python should take the items of {what} one by one, but it is {is_}, which has "
            f"none.{why}",
            f"What is {what} at this point, and what did you want to go through?",
            todo,
        ),
        fixed,
    )


def _made_many(case: Case, kind: str | None, node: ast.expr | None) -> tuple[str | None, str]:
    """Return the corrected program, where the place of a single value tells what was meant, and what to do."""
    about = known(case)
    outer = about[0].parent.get(node) if about and node is not None else None
    if node is None or outer is None:
        return None, "Use something that has items: a list, a text, or `range(…)` for a number of times."
    text = looking.source(case, node)
    match outer:
        case ast.For(target=ast.Name(id=name)) if kind == "int" and _takes_digits(outer, name):
            return replaced(
                case, (node, f"str({text})")
            ), f"To go through its digits, make a text of it: {shown(f'str({text})')}."
        case ast.For() | ast.comprehension() if kind == "int":
            return replaced(case, (node, f"range({text})")), f"To count up to a number, use {shown(f'range({text})')}."
        case ast.AugAssign() if kind in (*_NUMBERS, None):
            return replaced(
                case, (node, f"[{text}]")
            ), f"Add a list with the one value: {shown(f'[{text}]')}, or `append` it."
        case ast.Call(func=ast.Attribute(attr="extend", value=owner)):
            full = f"{looking.source(case, owner)}.append({text})"
            return replaced(case, (outer, full)), f"A single value is added with {shown(full)}."
        case ast.Call(func=ast.Name(id="sum" | "max" | "min" as name), args=args) if len(args) > 1 and name == "sum":
            inside = ", ".join(looking.source(case, one) for one in args)
            return replaced(
                case, (outer, f"{name}([{inside}])")
            ), f"Put the values into one list: {shown(f'{name}([{inside}])')}."
        case ast.Compare() if kind in _NUMBERS:
            return _compared(case, outer, node, text)
        case ast.Call(func=ast.Name(id="enumerate" | "list" | "reversed" | "map")) if kind == "int":
            return replaced(case, (node, f"range({text})")), f"To count up to a number, use {shown(f'range({text})')}."
        case ast.Assign(targets=[ast.Tuple() | ast.List()]):
            return None, f"Give as many values as there are names on the left, or use one name for {shown(text)}."
    return None, f"Use something that has items there: a list, a text, or `range(…)`, instead of {shown(text)}."


def _takes_digits(loop: ast.For, name: str) -> bool:
    """Tell whether a loop makes a number of each thing it goes through, as one does with digits."""
    for node in ast.walk(loop):
        match node:
            case ast.Call(func=ast.Name(id="int"), args=[ast.Name(id=given)]) if given == name:
                return True
    return False


def _compared(case: Case, outer: ast.Compare, node: ast.expr, text: str) -> tuple[str | None, str]:
    about = known(case)
    if about and about[1].of(outer.left) == "str":
        return replaced(
            case, (node, f"str({text})")
        ), f"To look for a digit, make a text of the number: {shown(f'str({text})')}."
    return None, "Compare two single values with `==`; `in` looks into a collection."


def range_needs_int(case: Case) -> Finding | None:
    """`range` gets a text, a decimal number, or a list."""
    said = _WHOLE.search(message(case))
    if not said:
        return None
    kind = said["kind"] or said["old"]
    calls = [one for one in looking.suspects(case, ast.Call) if called(one) in ("range", "randint", "randrange")]
    if not calls and (case.code.strip() or (case.error and case.error.source)):
        return None
    call = calls[0] if calls else None
    texts = texts_in(case, *call.args) if call and kind == "str" else []
    if texts:
        return number_of_input(case, texts)
    about = known(case)
    args = sorted(call.args, key=lambda one: _unlike(about[1].of(one) if about else None, kind)) if call else []
    node = args[0] if args else None
    what = written(case, node) if node is not None else "the value"
    fixed, todo = _whole(case, kind, node)
    name = shown(called(call)) if call else "`range`"
    return tell(
        case,
        "range_needs_int",
        node,
        (
            f"{_line(case, call)} {name} gets {what}, {a_kind(kind)}. It can only count in whole numbers.",
            f"Of which type is {what}, and where does it come from?",
            todo,
        ),
        fixed,
    )


def _whole(case: Case, kind: str, node: ast.expr | None) -> tuple[str | None, str]:
    """Return the corrected program with a whole number, and what to do."""
    if node is None:
        return None, "Give it a whole number: `int(…)`, `//` instead of `/`, or `len(…)` of a list."
    text = looking.source(case, node)
    if kind in ("list", "tuple", "dict", "set"):
        return replaced(
            case, (node, f"len({text})")
        ), f"To count its items, use {shown(f'len({text})')}, or loop over it itself."
    if kind == "NoneType":
        about = origin(case, node)
        return about.fixed, about.solution
    if kind in FUNCTIONS:
        return replaced(case, (node, f"{text}()")), f"Call the function: {shown(f'{text}()')}."
    divided = [part for part in ast.walk(node) if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Div)]
    if kind == "float" and divided:
        changes: list[Change] = []
        for part in divided:
            begin, end = looking.span(case.code, part.left)[1], looking.span(case.code, part.right)[0]
            changes.append(((begin, end), case.code[begin:end].replace("/", "//", 1)))
        return replaced(case, *changes), "Divide with `//`, which gives a whole number."
    literal = isinstance(node, ast.Constant) and isinstance(node.value, float) and node.value.is_integer()
    whole = str(int(node.value)) if literal and isinstance(node, ast.Constant) else f"int({text})"  # type: ignore[arg-type]
    return replaced(case, (node, whole)), f"Make a whole number of it: {shown(whole)}."


RULES: dict[str, tuple[Rule, ...]] = {"TypeError": (not_iterable, range_needs_int)}
