"""Conditions of loops: which variables they depend on, and what in a loop may change these."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from functions.debug.rules.slips_program import Program, changed, inside

_PURE = frozenset(("len", "int", "float", "str", "abs", "sum", "max", "min", "bool", "round", "isinstance", "type"))
_PURE_METHODS = frozenset(
    ("lower", "upper", "strip", "isdigit", "isalpha", "count", "startswith", "endswith", "index", "find")
)


def plain(program: Program, test: ast.expr) -> bool:
    """Tell whether a condition depends on plain variables only: the same values give the same answer."""
    for node in ast.walk(test):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name not in _PURE:
                return False
            case ast.Call(func=ast.Attribute(attr=name)) if name not in _PURE_METHODS:
                return False
            case ast.Call(func=ast.Name() | ast.Attribute()):
                pass
            case (
                ast.Call()
                | ast.Attribute()
                | ast.Await()
                | ast.NamedExpr()
                | ast.GeneratorExp()
                | ast.ListComp()
                | ast.Lambda()
            ):
                if not (isinstance(node, ast.Attribute) and isinstance(program.parent.get(node), ast.Call)):
                    return False
    wanted = asked(program, test)
    return bool(wanted) and not any(changed_elsewhere(program, name, test) for name in wanted)


def asked(program: Program, *tests: ast.AST) -> set[str]:
    """Return the variables that conditions depend on."""
    names = [one for test in tests for one in ast.walk(test) if isinstance(one, ast.Name)]
    return {one.id for one in names if program.home(one) is not None}


def changed_elsewhere(program: Program, name: str, node: ast.AST) -> bool:
    """Tell whether a function of the program gives a name of another scope its values, as `global` allows."""
    outward = {one for holder in program.all(ast.Global) for one in holder.names}
    outward |= {one for holder in program.all(ast.Nonlocal) for one in holder.names}
    home = program.home_of(name, node)
    return (
        name in outward or home is not program.scope(node) or program.kinds.of(as_read(name, node)) in ("dict", "set")
    )


def as_read(name: str, node: ast.AST) -> ast.AST | None:
    """Return where a name is read within a node."""
    return next((one for one in ast.walk(node) if isinstance(one, ast.Name) and one.id == name), None)


def touched(program: Program, statements: Sequence[ast.AST], test: ast.AST) -> set[str]:
    """Return the variables that statements may change, as far as a condition looks at them."""
    bound = {
        node.id for node in inside(*statements) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
    }
    maybe = changed(statements) - bound
    safe = {
        name
        for name in maybe
        if program.kinds.of(as_read(name, test)) in ("int", "float", "str", "bool", "range", "tuple")
    }
    return bound | (maybe - safe)
