"""Slips with branches: one that an earlier branch hides, one that a later `if` undoes, code after a `return`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from functions.debug.model import Finding
from functions.debug.rules import looking, mending
from functions.debug.rules.slips_implying import implies, part_of
from functions.debug.rules.slips_program import Program, changed, ends, inside, names_in, same


def branches_never_reached(program: Program) -> Iterator[Finding]:
    """An `elif` whose condition an earlier branch always takes first; and branches that others undo."""
    for first in program.all(ast.If):
        parent = program.parent.get(first)
        if isinstance(parent, ast.If) and parent.orelse == [first] and not _else_of(program, first):
            continue
        rows = _chain(first), _leaving(program, first)
        if found := _hidden(program, rows[0]) or _hidden(program, rows[1]) or _undone(program, first):
            yield found
    yield from _after_the_end(program)


def _else_of(program: Program, branch: ast.If) -> bool:
    """Tell whether an `if` stands in an `else:`, rather than being an `elif`."""
    return program.text(branch).startswith("if")


def _chain(first: ast.If) -> list[ast.If]:
    chain = [first]
    while len(chain[-1].orelse) == 1 and isinstance(chain[-1].orelse[0], ast.If):
        chain.append(chain[-1].orelse[0])
    return chain


def _leaving(program: Program, first: ast.If) -> list[ast.If]:
    """Return the `if`s that follow each other, each of which leaves: they work like one chain."""
    block = program.block(first)
    found: list[ast.If] = []
    for statement in block[block.index(first) :] if first in block else []:
        if not isinstance(statement, ast.If) or statement.orelse:
            break
        found.append(statement)
        if not ends(statement.body):
            break
    return found


def _hidden(program: Program, chain: list[ast.If]) -> Finding | None:
    """Find the first branch whose condition cannot be true where an earlier one was not."""
    for later, branch in enumerate(chain):
        if any(
            isinstance(node, ast.Call | ast.NamedExpr | ast.Await) and not _pure(node) for node in ast.walk(branch.test)
        ):
            return None
        for earlier, other in enumerate(chain[:later]):
            if implies(branch.test, other.test):
                return _in_wrong_order(program, chain, earlier, later)
    return None


def _pure(node: ast.AST) -> bool:
    """Tell whether a call gives the same each time: a built-in function, or a method of text without arguments."""
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name):
        return node.func.id in ("len", "abs", "int", "float", "str", "isinstance", "type", "round", "sum", "max", "min")
    return isinstance(node.func, ast.Attribute) and node.func.attr in ("lower", "upper", "strip", "isdigit", "isalpha")


def _in_wrong_order(program: Program, chain: list[ast.If], earlier: int, later: int) -> Finding:
    other, branch = chain[earlier], chain[later]
    twice = same(other.test, branch.test)
    fixed = None if twice else _reordered(program, chain)
    asks = f"asks {program.shown(other.test)} once more" if twice else f"is for {program.shown(branch.test)}"
    solution = (
        f"Change one of the two conditions: line {branch.lineno} needs one that line {other.lineno} does not take "
        "already."
        if twice
        else f"Ask the narrower question first: {program.shown(branch.test)} before {program.shown(other.test)}."
    )
    return program.found(
        "branches_never_reached", branch.test,
        f"Line {branch.lineno} {asks}, but whatever fits there fits line {other.lineno} first, and only the first "
        "branch that fits runs. So this branch is never reached.",
        f"Take a value that fits line {branch.lineno}, and go through the conditions from the top, beginning with line "
        f"{other.lineno}. Where do you stop?",
        solution,
        fixed,
    )  # fmt: skip


def _reordered(program: Program, chain: list[ast.If]) -> str | None:
    """Return the program with each hidden branch before those that hide it; None where that is not sure."""
    order = list(range(len(chain)))
    for later in range(len(chain)):
        place = next(
            (at for at, other in enumerate(order) if other < later and implies(chain[later].test, chain[other].test)),
            None,
        )
        if place is not None:
            order.remove(later)
            order.insert(place, later)
    code, begins = program.case.code, looking.line_starts(program.case.code)
    spans = []
    for branch in chain:
        last = branch.body[-1].end_lineno or 0
        spans.append((looking.span(code, branch.test)[0], begins[min(last, len(begins) - 1)]))
        if branch.body[0].lineno == branch.lineno or code[spans[-1][0] - 1] == "(":
            return None
    texts = [code[slice(*part)].rstrip("\r\n") for part in spans]
    ending = [code[slice(*part)][len(text) :] for part, text in zip(spans, texts, strict=True)]
    changes = [(part, texts[of] + end) for part, of, end in zip(spans, order, ending, strict=True)]
    return mending.replaced(program.case, *changes)


def _undone(program: Program, first: ast.If) -> Finding | None:
    """Find `if`s after each other of which only one should run: a later one sets the name again, or has the `else`."""
    block = program.block(first)
    if first not in block:
        return None
    begin = block.index(first)
    if begin and _like(block[begin - 1], first):
        return None
    row = [first]
    for statement in block[begin + 1 :]:
        if not isinstance(statement, ast.If) or not _like(row[-1], statement):
            break
        row.append(statement)
    plain = len(row) > 1 and all(not one.orelse for one in row[:-1]) and not any(ends(one.body) for one in row[:-1])
    parts = [part_of(one.test) for one in row]
    name = _set_by(row)
    if not plain:
        return None
    overlapping = all(part is not None for part in parts) and all(
        later.covers(former) and not same(row[0].test, row[1].test)
        for former, later in pairwise(parts) if former and later
    )  # fmt: skip
    if overlapping and name:
        return _one_chain(
            program, row,
            f"The `if`s from line {first.lineno} on are asked one after the other, so when several of them fit, the "
            f"last one decides what {program.shown(name)} is.",
        )  # fmt: skip
    if row[-1].orelse and not isinstance(row[-1].orelse[0], ast.If) and (overlapping or _values_of_one(row)):
        return _one_chain(
            program, row,
            f"The `else` in this group belongs to the `if` in line {row[-1].lineno} alone. It also runs when an `if` "
            "above it was true.",
        )  # fmt: skip
    return None


def _like(one: ast.stmt, other: ast.stmt) -> bool:
    """Tell whether two `if`s ask about the same thing, which the first one does not change."""
    if not isinstance(one, ast.If) or not isinstance(other, ast.If):
        return False
    asked = names_in(one.test)
    return asked == names_in(other.test) and len(asked) == 1 and not asked & changed(one.body) and not one.orelse


def _set_by(row: list[ast.If]) -> str | None:
    """Return the one name that each branch only gives a constant."""
    names: set[str] = set()
    for body in (*(branch.body for branch in row), row[-1].orelse or row[-1].body):
        match body:
            case [ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant())]:
                names.add(name)
            case _:
                return None
    return names.pop() if len(names) == 1 else None


def _values_of_one(row: list[ast.If]) -> bool:
    """Tell whether each condition asks for another value of one name, and no branch leaves."""
    values = []
    for branch in row:
        match branch.test:
            case ast.Compare(left=ast.Name(), ops=[ast.Eq()], comparators=[ast.Constant(value=value)]):
                values.append(value)
            case _:
                return False
    simple = [node for branch in row for node in (*branch.body, *branch.orelse)]
    return len(set(values)) == len(values) and not any(
        isinstance(node, ast.Raise | ast.Return) for node in inside(*simple)
    )


def _one_chain(program: Program, row: list[ast.If], why: str) -> Finding:
    guilty = row[1] if not row[-1].orelse else row[-1]
    places = [looking.span(program.case.code, one)[0] for one in row[1:]]
    return program.found(
        "branches_never_reached", guilty.test,
        why,
        f"Follow the program for one value that fits line {row[0].lineno}. Which of the lines below it run as well?",
        f"Only one branch should run: make it one chain, with `elif` instead of `if` from line {row[1].lineno} on.",
        mending.replaced(program.case, *(((place, place), "el") for place in places)),
    )  # fmt: skip


def _after_the_end(program: Program) -> Iterator[Finding]:
    """Yield what stands after a `return`, `break`, `continue` or `raise` in the same block."""
    for node in program.all(ast.Return, ast.Break, ast.Continue, ast.Raise):
        block = program.block(node)
        rest = block[block.index(node) + 1 :] if node in block else []
        if not rest or any(isinstance(one, ast.Yield | ast.YieldFrom) for one in inside(*rest)):
            continue
        if all(isinstance(one, ast.Return | ast.Break | ast.Continue | ast.Pass) for one in rest):
            continue
        word = type(node).__name__.lower()
        yield program.found(
            "branches_never_reached", rest[0],
            f"`{word}` in line {node.lineno} leaves this block at once, so line {rest[0].lineno} after it is never "
            "reached.",
            f"In which order should line {node.lineno} and line {rest[0].lineno} happen? Does the second one ever run?",
            f"Put what must happen before the `{word}` of line {node.lineno}, or move that `{word}` to where the work "
            "is done.",
        )  # fmt: skip
