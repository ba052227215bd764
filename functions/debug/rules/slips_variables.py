"""Slips with the variable of a loop: used twice at once, hiding another, given a value that is forgotten."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules import mending
from functions.debug.rules.slips_program import Program, at, changed, inside, leaves, names_in, parameters, step, within

_COUNTERS = "jklmn"


def loop_variable_reused(program: Program) -> Iterator[Finding]:
    """One name for two things at once, one of them the variable of a loop."""
    for inner in program.all(ast.While):
        if found := _counted_twice(program, inner):
            yield found
    for loop in program.all(ast.For):
        names = {one.id for one in ast.walk(loop.target) if isinstance(one, ast.Name)} - {"_"}
        for name in sorted(names):
            if (
                found := _used_by_both(program, loop, name)
                or _hides(program, loop, name)
                or _overwrites(program, loop, name)
                or _assigned(program, loop, name)
            ):
                yield found


def _used_by_both(program: Program, loop: ast.For, name: str) -> Finding | None:
    """Find a loop within a loop that goes with the same variable."""
    outer = next(
        (one for one in program.loops_around(loop) if isinstance(one, ast.For) and _goes_with(one, name)), None
    )
    counted = next(
        (one for one in program.loops_around(loop) if isinstance(one, ast.While) and name in names_in(one.test)), None
    )
    around = outer or (counted if counted and _stepped(counted, name, loop) else None)
    if around is None:
        return None
    reads = [one for one in program.reads(name, program.scope(loop)) if within(one, around)]
    of_outer = [one for one in reads if not within(one, loop) or within(one, loop.iter)]
    shown, word = program.shown(name), "while" if isinstance(around, ast.While) else "for"
    own = [one for one in reads if one not in of_outer]
    if isinstance(around, ast.For) and not _confused(program, around, loop, of_outer, own):
        return None
    free = next((one for one in _COUNTERS if all(binding.name != one for binding in program.scopes.bindings)), None)
    certain = free and of_outer and isinstance(loop.target, ast.Name) and (not own or around is counted)
    return program.found(
        "loop_variable_reused", loop.target,
        f"The `{word}` loop of line {around.lineno} and the `for` loop inside it, in line {loop.lineno}, both use "
        f"{shown}. The inner loop overwrites the value of the outer one.",
        f"What is {shown} in line {around.lineno}, and what is it after the loop of line {loop.lineno}? Print it in "
        "both places.",
        f"Give the inner loop a name of its own, such as {program.shown(free or 'inner')}.",
        mending.renamed(program.case, loop.target, *own, to=free) if certain and free else None,
    )  # fmt: skip


def _confused(program: Program, outer: ast.For, inner: ast.For, of_outer: list[ast.Name], own: list[ast.Name]) -> bool:
    """Tell whether the outer loop still needs its variable, or is meant in the inner one as well."""
    following: list[ast.stmt] = []
    above: ast.AST = inner
    while above is not outer:
        block = program.block(above)
        following += block[block.index(above) + 1 :] if above in block else []
        above = program.parent[above]
    if any(within(one, statement) for one in of_outer for statement in following):
        return True
    statements = [program.statement(one) for one in own]
    twice = any(statements.count(one) > 1 for one in statements)
    counting = all(
        isinstance(one.iter, ast.Call) and getattr(one.iter.func, "id", "") == "range" for one in (outer, inner)
    )
    return bool(own) and (not of_outer or (twice and counting))


def _goes_with(loop: ast.For, name: str) -> bool:
    return any(isinstance(one, ast.Name) and one.id == name for one in ast.walk(loop.target))


def _stepped(loop: ast.While, name: str, inner: ast.For) -> bool:
    return any((found := step(node)) and found[0] == name and not within(node, inner) for node in inside(*loop.body))


def _counted_twice(program: Program, inner: ast.While) -> Finding | None:
    """Find a `while` loop within another one that counts with the same variable."""
    outer = next((one for one in program.loops_around(inner) if isinstance(one, ast.While)), None)
    if outer is None or not isinstance(outer.test, ast.Compare) or not isinstance(inner.test, ast.Compare):
        return None
    for name in sorted(names_in(outer.test.left) & names_in(inner.test.left)):
        set_back = [
            node for node in inside(*outer.body)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            and name in changed([node]) and not within(node, inner)
        ]  # fmt: skip
        counted = any((found := step(node)) and found[0] == name for node in inside(*inner.body))
        if not set_back or not counted:
            continue
        shown = program.shown(name)
        return program.found(
            "loop_variable_reused", inner.test,
            f"The `while` loop of line {outer.lineno} and the one inside it, in line {inner.lineno}, both count with "
            f"{shown}. The inner loop overwrites what the outer one has counted.",
            f"What is {shown} when the loop of line {inner.lineno} is finished? Is the condition of line "
            f"{outer.lineno} ever met then?",
            f"Count with another variable in the inner loop, such as {program.shown('inner')}, from its `{name} = …` "
            "on.",
        )  # fmt: skip
    return None


def _overwrites(program: Program, loop: ast.For, name: str) -> Finding | None:
    """Find a loop variable that overwrites a value which is still needed after the loop."""
    scope = program.scope(loop)
    bound = program.bindings(name, scope)
    if len(bound) != 2 or bound[0].how != "assigned" or bound[0].line >= loop.lineno or leaves(*loop.body):
        return None
    first = bound[0].value
    typed = isinstance(first, ast.Call) and program.kinds.input_call(first) is not None
    if not typed and not (
        isinstance(first, ast.Constant) and first.value and first.value != 1 and not isinstance(first.value, bool)
    ):
        return None
    later = [one for one in program.reads(name, scope) if at(one) > at(loop) and not within(one, loop)]
    if not later or not program.block(loop) or bound[0].node not in program.block(loop):
        return None
    shown = program.shown(name)
    return program.found(
        "loop_variable_reused", loop.target,
        f"The loop of line {loop.lineno} uses the name {shown} for its items, and so overwrites the {shown} of line "
        f"{bound[0].line}. After the loop, line {later[0].lineno} gets the last item.",
        f"What is {shown} before line {loop.lineno}, and what after the loop? Print it in both places.",
        f"Choose another name for the variable of the loop in line {loop.lineno}.",
    )  # fmt: skip


def _hides(program: Program, loop: ast.For, name: str) -> Finding | None:
    """Find a loop variable that overwrites a parameter nobody has looked at, or the very list it goes through."""
    function = program.scope(loop)
    reads = program.reads(name, function)
    itself = isinstance(loop.iter, ast.Name) and loop.iter.id == name
    parameter = isinstance(function, ast.FunctionDef) and any(one.arg == name for one in parameters(function))
    if itself:
        later = [
            one
            for one in reads
            if (at(one) > at(loop) and not within(one, loop)) or _asks_for_the_list(program, one, loop)
        ]
        what = "the list that it goes through"
        if not later:
            return None
    elif parameter and not any(at(one) < at(loop.body[0]) and one is not loop.target for one in reads):
        later = [one for one in reads if within(one, loop)]
        what = f"the parameter {program.shown(name)}"
        if not later or len([one for one in program.bindings(name, function) if one.how != "loop"]) > 1:
            return None
    else:
        return None
    shown = program.shown(name)
    return program.found(
        "loop_variable_reused", loop.target,
        f"The loop of line {loop.lineno} stores each item under the name {shown}, and so overwrites {what}.",
        f"What does {shown} stand for before line {loop.lineno}, and what in its rounds? Which of the two do you need "
        "later?",
        f"Choose another name for the variable of the loop in line {loop.lineno}.",
    )  # fmt: skip


def _asks_for_the_list(program: Program, name: ast.Name, loop: ast.For) -> bool:
    call = program.parent.get(name)
    measured = (
        isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("len", "sum", "max", "min")
    )
    return measured and name is not loop.iter and within(name, loop)


def _assigned(program: Program, loop: ast.For, name: str) -> Finding | None:
    """Find a new value for the loop variable that is lost at once, since the next round gives it the next item."""
    scope = program.scope(loop)
    if leaves(*loop.body) or any(at(one) > at(loop) and not within(one, loop) for one in program.reads(name, scope)):
        return None
    over_range = (
        isinstance(loop.iter, ast.Call) and isinstance(loop.iter.func, ast.Name) and loop.iter.func.id == "range"
    )
    for node in inside(*loop.body):
        if (
            not isinstance(node, ast.Assign | ast.AugAssign)
            or name not in changed([node])
            or not isinstance(node, ast.stmt)
        ):
            continue
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if (
            not isinstance(target, ast.Name)
            or target.id != name
            or (isinstance(node, ast.Assign) and name not in names_in(node.value))
        ):
            continue
        later = [
            one for one in program.reads(name, scope) if within(one, loop) and at(one) > (node.end_lineno or 0, 10**6)
        ]
        idle = (
            node is loop.body[-1]
            and (found := step(node))
            and isinstance(found[2], ast.Constant)
            and found[2].value == 1
        )
        if (
            later
            or any(one is not loop and within(one, loop) for one in program.loops_around(node))
            or (over_range and idle)
        ):
            continue
        return _forgotten(program, loop, node, name, over_range)
    return None


def _forgotten(program: Program, loop: ast.For, node: ast.stmt, name: str, over_range: bool) -> Finding:
    shown = program.shown(name)
    if over_range:
        way = f"To skip numbers, use `range` with a step, or a `while` loop that changes {shown} itself."
    else:
        items = program.text(loop.iter)
        stored = program.shown(f"{items}[number] = …")
        way = f"Collect the new values in a list of their own, or store them by number: {stored}."
    return program.found(
        "loop_variable_reused", node,
        f"Line {node.lineno} gives {shown} a new value, but the next round of the loop of line {loop.lineno} sets "
        f"{shown} to the next item. The change is lost"
        + ("." if over_range else f", and {program.shown(loop.iter)} stays as it was."),
        f"Print {shown} at the beginning of every round. Does it remember what line {node.lineno} did in the round "
        "before?",
        way,
        _stored_back(program, loop, node, name) if not over_range else None,
    )  # fmt: skip


def _stored_back(program: Program, loop: ast.For, node: ast.stmt, name: str) -> str | None:
    """Return the program with each changed item put back into its list, where nothing else happens in the loop."""
    known = (
        isinstance(loop.iter, ast.Name) and program.kinds.of(loop.iter) == "list" and isinstance(loop.target, ast.Name)
    )
    if not known or loop.body != [node] or loop.body[0].lineno == loop.lineno:
        return None
    number = "i" if all(binding.name != "i" for binding in program.scopes.bindings) else "index"
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", node)
    return mending.replaced(
        program.case,
        (loop.target, f"{number}, {name}"),
        (loop.iter, f"enumerate({program.text(loop.iter)})"),
        (target, f"{program.text(loop.iter)}[{number}]"),
    )
