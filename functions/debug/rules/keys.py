"""Keys: `KeyError`, a key that a dictionary or a set does not have."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import looking
from functions.debug.rules.mending import replaced
from functions.debug.rules.phrases import shown
from functions.debug.rules.reporting import around, at, is_call, known, message, only_value, same, tell, written

Key = str | int | float | bool | tuple | None  # type: ignore[type-arg]  # of whatever parts


@dataclass(frozen=True)
class _Look:
    """A key that is looked up, or taken out."""

    node: ast.expr
    owner: ast.expr
    key: ast.expr


def taken_from_empty(case: Case) -> Finding | None:
    """`pop` of an empty set, `popitem` of an empty dictionary."""
    if not re.search(r"pop from an empty set|dictionary is empty", message(case)):
        return None
    call = next((call for call in looking.suspects(case, ast.Call) if is_call(call, "pop", "popitem")), None)
    owner = call.func.value if call is not None and isinstance(call.func, ast.Attribute) else None
    source = looking.source(case, owner) if owner is not None else "items"
    texts = (
        f"The program stops{at(case, call)}: {shown(source)} is empty, so there is nothing to take out.",
        f"How many items does {shown(source)} have when this line runs, and how often does the line run?",
        f"Ask whether something is in it first: {shown(f'if {source}:')}",
    )
    return tell(case, "pop_from_empty", call, texts)


def not_in_set(case: Case) -> Finding | None:
    """`numbers.remove(3)` of a set without it."""
    about = known(case)
    for call in looking.suspects(case, ast.Call):
        if about is None or not is_call(call, "remove") or not isinstance(call.func, ast.Attribute) or not call.args:
            continue
        item, owner = written(case, call.args[0]), written(case, call.func.value)
        better = f"{looking.source(case, call.func.value)}.discard({looking.source(case, call.args[0])})"
        texts = (
            f"{written(case, call)}{at(case, call)} wants to take {item} out of a set that does not hold it.",
            f"What does {owner} hold when this line runs, and is {item} equal to one of its items?",
            f"Write {shown(better)}: it takes the item out if it is there, and does nothing otherwise.",
        )
        return tell(case, "missing_key", call, texts, replaced(case, (call, better)))
    return None


def misspelt_key(case: Case) -> Finding | None:
    """A key that differs from one the dictionary has in a letter, or in capital letters."""
    wanted = _key(case)
    if not isinstance(wanted, str):
        return None
    for look in _looks(case):
        keys = [key for key in _keys(case, look) if isinstance(key, str)]
        near = looking.close(wanted, keys) or next((key for key in keys if key.strip() == wanted.strip()), None)
        if near is None or wanted in keys:
            continue
        guilty = _literal(case, look.key, wanted)
        owner = written(case, look.owner)
        texts = (
            f"The program stops{at(case, look.node)}: {owner} has no key {shown(repr(wanted))}. "
            "It has one that is written nearly like that.",
            f"Compare {shown(repr(wanted))} letter by letter, capital letters too, with the keys that {owner} has.",
            f"The key is {shown(repr(near))}.",
        )
        fixed = replaced(case, (guilty, _quoted(case, guilty, near))) if guilty is not None else None
        return tell(case, "misspelt_key", look.node, texts, fixed)
    return None


def key_of_wrong_type(case: Case) -> Finding | None:
    """The text `"1"` where the keys are numbers, or the other way round."""
    wanted = _key(case)
    if not isinstance(wanted, str | int | float):
        return None
    for look in _looks(case):
        keys = _keys(case, look)
        types = {type(key) for key in keys}
        if len(types) != 1 or types & {type(wanted), bool, tuple} or not (types & {str, int, float}):
            continue
        kind = types.pop()
        twin = next((key for key in keys if str(key) == str(wanted)), None)
        if isinstance(wanted, float) or kind is float or (isinstance(wanted, str) and twin is None):
            continue
        source = looking.source(case, look.key)
        better = repr(twin) if isinstance(look.key, ast.Constant) else f"{kind.__name__}({source})"
        owner, sort = written(case, look.owner), "texts" if kind is str else "numbers"
        texts = (
            f"The program stops{at(case, look.node)}: {shown(repr(wanted))} is of the type "
            f"`{type(wanted).__name__}`, and the keys of {owner} are {sort}.",
            f"Print {shown(f'type({source})')} and compare it with the keys of {owner}: do they have quotes?",
            f"Use a key of the right type: {shown(better)}."
            if twin is not None
            else f"A dictionary has no positions. Ask for one of its keys, or make a list of them: "
            f"{shown(f'list({looking.source(case, look.owner)})')}",
        )
        return tell(case, "key_of_wrong_type", look.node, texts, replaced(case, (look.key, better)) if twin else None)
    return None


def not_there_yet(case: Case) -> Finding | None:
    """`counts[word] += 1`, `groups[name].append(x)`: the key is used before it has a first value."""
    for look in _looks(case):
        owner, key = looking.source(case, look.owner), looking.source(case, look.key)
        change = _first_value(case, look, f"{owner}.get({key}, 0)", owner, key)
        if change is None:
            continue
        node, better = change
        texts = (
            f"The program stops{at(case, look.node)}: {written(case, look.node)} has no value yet when it is used, "
            f"because {shown(owner)} has no key {shown(message(case) or key)}.",
            f"Which value should {written(case, look.node)} have before {shown(key)} turns up for the first time?",
            f"Give it a value to begin with: {shown(better)}",
        )
        return tell(case, "missing_key", look.node, texts, replaced(case, (node, better)))
    return None


def _first_value(case: Case, look: _Look, first: str, owner: str, key: str) -> tuple[ast.AST, str] | None:
    """Return what to replace, and by what, so that a key that is not there yet gets its first value."""
    for node in around(case, look.node)[:4]:
        match node:
            case ast.AugAssign(target=target, op=ast.Add() | ast.Sub() as op, value=value) if target is look.node:
                sign = "+" if isinstance(op, ast.Add) else "-"
                return (
                    (node, f"{owner}[{key}] = {first} {sign} {looking.source(case, value)}")
                    if _counting(value)
                    else None
                )
            case ast.Assign(targets=[target], value=ast.BinOp(left=left, right=right)) if same(target, look.node):
                return (left, first) if left is look.node and _counting(right) else None
            case ast.Attribute(value=value, attr="append" | "extend") if value is look.node:
                return value, f"{owner}.setdefault({key}, [])"
            case ast.Attribute(value=value, attr="add") if value is look.node:
                return value, f"{owner}.setdefault({key}, set())"
    return None


def _counting(value: ast.expr) -> bool:
    """Tell whether a value that is added may be a number."""
    return not isinstance(value, ast.List | ast.Dict | ast.JoinedStr | ast.Tuple) and not (
        isinstance(value, ast.Constant) and not isinstance(value.value, int | float)
    )


def missing_key(case: Case) -> Finding | None:
    """Any other key that is not there."""
    look = next(iter(_looks(case)), None)
    key = shown(message(case)) if message(case) else "the key"
    if look is None:
        texts = (
            f"The program stops{at(case)}: it looks for the key {key}, and there is no such key.",
            "Which keys are there at that moment? Print `list(d)` of the dictionary just before the line.",
            "Ask `if key in d:` first, or use `d.get(key)`, which gives `None` where the key is missing.",
        )
        return tell(case, "missing_key", None, texts)
    owner, source = written(case, look.owner), looking.source(case, look.owner)
    better = f"{source}.get({looking.source(case, look.key)})"
    solution = f"Ask {shown(f'if {looking.source(case, look.key)} in {source}:')} first, or use {shown(better)}"
    fixed, more = None, ", which gives `None` where the key is missing."
    if isinstance(look.node, ast.Call):
        better = f"{source}.pop({looking.source(case, look.key)}, None)"
        solution, more = f"Write {shown(better)}", ", which does nothing where the key is missing."
        fixed = replaced(case, (look.node, better))
    deleting = next((one for one in around(case, look.node)[:1] if isinstance(one, ast.Delete)), None)
    if deleting is not None:
        better = f"{source}.pop({looking.source(case, look.key)}, None)"
        solution, more = f"Write {shown(better)}", ", which does nothing where the key is missing."
        fixed = replaced(case, (deleting, better)) if len(deleting.targets) == 1 else None
    if isinstance(look.owner, ast.Attribute) and look.owner.attr == "environ":
        more += " Or set the variable before you start the program."
    texts = (
        f"{written(case, look.node)}{at(case, look.node)} asks {owner} for the key {key}, which is not in it.",
        f"Which keys does {owner} have when this line runs, and where should this one have been put in?",
        solution + more,
    )
    return tell(case, "missing_key", look.node, texts, fixed)


def _looks(case: Case) -> list[_Look]:
    """Return where a key is looked up that the error may be about, the likeliest first."""
    found = []
    for node in looking.suspects(case, ast.expr):
        match node:
            case ast.Subscript(value=owner, slice=key) if not isinstance(key, ast.Slice):
                plainly_stored = any(
                    isinstance(one, ast.Assign) and node in one.targets for one in around(case, node)[:1]
                )
                found += [] if plainly_stored else [_Look(node, owner, key)]
            case ast.Call(func=ast.Attribute(value=owner, attr="pop"), args=[key]):
                found.append(_Look(node, owner, key))
    wanted = _key(case)
    return sorted(found, key=lambda look: isinstance(look.key, ast.Constant) and look.key.value != wanted)


def _keys(case: Case, look: _Look) -> list[Key]:
    """Return the keys that the program's text gives a dictionary, or, where it is not plain which one, all of them."""
    value = only_value(case, look.owner)
    made = [value] if isinstance(value, ast.Dict) else looking.nodes(case, ast.Dict)
    words = [word.arg for word in value.keywords] if isinstance(value, ast.Call) and is_call(value, "dict") else []
    stored = [node for node in looking.nodes(case, ast.Subscript) if isinstance(node.ctx, ast.Store)]
    owners = [node for node in stored if not isinstance(value, ast.Dict) or same(node.value, look.owner)]
    parts = [key for one in made for key in one.keys if key] + [node.slice for node in owners]
    written_out = [part.value for part in parts if isinstance(part, ast.Constant)]
    return [key for key in (*words, *written_out) if isinstance(key, str | int | float)]


def _key(case: Case) -> Key:
    """Return the key that was looked for."""
    try:
        value = ast.literal_eval(message(case))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return value if isinstance(value, str | int | float | tuple) else None


def _literal(case: Case, key: ast.expr, wanted: str) -> ast.Constant | None:
    """Return where a misspelt key is written: as the key itself, or as the only text like it in the program."""
    if isinstance(key, ast.Constant):
        return key if key.value == wanted else None
    alike = [node for node in looking.nodes(case, ast.Constant) if node.value == wanted]
    return alike[0] if len(alike) == 1 else None


def _quoted(case: Case, node: ast.Constant, text: str) -> str:
    """Return a text in the quotes that the learner uses."""
    quote = looking.source(case, node)[-1:]
    return f"{quote}{text}{quote}" if quote in "\"'" and quote not in text and "\\" not in text else repr(text)


RULES: dict[str, tuple[Rule, ...]] = {
    "KeyError": (taken_from_empty, misspelt_key, key_of_wrong_type, not_there_yet, not_in_set, missing_key),
}
