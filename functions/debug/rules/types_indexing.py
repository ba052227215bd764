"""Indexing: `TypeError` of square brackets behind a value that has no items, or with something else than a number."""

from __future__ import annotations

import ast
import re

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import looking
from functions.debug.rules.inputs import texts_in
from functions.debug.rules.looping import item_of
from functions.debug.rules.mending import Change, replaced
from functions.debug.rules.nothing import origin
from functions.debug.rules.operands import FUNCTIONS
from functions.debug.rules.phrases import a_kind, beginning, shown
from functions.debug.rules.reporting import known, message, tell, written
from functions.debug.rules.types_operators import not_called, number_of_input

_NO_ITEMS = re.compile(
    r"'(?P<kind>[^']+)' object (?:is not subscriptable|is unsubscriptable|has no attribute '__getitem__')"
)
_INDICES = re.compile(r"(?P<what>\w+) indices must be integers(?:.*not '?(?P<kind>[\w.]+)'?)?")
_LISTED = (
    "dict_keys", "dict_values", "dict_items", "map", "zip", "filter", "set", "generator", "reversed", "enumerate",
    "list_reverseiterator", "frozenset", "list_iterator",
)  # fmt: skip


def _bracket(case: Case, kind: str | None = None) -> ast.Subscript | None:
    """Return the square brackets that a message is about: those behind a value of a type."""
    about = known(case)
    found = looking.suspects(case, ast.Subscript)
    marked = case.error.expression if case.error else None

    def fit(node: ast.Subscript) -> tuple[bool, int]:
        seen = about[1].of(node.value) if about else None
        return looking.source(case, node) != marked, 0 if seen == kind else 1 if seen is None else 2

    return min(found, key=fit, default=None)


def none_subscripted(case: Case) -> Finding | None:
    """Square brackets behind None."""
    said = re.search(r"'NoneType' object (?:is not subscriptable|does(?:n't| not) support item)", message(case))
    if not said:
        return None
    node = _bracket(case, "NoneType")
    about = origin(case, node.value if node else None)
    what = written(case, node.value) if node else "the value"
    return tell(
        case,
        "none_subscripted",
        node,
        (
            f"{_line(case, node)} {what} is `None`, and `None` has no items that square brackets could take. "
            f"{about.why}",
            f"Which line gives {what} its value, and what does it really give?",
            about.solution,
        ),
        about.fixed,
    )


def _line(case: Case, node: ast.AST | None) -> str:
    return beginning(looking.place(case) or getattr(node, "lineno", None))


def not_subscriptable(case: Case) -> Finding | None:
    """Square brackets behind a value that has no items."""
    said = _NO_ITEMS.search(message(case))
    if not said:
        return None
    kind = said["kind"].rsplit(".", 1)[-1]
    node = _bracket(case, kind)
    what = written(case, node.value) if node else "the value"
    fixed, todo = _otherwise(case, kind, node)
    return tell(
        case,
        "not_subscriptable",
        node,
        (
            f"{_line(case, node)} square brackets follow {what}, which is {a_kind(kind)}. Square brackets take an "
            f"item out of a value, and this one has no items.",
            f"What is {what} at this point: a collection, one single value, or a function?",
            todo,
        ),
        fixed,
    )


def _otherwise(case: Case, kind: str, node: ast.Subscript | None) -> tuple[str | None, str]:
    """Return the corrected program, where the type tells what was meant, and what to do."""
    if kind in (*FUNCTIONS, "type"):
        return _round(case, kind, node)
    if node is None:
        return None, "Use a value that has items there, such as a list, or take the square brackets away."
    value, index = looking.source(case, node.value), looking.source(case, node.slice)
    if kind == "int" and (item := item_of(case, node.value)):
        text = f"{item}[{index}]"
        return replaced(case, (node.value, item)), f"{shown(value)} is only the number of an item: write {shown(text)}."
    if kind in _LISTED:
        return replaced(case, (node.value, f"list({value})")), f"Make a list of it first: {shown(f'list({value})')}."
    if kind[:1].isupper() and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        text = f"{value}.{node.slice.value}"
        return replaced(case, (node, text)), f"The attributes of an object stand behind a dot: {shown(text)}."
    if kind in ("int", "float") and isinstance(node.ctx, ast.Load) and _digits(case, node):
        return replaced(
            case, (node.value, f"str({value})")
        ), f"For a digit, make a text of it: {shown(f'str({value})[{index}]')}."
    return None, f"Take the square brackets away, or look where {shown(value)} should have become a list."


def _digits(case: Case, node: ast.Subscript) -> bool:
    """Tell whether the number is one of its own, typed in or written down, and not an item of a collection."""
    about = known(case)
    if not about or not isinstance(node.value, ast.Name):
        return False
    bindings = about[0].of_name(node.value.id, node.value)
    return bool(bindings) and all(
        one.how == "assigned" and not isinstance(one.value, ast.Subscript) for one in bindings
    )


def _round(case: Case, kind: str, node: ast.Subscript | None) -> tuple[str | None, str]:
    if node is None:
        return None, "A function is called with round brackets: `name(…)`."
    name, begin = looking.source(case, node.value), looking.span(case.code, node.value)[1]
    _, end = looking.span(case.code, node)
    about = known(case)
    function = about[0].function(name) if about else None
    if function is not None and not function.args.args:
        return replaced(case, (node.value, f"{name}()")), f"Call the function first: {shown(f'{name}()')}."
    if isinstance(node.value, ast.Attribute) and node.value.attr in ("split", "keys", "values", "items", "readlines"):
        called = f"list({name}())" if node.value.attr in ("keys", "values", "items") else f"{name}()"
        return replaced(case, (node.value, called)), f"Call the method first: {shown(f'{name}()')}."
    opening = case.code.find("[", begin, end) if case.tree is not None else -1
    todo = f"A {'class' if kind == 'type' else 'function'} is called with round brackets: {shown(f'{name}(…)')}."
    if opening < 0 or not isinstance(node.ctx, ast.Load) or isinstance(node.slice, ast.Slice):
        return None, todo
    changes: tuple[Change, ...] = (((opening, opening + 1), "("), ((end - 1, end), ")"))
    return replaced(case, *changes), todo


def index_not_int(case: Case) -> Finding | None:
    """An item of a list or a text is asked for with something else than a whole number."""
    said = _INDICES.search(message(case))
    if not said:
        return None
    what = "list" if said["what"] == "slice" else {"string": "str"}.get(said["what"], said["what"])
    node = _bracket(case, what)
    texts = texts_in(case, node.slice) if node and not isinstance(node.slice, ast.Constant) else []
    if said["kind"] in ("str", None) and texts:
        return number_of_input(case, texts)
    fixed, todo = _index(case, said["kind"], node)
    index = written(case, node.slice) if node else "the index"
    of = f" {written(case, node.value)}" if node else ""
    got = f"{index}, {a_kind(said['kind'])}" if said["kind"] else index
    return tell(
        case,
        "index_not_int",
        node,
        (
            f"{_line(case, node)} {a_kind(what)}{of} is asked for the item {got}. Its items are numbered, so only a "
            f"whole number can choose one.",
            f"What does {index} hold when this line runs: the number of an item, or something else?",
            todo,
        ),
        fixed,
    )


def _index(case: Case, kind: str | None, node: ast.Subscript | None) -> tuple[str | None, str]:
    """Return the corrected program, where the index tells what was meant, and what to do."""
    plain = "Use a whole number as the index: the first item has the number 0."
    if node is None:
        return None, plain
    value, index = looking.source(case, node.value), looking.source(case, node.slice)
    if isinstance(node.value, ast.List | ast.Tuple):
        _, end = looking.span(case.code, node.value)
        return replaced(case, ((end, end), ",")), "A comma is missing between two lists."
    if isinstance(node.slice, ast.Tuple):
        text = value + "".join(f"[{looking.source(case, part)}]" for part in node.slice.elts)
        return replaced(case, (node, text)), f"Take one index after the other: {shown(text)}."
    looped = _looped(case, node)
    if looped:
        return replaced(case, (node, looped)), f"{shown(looped)} is the item itself, so write only {shown(looped)}."
    if dictionary := _key_of(case, node):
        text = f"{dictionary}[{value}]"
        return replaced(case, (node.value, text)), f"{shown(value)} is only the key; its value is {shown(text)}."
    if kind == "float" or kind is None:
        divided = [
            part for part in ast.walk(node.slice) if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Div)
        ]
        return _whole(case, node, divided)
    about = known(case)
    if kind == "str" and about and about[1].of(node.slice) == "str" and not isinstance(node.slice, ast.Constant):
        return replaced(case, (node.slice, f"int({index})")), f"Make a number of it: {shown(f'int({index})')}."
    if kind == "str":
        return None, f"A key needs a dictionary: take an item of {shown(value)} by its number first, or loop over it."
    return None, plain


def _looped(case: Case, node: ast.Subscript) -> str | None:
    """Return the loop's name in `for item in items: items[item]`."""
    about = known(case)
    if not about or not isinstance(node.slice, ast.Name):
        return None
    loops = [one for one in about[0].of_name(node.slice.id, node.slice) if one.how == "loop" and one.value is not None]
    same = any(looking.source(case, one.value) == looking.source(case, node.value) for one in loops if one.value)
    return node.slice.id if same else None


def _key_of(case: Case, node: ast.Subscript) -> str | None:
    """Return the dictionary in `for key in d: key["name"]`."""
    about = known(case)
    if not about or not isinstance(node.value, ast.Name):
        return None
    for one in about[0].of_name(node.value.id, node.value):
        if one.how == "loop" and one.value is not None and about[1].of(one.value) == "dict":
            return looking.source(case, one.value)
    return None


def _whole(case: Case, node: ast.Subscript, divided: list[ast.BinOp]) -> tuple[str | None, str]:
    if divided:
        changes: list[Change] = []
        for part in divided:
            _, begin = looking.span(case.code, part.left)
            end, _ = looking.span(case.code, part.right)
            changes.append(((begin, end), case.code[begin:end].replace("/", "//", 1)))
        return replaced(case, *changes), "Divide with `//`, which gives a whole number."
    about = known(case)
    for name in ast.walk(node.slice):
        values = about[0].of_name(name.id, name) if about and isinstance(name, ast.Name) else ()
        for one in values:
            match one.value:
                case ast.BinOp(left=left, op=ast.Div(), right=right):
                    begin, end = looking.span(case.code, left)[1], looking.span(case.code, right)[0]
                    text = case.code[begin:end].replace("/", "//", 1)
                    return replaced(case, ((begin, end), text)), "Divide with `//`, which gives a whole number."
    if isinstance(node.slice, ast.Slice):
        return None, "Use whole numbers in the brackets: `//` instead of `/`, or `int(…)`."
    text = f"int({looking.source(case, node.slice)})"
    return replaced(case, (node.slice, text)), f"Make a whole number of it: {shown(text)}."


def function_indexed(case: Case) -> Finding | None:
    """`"ab".split[0]`-like: brackets of a call are missing, and the value is then asked for its items' number."""
    said = re.search(r"(?:object of type|argument of type|not) '?(?P<kind>[\w.]+)'?", message(case))
    if not said or said["kind"] not in FUNCTIONS or "indices" in message(case):
        return None
    nodes = [node for node in looking.suspects(case, ast.Attribute, ast.Name) if _function(case, node)]
    return not_called(case, nodes[0]) if nodes else None


def _function(case: Case, node: ast.AST) -> bool:
    about = known(case)
    outer = about[0].parent.get(node) if about else None
    if about is None or (isinstance(outer, ast.Call) and outer.func is node) or isinstance(outer, ast.Attribute):
        return False
    return isinstance(node, ast.Attribute) or about[1].of(node) == "function"


RULES: dict[str, tuple[Rule, ...]] = {
    "TypeError": (none_subscripted, not_subscriptable, index_not_int, function_indexed)
}
