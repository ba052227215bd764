"""Endless loops that do change something, but never what would end them."""

from __future__ import annotations

import ast

from functions.debug.model import Finding
from functions.debug.rules import looking, mending
from functions.debug.rules.slips_moving import indented, lines_of
from functions.debug.rules.slips_program import Program, inside, names_in, number, same, step
from functions.debug.rules.slips_tests import asked, plain, touched

_UP, _DOWN = ast.Lt | ast.LtE, ast.Gt | ast.GtE


def without_progress(program: Program, loop: ast.While) -> Finding | None:
    """Find why a loop that nothing leaves never comes to its end."""
    for look in (_wrong_way, _stepped_over, _jumped_over, _only_sometimes, _set_back):
        if found := look(program, loop):
            return found
    return None


def halves_wrongly(program: Program, loop: ast.While) -> Finding | None:
    """Find the search in halves that keeps its middle: `low = middle` where `low <= high` goes on."""
    match loop.test:
        case ast.Compare(left=ast.Name(id=low), ops=[ast.Lt() | ast.LtE() as op], comparators=[ast.Name(id=high)]):
            pass
        case _:
            return None
    middle = None
    for node in inside(*loop.body):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.BinOp(op=ast.FloorDiv())) if {low, high} <= names_in(
                node.value
            ):
                middle = name
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=value)) if value == middle and name in (
                low,
                high,
            ):
                if name == high and isinstance(op, ast.Lt):
                    continue
                meant = f"{middle} {'+' if name == low else '-'} 1"
                return program.found(
                    "endless_loop", node,
                    f"Line {node.lineno} keeps {program.shown(value)} in the part that is searched. When "
                    f"{program.shown(low)} and {program.shown(high)} stand next to each other, nothing changes any "
                    f"more, and the loop of line {loop.lineno} never ends.",
                    f"Follow the loop for a list of one or two items. What are {program.shown(low)} and "
                    f"{program.shown(high)} after line {node.lineno}?",
                    f"{program.shown(value)} has been looked at, so leave it out: "
                    f"{program.shown(f'{name} = {meant}')}.",
                    mending.replaced(program.case, (node.value, meant)),
                )  # fmt: skip
    return None


def _wrong_way(program: Program, loop: ast.While) -> Finding | None:
    """Find a counter that moves away from where its loop ends."""
    match loop.test:
        case ast.Compare(
            left=ast.Name(id=name), ops=[ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE() as op], comparators=[limit]
        ):
            pass
        case _:
            return None
    wanted = ast.Add if isinstance(op, _UP) else ast.Sub
    steps = [
        node
        for node in inside(*loop.body)
        if isinstance(node, ast.stmt) and name in touched(program, [node], loop.test)
    ]
    simple = [node for node in steps if not isinstance(node, ast.If | ast.For | ast.While | ast.With)]
    away = [
        node
        for node in simple
        if (found := step(node))
        and isinstance(found[1], ast.Add | ast.Sub)
        and not isinstance(found[1], wanted)
        and (number(found[2]) or 0) > 0
    ]
    if not away or len(away) != len(simple) or names_in(limit) & touched(program, loop.body, loop.test):
        return None
    node, (_, op_used, _) = away[0], step(away[0]) or ("", ast.Add(), limit)
    old, new = ("+", "-") if isinstance(op_used, ast.Add) else ("-", "+")
    begin, end = looking.span(program.case.code, node)
    place = program.case.code.find(old, begin, end)
    where = "above" if isinstance(op, _UP) else "below"
    return program.found(
        "endless_loop", node,
        f"The loop of line {loop.lineno} ends as soon as {program.shown(loop.test)} is false, but line {node.lineno} "
        f"moves {program.shown(name)} the other way in every round, so it never gets {where} {program.shown(limit)}.",
        f"Write down {program.shown(name)} for the first three rounds. Does it come nearer to {program.shown(limit)}?",
        f"Turn the sign in line {node.lineno} round: `{new}` instead of `{old}`.",
        mending.replaced(program.case, ((place, place + 1), new)) if place >= 0 and len(away) == 1 else None,
    )  # fmt: skip


def _stepped_over(program: Program, loop: ast.While) -> Finding | None:
    """Find `while x != 10` whose x jumps over 10."""
    match loop.test:
        case ast.Compare(left=ast.Name(id=name) as counter, ops=[ast.NotEq()], comparators=[limit]):
            pass
        case _:
            return None
    goal = number(limit)
    before = [one for one in program.bindings(name, program.scope(loop)) if one.line < loop.lineno]
    start = number(before[-1].value) if before and before[-1].how == "assigned" else None
    steps = [
        node
        for node in inside(*loop.body)
        if isinstance(node, ast.stmt) and name in touched(program, [node], loop.test)
    ]
    found = step(steps[0]) if len(steps) == 1 and steps[0] in loop.body else None
    by = number(found[2]) if found and isinstance(found[1], ast.Add | ast.Sub) else None
    if not isinstance(goal, int) or not isinstance(start, int) or not isinstance(by, int) or by <= 0 or found is None:
        return None
    up = isinstance(found[1], ast.Add)
    away = goal - start if up else start - goal
    if away >= 0 and away % by == 0:
        return None
    gap = looking.span(program.case.code, counter)[1], looking.span(program.case.code, limit)[0]
    place, sign = program.case.code.find("!=", *gap), "<" if up else ">"
    return program.found(
        "endless_loop", loop.test,
        f"{program.shown(name)} begins at {start} and changes by {by} in every round, so it never is exactly {goal}: "
        f"the loop of line {loop.lineno} goes on for ever.",
        f"Write down the values that {program.shown(name)} has in line {loop.lineno}, round by round. Is {goal} one of "
        "them?",
        f"Ask whether the limit is passed: {program.shown(f'{name} {sign} {program.text(limit)}')}.",
        mending.replaced(program.case, ((place, place + 2), sign)) if place >= 0 and away > 0 else None,
    )  # fmt: skip


def _jumped_over(program: Program, loop: ast.While) -> Finding | None:
    """Find a `continue` that jumps over the line that counts."""
    wanted = asked(program, loop.test)
    for place, branch in enumerate(loop.body):
        if (
            not isinstance(branch, ast.If)
            or not isinstance(branch.body[-1], ast.Continue)
            or not plain(program, branch.test)
        ):
            continue
        depends = wanted | asked(program, branch.test)
        if depends & touched(program, [*loop.body[:place], *branch.body], loop.test):
            continue
        counting = next((node for node in loop.body[place + 1 :] if (found := step(node)) and found[0] in wanted), None)
        if counting is None:
            continue
        text = indented(program, counting, _line_start(program, branch.body[-1]))
        part = lines_of(program, branch.body[-1])
        return program.found(
            "endless_loop", branch.body[-1],
            f"When {program.shown(branch.test)} is true, `continue` in line {branch.body[-1].lineno} starts the next "
            f"round at once and jumps over {program.shown(counting)} in line {counting.lineno}. From then on every "
            "round is the same.",
            f"Follow one round in which {program.shown(branch.test)} is true. Which lines run before the next round "
            "begins?",
            f"Put {program.shown(counting)} before the `continue` as well.",
            mending.replaced(program.case, ((part[0], part[0]), text)) if part and text else None,
        )  # fmt: skip
    return None


def _line_start(program: Program, node: ast.AST) -> str:
    begins = looking.line_starts(program.case.code)
    return mending.indentation(
        program.case.code[begins[getattr(node, "lineno", 1) - 1] : looking.span(program.case.code, node)[0]] + "x"
    )


def _only_sometimes(program: Program, loop: ast.While) -> Finding | None:
    """Find a counter that counts within an `if` only, which stays false for ever once it is."""
    wanted = asked(program, loop.test)
    counting = [node for node in loop.body if wanted & touched(program, [node], loop.test)]
    if len(counting) != 1 or not isinstance(counting[0], ast.If) or counting[0].orelse:
        return None
    branch = counting[0]
    others = [node for node in loop.body if node is not branch]
    if (
        not plain(program, branch.test)
        or asked(program, branch.test) & touched(program, others, branch.test)
        or not asked(program, branch.test) & wanted
    ):
        return None
    node = next((one for one in branch.body if (found := step(one)) and found[0] in wanted), None)
    if node is None or _implied(loop.test, branch.test):
        return None
    fixed = None
    if node is branch.body[-1] and len(branch.body) > 1:
        part, text = lines_of(program, node), indented(program, node, _line_start(program, branch))
        fixed = mending.replaced(program.case, (part, text)) if part and text else None
    return program.found(
        "endless_loop", node,
        f"{program.shown(node)} in line {node.lineno} runs only when {program.shown(branch.test)} is true. As soon as "
        f"it is not, nothing changes any more, and the loop of line {loop.lineno} never ends.",
        f"Follow a round in which {program.shown(branch.test)} is false. What is different in the round after it?",
        f"Give line {node.lineno} the indentation of the `if` in line {branch.lineno}, so that it runs in every round.",
        fixed,
    )  # fmt: skip


def _implied(test: ast.expr, inner: ast.expr) -> bool:
    """Tell whether an `if` asks what its loop has just wanted."""
    return any(same(part, inner) for part in (test.values if isinstance(test, ast.BoolOp) else [test]))


def _set_back(program: Program, loop: ast.While) -> Finding | None:
    """Find a counter that every round sets back to where it began."""
    for place, node in enumerate(loop.body):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in asked(
                program, loop.test
            ) and isinstance(number(value), int):
                steps = [
                    one
                    for one in loop.body[place + 1 :]
                    if (found := step(one)) and found[0] == name and isinstance(number(found[2]), int)
                ]
                stored = [
                    one
                    for one in inside(*loop.body)
                    if isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Store)
                ]
                if len(steps) != 1 or len(stored) != 2 or not _still_true(loop.test, name, value, steps[0]):
                    continue
                part = lines_of(program, node)
                known = [
                    one
                    for one in program.bindings(name, program.scope(loop))
                    if one.line < loop.lineno and same(one.value or loop, value)
                ]
                return program.found(
                    "endless_loop", node,
                    f"Line {node.lineno} sets {program.shown(name)} back to {program.shown(value)} in every round, so "
                    f"line {steps[0].lineno} always counts from there, and the loop of line {loop.lineno} never ends.",
                    f"What is {program.shown(name)} at the end of the first round, and at the end of the second?",
                    f"Set {program.shown(name)} once, before the loop, and not again in line {node.lineno}.",
                    mending.replaced(program.case, (part, "")) if part and known else None,
                )  # fmt: skip
    return None


def _still_true(test: ast.expr, name: str, value: ast.expr, counting: ast.stmt) -> bool:
    """Tell whether `name < limit` holds after one step from a number, as far as all of it is written out."""
    start, found = number(value), step(counting)
    by = number(found[2]) if found and isinstance(found[1], ast.Add | ast.Sub) else None
    match test:
        case ast.Compare(left=ast.Name(id=left), ops=[op], comparators=[limit]) if left == name:
            goal = number(limit)
        case _:
            return False
    if goal is None or start is None or by is None or found is None:
        return False
    now = start + by if isinstance(found[1], ast.Add) else start - by
    compared = {
        ast.Lt: now < goal,
        ast.LtE: now <= goal,
        ast.Gt: now > goal,
        ast.GtE: now >= goal,
        ast.NotEq: now != goal,
    }
    return compared.get(type(op), False)
