"""Slips with what is made only once: a default for all calls, an attribute of the class for all objects."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules import mending
from functions.debug.rules.looking import BUILTINS
from functions.debug.rules.slips_moving import before, body_indentation, indentation, lines_of, newline
from functions.debug.rules.slips_program import CHANGING, Program

_ON_PURPOSE = re.compile(r"_*(memo\w*|\w*cache\w*|seen|visited|lookup|registry|known)", re.IGNORECASE)
_FOR_ALL = re.compile(r"_*(all_\w+|\w*registry|\w*cache|instances|shared\w*|known\w*|[A-Z0-9_]+)")
_TYPES = ("list", "dict", "set")


def mutable_default(program: Program) -> Iterator[Finding]:
    """`def add(item, items=[])`: one list for all calls."""
    for function in program.functions():
        placed = [*function.args.posonlyargs, *function.args.args]
        pairs = [
            *zip(placed[::-1], function.args.defaults[::-1], strict=False),
            *zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True),
        ]
        for parameter, default in pairs:
            name = parameter.arg
            if default is None or not (kind := new_container(default)) or _ON_PURPOSE.fullmatch(name):
                continue
            if not _empty(default) or not (_changed_inside(program, function, name) or _kept_in_object(function, name)):
                continue
            shown, whole = program.shown(name), program.shown(default)
            yield program.found(
                "mutable_default", default,
                f"The default {whole} in line {default.lineno} is made once, when Python reads the `def`, and not anew "
                f"for each call. All calls of {program.shown(f'{function.name}()')} without {shown} share it, and what "
                "one puts in is still there in the next.",
                f"Call {program.shown(f'{function.name}()')} twice without {shown}, and print {shown} at its "
                "beginning. Is it empty the second time?",
                "Take `None` as the default, and begin with "
                f"{program.shown(f'if {name} is None: {name} = {program.text(default)}')}.",
                _from_none(program, function, parameter, default, kind),
            )  # fmt: skip


def new_container(node: ast.AST | None) -> str | None:
    """Return the kind of a new list, dictionary or set."""
    match node:
        case ast.List() | ast.ListComp():
            return "list"
        case ast.Dict() | ast.DictComp():
            return "dict"
        case ast.Set() | ast.SetComp():
            return "set"
        case ast.Call(func=ast.Name(id="list" | "dict" | "set" as kind)):
            return kind
    return None


def _empty(node: ast.expr) -> bool:
    """Tell whether a new list, dictionary or set holds nothing but what is written out."""
    return not any(isinstance(one, ast.Name) and one.id not in _TYPES for one in ast.walk(node))


def _changed_inside(program: Program, function: ast.AST, name: str) -> bool:
    """Tell whether a function changes what its parameter stands for."""
    return any(changes_it(node, name) for node in ast.walk(function)) and not any(
        one.how == "assigned" and one.node in getattr(function, "body", ())
        for one in program.bindings(name, function)  # type: ignore[arg-type]
    )


def changes_it(node: ast.AST, name: str) -> bool:
    """Tell whether a node changes the list, dictionary or set of a name."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=of), attr=method)):
            return of == name and method in CHANGING
        case ast.Subscript(value=ast.Name(id=of), ctx=ast.Store() | ast.Del()):
            return of == name
        case ast.AugAssign(target=ast.Name(id=of), value=ast.List() | ast.ListComp()):
            return of == name
    return False


def _kept_in_object(function: ast.AST, name: str) -> bool:
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[ast.Attribute()], value=ast.Name(id=of)) if of == name:
                return True
    return False


def _from_none(
    program: Program, function: ast.FunctionDef | ast.AsyncFunctionDef, parameter: ast.arg, default: ast.expr, kind: str
) -> str | None:
    """Return the program with None as the default, and a new list made in the function."""
    documented = ast.get_docstring(function) is not None and len(function.body) > 1
    first = function.body[1] if documented else function.body[0]
    indent = body_indentation(program, function)
    if indent is None or (ast.get_docstring(function) is not None and not documented):
        return None
    line = newline(program)
    step = "\t" if "\t" in indent else "    "
    change = before(
        program,
        first,
        f"{indent}if {parameter.arg} is None:{line}{indent}{step}{parameter.arg} = {program.text(default)}{line}",
    )
    changes: list[mending.Change] = [(default, "None"), *([change] if change else [])]
    note = parameter.annotation
    if note is not None and program.text(note).split("[")[0] == kind:
        changes.append((note, f"{program.text(note)} | None"))
    return mending.replaced(program.case, *changes) if change and default.lineno == default.end_lineno else None


def class_attribute_shared(program: Program) -> Iterator[Finding]:
    """`items = []` in the body of a class: one list for all of its objects."""
    for owner in program.all(ast.ClassDef):
        if any(isinstance(base, ast.Name) and base.id in BUILTINS for base in owner.bases):
            continue
        for statement in owner.body:
            match statement:
                case (
                    ast.Assign(targets=[ast.Name(id=name)], value=value)
                    | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
                ):
                    pass
                case _:
                    continue
            if new_container(value) and not _FOR_ALL.fullmatch(name) and _filled_by_objects(program, owner, name):
                yield _for_all_objects(program, owner, statement, name, value)
            elif isinstance(value, ast.Constant) and type(value.value) in (int, float):
                yield from _counts_alone(program, owner, name)


def _of_self(node: ast.AST | None, name: str) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr == name
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    )


def _filled_by_objects(program: Program, owner: ast.ClassDef, name: str) -> bool:
    """Tell whether methods change `self.name`, which no method gives the object for itself."""
    changes = False
    for node in ast.walk(owner):
        match node:
            case ast.Attribute(ctx=ast.Store()) if _of_self(node, name) and not isinstance(
                program.parent.get(node), ast.AugAssign
            ):
                return False
            case ast.Call(func=ast.Attribute(value=of, attr=method)) if _of_self(of, name) and method in CHANGING:
                changes = True
            case ast.Subscript(value=of, ctx=ast.Store() | ast.Del()) if _of_self(of, name):
                changes = True
            case ast.AugAssign(target=of) if _of_self(of, name):
                changes = True
    named = [
        one
        for one in program.all(ast.Attribute)
        if one.attr == name and isinstance(one.value, ast.Name) and one.value.id in (owner.name, "cls")
    ]
    return changes and not named


def _for_all_objects(program: Program, owner: ast.ClassDef, statement: ast.stmt, name: str, value: ast.expr) -> Finding:
    return program.found(
        "class_attribute_shared", statement,
        f"Line {statement.lineno} stands in the body of the class, so there is one {program.shown(name)} for all "
        f"objects of {program.shown(owner.name)}: what one of them puts in, all of them have.",
        f"When does line {statement.lineno} run: for every new object, or once for the class? Make two objects and "
        f"compare their {program.shown(name)} with `is`.",
        f"Give each object one of its own: {program.shown(f'self.{name} = {program.text(value)}')} in `__init__`.",
        _given_in_init(program, owner, statement, name, value),
    )  # fmt: skip


def _given_in_init(
    program: Program, owner: ast.ClassDef, statement: ast.stmt, name: str, value: ast.expr
) -> str | None:
    """Return the program with an attribute of the class given to each object in `__init__`."""
    line, indent = newline(program), indentation(program, statement)
    part = lines_of(program, statement)
    init = next((one for one in owner.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"), None)
    if part is None or owner.decorator_list or (owner.bases and init is None):
        return None
    if init is None:
        step = "\t" if "\t" in indent else "    "
        text = f"{indent}def __init__(self):{line}{indent}{step}self.{name} = {program.text(value)}{line}"
        return mending.replaced(program.case, (part, text))
    inner = body_indentation(program, init)
    documented = ast.get_docstring(init) is not None and len(init.body) > 1
    first = init.body[1] if documented else init.body[0]
    change = before(program, first, f"{inner}self.{name} = {program.text(value)}{line}") if inner is not None else None
    return mending.replaced(program.case, (part, ""), change) if change else None


def _counts_alone(program: Program, owner: ast.ClassDef, name: str) -> Iterator[Finding]:
    """Find `self.count += 1` where `Class.count` is read: each object counts for itself."""
    read = [
        one for one in program.all(ast.Attribute)
        if one.attr == name and isinstance(one.ctx, ast.Load)
        and isinstance(one.value, ast.Name) and one.value.id == owner.name
    ]  # fmt: skip
    counting = [node for node in ast.walk(owner) if isinstance(node, ast.AugAssign) and _of_self(node.target, name)]
    stored = [node for node in program.all(ast.Attribute) if node.attr == name and isinstance(node.ctx, ast.Store)]
    if not read or len(counting) != 1 or len(stored) != 1:
        return
    meant = f"{owner.name}.{name}"
    yield program.found(
        "class_attribute_shared", counting[0],
        f"{program.shown(f'self.{name}')} in line {counting[0].lineno} gives each object a number of its own. The one "
        f"of the class, {program.shown(meant)}, which line {read[0].lineno} reads, never changes.",
        f"Print {program.shown(meant)} after line {counting[0].lineno}. Whose number does that line change?",
        f"Change the one that all objects share: write {program.shown(meant)} in line {counting[0].lineno}.",
        mending.replaced(program.case, (counting[0].target, meant)),
    )  # fmt: skip
