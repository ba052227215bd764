"""Items: `TypeError` of items that cannot be changed, and of keys that cannot be kept."""

from __future__ import annotations

import ast
import re

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import looking
from functions.debug.rules.mending import replaced
from functions.debug.rules.phrases import a_kind, beginning, shown
from functions.debug.rules.reporting import known, message, number, tell, written

_UNCHANGED = re.compile(
    r"'(?P<kind>[^']+)' object does(?:n't| not) support item (?P<what>assignment|deletion)|"
    r"(?P<old>range) object does not support item"
)
_UNHASHABLE = re.compile(
    r"unhashable type: '(?P<kind>[^']+)'|cannot use '(?P<as>[^']+)' as a (?P<where>dict key|set element)"
)


def _line(case: Case, node: ast.AST | None) -> str:
    return beginning(looking.place(case) or getattr(node, "lineno", None))


def item_assignment(case: Case) -> Finding | None:
    """`word[0] = "J"`: an item of a text, a tuple or a number is set."""
    said = _UNCHANGED.search(message(case))
    if not said:
        return None
    kind = (said["kind"] or said["old"]).rsplit(".", 1)[-1]
    changed = [node for node in looking.suspects(case, ast.Subscript) if not isinstance(node.ctx, ast.Load)]
    node = changed[0] if changed else None
    what = written(case, node.value) if node else "the value"
    fixed, todo = _changed(case, kind, node)
    verb = "take an item out of" if said["what"] == "deletion" else "change an item of"
    why = (
        "cannot be changed once it is made" if kind in ("str", "tuple", "bytes", "range") else "has no items to be set"
    )
    return tell(
        case,
        "item_assignment",
        node,
        (
            f"{_line(case, node)} you {verb} {what}, which is {a_kind(kind)}. Such a value {why}.",
            f"Of which type is {what}? Which type would let you do this, or how could you build a new value?",
            todo,
        ),
        fixed,
    )


def _changed(case: Case, kind: str, node: ast.Subscript | None) -> tuple[str | None, str]:
    """Return the corrected program, where the type tells what was meant, and what to do."""
    if kind == "str":
        return _new_text(case, node)
    if kind in ("tuple", "range"):
        return _as_list(case, kind, node)
    if kind in ("dict_keys", "dict_values", "map", "zip", "set"):
        return None, "Make a list of it first: `list(…)`."
    return None, "Use a list or a dictionary if you need items that change."


def _new_text(case: Case, node: ast.Subscript | None) -> tuple[str | None, str]:
    plain = "Build a new text from the parts: `text[:1] + new + text[2:]`."
    about = known(case)
    statement = about[0].parent.get(node) if about and node else None
    if node is None or not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return None, plain
    if not isinstance(node.value, ast.Name | ast.Attribute) or isinstance(node.slice, ast.Slice):
        return None, plain
    name, new = looking.source(case, node.value), looking.source(case, statement.value)
    index, plainly = looking.source(case, node.slice), number(node.slice)
    after = f"{name}[{index} + 1:]" if plainly is None else f"{name}[{int(plainly) + 1}:]" if plainly != -1 else ""
    before = "" if plainly == 0 else f"{name}[:{index}]"
    new = new if isinstance(statement.value, ast.Constant | ast.Name | ast.Call | ast.Subscript) else f"({new})"
    text = f"{name} = {' + '.join(filter(None, (before, new, after)))}"
    return replaced(case, (statement, text)), f"Build a new text from the parts: {shown(text)}."


def _as_list(case: Case, kind: str, node: ast.Subscript | None) -> tuple[str | None, str]:
    about = known(case)
    plain = "Use a list, in square brackets, if its items have to change."
    if node is None or not about or not isinstance(node.value, ast.Name | ast.Attribute):
        return None, plain
    if isinstance(node.value, ast.Name):
        values = [one.value for one in about[0].of_name(node.value.id, node.value) if one.value is not None]
    else:
        values = list(about[1].given_to_attribute(node.value))
    if len(values) != 1 or case.tree is None:
        return None, plain
    begin, end = looking.span(case.code, values[0])
    if isinstance(values[0], ast.Tuple):
        bracketed = case.code[begin : begin + 1] == "("
        inside = case.code[begin + 1 : end - 1] if bracketed else case.code[begin:end]
        return replaced(case, (values[0], f"[{inside}]")), "Make a list of it: square brackets instead of round ones."
    text = f"list({case.code[begin:end]})"
    return replaced(case, (values[0], text)) if kind == "range" else None, f"Make a list of it: {shown(text)}."


def unhashable(case: Case) -> Finding | None:
    """A list, a dictionary or a set as a key or in a set."""
    said = _UNHASHABLE.search(message(case))
    if not said:
        return None
    kind = said["kind"] or said["as"]
    node = _key(case, kind)
    what = written(case, node) if node is not None else "the value"
    fixed, todo = None, "Use a value that cannot change, such as a text, a number or a tuple."
    if kind == "slice":
        todo = "A dictionary has no order to cut a part out of: take its values one by one, by their keys."
    elif (pairs := _two_lists(case, node)) is not None:
        text = f"dict(zip({', '.join(pairs[1:])}))"
        fixed, todo = replaced(case, (pairs[0], text)), f"To pair the items of two lists, write {shown(text)}."
    elif node is not None and kind == "list":
        text = _tuple(case, node)
        fixed, todo = replaced(case, (node, text)), f"Use a tuple instead, which cannot change: {shown(text)}."
    return tell(
        case,
        "unhashable",
        node,
        (
            f"{_line(case, node)} {what} is {a_kind(kind) if kind != 'slice' else 'a slice'}, which is to be a key "
            f"of a dictionary or an item of a set. Only values that never change can be that.",
            f"Why does {what} stand there: did you mean it itself, or each of its items?",
            todo,
        ),
        fixed,
    )


def _key(case: Case, kind: str) -> ast.expr | None:
    """Return the expression that is used as a key or as an item of a set."""
    about, found = known(case), []
    for node in looking.suspects(case, ast.Dict, ast.Set, ast.Subscript, ast.Call, ast.Compare):
        match node:
            case ast.Dict(keys=keys):
                found += [key for key in keys if key is not None]
            case ast.Set(elts=parts):
                found += parts
            case ast.Subscript(slice=index) if not isinstance(index, ast.Constant):
                found.append(index)
            case ast.Call(func=ast.Attribute(attr="add" | "get" | "setdefault" | "discard"), args=[key, *_]):
                found.append(key)
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()]):
                found.append(left)
    literal = {"list": (ast.List, ast.ListComp), "dict": (ast.Dict, ast.DictComp), "set": (ast.Set, ast.SetComp)}
    sure = [node for node in found if isinstance(node, literal.get(kind, ())) or (about and about[1].of(node) == kind)]
    return next(iter(sure or ([node for node in found if isinstance(node, ast.Name)] if kind == "list" else [])), None)


def _two_lists(case: Case, node: ast.expr | None) -> tuple[ast.Dict, str, str] | None:
    """Return `{names: ages}`, of two lists, and the text of both."""
    about = known(case)
    outer = about[0].parent.get(node) if about and node is not None else None
    match outer:
        case ast.Dict(keys=[ast.Name() as one], values=[ast.Name() as other]) if about:
            if about[1].of(one) == about[1].of(other) == "list":
                return outer, one.id, other.id
    return None


def _tuple(case: Case, node: ast.expr) -> str:
    text = looking.source(case, node)
    if isinstance(node, ast.List):
        inside = text[1:-1].rstrip()
        return f"({inside}{',' if len(node.elts) == 1 and not inside.endswith(',') else ''})"
    return f"tuple({text})"


RULES: dict[str, tuple[Rule, ...]] = {"TypeError": (item_assignment, unhashable)}
