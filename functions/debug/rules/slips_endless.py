"""Endless loops: a `while` whose condition nothing in it changes, or that has no way out."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from functions.debug.model import Case, Finding
from functions.debug.rules import mending
from functions.debug.rules.slips_moving import after, body_indentation, indented, lines_of, newline
from functions.debug.rules.slips_program import Program, changed, inside, leaves, names_in, number, step
from functions.debug.rules.slips_progress import halves_wrongly, without_progress
from functions.debug.rules.slips_tests import asked, plain, touched

_WAITING = frozenset(
    ("sleep", "tick", "update", "wait", "get", "accept", "recv", "mainloop", "pause", "poll", "flip", "next")
)
_UP, _DOWN = ast.Lt | ast.LtE, ast.Gt | ast.GtE


def endless_loop(case: Case) -> Finding | None:
    """Find a loop that never ends; None where there is none that is sure never to."""
    if case.tree is None:
        return None
    return next(endless_loops(Program(case, case.tree)), None)


def endless_loops(program: Program) -> Iterator[Finding]:
    """Yield the loops that never end once they are entered."""
    for loop in program.all(ast.While):
        if any(isinstance(above, ast.Try | ast.TryStar) for above in program.ancestors(loop)) and _always(loop):
            continue
        if _always(loop):
            found = _no_way_out(program, loop)
        elif not plain(program, loop.test):
            found = None
        elif leaves(*loop.body):
            found = halves_wrongly(program, loop) or (_unchanged(program, loop) if _counts(program, loop) else None)
        else:
            found = halves_wrongly(program, loop) or _unchanged(program, loop) or without_progress(program, loop)
        if found:
            yield found


def _counts(program: Program, loop: ast.While) -> bool:
    """Tell whether a condition compares a counter with its limit, so that it is meant to change."""
    match loop.test:
        case ast.Compare(left=ast.Name() as name, ops=[ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE()]):
            return program.kinds.of(name) == "int"
    return False


def _always(loop: ast.While) -> bool:
    return isinstance(loop.test, ast.Constant) and bool(loop.test.value)


def _no_way_out(program: Program, loop: ast.While) -> Finding | None:
    """Find a `while True` without a `break`."""
    calls = [node for node in inside(*loop.body) if isinstance(node, ast.Call)]
    named = {node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "") for node in calls}
    if leaves(*loop.body) or named & _WAITING or any(_may_stop(program, name) for name in named):
        return None
    if any(isinstance(node, ast.Try | ast.TryStar) for node in inside(*loop.body)) and any(
        "except" in program.text(node) for node in loop.body
    ):
        return None
    return program.found(
        "endless_loop", loop.test,
        f"{program.shown('while ' + program.text(loop.test))} in line {loop.lineno} goes on until a `break` or a "
        "`return` ends it, and there is none in the loop.",
        f"When should the loop of line {loop.lineno} be finished? Which line tells Python so?",
        "Ask for that moment with an `if` in the loop, and put `break` behind it.",
    )  # fmt: skip


def _may_stop(program: Program, name: str) -> bool:
    """Tell whether a function of the program may end everything, so that a loop around a call of it ends as well."""
    known = [one for one in program.all(ast.FunctionDef) if one.name == name]
    stops = (ast.Raise, ast.Assert)
    return any(
        isinstance(node, stops) or (isinstance(node, ast.Call) and leaves(node))
        for one in known for node in inside(*one.body)
    )  # fmt: skip


def _unchanged(program: Program, loop: ast.While) -> Finding | None:
    """Find a loop whose body changes nothing that its condition asks for."""
    wanted = asked(program, loop.test)
    if wanted & touched(program, loop.body, loop.test) or "*" in changed(loop.body) or _method_taken(program, wanted):
        return None
    names = _varying(program, loop, wanted)
    fixed = (
        _followed_by_change(program, loop, names)
        or _asked_again(program, loop, names)
        or _counted(program, loop, names)
    )
    shown = " or ".join(program.shown(name) for name in names)
    return program.found(
        "endless_loop", loop.test,
        f"The `while` loop of line {loop.lineno} goes on as long as {program.shown(loop.test)} is true, and nothing in "
        f"the loop changes {shown}. So it never ends.",
        f"Which line of the loop changes {shown}? What must happen in each round so that {program.shown(loop.test)} "
        "becomes false?",
        f"Change {shown} inside the loop that begins in line {loop.lineno}, at the same indentation as the rest of it.",
        fixed,
    )  # fmt: skip


def _method_taken(program: Program, names: set[str]) -> bool:
    """Tell whether a method of one of the names is stored, so that calling it changes the name unseen."""
    taken = [one for one in program.all(ast.Attribute) if isinstance(one.value, ast.Name) and one.value.id in names]
    return any(not isinstance(program.parent.get(one), ast.Call) for one in taken)


def _varying(program: Program, loop: ast.While, wanted: set[str]) -> list[str]:
    """Return the names of a condition in order, those that the program changes elsewhere first and alone."""
    ordered = sorted(wanted, key=program.text(loop.test).find)
    left = [name for name in ordered if isinstance(loop.test, ast.Compare) and name in names_in(loop.test.left)]
    scope = program.scope(loop)
    again = [name for name in ordered if any(one.line > loop.lineno for one in program.bindings(name, scope))]
    return again or left or ordered


def _followed_by_change(program: Program, loop: ast.While, names: list[str]) -> str | None:
    """Return the program with the line after a loop in it, if that line changes what the loop asks for."""
    block = program.block(loop)
    following = block[block.index(loop) + 1 : block.index(loop) + 2] if loop in block else []
    indent = body_indentation(program, loop)
    if not following or indent is None or loop.orelse or not (found := step(following[0])) or found[0] not in names:
        return None
    part, text = lines_of(program, following[0]), indented(program, following[0], indent)
    last = following[0] is block[-1]
    ended = text.rstrip("\r\n") if text and last and not program.case.code.endswith(("\n", "\r")) else text
    end = lines_of(program, loop.body[-1])
    if part is None or ended is None or end is None:
        return None
    return mending.replaced(
        program.case, ((end[1], end[1]), ended if not last else _with_end(program, ended)), (part, "")
    )


def _with_end(program: Program, text: str) -> str:
    return text if text.endswith(("\n", "\r")) else text + newline(program)


def _asked_again(program: Program, loop: ast.While, names: list[str]) -> str | None:
    """Return the program with the `input()` from before a loop once more at its end."""
    if len(names) != 1:
        return None
    stored = [one for one in program.bindings(names[0], program.scope(loop)) if one.line < loop.lineno]
    indent = body_indentation(program, loop)
    if (
        len(stored) != 1
        or indent is None
        or not isinstance(stored[0].node, ast.Assign)
        or "input(" not in program.text(stored[0].node.value)
    ):
        return None
    text = indented(program, stored[0].node, indent)
    change = after(program, loop.body[-1], text) if text else None
    return mending.replaced(program.case, change) if change else None


def _counted(program: Program, loop: ast.While, names: list[str]) -> str | None:
    """Return the program with a counter counting at the end of its loop."""
    test, indent = loop.test, body_indentation(program, loop)
    if len(names) != 1 or indent is None or not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return None
    if not isinstance(test.left, ast.Name) or test.left.id != names[0] or not isinstance(test.ops[0], _UP | _DOWN):
        return None
    stored = [one for one in program.bindings(names[0], program.scope(loop)) if one.line < loop.lineno]
    up = isinstance(test.ops[0], _UP)
    read = names[0] in names_in(*loop.body)
    if (
        len(stored) != 1
        or stored[0].value is None
        or not (isinstance(number(stored[0].value), int) or (not up and read))
    ):
        return None
    if stored[0].how != "assigned" or program.kinds.of(test.left) != "int":
        return None
    change = after(program, loop.body[-1], f"{indent}{names[0]} {'+' if up else '-'}= 1{newline(program)}")
    return mending.replaced(program.case, change) if change else None
