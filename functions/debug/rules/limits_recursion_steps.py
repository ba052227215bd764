"""Limits: `RecursionError` of a function that has a base case and does not come to it, or not soon enough."""

from __future__ import annotations

import ast

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import looking
from functions.debug.rules.mending import replaced
from functions.debug.rules.phrases import shown
from functions.debug.rules.recursion import Recursion, arguments, first_given, recursion_of
from functions.debug.rules.reporting import at, called, message, number, tell, written
from functions.debug.rules.scoping import Function

_DEEP = 900
"""So many calls within each other are certain to be too many, with those that Python itself needs."""


def base_case_not_reached(case: Case) -> Finding | None:
    """The argument never comes nearer to the base case, or jumps past it."""
    found = recursion_of(case)
    if found is None:
        return None
    for parameter, given in arguments(found):
        tested = _test(found, parameter)
        step = _step(given, parameter)
        if tested is None or step is None:
            continue
        why, better, node = _missed(case, found, parameter, step, tested)
        if why:
            texts = (
                f"{written(case, found.call)} in line {found.call.lineno} {why}, so {written(case, tested)} in line "
                f"{tested.lineno} never ends it.",
                f"Which values does {shown(parameter)} have in the first three calls, and do they come nearer to "
                f"{written(case, tested)}?",
                f"Write {shown(better)}."
                if better
                else "Change the argument so that every call comes nearer to the end.",
            )
            return tell(
                case, "base_case_not_reached", found.call, texts, replaced(case, (node, better)) if better else None
            )
    unchanged = list(arguments(found))
    if unchanged and all(_step(given, parameter) == 0 for parameter, given in unchanged):
        texts = (
            f"{written(case, found.call)} in line {found.call.lineno} calls the function with exactly what it got, so "
            "every call "
            "does the same as the one before.",
            f"What must be different in the next call of {found.name}, so that it comes to its end?",
            "Call it with something smaller: one less, or without the first item.",
        )
        return tell(case, "base_case_not_reached", found.call, texts, here=True)
    return None


def _step(given: ast.expr, parameter: str) -> int | float | None:
    """Return by how much an argument differs from what the function got; None where that is not plain."""
    match given:
        case ast.Name(id=name) if name == parameter:
            return 0
        case ast.BinOp(left=ast.Name(id=name), op=ast.Add() | ast.Sub() as op, right=right) if name == parameter:
            by = number(right)
            return by if by is None or isinstance(op, ast.Add) else -by
    return None


def _test(found: Recursion, parameter: str) -> ast.Compare | None:
    """Return the base case's comparison of a parameter with a number."""
    for node in ast.walk(found.function):
        match node:
            case ast.Compare(left=ast.Name(id=name), ops=[_], comparators=[limit]) if name == parameter:
                if number(limit) is not None:
                    return node
    return None


def _missed(
    case: Case, found: Recursion, parameter: str, step: int | float, tested: ast.Compare
) -> tuple[str, str | None, ast.AST]:
    """Return why the base case is missed, and what to write in the place of which node."""
    operator, limit = tested.ops[0], number(tested.comparators[0])
    given = next(one for name, one in arguments(found) if name == parameter)
    start = first_given(case, found, parameter)
    down = isinstance(operator, ast.LtE | ast.Lt) or (
        isinstance(operator, ast.Eq) and (start is None or start > (limit or 0))
    )
    nearer = f"{parameter} {'-' if down else '+'} 1"
    if isinstance(operator, ast.NotEq | ast.Gt | ast.GtE) or limit is None:
        return "", None, given
    if step == 0:
        only = sum(1 for _ in arguments(found)) == 1
        return ("calls it with the same " + shown(parameter), nearer, given) if only else ("", None, given)
    if isinstance(operator, ast.Eq) and step < 0 and start is not None and start < limit:
        better = f"{parameter} <= {looking.source(case, tested.comparators[0])}"
        return f"begins behind it: {shown(parameter)} is {start} at first", better, tested
    if (step > 0) == down and start is not None:
        return (
            f"goes the wrong way: {shown(parameter)} gets {'larger' if step > 0 else 'smaller'} with every call",
            nearer,
            given,
        )
    if isinstance(operator, ast.Eq) and start is not None and (start - limit) % step:
        sign = "<=" if step < 0 else ">="
        better = f"{parameter} {sign} {looking.source(case, tested.comparators[0])}"
        return f"jumps past it: {shown(parameter)} is {start} at first and changes by {step}", better, tested
    return "", None, given


def too_deep(case: Case) -> Finding | None:
    """A function that would end, after more calls than Python allows, or of which nothing more can be told."""
    found = recursion_of(case)
    if found is None:
        if not case.error or "recursion" not in message(case).lower() + case.error.type.lower():
            return None
        around_it = _circle(case)
        what = f"{around_it} call each other" if around_it else "functions call each other, or one calls itself,"
        texts = (
            f"The program stops{at(case)}: {what} again and again, deeper than Python allows.",
            "Which function is named again and again in the traceback, and when should it stop?",
            "Give it a case in which it returns at once, and let every call come nearer to that case.",
        )
        return tell(case, "no_base_case", None, texts)
    first = next((one for name, _ in arguments(found) if (one := first_given(case, found, name)) is not None), None)
    deep = first is not None and abs(first) >= _DEEP
    why = f"it begins with {first}, and each call needs another one" if deep else "it goes deeper than Python allows"
    texts = (
        f"{found.name} calls itself in line {found.call.lineno}: {why}.",
        f"How many calls of {found.name} are open at once when it has come to its base case?",
        "Python allows about a thousand. Use a loop for so many steps." if deep else
        "Print the argument at the top of the function: it shows whether the calls come nearer to the base case.",
    )  # fmt: skip
    return tell(case, "recursion_too_deep" if deep else "base_case_not_reached", found.call, texts, here=True)


def _circle(case: Case) -> str | None:
    """Return the two functions that call each other."""
    functions: list[Function] = [*looking.nodes(case, ast.FunctionDef), *looking.nodes(case, ast.AsyncFunctionDef)]
    calls = {one.name: {called(node) for node in ast.walk(one) if isinstance(node, ast.Call)} for one in functions}
    for one in calls:
        for other in calls:
            if one < other and other in calls[one] and one in calls[other]:
                return f"{shown(f'{one}()')} and {shown(f'{other}()')}"
    return None


RULES: dict[str, tuple[Rule, ...]] = {"RecursionError": (base_case_not_reached, too_deep)}
