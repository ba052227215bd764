"""Attributes: `AttributeError`, something after a dot that the value before it does not have."""

from __future__ import annotations

import ast
import re

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import looking, modules, own_classes
from functions.debug.rules.accessed import Accessed, accessed
from functions.debug.rules.looping import item_of
from functions.debug.rules.mending import renamed, replaced
from functions.debug.rules.nothing import origin
from functions.debug.rules.operands import FUNCTIONS
from functions.debug.rules.other_words import WAYS
from functions.debug.rules.phrases import a_kind, beginning, shown
from functions.debug.rules.reporting import known, message, tell, written
from functions.debug.rules.types_operators import not_called

_TYPES: dict[str, type] = {
    one.__name__: one for one in (str, int, float, list, dict, set, tuple, bool, bytes, range, frozenset, complex)
}
_CHANGING = ("append", "extend", "insert", "remove", "pop", "sort", "clear", "add", "reverse")


def _line(case: Case, found: Accessed) -> str:
    return beginning(looking.place(case) or getattr(found.node, "lineno", None))


def _methods(kind: str) -> list[str]:
    return [name for name in dir(_TYPES[kind]) if not name.startswith("_")] if kind in _TYPES else []


def attribute_of_none(case: Case) -> Finding | None:
    """A dot behind None."""
    found = accessed(case)
    if not found or found.kind != "NoneType":
        return None
    value = found.node.value if found.node else None
    about = origin(case, value)
    what = written(case, value) if value is not None else "the value before the dot"
    return tell(
        case,
        "attribute_of_none",
        found.node,
        (
            f"{_line(case, found)} {what} is `None`, and `None` has no {shown(found.name)}. {about.why}",
            f"Which line gives {what} its value, and what does it really give?",
            about.solution,
        ),
        about.fixed,
    )


def function_not_called(case: Case) -> Finding | None:
    """`input.strip()` or `name.upper.center(9)`: a dot behind a function that is not called."""
    found = accessed(case)
    if not found or found.kind not in FUNCTIONS:
        return None
    return not_called(case, found.node.value if found.node else None)


def number_of_item(case: Case) -> Finding | None:
    """`i.name` in `for i in range(len(items))`: the number of an item instead of the item."""
    found = accessed(case)
    value = found.node.value if found and found.node else None
    item = item_of(case, value) if found and found.kind == "int" else None
    if not found or value is None or not item:
        return None
    return tell(
        case,
        "method_of_other_type",
        found.node,
        (
            f"{_line(case, found)} {written(case, value)} is only the number of an item, so it has no "
            f"{shown(found.name)}; the item itself has.",
            f"What does {written(case, value)} hold in each turn of the loop?",
            f"Write {shown(f'{item}.{found.name}')}.",
        ),
        replaced(case, (value, item)),
    )


def key_after_dot(case: Case) -> Finding | None:
    """`person.name` where `person` is a dictionary with the key `name`."""
    found = accessed(case)
    if not found or found.kind != "dict" or found.call is not None or found.name in WAYS["dict"]:
        return None
    keys = [key for node in looking.nodes(case, ast.Dict) for key in node.keys]
    keys += [node.slice for node in looking.nodes(case, ast.Subscript)]
    written_so = any(isinstance(key, ast.Constant) and key.value == found.name for key in keys)
    if found.node is not None and not written_so and looking.close(found.name, _methods("dict")):
        return None
    owner = looking.source(case, found.node.value) if found.node else "d"
    full = (
        f'{owner}["{found.name}"]'
        if "'" in owner or '"' in owner or "'" not in case.code
        else f"{owner}['{found.name}']"
    )
    return tell(
        case,
        "method_of_other_type",
        found.node,
        (
            f"{_line(case, found)} {shown(owner)} is a dictionary. Its values are not reached with a dot, but by "
            f"their keys.",
            f"How do you look up a key in a dictionary? Look at {shown(f'.{found.name}')}.",
            f"Write {shown(full)}.",
        ),
        replaced(case, (found.node, full)) if found.node is not None and written_so else None,
    )


def misspelt_attribute(case: Case) -> Finding | None:
    """A method or an attribute that the value has under nearly the same name."""
    found = accessed(case)
    if not found or found.what == "module" or found.name in WAYS.get(found.kind, {}):
        return None
    names = _methods(found.kind) or (own_classes.names(case, found.kind) if found.kind not in WAYS else [])
    meant = looking.close(found.name, names) or (found.suggested if not names or found.suggested in names else None)
    if not meant or meant.startswith("__"):
        return None
    return tell(
        case,
        "misspelt_attribute",
        found.node,
        (
            f"{_line(case, found)} {a_kind(found.kind)} has no {shown(found.name)}; what it has is {shown(meant)}.",
            f"Read {shown(found.name)} letter by letter. How is it written where it comes from?",
            f"Write {shown(f'.{meant}')} instead of {shown(f'.{found.name}')}.",
        ),
        own_classes.renamed_everywhere(case, found, meant),
    )


def other_word(case: Case) -> Finding | None:
    """What another language, or another type, calls so is done in another way with this type."""
    found = accessed(case)
    way = WAYS.get(found.kind, {}).get(found.name) if found else None
    if not found or way is None:
        return None
    text = _written_so(case, found, way)
    fixed = replaced(case, (found.call or found.node, text)) if text and found.node else None
    if way.startswith(".") and found.node is not None:
        owner = looking.source(case, found.node.value)
        alike = [node for node in looking.nodes(case, ast.Attribute) if node.attr == found.name]
        fixed = renamed(case, *(node for node in alike if looking.source(case, node.value) == owner), to=way[1:])
    if not way:
        fixed, text = own_classes.as_list(case, found), None
    how = text or way.format(x="value", a="…", a0="…", a1="…").removesuffix("…=") if way else ""
    value = written(case, found.node.value) if found.node else "the value"
    return tell(
        case,
        "method_of_other_type",
        found.node,
        (
            f"{_line(case, found)} {value} is {a_kind(found.kind)}, and that has no {shown(found.name)}.",
            f"What should {shown(found.name)} do here? With {a_kind(found.kind)}, Python does it in another way.",
            f"Write {shown(how)}." if how else f"Use another type, such as a list, if you need {shown(found.name)}.",
        ),
        fixed,
    )


def _written_so(case: Case, found: Accessed, way: str) -> str | None:
    """Return how it is written with this type; None where the arguments do not fit."""
    if found.node is None or not way:
        return None
    value = looking.source(case, found.node.value)
    if way.startswith("."):
        _, end = looking.span(case.code, found.call or found.node)
        _, begin = looking.span(case.code, found.node)
        return f"{value}{way}{case.code[begin:end]}" if case.tree is not None else None
    args = [looking.source(case, one) for one in found.call.args] if found.call else []
    if way.endswith("…=") and not isinstance(found.statement, ast.Expr):
        return None
    if any(f"{{a{at}}}" in way for at in range(len(args), 2)) and not (way == "{x}[{a0}:{a1}]" and args):
        return None
    given = {f"a{at}": text for at, text in enumerate([*args, "", ""][:2])}
    text = way.removesuffix("…=").format(x=value, a=", ".join(args), **given).replace(", )", ")")
    loose = " in " in way or way.startswith("not ") or " / " in way
    if isinstance(found.statement, ast.Expr) and way.startswith(("sorted(", "{x}[::")):
        text = f"{value} = {text}"
    alone = isinstance(found.statement, ast.If | ast.While | ast.Expr | ast.Assign) or not loose
    return text if alone or (found.call is None and not loose) else f"({text})"


def wrong_type(case: Case) -> Finding | None:
    """A method that only another type has."""
    found = accessed(case)
    if not found or found.what == "module" or own_classes.is_own(case, found.kind):
        return None
    owners = [kind for kind in _TYPES if found.name in _methods(kind)]
    value = written(case, found.node.value) if found.node else "the value"
    fixed, todo = _converted(case, found, owners)
    usual = [a_kind(kind) for kind in owners if kind in ("str", "list", "dict", "set", "tuple", "int", "float")][:2]
    other = f" It is something that {' or '.join(usual)} has." if usual else ""
    return tell(
        case,
        "method_of_other_type",
        found.node,
        (
            f"{_line(case, found)} {value} is {a_kind(found.kind)}, and that has no {shown(found.name)}.{other}",
            f"Of which type is {value} when this line runs, and of which type should it be?",
            todo,
        ),
        fixed,
    )


def _converted(case: Case, found: Accessed, owners: list[str]) -> tuple[str | None, str]:
    """Return the corrected program, where a conversion is certainly what is missing, and what to do."""
    plain = f"Use {shown(found.name)} with a value that has it, or do it in another way with this one."
    node, about = found.node, known(case)
    if node is None or not about:
        return None, plain
    value = looking.source(case, node.value)
    if found.kind in ("int", "float") and "str" in owners and found.call is not None:
        return replaced(
            case, (node.value, f"str({value})")
        ), f"Make a text of the number first: {shown(f'str({value})')}."
    if found.kind == "list" and "str" in owners:
        match node.value:
            case ast.Call(func=ast.Attribute(value=text, attr="split")) if (
                found.call is not None and not found.call.args
            ):
                inner = looking.source(case, text)
                rest = looking.source(case, node.value).removeprefix(inner)
                full = f"{inner}.{found.name}(){rest}"
                return replaced(
                    case, (found.call, full)
                ), f"First {shown(f'.{found.name}()')}, then split: {shown(full)}."
        return None, f"Take each item of the list in turn and call {shown(f'.{found.name}()')} on it."
    if found.kind in ("range", "map", "zip", "filter", "dict_keys", "dict_values", "dict_items", "reversed"):
        return own_classes.as_list(case, found), f"Make a list of it first: {shown('list(…)')}."
    return None, plain


def not_to_be_set(case: Case) -> Finding | None:
    """A property without a setter, or an attribute of a built-in type, that is assigned."""
    said = re.search(
        r"can't set attribute|has no setter|is read-only|can't delete attribute|has no deleter", message(case)
    )
    if not said:
        return None
    return tell(
        case,
        "other_error",
        None,
        (
            f"{beginning(looking.place(case))} an attribute is set that can only be read: {shown(message(case))}.",
            "Where is the attribute defined, and does that place say what happens when it is set?",
            "Set the value behind it, or add a setter: `@name.setter`.",
        ),
    )


RULES: dict[str, tuple[Rule, ...]] = {
    "AttributeError": (
        modules.shadowed_module,
        modules.circular,
        modules.module_has_no_attribute,
        modules.taken_out_of_it,
        attribute_of_none,
        function_not_called,
        number_of_item,
        key_after_dot,
        own_classes.set_elsewhere,
        misspelt_attribute,
        other_word,
        own_classes.never_set,
        wrong_type,
        not_to_be_set,
    )
}
