"""Arguments: `TypeError` of built-in functions and methods that get a value of a type they cannot use."""

from __future__ import annotations

import ast
import re

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import looking
from functions.debug.rules.inputs import texts_in
from functions.debug.rules.mending import replaced
from functions.debug.rules.nothing import origin
from functions.debug.rules.operands import FUNCTIONS
from functions.debug.rules.phrases import a_kind, beginning, shown
from functions.debug.rules.reporting import called, known, message, tell, written
from functions.debug.rules.types_operators import not_called, number_of_input

_LEN = re.compile(r"object of type '(?P<kind>[^']+)' has no len\(\)")
_JOIN = re.compile(
    r"sequence item (?P<item>\d+): expected (?:str|a bytes-like object)(?: instance)?, (?P<kind>\w+) found"
)
_CONVERT = re.compile(r"(?P<name>int|float|complex)\(\) (?:first )?argument must be .*not '(?P<kind>[^']+)'")
_NEEDS_NUMBER = re.compile(
    r"must be real number, not (?P<kind>\w+)|a (?:real )?number is required, not (?P<format>\w+)"
    r"|type (?P<round>\w+) doesn't define __round__|an integer is required \(got type (?P<old>\w+)\)"
)
_NEEDS_TEXT = re.compile(
    r"(?P<name>\w+)\(\)? ?(?:arg\w* ?\d? |first arg |argument )?(?:\d )?must be (?:a )?(?:str\w*|None or str)\b[^,]*,"
    r" not (?P<kind>\w+)"
    r"|'in <string>' requires string as left operand, not (?P<in>\w+)|must be str or None, not (?P<split>\w+)"
    r"|expected string or bytes-like object(?:, got '(?P<re>\w+)')?"
)
_COUNTABLE = ("map", "zip", "filter", "generator", "reversed", "enumerate")


def _line(case: Case, node: ast.AST | None) -> str:
    return beginning(looking.place(case) or getattr(node, "lineno", None))


def _call(case: Case, *names: str) -> ast.Call | None:
    found = [one for one in looking.suspects(case, ast.Call) if called(one) in names]
    return found[0] if found else None


def _wrong(case: Case, node: ast.AST | None, needs: str, kind: str | None, todo: str, fixed: str | None) -> Finding:
    """Tell that a value is of another type than is needed."""
    what = written(case, node) if node is not None else "the value"
    is_ = f" is {a_kind(kind)}" if kind else " is of another type"
    return tell(
        case,
        "wrong_argument_type",
        node,
        (
            f"{_line(case, node)} {needs}, but {what}{is_}.",
            f"Of which type is {what} when this line runs? `print(type(…))` just before it tells.",
            todo,
        ),
        fixed,
    )


def no_length(case: Case) -> Finding | None:
    """`len` of a number, of None, or of a function."""
    said = _LEN.search(message(case))
    if not said:
        return None
    kind, call = said["kind"], _call(case, "len")
    node = call.args[0] if call and call.args else None
    text = looking.source(case, node) if node is not None else "value"
    if kind in FUNCTIONS:
        return not_called(case, node)
    fixed, todo = None, "Give it something that has items, such as a text or a list."
    if kind == "NoneType":
        about = origin(case, node)
        fixed, todo = about.fixed, f"{about.why} {about.solution}"
    elif kind in ("int", "float") and node is not None:
        fixed, todo = _in(case, node, "str"), f"To count the digits, make a text of it: {shown(f'len(str({text}))')}."
    elif kind in _COUNTABLE and node is not None:
        fixed, todo = _in(case, node, "list"), f"Make a list of it first: {shown(f'len(list({text}))')}."
    return _wrong(case, node, "`len` counts the items of a value", kind, todo, fixed)


def _in(case: Case, node: ast.AST, function: str) -> str | None:
    return replaced(case, (node, f"{function}({looking.source(case, node)})"))


def joined(case: Case) -> Finding | None:
    """`", ".join(numbers)`: only texts can be joined."""
    said = _JOIN.search(message(case))
    if not said:
        return None
    call = _call(case, "join")
    node = call.args[0] if call and call.args else None
    fixed, todo = None, "Make a text of each item first: `map(str, …)`."
    if node is not None:
        text = f"map(str, {looking.source(case, node)})"
        fixed, todo = replaced(case, (node, text)), f"Make a text of each item first: {shown(text)}."
    found = _wrong(case, node, "`join` puts texts together", None, todo, fixed)
    what = written(case, node) if node is not None else "what it got"
    explanation = f"{_line(case, node)} `join` puts texts together, but in {what} there is {a_kind(said['kind'])}."
    return tell(case, found.cause, node, (explanation, found.pointer, todo), fixed)


def converted(case: Case) -> Finding | None:
    """`int` of a list, of None, or of a function."""
    said = _CONVERT.search(message(case))
    if not said:
        return None
    name, kind, call = said["name"], said["kind"], _call(case, said["name"])
    node = call.args[0] if call and call.args else None
    if kind in FUNCTIONS:
        return not_called(case, node)
    fixed, todo = None, "Give it one single number or text, for example one item of a list."
    if kind == "NoneType":
        about = origin(case, node)
        fixed, todo = about.fixed, f"{about.why} {about.solution}"
    elif kind == "list" and call is not None and node is not None:
        text = f"list(map({name}, {looking.source(case, node)}))"
        fixed, todo = replaced(case, (call, text)), f"Convert each item: {shown(text)}."
    return _wrong(case, node, f"{shown(name)} makes a number of one value", kind, todo, fixed)


def number_needed(case: Case) -> Finding | None:
    """A function of `math`, `round` or a `%d` that gets a text."""
    said = _NEEDS_NUMBER.search(message(case))
    if not said:
        return None
    kind = next(filter(None, said.groups()), None)
    calls = looking.suspects(case, ast.Call)
    about = known(case)
    args = [one for call in calls for one in call.args if not about or about[1].of(one) in (kind, None)]
    args += [
        part
        for node in looking.suspects(case, ast.BinOp)
        for part in ast.walk(node.right)
        if isinstance(part, ast.Name)
    ]
    texts = texts_in(case, *args) if kind == "str" else []
    if texts:
        return number_of_input(case, texts[:1])
    sure = [one for one in args if about and about[1].of(one) == kind]
    node = sure[0] if sure else args[0] if args else None
    fixed, todo = None, "Make a number of it first: `float(…)` or `int(…)`."
    if kind == "NoneType":
        about_none = origin(case, node)
        fixed, todo = about_none.fixed, f"{about_none.why} {about_none.solution}"
    elif kind == "str" and sure:
        text = looking.source(case, sure[0])
        fixed, todo = _in(case, sure[0], "float"), f"Make a number of it first: {shown(f'float({text})')}."
    return _wrong(case, node, "a number is needed", kind, todo, fixed)


def text_needed(case: Case) -> Finding | None:
    """A method of texts or files that gets a number."""
    said = _NEEDS_TEXT.search(message(case))
    if not said:
        return None
    kind = next((value for key, value in said.groupdict().items() if value and key != "name"), None)
    about = known(case)
    found: list[ast.expr] = []
    for node in looking.suspects(case, ast.Call, ast.Compare):
        if isinstance(node, ast.Call) and (said["name"] in (None, called(node)) or not said["name"]):
            found += node.args
        elif isinstance(node, ast.Compare) and said["in"]:
            found.append(node.left)
    found = [one for one in found if not about or about[1].of(one) in (kind, None)]
    sure = [one for one in found if about and about[1].of(one) == kind] or found
    wrong = sure[0] if sure else None
    fixed, todo = None, "Make a text of it first: `str(…)`."
    if wrong is not None and kind not in ("NoneType", "list", "dict", "tuple"):
        text = f"str({looking.source(case, wrong)})"
        fixed, todo = replaced(case, (wrong, text)), f"Make a text of it first: {shown(text)}."
    elif kind == "NoneType":
        about_none = origin(case, wrong)
        fixed, todo = about_none.fixed, f"{about_none.why} {about_none.solution}"
    return _wrong(case, wrong, "a text is needed", kind, todo, fixed)


RULES: dict[str, tuple[Rule, ...]] = {"TypeError": (no_length, joined, converted, number_needed, text_needed)}
