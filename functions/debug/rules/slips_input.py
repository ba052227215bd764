"""Slips with input: what `input()` gives is text, which equals no number and is joined instead of added."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules import mending
from functions.debug.rules.scoping import Binding
from functions.debug.rules.slips_program import Program, number

_NUMBERS = ("int", "float")
_NUMERIC = re.compile(
    r"numb|\bnum|num\d|how (?:many|old|much|long|tall)|\bage\b|price|amount|points|score"
    r"|zahl|alter\b|preis|punkte|wie ?viel"
    r"|número|numero|edad|precio|cuánt|cuant|puntos|liczb|wiek|cena|ile\b|sayı|sayi|yaş|yas\b|fiyat|nombre\b.*:|âge|prix|\bsum\b|add\b",
    re.IGNORECASE,
)  # fmt: skip


def input_compared_to_number(program: Program) -> Iterator[Finding]:
    """`choice == 1` is never true where `choice` is the text that was typed in."""
    for compared in program.all(ast.Compare):
        if len(compared.ops) != 1 or not isinstance(compared.ops[0], ast.Eq | ast.NotEq | ast.In | ast.NotIn):
            continue
        sides = compared.left, compared.comparators[0]
        among = isinstance(compared.ops[0], ast.In | ast.NotIn)
        for text, value in (sides, sides[::-1]) if not among else (sides,):
            kind = program.kinds.of_part(value) if among else program.kinds.of(value)
            if kind not in (*_NUMBERS, "bool") or (among and program.kinds.of(value) == "dict"):
                continue
            if call := _typed(program, text):
                yield _never_equal(program, compared, text, value, call, kind)
                break


def _never_equal(
    program: Program, compared: ast.Compare, text: ast.expr, value: ast.expr, call: ast.Call, kind: str
) -> Finding:
    never = "never" if isinstance(compared.ops[0], ast.Eq | ast.In) else "always"
    name = program.shown(text)
    where = f" in line {call.lineno}" if call.lineno != compared.lineno else ""
    example = program.shown(f"{kind}({program.text(call)})" if kind in _NUMBERS else f'{program.text(call)} == "yes"')
    return program.found(
        "input_compared_to_number", compared,
        f"`input()` gives text, so {name} holds something like `\"7\"`, and no text equals a number, or `True`. What "
        f"line {compared.lineno} asks about {name} and {program.shown(value)} is therefore {never} true.",
        f"Of which type is {name} in line {compared.lineno}, and of which type is {program.shown(value)}? "
        f"`print(type({'…' if not isinstance(text, ast.Name) else text.id}))` tells you.",
        f"Make {'a number' if kind in _NUMBERS else 'what you need'} of it as soon as it is typed in{where}: "
        f"{example}.",
        _converted(program, kind, call) if kind in _NUMBERS else None,
    )  # fmt: skip


def input_is_text(program: Program) -> Iterator[Finding]:
    """`a + b` joins two typed texts: "2" and "3" give "23"."""
    for operation in program.all(ast.BinOp):
        calls = [call for side in (operation.left, operation.right) if (call := _typed(program, side))]
        if isinstance(operation.op, ast.Add) and len(calls) == 2:
            joined = 'puts two texts one behind the other: `"2" + "3"` is `"23"`'
        elif isinstance(operation.op, ast.Mult) and len(calls) == 1 and "int" in _kinds(program, operation):
            joined = 'repeats a text instead of calculating: `"2" * 3` is `"222"`'
        else:
            continue
        if not all(_asks_for_a_number(program, call) for call in calls):
            continue
        yield program.found(
            "input_is_text", operation,
            f"`input()` gives text, even if a number is typed in. Line {operation.lineno} therefore {joined}.",
            f"Of which type are the values in {program.shown(operation)}? Print `type(…)` of them before line "
            f"{operation.lineno}.",
            f"Make a number of each text as soon as it is typed in: {program.shown(f'int({program.text(calls[0])})')}.",
            _converted(program, "int", *calls),
        )  # fmt: skip


def _kinds(program: Program, operation: ast.BinOp) -> set[str | None]:
    return {program.kinds.of(operation.left), program.kinds.of(operation.right)}


def _typed(program: Program, node: ast.expr) -> ast.Call | None:
    """Return the `input(…)` whose text an expression surely is."""
    if program.kinds.of(node) != "str":
        return None
    call = program.kinds.input_call(node)
    if call is None or not program.built_in(call.func):
        return None
    bound = [one for one in _bindings(program, node) if one.how != "parameter"]
    others = [one for one in bound if one.value is None or program.kinds.input_call(one.value) is None]
    return call if all(isinstance(one.value, ast.Constant) for one in others) else None


def _bindings(program: Program, node: ast.expr) -> list[Binding]:
    return program.bindings(node.id, program.home(node)) if isinstance(node, ast.Name) else []


def _asks_for_a_number(program: Program, call: ast.Call) -> bool:
    """Tell whether the prompt, or the name that holds the answer, speaks of a number."""
    statement = program.statement(call)
    names = [one.id for one in getattr(statement, "targets", ()) if isinstance(one, ast.Name)]
    if any(len(name) <= 2 and name.isalnum() for name in names) and not call.args:
        return True
    return any(_NUMERIC.search(text.replace("_", " ")) for text in [*names, *(program.text(one) for one in call.args)])


def _converted(program: Program, kind: str, *calls: ast.Call) -> str | None:
    """Return the program with the typed text made a number, where nothing else needs it as text."""
    changes: dict[tuple[int, int], mending.Change] = {}
    for call in calls:
        statement, above = program.statement(call), program.parent.get(call)
        stripped = program.parent.get(above) if isinstance(above, ast.Attribute) and above.attr == "strip" else None
        whole = stripped if isinstance(stripped, ast.Call) else call
        typed: list[ast.Call] = [whole]
        match statement:
            case ast.Assign(targets=[ast.Name(id=name), *_], value=value) if value is whole:
                scope = program.scope(statement)
                if any(_needs_text(program, one) for one in program.reads(name, scope)):
                    return None
                again = [one.value for one in program.bindings(name, scope) if isinstance(one.value, ast.Call)]
                typed += [one for one in again if isinstance(one.func, ast.Name) and one.func.id == "input"]
        changes |= {(one.lineno, one.col_offset): (one, f"{kind}({program.text(one)})") for one in typed}
    return mending.replaced(program.case, *changes.values())


def _needs_text(program: Program, name: ast.Name) -> bool:
    """Tell whether a name is read where only text will do, or compared with one."""
    match program.parent.get(name):
        case ast.Attribute() | ast.Subscript() | ast.For() | ast.comprehension():
            return True
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return any(isinstance(one, ast.Constant | ast.JoinedStr) and number(one) is None for one in (left, right))
        case ast.Call(func=ast.Name(id="len")):
            return True
        case ast.Compare() as compared:
            sides = [one for one in (compared.left, *compared.comparators) if one is not name]
            return any(program.kinds.of(one) == "str" and not program.kinds.input_call(one) for one in sides)
    return False
