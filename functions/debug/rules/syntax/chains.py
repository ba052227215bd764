"""Chains: `else` without its `if`, and `try` without its `except`."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules.syntax.program import Program, Statement
from functions.debug.rules.syntax.telling import found, shown

_EXPECTED_ERRORS = (
    (re.compile(r"\b(?:int|float)\("), "ValueError"),
    (re.compile(r"\bopen\("), "FileNotFoundError"),
    (re.compile(r"[^/]/[^/]"), "ZeroDivisionError"),
)


def misplaced_else(program: Program) -> Iterator[Finding]:
    """Find `else` and `elif` that belong to no `if`, mostly because of how far they are indented."""
    for statement in program.near:
        if statement.first not in ("else", "elif") or statement.inline or statement.at(1) == "if":
            continue
        belongs = ("if", "elif") if statement.first == "elif" else ("if", "elif", "for", "while", "try", "except")
        between = _statements_between(program, statement, belongs)
        if between is None:
            continue
        explanation = (
            f"{shown(statement.first)} in {{at}} belongs to no `if`: it must stand directly below an `if` block, "
            "exactly as far to the right as that `if`."
        )
        pointer = "Which `if` does {at} belong to? Compare how far the two are indented, and what stands between them."
        repaired = list(_moved(program, statement, belongs)) + between
        for fixed in [*repaired, None]:
            yield found(
                program,
                "else_without_if",
                statement.line,
                explanation,
                pointer,
                fixed=fixed,
                solution="" if fixed else "Put an `if` with a block above {at}, or take the line away.",
                expression=statement.first,
            )


def _statements_between(program: Program, statement: Statement, belongs: tuple[str, ...]) -> list[str] | None:
    """Return repairs that indent what comes between a block and its `else`; None where nothing is wrong with it."""
    above = [s for s in program.statements if s.line < statement.line and not s.inline]
    at, between = len(above) - 1, list[int]()
    while at >= 0 and len(above[at].indent) > len(statement.indent):
        at -= 1
    if at >= 0 and above[at].indent == statement.indent and above[at].first in (*belongs, "else"):
        return [] if above[at].first == "else" else None
    body = ""
    while at >= 0 and above[at].first not in belongs and above[at].indent == statement.indent:
        between += range(above[at].line, above[at].last + 1)
        at -= 1
        while at >= 0 and len(above[at].indent) > len(statement.indent):
            body = above[at].indent
            at -= 1
    if at < 0 or not body or above[at].indent != statement.indent or above[at].first not in belongs:
        return []
    return [program.with_lines((number, body + program.line(number).lstrip()) for number in between)]


def _moved(program: Program, statement: Statement, belongs: tuple[str, ...]) -> Iterator[str]:
    """Yield programs in which the line stands below one of the heads above it, its block together with it or not."""
    indents = [s.indent for s in program.statements if s.line < statement.line and s.first in belongs and not s.inline]
    for indent in dict.fromkeys(reversed(indents)):
        if indent != statement.indent:
            alone = program.with_lines([(statement.line, indent + program.line(statement.line).lstrip())])
            together = _with_block_at(program, statement, indent)
            yield from (alone, together) if len(indent) > len(statement.indent) else (together, alone)


def _with_block_at(program: Program, head: Statement, indent: str) -> str:
    """Return the program with a head and the block below it moved together."""
    old = len(head.indent)
    below = (n for n in range(head.line + 1, len(program.lines) + 1) if program.line(n).strip())
    block = list(itertools.takewhile(lambda n: len(program.indent(n)) > old, below))
    return program.with_lines((n, indent + program.line(n)[old:]) for n in (head.line, *block))


def lonely_try(program: Program) -> Iterator[Finding]:
    """Find `try` without `except`, and `except` without `try`."""
    line = program.refusal.line if program.refusal else 0
    tries = [s for s in program.statements if s.first == "try" and s.line <= line and not s.inline]
    for statement in reversed(tries):
        after = [s for s in program.statements if s.line > statement.last and not s.inline]
        end = next((n for n, s in enumerate(after) if len(s.indent) <= len(statement.indent)), len(after))
        follows = after[end] if end < len(after) else None
        if follows and follows.indent == statement.indent and follows.first in ("except", "finally"):
            continue
        handler = next((s for s in after[: end + 1] if s.first in ("except", "finally")), None)
        repaired: str | None
        if handler:
            repaired = _with_block_at(program, handler, statement.indent)
        else:
            repaired = _handler_added(program, statement, after[:end])
        yield found(
            program,
            "try_without_except",
            statement.line,
            "The `try` in {at} has no `except` or `finally` of its own, so it does not say what to do when something "
            "goes wrong.",
            "Which error may happen in the block below {at}, and what should the program do then? The `except` for it "
            "stands as far to the right as the `try`.",
            fixed=repaired,
            solution="" if repaired else "Add `except` with the error that you expect below the block of {at}.",
            expression="try",
        )
        return
    if not tries:
        yield from _lonely_except(program)


def _lonely_except(program: Program) -> Iterator[Finding]:
    for statement in program.near:
        if statement.first in ("except", "finally") and not statement.inline:
            yield found(
                program,
                "try_without_except",
                statement.line,
                f"{shown(statement.first)} in {{at}} belongs to no `try`.",
                "Which lines may fail? They belong into a `try` block directly above {at}.",
                solution="Put `try:` above the lines that may fail, and indent them.",
                expression=statement.first,
            )


def _handler_added(program: Program, statement: Statement, body: list[Statement]) -> str | None:
    """Handle the error that what stands in the block is known for; None where there is no telling which."""
    if not body:
        return None
    text = "\n".join(program.line(number) for number in range(body[0].line, body[-1].last + 1))
    error = next((name for pattern, name in _EXPECTED_ERRORS if pattern.search(text)), None)
    if error is None:
        return None
    end = program.start(body[-1].last) + len(program.line(body[-1].last))
    inner = body[0].indent or "    "
    handler = f"\n{statement.indent}except {error} as error:\n{inner}print(error)"
    return program.edited((end, end, handler))
