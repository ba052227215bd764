"""Names: `NameError`, a name that has no value where it is needed."""

from __future__ import annotations

import ast

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import early, looking, outside, quoting, spelling
from functions.debug.rules.mending import imported, renamed, replaced
from functions.debug.rules.origins import (
    ALIASES,
    FROM,
    is_module,
)
from functions.debug.rules.phrases import at, beginning, shown, the_line
from functions.debug.rules.scoping import Scopes
from functions.debug.rules.undefined import Missing, first_parameter, missing, uses


def forgotten_self(case: Case) -> Finding | None:
    """A method or an attribute of the object, without `self.` before it."""
    found = missing(case)
    if not found:
        return None
    owner = found.scopes.class_around(found.node) if found.scopes and found.node else None
    said = found.suggested == f"self.{found.name}"
    if not said and (owner is None or not found.scopes or found.name not in attributes_of(owner, found.scopes)):
        return None
    if found.bindings and not said:
        return None
    function = found.scopes.function_around(found.node) if found.scopes and found.node else None
    me = (first_parameter(function) if function else None) or "self"
    full = f"{me}.{found.name}"
    fixed = replaced(case, *((node, full) for node in _within(found, owner))) if function and owner else None
    return Finding(
        "forgotten_self",
        found.line,
        found.name,
        f"{beginning(found.line)} {shown(found.name)} is looked up as an ordinary name, but it belongs to the object: "
        f"within a method, Python finds it only through {shown(me)}.",
        f"Look at {shown(found.name)}{at(found.line)}. Whose is it: does it belong to the function, or to the object?",
        f"Write {shown(full)} instead of {shown(found.name)}.",
        fixed,
    )


def attributes_of(owner: ast.ClassDef, scopes: Scopes) -> set[str]:
    """Return the names of a class's methods, class attributes, and what its methods set on their object."""
    names = {binding.name for binding in scopes.bindings if binding.scope is owner}
    for node in set_in(owner):
        if isinstance(node.value, ast.Name):
            function = scopes.function_around(node)
            if function is not None and node.value.id == first_parameter(function):
                names.add(node.attr)
    return names


def set_in(part: ast.AST) -> list[ast.Attribute]:
    """Return the attributes that a part of a program sets; `x.count += 1` only changes one that there is."""
    changed = [node.target for node in ast.walk(part) if isinstance(node, ast.AugAssign)]
    nodes = [node for node in ast.walk(part) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)]
    return [node for node in nodes if node not in changed]


def _within(found: Missing, owner: ast.ClassDef | None) -> list[ast.Name]:
    return [node for node in uses(found) if found.scopes and found.scopes.class_around(node) is owner]


def self_not_given(case: Case) -> Finding | None:
    """`self` in a method that does not have it as its first parameter."""
    found = missing(case)
    if found and found.name == "self" and not found.scopes:
        return _without_program(found)
    if not found or found.name not in ("self", "this") or not found.scopes or not found.node:
        return None
    function = found.scopes.function_around(found.node)
    if function is None or not isinstance(found.scopes.of[function], ast.ClassDef):
        return None
    first, name = first_parameter(function), shown(found.name)
    if first and looking.close(found.name, [first]):
        return None
    if first and (found.name == "this" or first in ("this", "me", "s", "this_")):
        fixed, todo = (
            renamed(case, *_within(found, found.scopes.class_around(found.node)), to=first),
            (f"Write {shown(first)} instead of {name}."),
        )
    else:
        fixed, todo = _with_parameter(case, function, found), f"Make {name} the first parameter: {_header(function)}."
    return Finding(
        "missing_self_parameter",
        found.line,
        found.name,
        f"{beginning(found.line)} {name} is not known, because the method {shown(function.name)} has no parameter of "
        "that name. `self` is no keyword: it is the first parameter of a method.",
        f"Look at the first line of the method {shown(function.name)}. Which parameters does it have?",
        todo,
        fixed,
    )


def _without_program(found: Missing) -> Finding:
    return Finding(
        "missing_self_parameter",
        found.line,
        "self",
        f"{beginning(found.line)} `self` is not known. It is no keyword: it is the first parameter of a method, and "
        f"only known within a method that has it.",
        "Is this line in a method, by its indentation? And which parameters does the method have?",
        "Make `self` the first parameter of the method.",
    )


def _header(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    return shown(f"def {function.name}(self{', …' if function.args.args else ''}):")


def _with_parameter(case: Case, function: ast.AST, found: Missing) -> str | None:
    begin, end = looking.span(case.code, function)
    opening = case.code.find("(", begin, end)
    empty = case.code[opening + 1 :].lstrip().startswith(")")
    return replaced(case, ((opening + 1, opening + 1), found.name if empty else f"{found.name}, ")) if opening else None


def forgotten_import(case: Case) -> Finding | None:
    """The name of a module, or out of one, that the program does not import."""
    found = missing(case)
    if not found:
        return None
    said = case.error is not None and "forget to import" in case.error.message
    statement_, instead = _import_for(found, said)
    if not statement_:
        return None
    if found.node is not None and instead and instead != found.name:
        fixed = renamed(case, *uses(found), to=instead)
        module = statement_.split()[1]
        if fixed and module not in found.known():
            fixed = imported(Case(fixed), statement_)
    else:
        fixed = imported(case, statement_)
    todo = f"Write {shown(statement_)} at the top of the program."
    if instead:
        todo = f"Write {shown(instead)} instead of {shown(found.name)}, with {shown(statement_)} at the top."
    return Finding(
        "forgotten_import",
        found.line,
        found.name,
        f"{beginning(found.line)} {shown(found.name)} is not known yet. It is part of Python's library, not of the "
        "language itself, so a program has to import it before it is used.",
        f"Look at the imports at the top. Where does {shown(found.name)} come from?",
        todo,
        fixed,
    )


def _import_for(found: Missing, said: bool) -> tuple[str | None, str | None]:
    """Return the import statement, and what to write instead of the name where the program has that import already."""
    name, attribute = found.name, found.attribute
    for binding in found.scopes.bindings if found.scopes else ():
        if isinstance(binding.node, ast.alias) and binding.node.name == name and binding.node.asname:
            return f"import {name} as {binding.node.asname}", binding.node.asname
    if name == "datetime" and attribute in ("now", "today", "strptime", "fromisoformat", "fromtimestamp"):
        return "from datetime import datetime", None
    if said or (attribute and is_module(name, attribute)) or (found.node is None and is_module(name, "")):
        return f"import {name}", None
    if name in ALIASES and (attribute or found.node is None):
        return ALIASES[name], None
    lower = name.lower()
    if lower != name and attribute and is_module(lower, attribute) and lower not in found.known():
        return f"import {lower} as {name}", None
    if name in ("PI", "Pi", "TAU") and not attribute:
        return "import math", f"math.{lower}"
    module = FROM.get(name)
    if not module or (found.node is not None and name.islower() and not _as_imported(found)):
        return None, None
    if module in found.known():
        return f"import {module}", f"{module}.{name}"
    return f"from {module} import {name}", None


def _as_imported(found: Missing) -> bool:
    """Tell whether a name is used as what a module offers: called, a decorator, or one of the few values."""
    decorates = isinstance(found.parent, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
    return found.called or decorates or found.name in ("pi", "tau", "inf") or "ascii_" in found.name


def other(case: Case) -> Finding | None:
    """A name that nothing in the program explains."""
    found = missing(case)
    if not found:
        return None
    name = shown(found.name)
    return Finding(
        "name_other",
        found.line,
        found.name,
        f"{beginning(found.line)} you use {name}, but nothing has that name at this point of the program.",
        f"Search the program for {name}: is there a line before {the_line(found.line)} that gives it a value, and "
        "does it run?",
        f"Give {name} a value before it is used, for example {shown(f'{found.name} = …')}; if you meant a text, put it "
        "in quotes.",
    )


RULES: dict[str, tuple[Rule, ...]] = {
    "NameError": (
        self_not_given,
        outside.gone_after_except,
        early.misspelt_accumulator,
        early.too_early,
        forgotten_self,
        spelling.misspelt_keyword,
        spelling.wrong_case,
        forgotten_import,
        quoting.surely_text,
        spelling.misspelt,
        outside.in_other_scope,
        early.never_begun,
        quoting.maybe_text,
        other,
    )
}
