"""Assignments: what stands to the left of `=` and cannot keep a value."""

from __future__ import annotations

import re
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules.syntax.program import Program, Statement
from functions.debug.rules.syntax.scanning import Token
from functions.debug.rules.syntax.telling import found, shown

_ASSIGNING = ("=", "+=", "-=", "*=", "/=", "//=", "**=", "%=")
_CALCULATING = ("+", "-", "*", "/", "//", "%", "**", "<", ">", "<=", ">=", "==", "!=", "and", "or", "not")
_NOT_FIRST = ("if", "elif", "while", "assert", "return", "for", "with", "def", "class", "lambda", "print")
_NAME = re.compile(r"[^\W\d]\w*")


def assigned_to_no_name(program: Program) -> Iterator[Finding]:
    """Find assignments to a number, a text, a call or a calculation."""
    for statement in program.near:
        signs = [n for n, t in enumerate(statement.tokens) if t.depth == 0 and t.text in _ASSIGNING]
        if not signs or statement.first in _NOT_FIRST or signs[0] == 0:
            continue
        left = statement.tokens[: signs[0]]
        if any(token.text in (",", ":") and token.depth == 0 for token in left):
            continue
        if _is_literal(left):
            yield from _to_literal(program, statement, left, signs)
        elif left[-1].text == ")" and left[0].kind == "name" and any(t.text == "(" and t.depth == 0 for t in left[1:]):
            yield from _to_call(program, statement, left, signs)
        elif any(t.depth == 0 and t.text in _CALCULATING for t in left) and not any(
            t.text == "?" for t in statement.tokens
        ):
            yield from _to_calculation(program, statement, left, signs)


def _is_literal(left: list[Token]) -> bool:
    texts = [token.text for token in left]
    if len(left) == 2 and texts[0] in "+-":
        return left[1].kind == "number"
    return len(left) == 1 and (left[0].kind in ("number", "string") or texts[0] in ("True", "False", "None", "..."))


def _sides(program: Program, statement: Statement, left: list[Token], signs: list[int]) -> tuple[str, str, str]:
    """Return the left side, the right side, and the statement with both exchanged, "" where that makes no sense."""
    one = program.code[left[0].start : left[-1].end]
    rest = [t for t in statement.tokens[signs[0] + 1 :] if t.text != ";"]
    other = program.code[rest[0].start : rest[-1].end] if rest else ""
    exchanged = (
        f"{other} = {one}"
        if len(signs) == 1 and _NAME.fullmatch(other) and other not in ("None", "True", "False")
        else ""
    )
    return one, other, exchanged if statement.tokens[signs[0]].text == "=" else ""


def _edited(program: Program, statement: Statement, text: str) -> str:
    last = [t for t in statement.tokens if t.text != ";"][-1]
    return program.edited((statement.tokens[0].start, last.end, text))


def _to_literal(program: Program, statement: Statement, left: list[Token], signs: list[int]) -> Iterator[Finding]:
    one, other, exchanged = _sides(program, statement, left, signs)
    repaired = [_edited(program, statement, exchanged)] if exchanged else []
    if left[0].kind == "string" and _NAME.fullmatch(left[0].body):
        repaired.append(program.edited((left[0].start, left[0].end, left[0].body)))
    for fixed in [*repaired, None]:
        yield found(
            program,
            "assign_to_literal",
            statement.line,
            f"{{at}} wants to store {shown(other) if other else 'something'} in {shown(one)}, but {shown(one)} is "
            "itself a value and no name that could keep another one.",
            "Which side of the `=` in {at} is the name, and which one the value? The name stands on the left.",
            fixed=fixed,
            solution="" if fixed else f"Put a name to the left of `=` in {{at}} in place of {shown(one)}.",
            expression=one,
        )


def _to_call(program: Program, statement: Statement, left: list[Token], signs: list[int]) -> Iterator[Finding]:
    one, _, exchanged = _sides(program, statement, left, signs)
    opener = max(n for n, t in enumerate(left) if t.text == "(" and t.depth == 0)
    holder = program.code[left[0].start : left[opener].start].strip()
    repaired = []
    if re.search(rf"(?m)^\s*{re.escape(holder)}\s*=(?!=)", program.code) and len(left) > opener + 2:
        repaired.append(
            program.edited((left[opener].start, left[opener].end, "["), (left[-1].start, left[-1].end, "]"))
        )
    if exchanged:
        repaired.append(_edited(program, statement, exchanged))
    for fixed in [*repaired, None]:
        yield found(
            program,
            "assign_to_call",
            statement.line,
            f"{{at}} has the call {shown(one)} to the left of `=`. A call gives a value; it is no place that could "
            "keep one.",
            f"Do you want to store the result of {shown(one)} under a name, to change an item with square brackets, or "
            "to compare with `==`?",
            fixed=fixed,
            solution=""
            if fixed
            else "Store under a name, such as `result`, or compare with `==` if {at} asks whether both are the same.",
            expression=one,
        )


def _to_calculation(program: Program, statement: Statement, left: list[Token], signs: list[int]) -> Iterator[Finding]:
    one, _, exchanged = _sides(program, statement, left, signs)
    hyphened = re.fullmatch(r"[^\W\d]\w*(?:-\w+)+", one)
    repaired = []
    if hyphened:
        repaired.append(re.sub(rf"(?<![\w-]){re.escape(one)}(?![\w-])", one.replace("-", "_"), program.code))
    elif exchanged:
        repaired.append(_edited(program, statement, exchanged))
    why = (
        f"For Python {shown(one)} is not one name but a subtraction: a hyphen cannot be a part of a name."
        if hyphened
        else f"{shown(one)} is a calculation, and only a name can keep a value."
    )
    for fixed in [*repaired, None]:
        yield found(
            program,
            "assign_to_call",
            statement.line,
            f"{{at}} has {shown(one)} to the left of `=`. {why}",
            "Which name is to keep the value in {at}? Only that name stands to the left of `=`.",
            fixed=fixed,
            solution=""
            if fixed
            else f"Put one name to the left of `=` in {{at}}, and {shown(one)} to its right or away.",
            expression=one,
        )


def quoted_argument(program: Program) -> Iterator[Finding]:
    """Find an argument whose name stands in quotes, or is none: `dict("a"=1)`."""
    for statement in program.near:
        named = zip(statement.tokens, statement.tokens[1:], statement.tokens[2:], strict=False)
        for before, one, sign in named:
            if sign.text != "=" or sign.inside != "(" or before.text not in ("(", ","):
                continue
            if one.kind not in ("string", "number") and one.text not in ("True", "False", "None"):
                continue
            bare = one.body if one.kind == "string" and _NAME.fullmatch(one.body) else None
            yield found(
                program,
                "assign_to_literal",
                one.line,
                f"In {{at}} {shown(one.text)} stands before `=` within the parentheses of a call, where the name of a "
                "parameter belongs.",
                'How is an argument given by its name? Compare it with `print(1, end="")`.',
                fixed=program.edited((one.start, one.end, bare)) if bare else None,
                solution="" if bare else "Put a parameter's name before `=`, or compare with `==`.",
                expression=one.text,
            )


def assigned_by_colon(program: Program) -> Iterator[Finding]:
    """Find `x := 1` and `x : = 1` as a statement of its own."""
    for statement in program.near:
        tokens = statement.tokens
        if len(tokens) < 3 or tokens[0].kind != "name":
            continue
        sign = next((t for t in tokens[1:] if t.depth == 0 and t.text in (":=", "<-")), None)
        if sign is None or statement.first in ("if", "elif", "while", "return", "print"):
            continue
        yield found(
            program,
            "syntax_other",
            sign.line,
            f"{{at}} stores a value with {shown(sign.text)}. A statement of its own stores with a plain `=` in Python.",
            "With which sign do the other lines of the program store a value?",
            fixed=program.edited((sign.start, sign.end, "=")),
            expression=sign.text,
        )
