"""Own classes: attributes that an object of a class of the program should have, but nobody has set."""

from __future__ import annotations

import ast
from typing import get_args

from functions.debug.model import Case, Finding
from functions.debug.rules import looking
from functions.debug.rules.accessed import Accessed, accessed
from functions.debug.rules.mending import indentation, inserted, name_span, renamed, replaced
from functions.debug.rules.names import attributes_of, set_in
from functions.debug.rules.phrases import at, beginning, shown
from functions.debug.rules.reporting import known, tell
from functions.debug.rules.scoping import Binding, Function
from functions.debug.rules.undefined import first_parameter


def is_own(case: Case, kind: str) -> bool:
    """Tell whether a type is a class, of the program or, as far as one sees, of some other one."""
    about = known(case)
    return (about is not None and about[0].class_(kind) is not None) or kind[:1].isupper()


def names(case: Case, kind: str) -> list[str]:
    """Return the attributes and methods that objects of a class get somewhere, its base classes' included."""
    about = known(case)
    found: list[str] = []
    for class_ in _family(case, kind) if about else ():
        found += [name for name in attributes_of(class_, about[0]) if not name.startswith("__")] if about else []
    if kind == "super":
        found = (
            [name for class_ in looking.nodes(case, ast.ClassDef) for name in attributes_of(class_, about[0])]
            if about
            else []
        )
    return found


def _family(case: Case, kind: str) -> list[ast.ClassDef]:
    """Return a class of the program and those it inherits from."""
    about = known(case)
    todo, found = [kind], []
    while todo and about:
        class_ = about[0].class_(todo.pop(0))
        if class_ is not None and class_ not in found:
            found.append(class_)
            todo += [base.id for base in class_.bases if isinstance(base, ast.Name)]
    return found


def renamed_everywhere(case: Case, found: Accessed, meant: str) -> str | None:
    """Write an attribute as it is meant wherever the program has it; for a built-in type, in its line only."""
    if found.node is None:
        return None
    if not is_own(case, found.kind) or not _family(case, found.kind):
        return renamed(case, found.node, to=meant)
    alike = [node for node in looking.nodes(case, ast.Attribute) if node.attr == found.name]
    return renamed(case, *alike, to=meant)


def set_elsewhere(case: Case) -> Finding | None:
    """An attribute that a method sets without `self`, or that no `__init__` sets because its name is misspelt."""
    found = accessed(case)
    about = known(case)
    classes = _family(case, found.kind) if found else []
    if not found or not about or not classes:
        return None
    for class_ in classes:
        for function in [one for one in class_.body if isinstance(one, get_args(Function))]:
            local = [one for one in about[0].of_name(found.name) if one.scope is function]
            if local and not function.decorator_list and found.what == "object":
                return _without_self(case, found, function, local)
    return _misspelt_init(case, found, classes) or _no_super(case, found, classes) or _outside(case, found, classes)


def _without_self(case: Case, found: Accessed, function: Function, local: list[Binding]) -> Finding | None:
    """`name = name` instead of `self.name = name`; or a parameter that is never kept."""
    me = first_parameter(function) or "self"
    full = f"{me}.{found.name}"
    assigned = [one for one in local if one.how == "assigned" and isinstance(one.node, ast.Assign)]
    if assigned:
        nodes = [target for one in assigned for target in one.node.targets if isinstance(target, ast.Name)]  # type: ignore[attr-defined]
        reads = [node for node in looking.nodes(case, ast.Name) if _reads(case, node, function, found.name)]
        given = any(one.how == "parameter" for one in local)
        fixed = replaced(case, *((node, full) for node in (*nodes, *(() if given else reads))))
        where = assigned[0].line
    else:
        parameter = next((one for one in local if one.how == "parameter"), None)
        if parameter is None or function.name != "__init__" or looking.close(found.name, names(case, found.kind)):
            return None
        first = function.body[0]
        alone = isinstance(first, ast.Pass)
        indent = indentation(case.line(first.lineno))
        line = f"{full} = {found.name}"
        where = function.lineno
        fixed = replaced(case, (first, line)) if alone else None
        if not alone and first.lineno != function.lineno:
            fixed = inserted(case, first.lineno, indent + line)
    return _told(
        case,
        found,
        f"The method {shown(function.name)}{at(where)} has a name {shown(found.name)} of its own, but it never sets "
        f"it on the object.",
        f"Write {shown(f'{full} = …')} in {shown(function.name)}.",
        fixed,
    )


def _reads(case: Case, node: ast.Name, function: Function, name: str) -> bool:
    about = known(case)
    return (
        about is not None and node.id == name and isinstance(node.ctx, ast.Load) and about[0].of.get(node) is function
    )


def _told(
    case: Case, found: Accessed, why: str, todo: str, fixed: str | None = None, cause: str = "attribute_never_set"
) -> Finding:
    line = looking.place(case) or getattr(found.node, "lineno", None)
    thing = "the class" if found.what == "class" else "this object of the class"
    return tell(
        case,
        cause,
        found.node,
        (
            f"{beginning(line)} {thing} {shown(found.kind)} has no {shown(found.name)}. {why}",
            f"Which line sets {shown(found.name)} on the object, and does it run before "
            f"{f'line {line}' if line else 'this'}?",
            todo,
        ),
        fixed,
    )


def _misspelt_init(case: Case, found: Accessed, classes: list[ast.ClassDef]) -> Finding | None:
    for class_ in classes:
        methods = [one for one in class_.body if isinstance(one, ast.FunctionDef)]
        if any(one.name == "__init__" for one in methods):
            continue
        for method in methods:
            alike = method.name.strip("_").lower() in ("init", "int", "inti", "initialize", "constructor", "innit")
            if alike and _sets(method, found.name):
                return _told(
                    case,
                    found,
                    f"It would be set in {shown(method.name)}{at(method.lineno)}, but Python only calls `__init__` "
                    f"by itself.",
                    f"Write `__init__`, with two underscores on each side, instead of {shown(method.name)}.",
                    replaced(case, (name_span(case.code, method), "__init__")) if case.tree is not None else None,
                    "missing_init",
                )
    return None


def _sets(function: ast.AST, name: str) -> bool:
    return any(node.attr == name for node in set_in(function))


def _init(class_: ast.ClassDef) -> ast.FunctionDef | None:
    return next((one for one in class_.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"), None)


def _no_super(case: Case, found: Accessed, classes: list[ast.ClassDef]) -> Finding | None:
    """A class with an `__init__` of its own that does not call that of its base class."""
    mine = _init(classes[0])
    base = next((one for one in classes[1:] if (begin := _init(one)) and _sets(begin, found.name)), None)
    begin = _init(base) if base else None
    if mine is None or base is None or begin is None or "super()" in looking.source(case, mine):
        return None
    wanted = [one.arg for one in begin.args.args[1:]]
    known_names = {one.arg for one in mine.args.args}
    call = f"super().__init__({', '.join(wanted)})"
    body = mine.body[1:] if ast.get_docstring(mine) is not None and mine.body[1:] else mine.body
    fits = set(wanted) <= known_names and body[0].lineno != mine.lineno
    fixed = inserted(case, body[0].lineno, indentation(case.line(body[0].lineno)) + call) if fits else None
    return _told(
        case,
        found,
        f"{shown(base.name)} sets it in its `__init__`, but the `__init__` of {shown(classes[0].name)} never calls "
        f"that one.",
        f"Begin the `__init__` of {shown(classes[0].name)} with {shown(call)}.",
        fixed,
    )


def _outside(case: Case, found: Accessed, classes: list[ast.ClassDef]) -> Finding | None:
    """A method that is not indented, and so does not belong to its class."""
    about = known(case)
    function = about[0].function(found.name) if about else None
    if not about or function is None or isinstance(about[0].of[function], ast.ClassDef):
        return None
    if first_parameter(function) != "self" or case.tree is None:
        return None
    scope, class_ = about[0].of[function], classes[0]
    direct = isinstance(scope, ast.Module) and function in case.tree.body and class_ in case.tree.body
    follows = direct and case.tree.body.index(function) == case.tree.body.index(class_) + 1
    step = indentation(case.line(class_.body[0].lineno)) or "    "
    fixed = None
    if follows and function.end_lineno and not function.decorator_list and function.lineno > (class_.end_lineno or 0):
        starts = looking.line_starts(case.code)
        spots = [
            starts[number - 1]
            for number in range(function.lineno, function.end_lineno + 1)
            if case.line(number).strip()
        ]
        fixed = replaced(case, *(((spot, spot), step) for spot in spots))
    return _told(
        case,
        found,
        f"There is a function {shown(found.name)}{at(function.lineno)}, but by its indentation it does not belong to "
        f"the class.",
        f"Indent {shown(f'def {found.name}(…)')} as far as the other methods of {shown(class_.name)}.",
        fixed,
    )


def never_set(case: Case) -> Finding | None:
    """An attribute of an object that no line has set, or not yet."""
    found = accessed(case)
    if not found or found.what == "module" or not is_own(case, found.kind):
        return None
    classes = _family(case, found.kind)
    private = found.name.startswith("__") and not found.name.endswith("__")
    inside = [
        one for class_ in classes for one in class_.body if isinstance(one, ast.FunctionDef) and _sets(one, found.name)
    ]
    if private and inside:
        why = "A name with two underscores in front is private: it can only be reached from within its class."
        return _told(case, found, why, "Use a method of the class that gives it, or a name with one underscore.")
    setter = next((one for one in inside if one.name != "__init__"), None)
    if found.what == "class" and inside:
        why = f"It is set on each object{at(inside[0].lineno)}, not on the class itself."
        return _told(case, found, why, "Make an object of the class first, and ask that one.")
    if setter is not None:
        why = (
            f"Only the method {shown(setter.name)}{at(setter.lineno)} sets it, and that one has not run on this object."
        )
        todo = f"Set it in `__init__` too: {shown(f'self.{found.name} = …')}, or call {shown(setter.name)} before."
        return _told(case, found, why, todo)
    start = _first_value(case, found)
    todo = (
        f"Set it in `__init__`: {shown(f'self.{found.name} = {start or chr(8230)}')}."
        if found.call is None
        else (f"Define the method {shown(found.name)} in the class {shown(found.kind)}, or call one that it has.")
    )
    return _told(case, found, "No line of the class sets it.", todo, _begun(case, found, classes, start))


def _first_value(case: Case, found: Accessed) -> str | None:
    """Return what an attribute that is added to has to begin with."""
    about = known(case)
    outer = about[0].parent.get(found.node) if about and found.node is not None else None
    if isinstance(outer, ast.Attribute) and outer.attr in ("append", "extend", "insert"):
        return "[]"
    for node in looking.nodes(case, ast.AugAssign):
        if isinstance(node.target, ast.Attribute) and node.target.attr == found.name and about:
            kind = about[1].of(node.value)
            start = {"int": "0", "float": "0", "str": '""', "list": "[]"}.get(kind or "")
            return start if isinstance(node.op, ast.Add | ast.Sub) else None
    return None


def _begun(case: Case, found: Accessed, classes: list[ast.ClassDef], start: str | None) -> str | None:
    begin = _init(classes[0]) if classes else None
    if begin is None or not start or begin.body[-1].lineno == begin.lineno:
        return None
    last = begin.body[-1]
    me = first_parameter(begin) or "self"
    line = indentation(case.line(last.lineno)) + f"{me}.{found.name} = {start}"
    return inserted(case, (last.end_lineno or last.lineno) + 1, line)


def as_list(case: Case, found: Accessed) -> str | None:
    """Return the program with a list where a value of another kind is made that should be changed."""
    about = known(case)
    if found.node is None or not about or found.kind in ("dict", "str", "set"):
        return None
    value = found.node.value
    if isinstance(value, ast.Name):
        given = [one.value for one in about[0].of_name(value.id, value)]
        if len(given) != 1 or given[0] is None:
            return None
        value = given[0]
    elif found.name == "sort" and found.call is not None:
        return replaced(case, (found.call, f"sorted({looking.source(case, value)})"))
    text = looking.source(case, value)
    if isinstance(value, ast.Tuple):
        return replaced(
            case, (value, f"[{text[1:-1].rstrip(', ')}]" if text.startswith("(") else f"[{text.rstrip(', ')}]")
        )
    return replaced(case, (value, f"list({text})"))
