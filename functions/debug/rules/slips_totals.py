"""Slips with what a loop collects: starting over in every round, so that only the last one counts."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules import mending
from functions.debug.rules.slips_moving import after, alone_in_block, before, indentation, moved
from functions.debug.rules.slips_program import Loop, Program, at, inside, leaves, names_in, number, step, within


def accumulator_reset_in_loop(program: Program) -> Iterator[Finding]:
    """`total = 0` inside of the loop that adds to `total`."""
    for loop in program.loops():
        for reset in loop.body:
            match reset:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if _fresh(value):
                    if _starts_over(program, loop, reset, name):
                        yield _reset(program, loop, reset, name)
        if found := _overwritten(program, loop):
            yield found


def _fresh(value: ast.expr) -> bool:
    match value:
        case ast.Constant(value=0 | 1 | "") | ast.List(elts=[]) | ast.Dict(keys=[]):
            return True
        case ast.Call(func=ast.Name(id="list" | "dict" | "set" | "str" | "int"), args=[], keywords=[]):
            return True
    return number(value) is not None


def _starts_over(program: Program, loop: Loop, reset: ast.Assign, name: str) -> bool:
    """Tell whether what a loop collects under a name is lost in each round although it is wanted after all of them."""
    later = [node for node in inside(*loop.body) if at(node) > at(reset)]
    grown = [node for node in later if (found := step(node)) and found[0] == name] + _filled(later, name)
    compared = name in best_so_far(loop) and isinstance(loop, ast.For | ast.AsyncFor)
    stored = [
        node
        for node in inside(*loop.body)
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
    ]
    own = {id(one) for node in grown for one in ast.walk(node)}
    scope = program.scope(loop)
    reads = [one for one in program.reads(name, scope) if id(one) not in own]
    asked = (ast.Compare,) if isinstance(reset.value, ast.Dict | ast.List) else ()
    best = [node.test for node in inside(*loop.body) if isinstance(node, ast.If)] if compared else []
    used = [
        one for one in reads
        if within(one, loop) and not isinstance(program.parent.get(one), asked)
        and not any(within(one, test) for test in best)
    ]  # fmt: skip
    after_it = [one for one in reads if at(one) > at(loop) and not within(one, loop)]
    if not (grown or compared) or len(stored) > 1 + sum(step(node) is not None for node in grown) + compared:
        return False
    if used:
        plain = len(grown) == 1 and len(stored) == 1 + (step(grown[0]) is not None) and grown[0] in loop.body
        counted = plain and (found := step(grown[0])) is not None and isinstance(found[1], ast.Add)
        zero = isinstance(reset.value, ast.Constant) and not reset.value.value
        return bool(counted and zero and all(at(one) > at(grown[0]) for one in used))
    if isinstance(loop, ast.For | ast.AsyncFor) and leaves(*loop.body):
        return False  # then the round that ended the loop may be the one that counts
    nearest = next((one.line for one in program.bindings(name, scope) if one.line > (loop.end_lineno or 0)), 10**9)
    again = [one for outer in program.loops_around(loop) for one in reads if within(one, outer) and at(one) < at(loop)]
    return any(at(one)[0] <= nearest for one in after_it) and not again


def _filled(nodes: list[ast.AST], name: str) -> list[ast.AST]:
    found: list[ast.AST] = []
    for node in nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=of), attr="append" | "add" | "extend" | "insert")) if (
                of == name
            ):
                found.append(node)
            case (
                ast.Assign(targets=[ast.Subscript(value=ast.Name(id=of))])
                | ast.AugAssign(target=ast.Subscript(value=ast.Name(id=of)))
            ):
                found += [node] if of == name else []
    return found


def _reset(program: Program, loop: Loop, reset: ast.Assign, name: str) -> Finding:
    shown, word = program.shown(name), "while" if isinstance(loop, ast.While) else "for"
    fixed = None
    if not alone_in_block(program, reset):
        fixed = moved(program, reset, into=before(program, loop, ""), indent=indentation(program, loop))
    return program.found(
        "accumulator_reset_in_loop", reset,
        f"Line {reset.lineno} stands inside the `{word}` loop of line {loop.lineno}, so every round sets {shown} back "
        f"to {program.shown(reset.value)} and forgets what the rounds before collected.",
        f"What is {shown} at the beginning of each round? Which lines should run only once?",
        f"Move {program.shown(reset)} above the `{word}` of line {loop.lineno}.",
        fixed,
    )  # fmt: skip


def _overwritten(program: Program, loop: Loop) -> Finding | None:
    """Find `if x == wanted: found = True else: found = False`, of which only the last round counts."""
    match loop:
        case ast.For(
            body=[
                ast.If(
                    body=[ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=bool(yes))) as kept],
                    orelse=[ast.Assign(targets=[ast.Name(id=other)], value=ast.Constant(value=bool(no))) as other_case],
                )
            ]
        ) if name == other and yes != no:
            pass
        case _:
            return None
    if not any(at(one) > at(loop) and not within(one, loop) for one in program.reads(name, program.scope(loop))):
        return None
    any_of_them = yes and any(
        word in name.lower() for word in ("found", "exist", "has", "contain", "present", "any", "enthalten", "gefunden")
    )
    change = after(program, kept, f"{indentation(program, kept)}break\n") if any_of_them else None
    shown = program.shown(name)
    return program.found(
        "accumulator_reset_in_loop", other_case,
        f"Every round of the loop of line {loop.lineno} sets {shown} again, so after the loop only the last round "
        "counts.",
        f"The right value is met in the middle of the loop. What does line {other_case.lineno} do to {shown} in the "
        "rounds after it?",
        f"Set {shown} once before the loop, change it in one case only, and leave the loop with `break` when it is "
        "certain.",
        mending.replaced(program.case, change) if change else None,
    )  # fmt: skip


def best_so_far(loop: Loop) -> set[str]:
    """Return the names that `if x > best: best = x` keeps the best value in."""
    found = set()
    for branch in inside(*loop.body):
        if isinstance(branch, ast.If) and isinstance(branch.test, ast.Compare):
            stored = {
                one.id
                for node in branch.body
                if isinstance(node, ast.Assign)
                for one in node.targets
                if isinstance(one, ast.Name)
            }
            found |= stored & names_in(branch.test)
    return found
