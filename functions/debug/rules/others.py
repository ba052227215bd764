"""Others: single errors that need no family, and what is said of any error that no other rule knows."""

from __future__ import annotations

import ast
import builtins
import re

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import looking
from functions.debug.rules.mending import replaced
from functions.debug.rules.phrases import shown
from functions.debug.rules.reporting import (
    around,
    at,
    called,
    is_call,
    known,
    message,
    number,
    only_value,
    tell,
    written,
)


def average_of_nothing(case: Case) -> Finding | None:
    """`sum(values) / len(values)` of no values."""
    if re.search(r"requires at least (one|two) data point|no (median|mode|mean) for empty", message(case)):
        call = next((call for call in looking.suspects(case, ast.Call) if call.args), None)
        values = call.args[0] if call is not None else None
        return _average(case, call, values)
    if not case.error or case.error.type != "ZeroDivisionError":
        return None
    for node in _divisions(case):
        divisor = only_value(case, node.right) or node.right
        if is_call(divisor, "len") and isinstance(divisor, ast.Call) and divisor.args:
            return _average(case, node.right, divisor.args[0])
        if _adds_up(case, node.left) and isinstance(node.right, ast.Name) and _counts_up(case, node.right):
            return _average(case, node.right, None)
    return None


def _average(case: Case, node: ast.AST | None, values: ast.expr | None) -> Finding:
    source = looking.source(case, values) if values is not None else ""
    what = f"{shown(source)} is empty, so its average would be 0 divided by 0" if source else "nothing was counted"
    named = values if isinstance(values, ast.Name | ast.Attribute) else node if isinstance(node, ast.Name) else None
    condition = looking.source(case, named) if named is not None else "values"
    texts = (
        f"The program stops{at(case, node)}: {what}.",
        f"When can {shown(condition)} be {'empty' if source else 'zero'} here, and what should come out then?",
        f"Handle that case before this line: {shown(f'if not {condition}:')}",
    )
    return tell(case, "average_of_nothing", node, texts)


def _adds_up(case: Case, node: ast.expr) -> bool:
    added = {one.target.id for one in looking.nodes(case, ast.AugAssign) if isinstance(one.target, ast.Name)}
    return is_call(node, "sum") or (isinstance(node, ast.Name) and node.id in added)


def _counts_up(case: Case, node: ast.Name) -> bool:
    return any(
        isinstance(one.target, ast.Name) and one.target.id == node.id and number(one.value) == 1
        for one in looking.nodes(case, ast.AugAssign)
    )


def divide_by_zero(case: Case) -> Finding | None:
    """A division, or a remainder, by a value that is zero."""
    if not case.error or case.error.type not in ("ZeroDivisionError", "DivisionByZero", "DivisionUndefined"):
        return None
    node = next(iter(_divisions(case)), None)
    if node is None:
        texts = (
            f"The program stops{at(case)}: something is divided by zero, and that has no result.",
            "Which value stands to the right of the `/`, `//` or `%`, and how did it become zero?",
            "Ask whether the divisor is zero before you divide, and say what should happen then.",
        )
        return tell(case, "divide_by_zero", None, texts)
    divisor, source = written(case, node.right), looking.source(case, node.right)
    counts = _counter(case, node)
    solution = f"Ask {shown(f'if {source} != 0:')} before you divide, and decide what should happen otherwise."
    begins, fixed = "", None
    if counts is not None:
        begins = f" {written(case, counts)} begins with 0."
        better = f"range(1, {looking.source(case, counts.args[0])})"
        solution, fixed = f"Begin with 1: {shown(better)}.", replaced(case, (counts, better))
    elif isinstance(node.right, ast.Constant):
        solution = "Write the number that you meant to divide by."
    texts = (
        f"{written(case, node)}{at(case, node)} divides by {divisor}, which is zero at that moment.{begins}",
        "Which number should stand there?"
        if isinstance(node.right, ast.Constant)
        else f"How does {divisor} become zero{_set_at(case, node.right)}, and is that right?",
        solution,
    )
    return tell(case, "divide_by_zero", node.right, texts, fixed)


def _divisions(case: Case) -> list[ast.BinOp]:
    found = looking.suspects(case, ast.BinOp)
    kinds = ast.Div | ast.FloorDiv | ast.Mod
    return sorted(
        (one for one in found if isinstance(one.op, kinds)), key=lambda one: number(one.right) not in (None, 0)
    )


def _counter(case: Case, node: ast.BinOp) -> ast.Call | None:
    """Return the `range(n)` that makes the divisor count from 0."""
    for loop in around(case, node):
        if isinstance(loop, ast.For) and isinstance(loop.target, ast.Name) and isinstance(node.right, ast.Name):
            counts = is_call(loop.iter, "range") and isinstance(loop.iter, ast.Call) and len(loop.iter.args) == 1
            if loop.target.id == node.right.id and counts:
                return loop.iter  # type: ignore[return-value]  # counts says that it is a call
    return None


def _set_at(case: Case, node: ast.expr) -> str:
    value = only_value(case, node)
    return f" (line {value.lineno} sets it)" if value is not None and value is not node else ""


def next_on_exhausted(case: Case) -> Finding | None:
    """`next` where there is no next value."""
    stopped = case.error and (case.error.type == "StopIteration" or "raised StopIteration" in message(case))
    if not stopped:
        return None
    call = next((one for one in looking.suspects(case, ast.Call) if is_call(one, "next", "__next__")), None)
    given = call.args[0] if call is not None and call.args else None
    values = written(case, given) if given is not None else "it"
    better = f"next({looking.source(case, given)}, None)" if given is not None else "next(values, None)"
    texts = (
        f"{written(case, call) if call is not None else '`next`'}{at(case, call)} asks for one more value, and "
        f"{values} has "
        "none left.",
        f"How many values does {values} give, and how often does the program take one?",
        f"Take them with a `for` loop, which stops by itself, or say what should come in the end: {shown(better)}.",
    )
    return tell(case, "next_on_exhausted", call, texts)


def assertion_failed(case: Case) -> Finding | None:
    """`assert` of what is not true."""
    if not case.error or case.error.type != "AssertionError":
        return None
    node = next(iter(looking.suspects(case, ast.Assert)), None)
    says = f" It says {shown(message(case))}." if message(case) else ""
    if node is None:
        texts = (
            f"The program stops{at(case)}: something that is asserted to be true is not.{says}",
            "What is compared there, and which values do both sides have?",
            "Print both sides just before, and correct the one that is wrong.",
        )
        return tell(case, "assertion_failed", None, texts)
    test, sides = node.test, "its parts"
    if isinstance(test, ast.Compare):
        sides = f"{written(case, test.left)} and {written(case, test.comparators[0])}"
    about = known(case)
    calls = [one.func.id for one in ast.walk(test) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)]
    functions = [about[0].function(name) for name in calls] if about else []
    function = next((one for one in functions if one), None)
    look = f" {shown(f'{function.name}()')} is defined in line {function.lineno}." if function else ""
    texts = (
        f"{written(case, test)}{at(case, node)} should be true, and it is not.{says}",
        f"Which values do {sides} have when this line runs?{look}",
        f"Print {sides} just before the line. If the program is wrong, correct "
        f"{shown(function.name) if function else 'what comes before'}; if you expected something wrong, correct the "
        "`assert`.",
    )
    return tell(case, "assertion_failed", test, texts)


def changed_while_iterating(case: Case) -> Finding | None:
    """A dictionary or a set to which a loop over it adds, or from which it takes."""
    said = re.search(
        r"(?i)(dictionary|set|deque|ordereddict|list)\b.*(changed|mutated).* during iteration", message(case)
    )
    if not said:
        return None
    line = looking.place(case)
    loops = [one for one in looking.nodes(case, ast.For) if line is None or one.lineno <= line <= (one.end_lineno or 0)]
    loop = next((one for one in reversed(loops) if _changed_in(case, one)), None)
    if loop is None:
        texts = (
            f"The program stops{at(case)}: a loop goes through a {said[1].lower()} that changes meanwhile.",
            "What is the loop over, and which line in it adds something or takes something away?",
            "Loop over a copy, `for key in list(d):`, and change the original.",
        )
        return tell(case, "dict_changed_while_iterating", None, texts)
    owner, source = loop.iter, looking.source(case, loop.iter)
    changing = _changed_in(case, loop)
    better = f"list({source})"
    texts = (
        f"The loop in line {loop.lineno} goes through {written(case, owner)}, and"
        f"{f' {shown(case.line(changing.lineno))} in line {changing.lineno}' if changing else ' a line in it'} "
        "changes it "
        "meanwhile. Python then no longer knows where it is.",
        f"What would the loop have to go through, so that {written(case, owner)} may change?",
        f"Loop over a copy: {shown(f'for {looking.source(case, loop.target)} in {better}:')}",
    )
    return tell(case, "dict_changed_while_iterating", owner, texts, replaced(case, (owner, better)))


_CHANGING = ("pop", "popitem", "add", "remove", "discard", "update", "clear", "setdefault", "append", "appendleft")


def _changed_in(case: Case, loop: ast.For) -> ast.stmt | ast.expr | None:
    """Return what changes, within a loop, the very thing it goes through."""
    owner = loop.iter
    if (
        isinstance(owner, ast.Call)
        and isinstance(owner.func, ast.Attribute)
        and called(owner) in ("keys", "items", "values")
    ):
        owner = owner.func.value
    name = looking.source(case, owner)
    for statement in loop.body:
        for node in ast.walk(statement):
            match node:
                case (
                    ast.Delete(targets=[ast.Subscript(value=changed)])
                    | ast.Assign(targets=[ast.Subscript(value=changed)])
                ):
                    if looking.source(case, changed) == name:
                        return node
                case ast.Call(func=ast.Attribute(value=changed, attr=method)) if method in _CHANGING:
                    if looking.source(case, changed) == name:
                        return node
    return None


_KINDS = {
    "SyntaxError": "syntax_other",
    "IndentationError": "unindent_mismatch",
    "TabError": "mixed_tabs_and_spaces",
    "NameError": "name_other",
    "UnboundLocalError": "local_assigned_in_function",
    "TypeError": "type_other",
    "ValueError": "value_other",
}


def any_error(case: Case) -> Finding | None:
    """Any error: what its name, its message and its line tell."""
    if case.error is None:
        return None
    error, line = case.error, looking.place(case)
    made = next((one for one in looking.nodes(case, ast.ClassDef) if one.name == error.type), None)
    if made is not None:
        raised = next(
            (one for one in looking.nodes(case, ast.Raise) if one.exc and error.type in looking.source(case, one)), None
        )
        where = f"; {written(case, raised)} in line {raised.lineno} raises it" if raised is not None else ""
        texts = (
            f"{shown(error.type)} is an error of your own program, made in line {made.lineno}{where}.",
            "Under which condition does the program raise it, and which value met that condition?",
            f"Handle it where the function is called, with `try` and {shown(f'except {error.type}:')}, or use other "
            "values.",
        )
        return tell(case, "raised_on_purpose", raised, texts)
    says = f", and says {shown(message(case))}" if message(case) else ""
    text = case.line(line).strip() or error.source or ""
    at_line = f" in line {line}" if line else ""
    what = "" if hasattr(builtins, error.type) else " It is not one of Python's own: a module that you use raises it."
    texts = (
        f"The program stops{at_line} with {shown(error.type)}{says}.{what}",
        f"Look at {shown(text) if text else 'the line that the message names'}: which values does it work with?",
        "Print these values just before the line, and compare them with what you expect.",
    )
    return tell(case, _KINDS.get(error.type, "other_error"), None, texts)


RULES: dict[str, tuple[Rule, ...]] = {
    "*": (
        average_of_nothing,
        divide_by_zero,
        next_on_exhausted,
        assertion_failed,
        changed_while_iterating,
        any_error,
    ),
}
