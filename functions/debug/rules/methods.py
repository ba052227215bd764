"""Methods: what goes wrong with `self`, with `__init__`, and between a class and its objects."""

from __future__ import annotations

import ast
import re

from functions.debug.model import Case, Finding
from functions.debug.rules import looking
from functions.debug.rules.called import Called, called_in, header
from functions.debug.rules.mending import Change, name_span, replaced
from functions.debug.rules.phrases import at, beginning, shown, the_line
from functions.debug.rules.reporting import known, message, tell, written
from functions.debug.rules.scoping import Function

_MISSING = re.compile(r"missing \d+ required positional arguments?: (?P<names>.+)")
_TAKES = re.compile(r"takes (?:from \d+ to )?(?P<most>\d+|no) (?:positional )?arguments? but (?P<given>\d+)")
_MULTIPLE = re.compile(r"got multiple values for (?:keyword )?argument")
_NO_ARGUMENTS = re.compile(r"^(?P<name>\w+)\(\) takes no arguments|^(?P<old>object)\(\) takes no parameters")


def _line(case: Case, node: ast.AST | None) -> int | None:
    return looking.place(case) or getattr(node, "lineno", None)


def on_the_class(case: Case) -> Finding | None:
    """A method called on the class, or on a name that holds the class because brackets are missing."""
    said, found = _MISSING.search(message(case)), called_in(case)
    if not said or not found:
        return None
    about, call = known(case), found.call
    owner = call.func.value if call and isinstance(call.func, ast.Attribute) else None
    on_class = found.in_class is not None and isinstance(owner, ast.Name) and owner.id == found.in_class.name
    if not re.match(r"'(?:self|this)'", said["names"]) and not (on_class and _takes_object(found)):
        return None
    values = [one.value for one in about[0].of_name(owner.id, owner)] if about and isinstance(owner, ast.Name) else []
    class_ = next((one for one in values if isinstance(one, ast.Name) and about and about[0].class_(one.id)), None)
    if class_ is not None:
        return tell(
            case,
            "method_not_called",
            class_,
            (
                f"{written(case, owner or class_)} is the class {shown(class_.id)} itself, not an object of it: "
                f"without brackets{at(class_.lineno)}, no object is made.",
                f"What does {written(case, owner or class_)} hold: a class, or an object? Look "
                f"at {the_line(class_.lineno)}.",
                f"Add the brackets: {shown(f'{class_.id}()')}.",
            ),
            replaced(case, (class_, f"{class_.id}()")),
        )
    class_name = found.owner or (looking.source(case, owner) if owner else "Class")
    named = shown(f"{class_name}()")
    return tell(
        case,
        "missing_argument",
        call,
        (
            f"{beginning(_line(case, call))} the method {shown(found.name)} is called on the class, so there is no "
            f"object that could become its `self`.",
            f"Which object should {shown(found.name)} work with? Where is it made?",
            f"Make an object first, {named}, and call the method on it.",
        ),
        _on_new_object(case, found, owner),
    )


def _takes_object(found: Called) -> bool:
    """Tell whether a method is an ordinary one, and the call gives one value less than it would need on the class."""
    function, call = found.function, found.call
    if function is None or call is None or function.decorator_list or found.is_init:
        return False
    return len(call.args) + len(call.keywords) == len(found.parameters)


def _on_new_object(case: Case, found: Called, owner: ast.AST | None) -> str | None:
    about = known(case)
    if owner is None or found.in_class is None or not about or not isinstance(owner, ast.Name):
        return None
    made = [
        one.name
        for one in about[0].bindings
        if isinstance(one.value, ast.Call) and looking.source(case, one.value.func) == found.in_class.name
    ]
    if len(set(made)) == 1:
        return replaced(case, (owner, made[0]))
    begins = [one for one in found.in_class.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"]
    needs = any(len(one.args.args) - len(one.args.defaults) > 1 for one in begins)
    return None if needs or found.in_class.bases else replaced(case, (owner, f"{owner.id}()"))


def missing_init(case: Case) -> Finding | None:
    """An object is made with values, but the class has no `__init__` that takes them."""
    said = _NO_ARGUMENTS.match(message(case))
    if not said:
        return None
    name = said["name"] or "the class"
    about = known(case)
    class_ = about[0].class_(name) if about else None
    methods = [one for one in class_.body if isinstance(one, ast.FunctionDef)] if class_ else []
    alike = next((one for one in methods if looking.close("__init__", [one.name]) or "ini" in one.name.lower()), None)
    call = next((one for one in looking.suspects(case, ast.Call) if looking.source(case, one.func) == name), None)
    if alike is not None and case.tree is not None:
        fixed = replaced(case, (name_span(case.code, alike), "__init__"))
        why = f"Its method {shown(alike.name)}{at(alike.lineno)} is not the one that Python calls: that is `__init__`."
        todo = f"Write `__init__`, with two underscores on each side, instead of {shown(alike.name)}."
    else:
        fixed, why = None, "It has no `__init__` that could take them."
        todo = f"Give {shown(name)} an `__init__` that takes the values: {shown('def __init__(self, …):')}."
    return tell(
        case,
        "missing_init",
        call,
        (
            f"{beginning(_line(case, call))} {shown(name)} gets values, but the class takes none. {why}",
            f"Which method of {shown(name)} runs when an object is made, and how is its name written?",
            todo,
        ),
        fixed,
    )


def missing_self_parameter(case: Case) -> Finding | None:
    """A method that does not have `self` as its first parameter."""
    found = called_in(case)
    said = _TAKES.search(message(case)) or _MULTIPLE.search(message(case))
    if not said or not found or found.static:
        return None
    names = [one.arg for one in found.function.args.args] if found.function else []
    if found.function is None:
        one_too_many = said.re is _TAKES and said["most"].isdigit() and int(said["given"]) == int(said["most"]) + 1
        if not (one_too_many and found.owner and "<" not in found.owner):
            return None
    elif not found.in_class or (names and names[0] in ("self", "cls", "this")) or found.function.decorator_list:
        return None
    after = f", {', '.join(names)}" if names else ""
    return tell(
        case,
        "missing_self_parameter",
        found.call,
        (
            f"{beginning(_line(case, found.call))} Python hands the object itself to the method {shown(found.name)} "
            f"as its first argument, but the method has no parameter for it.",
            f"Look at the line {shown(header(found.function, found.name))}. What does a method's first parameter "
            f"stand for?",
            f"Add `self` as the first parameter: {shown(f'def {found.name}(self{after}):')}.",
        ),
        _with_self(case, found),
    )


def _with_self(case: Case, found: Called) -> str | None:
    """Add `self` to the method, and to the others of its class that lack it."""
    if not found.in_class or case.tree is None:
        return None
    changes: list[Change] = []
    for method in found.in_class.body:
        if isinstance(method, ast.FunctionDef) and not method.decorator_list and _lacks_self(method):
            _, end = name_span(case.code, method)
            opening = case.code.find("(", end) + 1
            changes.append(((opening, opening), "self, " if method.args.args else "self"))
    return replaced(case, *changes)


def _lacks_self(method: Function) -> bool:
    names = [one.arg for one in (*method.args.posonlyargs, *method.args.args)]
    used = any(isinstance(node, ast.Name) and node.id == names[0] for node in ast.walk(method)) if names else False
    attributes = (
        any(
            isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == names[0]
            for node in ast.walk(method)
        )
        if names
        else False
    )
    return not names or (
        names[0] not in ("self", "cls", "this") and not (used and attributes and names[0] in ("s", "me"))
    )
