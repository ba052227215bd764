"""Dead code: what is written and never reached, or never used."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from functions.review.finding import Finding, found
from functions.review.program import Program
from functions.review.rules.reading import alike, ends_here, is_calm, is_true
from functions.review.source import Edit
from functions.review.tree import Function


def unused_import(program: Program) -> Iterator[Finding]:
    """An import of what the program never mentions."""
    for node in program.nodes:
        if not isinstance(node, ast.Import | ast.ImportFrom) or _is_special(node):
            continue
        called = [alias.asname or alias.name.partition(".")[0] for alias in node.names]
        unused = [name for name in called if not program.names.get(name) and name not in program.texts]
        if not unused:
            continue
        if len(unused) == len(called):
            edits = removed(program, [node])
        else:
            kept = [program.text(alias) for alias, name in zip(node.names, called, strict=True) if name not in unused]
            start, end = program.span(node.names[0])[0], program.span(node.names[-1])[1]
            edits = (Edit(start, end, ", ".join(kept)),)
        yield found("unused_import", node, *edits, name=", ".join(unused))


def _is_special(node: ast.Import | ast.ImportFrom) -> bool:
    return any(alias.name == "*" for alias in node.names) or getattr(node, "module", "") == "__future__"


def unused_variable(program: Program) -> Iterator[Finding]:
    """What a function works out, names, and never looks at again."""
    for (home, name), uses in program.variables.items():
        if not isinstance(home, Function) or any(not isinstance(use.ctx, ast.Store) for use in uses):
            continue
        if name.startswith("_") or name not in program.bound.get(home, ()) or _is_passed(home, name):
            continue
        for use in uses:
            statement = program.parent[use]
            if not isinstance(statement, ast.Assign | ast.AnnAssign) or not statement.value:
                continue
            if isinstance(statement, ast.Assign) and len(statement.targets) > 1:
                continue
            edits = (
                removed(program, [statement])
                if is_calm(statement.value)
                else (program.replace(statement, program.text(statement.value)),)
                if isinstance(statement.value, ast.Call)
                else ()
            )
            yield found("unused_variable", statement, *edits, name=name)


def _is_passed(function: Function, name: str) -> bool:
    return any(isinstance(each, ast.arg) and each.arg == name for each in ast.walk(function.args))


def unused_function(program: Program) -> Iterator[Finding]:
    """A function that nothing calls, in a program that calls others."""
    runs = any(not _defines(node) for node in program.tree.body if not program.is_docstring(node))
    for function in program.functions:
        home = program.parent[function]
        top = isinstance(home, ast.Module)
        if not ((top and runs) or isinstance(home, Function)) or function.decorator_list:
            continue
        used = [name for name in program.names.get(function.name, ()) if not program.inside(name, function)]
        if not used and function.name not in program.texts:
            yield Finding("unused_function", function.lineno, function.lineno, {"name": function.name})


def _defines(node: ast.stmt) -> bool:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name.isupper()
    return isinstance(node, Function | ast.ClassDef | ast.Import | ast.ImportFrom)


def unused_parameter(program: Program) -> Iterator[Finding]:
    """A parameter that a function never looks at."""
    for function in program.functions:
        if program.is_method(function) or _only_promises(function) or function.decorator_list:
            continue
        read = {name.id for name in program.within(function) if isinstance(name, ast.Name)}
        for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
            if argument.arg not in read and not argument.arg.startswith("_"):
                yield found("unused_parameter", argument, name=argument.arg, function=function.name)


def _only_promises(function: Function) -> bool:
    return all(
        isinstance(each, ast.Pass | ast.Raise) or (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
        for each in function.body
    )


def unreachable(program: Program) -> Iterator[Finding]:
    """Statements after a `return`, a `break`, or a loop without an end."""
    for node in program.statements:
        before, _ = program.neighbours(node)
        if before is None or not (ends_here(before) or _never_ends(program, before)):
            continue
        block = program.block(node)
        rest = block[block.index(node) :]
        yield found("unreachable", before, *removed(program, rest), until=rest[-1], word=_word(before))


def _never_ends(program: Program, statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.While) or not is_true(statement.test):
        return False
    return not any(isinstance(node, ast.Break) for node in program.within(statement))


def _word(statement: ast.stmt) -> str:
    return "while True" if isinstance(statement, ast.While) else type(statement).__name__.lower()


def no_effect(program: Program) -> Iterator[Finding]:
    """`total == 5` or `name` alone on a line."""
    for node in program.statements:
        match node:
            case ast.Expr(value=ast.Compare() | ast.BinOp() | ast.Name() | ast.Subscript() | ast.Attribute() as value):
                compared = isinstance(value, ast.Compare)
                yield found("compared_for_nothing" if compared else "no_effect", node, code=program.text(value))


def needless_pass(program: Program) -> Iterator[Finding]:
    """`pass` beside other statements, `continue` at the end of a loop, `return` at the end of a function."""
    for node in program.statements:
        match node:
            case ast.Pass() if len(_really(program, node)) > 1:
                word = "pass"
            case ast.Continue() if isinstance(parent := program.parent[node], ast.For | ast.While) and (
                parent.body[-1] is node and len(parent.body) > 1
            ):
                word = "continue"
            case ast.Return(value=None | ast.Constant(value=None)) if isinstance(
                parent := program.parent[node], Function
            ) and (parent.body[-1] is node and len(parent.body) > 1 and not _returns(program, parent)):
                word = "return"
            case _:
                continue
        yield found("needless_word", node, *removed(program, [node]), word=word)


def _really(program: Program, node: ast.stmt) -> list[ast.stmt]:
    return [each for each in program.block(node) if not isinstance(each, ast.Pass)] + [node]


def _returns(program: Program, function: Function) -> bool:
    return any(
        isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value)
        for node in program.within(function)
    )


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def repeated_condition(program: Program) -> Iterator[Finding]:
    """An `elif` with a condition that has been asked before."""
    for node in program.nodes:
        match node:
            case ast.If(test=test, orelse=[ast.If() as other]):
                while True:
                    if alike(test, other.test) and not any(isinstance(each, ast.Call) for each in ast.walk(test)):
                        yield found("repeated_condition", other, condition=program.text(test))
                        break
                    if len(other.orelse) != 1 or not isinstance(other.orelse[0], ast.If):
                        break
                    other = other.orelse[0]


def self_assigned(program: Program) -> Iterator[Finding]:
    """`name = name`."""
    for node in program.statements:
        match node:
            case ast.Assign(targets=[ast.Name(id=one)], value=ast.Name(id=other)) if one == other:
                same_scope = not isinstance(program.scope(node), ast.ClassDef)
                if same_scope:
                    yield found("self_assigned", node, *removed(program, [node]), name=one)


def removed(program: Program, statements: list[ast.stmt]) -> tuple[Edit, ...]:
    """Return the edit that takes statements of one block away with their lines; what is left of a block is never
    nothing."""
    first, last = statements[0], statements[-1]
    if not program.stands_alone(first, last) or isinstance(first, Function | ast.ClassDef):
        return ()
    whole = len(statements) == len(program.block(first))
    text = f"{program.indentation(first.lineno)}pass" if whole else None
    return (program.replace_lines(first.lineno, last.end_lineno or 0, text),)


RULES = (
    unused_import, unused_variable, unused_function, unused_parameter, unreachable, no_effect, needless_pass,
    repeated_condition, self_assigned,
)  # fmt: skip
