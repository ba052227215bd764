"""Slips in loops: leaving one too early, changing what it goes through."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules import looking, mending
from functions.debug.rules.slips_endless import endless_loop
from functions.debug.rules.slips_limits import is_range
from functions.debug.rules.slips_moving import alone_in_block, indentation, indented, lines_of
from functions.debug.rules.slips_program import Loop, Program, at, inside, leaves, names_in, number, same, step
from functions.debug.rules.slips_totals import best_so_far

__all__ = ["endless_loop", "list_changed_while_iterating", "return_in_loop"]


def return_in_loop(program: Program) -> Iterator[Finding]:
    """A `return` that ends a loop in its first round."""
    for loop in program.loops():
        last = loop.body[-1]
        short = not isinstance(loop, ast.While) and len(loop.body) <= 3 and not loop.orelse
        if isinstance(last, ast.Return) and _too_early(program, loop, last):
            yield _ends_in_first_round(program, loop, last, _dedented(program, loop, last))
        elif isinstance(last, ast.If) and short and (early := _other_answer(last)):
            yield _ends_in_first_round(program, loop, early, _without_else(program, loop, early))


def _too_early(program: Program, loop: Loop, last: ast.Return) -> bool:
    """Tell whether a loop ends with a `return` of what it collects, or of an answer that all rounds are needed for."""
    if any(isinstance(node, ast.Continue) for node in inside(*loop.body)):
        return False
    given = names_in(last.value) if last.value else set()
    collected = {found[0] for node in inside(*loop.body) if (found := step(node))}
    collected |= {
        node.func.value.id for node in inside(*loop.body)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)
        and node.func.attr in ("append", "add", "extend", "update", "insert")
    }  # fmt: skip
    collected |= best_so_far(loop)
    kept = {
        name
        for name in collected
        if any(binding.line < loop.lineno for binding in program.bindings(name, program.scope(loop)))
    }
    if given & kept:
        return True
    asked = [
        node
        for node in loop.body[:-1]
        if isinstance(node, ast.If) and not node.orelse and isinstance(node.body[-1], ast.Return)
    ]
    constant = isinstance(last.value, ast.Constant) or last.value is None or number(last.value) is not None
    return bool(asked) and constant and isinstance(loop, ast.For | ast.AsyncFor) and not program.loops_around(loop)


def _other_answer(branch: ast.If) -> ast.Return | None:
    """Return the `return` in the `else` of `if …: return True else: return False`."""
    while len(branch.orelse) == 1 and isinstance(branch.orelse[0], ast.If):
        if not isinstance(branch.body[-1], ast.Return):
            return None
        branch = branch.orelse[0]
    match branch.body, branch.orelse:
        case [*_, ast.Return()], [ast.Return(value=value) as early] if (
            value is None or isinstance(value, ast.Constant) or number(value) is not None
        ):
            return early
    return None


def _ends_in_first_round(program: Program, loop: Loop, last: ast.Return, fixed: str | None) -> Finding:
    word = "while" if isinstance(loop, ast.While) else "for"
    return program.found(
        "return_in_loop", last,
        f"`return` ends the whole function. {program.shown(last)} in line {last.lineno} is reached in the first round "
        f"of the `{word}` loop of line {loop.lineno}, so the other rounds never happen.",
        f"How often does the loop of line {loop.lineno} run before line {last.lineno} leaves the function? When is the "
        "answer really certain?",
        f"Give {program.shown(last)} the same indentation as the `{word}` of line {loop.lineno}, so that it comes "
        "after the whole loop.",
        fixed,
    )  # fmt: skip


def _dedented(program: Program, loop: Loop, last: ast.Return) -> str | None:
    """Return the program with the last statement of a loop after it."""
    if alone_in_block(program, last) or loop.orelse or _followed_by_return(program, loop):
        return None
    text, part = indented(program, last, indentation(program, loop)), lines_of(program, last)
    return (
        mending.replaced(program.case, (part, text.rstrip("\r\n") + _line_end(program, part)))
        if text and part
        else None
    )


def _line_end(program: Program, part: tuple[int, int]) -> str:
    text = program.case.code[slice(*part)]
    return text[len(text.rstrip("\r\n")) :]


def _without_else(program: Program, loop: Loop, early: ast.Return) -> str | None:
    """Return the program with an `else: return …` of a loop's last `if` after the loop."""
    if _followed_by_return(program, loop):
        return None
    code, branch = program.case.code, program.parent.get(early)
    if not isinstance(branch, ast.If) or (body := lines_of(program, branch.body[-1])) is None:
        return None
    begin, begins = looking.span(code, early)[0], looking.line_starts(code)
    part = body[1], begins[min(early.end_lineno or 0, len(begins) - 1)]
    if re.sub(r"\s", "", code[part[0] : begin]) != "else:":
        return None
    return mending.replaced(program.case, (part, indentation(program, loop) + code[begin : part[1]]))


def _followed_by_return(program: Program, loop: ast.stmt) -> bool:
    block = program.block(loop)
    return loop not in block or any(isinstance(one, ast.Return) for one in block[block.index(loop) + 1 :])


def list_changed_while_iterating(program: Program) -> Iterator[Finding]:
    """A `for` loop over a list that its own body removes from or adds to."""
    for loop in program.all(ast.For):
        gone_through, counted = _gone_through(loop)
        if gone_through is None:
            continue
        for change, how in _changes(loop, gone_through):
            if _left_at_once(program, change, loop) or not _matters(program, loop, change, how, counted):
                continue
            yield _skips(program, loop, gone_through, change, how, counted)
            break


def _gone_through(loop: ast.For) -> tuple[ast.expr | None, bool]:
    """Return the list, dictionary or set that a loop goes through itself, and whether it does so by numbers."""
    match loop.iter:
        case ast.Name() | ast.Attribute():
            return loop.iter, False
        case ast.Call(func=ast.Name(id="enumerate" | "reversed"), args=[ast.Name() | ast.Attribute() as items, *_]):
            return (items, True) if getattr(loop.iter.func, "id", "") == "enumerate" else (None, False)
        case ast.Call(func=ast.Name(id="range"), args=[ast.Call(func=ast.Name(id="len"), args=[items])]):
            return items, True
        case ast.Call(func=ast.Attribute(value=items, attr="keys" | "values" | "items"), args=[]):
            return items, False
    return None, False


def _changes(loop: ast.For, items: ast.expr) -> Iterator[tuple[ast.AST, str]]:
    for node in inside(*loop.body):
        match node:
            case ast.Call(
                func=ast.Attribute(
                    value=owner,
                    attr="remove" | "pop" | "insert" | "append" | "clear" | "extend" | "discard" | "add" as how,
                )
            ):
                if same(owner, items):
                    yield node, how
            case ast.Delete(targets=[ast.Subscript(value=owner)]) if same(owner, items):
                yield node, "del"


def _matters(program: Program, loop: ast.For, change: ast.AST, how: str, counted: bool) -> bool:
    """Tell whether a loop stumbles over a change: one of `range(len(x))` only where its own item is removed."""
    if how in ("append", "extend", "insert", "add"):
        return not counted and program.statement(change) in loop.body
    return not counted or bool(names_in(change) & names_in(loop.target))


def _left_at_once(program: Program, change: ast.AST, loop: ast.For) -> bool:
    """Tell whether the loop ends before its next round, the name stands for a copy, or the change goes on behind it."""
    statement = program.statement(change)
    while statement is not None and statement is not loop:
        block = program.block(statement)
        if statement in block and any(
            isinstance(one, ast.Break | ast.Return | ast.Raise) for one in block[block.index(statement) :]
        ):
            return True
        if isinstance(statement, ast.For | ast.While) and leaves(*statement.body, loop=False):
            return True
        statement = next((above for above in program.ancestors(statement) if isinstance(above, ast.stmt)), None)
    return False


def _skips(program: Program, loop: ast.For, items: ast.expr, change: ast.AST, how: str, counted: bool) -> Finding:
    of_dictionary = program.kinds.of(items) in ("dict", "set")
    cause = "dict_changed_while_iterating" if of_dictionary else "list_changed_while_iterating"
    name, what = program.shown(items), program.shown(change)
    by_number = counted and how in ("del", "pop", "remove") and (how != "remove" or is_range(loop.iter))
    copied = looking.span(program.case.code, loop.iter if not counted else items)
    copy = f"list({program.case.code[slice(*copied)]})"
    sure = (
        how in ("remove", "discard")
        or (of_dictionary and how in ("del", "pop", "clear", "add"))
        or (how in ("append", "extend") and not counted)
    )
    grows = how in ("append", "extend", "insert", "add")
    result = (
        "Python stops with an error when its size changes" if of_dictionary
        else "each new item is gone through as well, so the loop may never end" if grows
        else "the items behind the removed one move up, and the loop skips the next one"
    )  # fmt: skip
    line = at(change)[0]
    other = "a copy" if not by_number else "a new list of what stays"
    return program.found(
        cause, change,
        f"Line {line} changes {name} with {what} while the loop of line {loop.lineno} still goes through it: {result}.",
        f"Write down {name} and the place where the loop is, round by round. What is at that place after line {line}?",
        f"Go through {other} instead" + (f": {program.shown(copy)} in line {loop.lineno}." if not by_number else "."),
        mending.replaced(program.case, (copied, copy)) if sure and not by_number else None,
    )  # fmt: skip
