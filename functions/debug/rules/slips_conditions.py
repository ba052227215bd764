"""Slips with conditions: one that is always true, or never."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules import looking, mending
from functions.debug.rules.slips_program import Program, number, same

_SAME_EACH_TIME = ("lower", "upper", "strip", "len", "abs", "int", "float", "str")
_TESTED = ast.If | ast.While | ast.IfExp | ast.Assert


def always_true_condition(program: Program) -> Iterator[Finding]:
    """`x == 1 or 2`, `x != 1 or x != 2`, `len(x) >= 0`: the condition does not depend on what it should."""
    for condition in program.all(ast.BoolOp):
        found = (
            _value_alone(program, condition)
            or _first_value_alone(program, condition)
            or _both_sides(program, condition)
        )
        if found:
            yield found
    for compared in program.all(ast.Compare):
        if found := _either_value(program, compared) or _length(program, compared) or _with_itself(program, compared):
            yield found
    for test in [one.test for one in program.all(ast.If)] + [one.test for one in program.all(ast.While)]:
        if isinstance(test, ast.Tuple) and test.elts:
            yield program.found(
                "always_true_condition", test,
                f"The condition in line {test.lineno} is a tuple, because of its comma, and a tuple that holds "
                "something is always true.",
                f"Look at the comma in line {test.lineno}. Which conditions must be true, all of them or one of them?",
                "Put `and` or `or` between the conditions instead of the comma.",
            )  # fmt: skip


def _value_alone(program: Program, condition: ast.BoolOp) -> Finding | None:
    """Find `x == 1 or 2`, where the 2 stands for itself."""
    compared: ast.Compare | None = None
    meant: list[tuple[ast.expr, str]] = []
    for value in condition.values:
        inner = value.operand if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.Not) else value
        if isinstance(inner, ast.Compare) and len(inner.ops) == 1 and not isinstance(inner.ops[0], ast.Is | ast.IsNot):
            compared = inner
        elif compared and _stands_alone(program, value, compared):
            first, last = (looking.span(program.case.code, one) for one in (compared, compared.comparators[0]))
            meant.append((value, program.case.code[first[0] : last[0]] + program.text(value)))
    # `x and "a" or "b"` is how one chose between two values long ago
    old_choice = isinstance(condition.op, ast.And) and isinstance(program.parent.get(condition), ast.BoolOp)
    if compared is None or not meant or old_choice:
        return None
    word = "or" if isinstance(condition.op, ast.Or) else "and"
    negated = any(isinstance(value, ast.UnaryOp) for value in condition.values)
    alone = program.shown(meant[0][0])
    result = "the whole condition is always true" if word == "or" else f"{alone} changes nothing"
    return program.found(
        "always_true_condition", condition,
        f"Python does not read `{word} {program.text(meant[0][0])}` as a second comparison. It looks at {alone} alone, "
        f"which counts as true, so {result} in line {condition.lineno}.",
        f"Read line {condition.lineno} as two questions, one on each side of `{word}`. What does the right one ask?",
        f"Write the comparison out on both sides: {program.shown(f'{program.text(compared)} {word} {meant[0][1]}')}.",
        None if negated else mending.replaced(program.case, *meant),
    )  # fmt: skip


def _stands_alone(program: Program, value: ast.expr, compared: ast.Compare) -> bool:
    """Tell whether a part of `or` is a value that was meant for the comparison before it."""
    if isinstance(value, ast.Constant):
        return bool(value.value) and not isinstance(value.value, bool)
    if isinstance(value, ast.List | ast.Tuple):
        return bool(value.elts) and isinstance(compared.ops[0], ast.In | ast.NotIn)
    if not isinstance(value, ast.Name) or not isinstance(compared.comparators[0], ast.Name):
        return False
    kept = [
        program.bindings(one.id, program.home(one))
        for one in (value, compared.comparators[0])
        if isinstance(one, ast.Name)
    ]
    return all(
        len(bound) == 1 and isinstance(bound[0].value, ast.Constant) and isinstance(bound[0].value.value, str | int)
        and bool(bound[0].value.value) and not isinstance(bound[0].value.value, bool)
        for bound in kept
    )  # fmt: skip


def _first_value_alone(program: Program, condition: ast.BoolOp) -> Finding | None:
    """Find `"a" or "b" in text`, where the first value stands for itself."""
    *first, last = condition.values
    if (
        not isinstance(last, ast.Compare)
        or len(last.ops) != 1
        or not isinstance(last.ops[0], ast.In | ast.NotIn | ast.Eq)
    ):
        return None
    texts = all(isinstance(one, ast.Constant) and one.value and type(one.value) in (str, int, float) for one in first)
    if not texts or not isinstance(last.left, ast.Constant):
        return None
    begin, end = looking.span(program.case.code, last.left)[1], looking.span(program.case.code, last)[1]
    rest = program.case.code[begin:end]
    word = "or" if isinstance(condition.op, ast.Or) else "and"
    meant = f" {word} ".join(program.text(one) + rest for one in (*first, last.left))
    result = "the whole condition is always true" if word == "or" else "only the last one is looked for"
    return program.found(
        "always_true_condition", condition,
        f"Only {program.shown(last)} is a question in line {condition.lineno}. {program.shown(first[0])} stands alone "
        f"and counts as true, so {result}.",
        f"Read line {condition.lineno} as separate questions around `{word}`. What does {program.shown(first[0])} ask?",
        f"Write each question out: {program.shown(meant)}.",
        mending.replaced(program.case, *((one, program.text(one) + rest) for one in first)),
    )  # fmt: skip


def _either_value(program: Program, compared: ast.Compare) -> Finding | None:
    """Find `x == ("a" or "b")`, which compares with "a" only."""
    if len(compared.ops) != 1 or not isinstance(compared.ops[0], ast.Eq | ast.NotEq):
        return None
    values = compared.comparators[0]
    if not isinstance(values, ast.BoolOp) or not all(
        isinstance(one, ast.Constant) and one.value for one in values.values
    ):
        return None
    sign = "in" if isinstance(compared.ops[0], ast.Eq) else "not in"
    taken = values.values[0] if isinstance(values.op, ast.Or) else values.values[-1]
    meant = f"{program.text(compared.left)} {sign} ({', '.join(map(program.text, values.values))})"
    code = program.case.code
    begin, end = looking.span(code, compared)
    bracketed = end < len(code) and code.find("(", begin, looking.span(code, values)[0]) >= 0
    return program.found(
        "always_true_condition", compared,
        f"{program.shown(values)} is worked out first, and gives {program.shown(taken)} alone: line {compared.lineno} "
        "compares with nothing else.",
        f"What is the value of {program.shown(values)} in line {compared.lineno}? Print it.",
        f"Ask whether it is one of them: {program.shown(meant)}.",
        mending.replaced(program.case, (compared, meant)) if bracketed else None,
    )  # fmt: skip


def _both_sides(program: Program, condition: ast.BoolOp) -> Finding | None:
    """Find `x != 1 or x != 2`, which is always true, and `x == 1 and x == 2`, which never is."""
    for one, other in zip(condition.values, condition.values[1:], strict=False):
        first, second = _compared(one), _compared(other)
        if first is None or second is None or not same(first[0], second[0]):
            continue
        either = isinstance(condition.op, ast.Or)
        if not (_always if either else _never)(first[1:], second[1:]):
            continue
        word, right = ("or", "and") if either else ("and", "or")
        gap = looking.span(program.case.code, one)[1], looking.span(program.case.code, other)[0]
        place = re.compile(rf"\b{word}\b").search(program.case.code, *gap)
        alike = [
            part
            for part in map(_compared, condition.values)
            if part and same(part[0], first[0]) and part[1] is ast.NotEq
        ]
        sure = len(condition.values) == 2 or len(alike) == len(condition.values)
        what, result = program.shown(first[0]), "always true" if either else "never true"
        return program.found(
            "always_true_condition", condition,
            f"{program.shown(condition)} is {result}, whatever {what} is: "
            + ("at least one of the two sides holds for every value." if either else "no value fits both sides."),
            f"Try a few values for {what} in line {condition.lineno}, and say of each side whether it is true.",
            f"Join the two sides with `{right}` instead of `{word}`.",
            _joined(program, condition, word, right) if sure and place else None,
        )  # fmt: skip
    return None


def _joined(program: Program, condition: ast.BoolOp, word: str, right: str) -> str | None:
    """Return the program with each `or` of a condition an `and`, or the other way round."""
    places = []
    for one, other in zip(condition.values, condition.values[1:], strict=False):
        gap = looking.span(program.case.code, one)[1], looking.span(program.case.code, other)[0]
        found = re.compile(rf"\b{word}\b").search(program.case.code, *gap)
        places += [found.span()] if found else []
    return mending.replaced(program.case, *((place, right) for place in places))


def _compared(node: ast.expr) -> tuple[ast.expr, type[ast.cmpop], object] | None:
    """Return (what, how, with which constant) of a comparison, a `not` before it taken in."""
    negated = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    inner = node.operand if isinstance(node, ast.UnaryOp) and negated else node
    if not isinstance(inner, ast.Compare) or len(inner.ops) != 1:
        return None
    value = number(inner.comparators[0])
    constant = inner.comparators[0].value if isinstance(inner.comparators[0], ast.Constant) else value
    calls = [part.func for part in ast.walk(inner.left) if isinstance(part, ast.Call)]
    if constant is None or any(getattr(one, "attr", getattr(one, "id", "")) not in _SAME_EACH_TIME for one in calls):
        return None
    how: type[ast.cmpop] = type(inner.ops[0])
    if negated:
        how = {ast.Eq: ast.NotEq, ast.NotEq: ast.Eq}.get(how, ast.Is)
    return inner.left, how, constant


def _always(first: tuple[type[ast.cmpop], object], second: tuple[type[ast.cmpop], object]) -> bool:
    (one, a), (other, b) = first, second
    if one is other is ast.NotEq:
        return a != b
    if one in (ast.Lt, ast.LtE):
        (one, a), (other, b) = (other, b), (one, a)
    above, below = one in (ast.Gt, ast.GtE), other in (ast.Lt, ast.LtE)
    return above and below and isinstance(a, int | float) and isinstance(b, int | float) and a < b


def _never(first: tuple[type[ast.cmpop], object], second: tuple[type[ast.cmpop], object]) -> bool:
    (one, a), (other, b) = first, second
    if one is other is ast.Eq:
        return a != b
    if one in (ast.Lt, ast.LtE):
        (one, a), (other, b) = (other, b), (one, a)
    above, below = one in (ast.Gt, ast.GtE), other in (ast.Lt, ast.LtE)
    return above and below and isinstance(a, int | float) and isinstance(b, int | float) and a > b


def _length(program: Program, compared: ast.Compare) -> Finding | None:
    """Find `len(x) >= 0`, which is true of every list."""
    left = compared.left
    measured = (
        isinstance(left, ast.Call)
        and isinstance(left.func, ast.Name)
        and left.func.id == "len"
        and len(compared.ops) == 1
    )
    if not measured or number(compared.comparators[0]) != 0 or not isinstance(compared.ops[0], ast.GtE | ast.Lt):
        return None
    begin, end = looking.span(program.case.code, left)[1], looking.span(program.case.code, compared.comparators[0])[0]
    old, new = (">=", ">") if isinstance(compared.ops[0], ast.GtE) else ("<", "==")
    place = program.case.code.find(old, begin, end)
    result = "always true" if old == ">=" else "never true"
    return program.found(
        "always_true_condition", compared,
        f"A length is never less than 0, so {program.shown(compared)} is {result}.",
        f"For which length should the condition in line {compared.lineno} be true, and for which not?",
        f"Write {program.shown(f'{program.text(left)} {new} 0')}.",
        mending.replaced(program.case, ((place, place + len(old)), new)) if place >= 0 else None,
    )  # fmt: skip


def _with_itself(program: Program, compared: ast.Compare) -> Finding | None:
    """Find `x == x`."""
    alike = (
        len(compared.ops) == 1
        and isinstance(compared.ops[0], ast.Eq | ast.LtE | ast.GtE)
        and same(compared.left, compared.comparators[0])
    )
    if not alike or not isinstance(compared.left, ast.Name | ast.Attribute | ast.Subscript):
        return None
    if not isinstance(program.parent.get(compared), _TESTED | ast.BoolOp):
        return None
    return program.found(
        "always_true_condition", compared,
        f"Line {compared.lineno} compares {program.shown(compared.left)} with itself, which is always true.",
        f"Which two values should line {compared.lineno} compare?",
        f"Put the other value on one side of {program.shown(compared)}.",
    )  # fmt: skip
