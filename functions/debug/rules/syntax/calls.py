"""Calls: arguments and parameters in an order that Python does not allow."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from functions.debug.model import Finding
from functions.debug.rules.syntax.program import Program, Statement
from functions.debug.rules.syntax.scanning import Token
from functions.debug.rules.syntax.telling import found, shown


def positional_after_keyword(program: Program) -> Iterator[Finding]:
    """Find calls with an argument without a name behind one that has a name."""
    for statement in program.near:
        for opener in _openers(statement):
            if statement.first in ("def", "class", "async") and statement.tokens[opener].depth == 0:
                continue
            parts = _parts(statement, opener)
            named = next((n for n, part in enumerate(parts) if _is_named(part)), None)
            if named is None or opener == 0 or statement.tokens[opener - 1].kind != "name":
                continue
            late = [part for part in parts[named:] if not _is_named(part) and part[0].text not in ("*", "**")]
            if not late:
                continue
            one, other = _text(program, late[0]), _text(program, parts[named])
            yield found(
                program,
                "positional_after_keyword",
                late[0][0].line,
                f"In {{at}} the argument {shown(one)} has no name and stands behind {shown(other)}, which has one. "
                "Python could not tell any more which parameter it is for.",
                "Which arguments in {at} have a name, and which ones go by their place? All that go by their place "
                "come first.",
                fixed=_reordered(program, parts, lambda part: _is_named(part) or part[0].text == "**"),
                expression=one,
            )


def default_before_required(program: Program) -> Iterator[Finding]:
    """Find functions with a parameter without a default behind one that has one."""
    for statement in program.near:
        if statement.first not in ("def", "async") or "(" not in [t.text for t in statement.tokens]:
            continue
        opener = next(n for n, token in enumerate(statement.tokens) if token.text == "(")
        parts = _parts(statement, opener)
        end = next((n for n, part in enumerate(parts) if part[0].text in ("*", "**")), len(parts))
        first = next((n for n, part in enumerate(parts[:end]) if _has_default(part)), None)
        late = [part for part in parts[first:end] if not _has_default(part)] if first is not None else []
        if not late or first is None:
            continue
        one, other = _text(program, late[0]), _text(program, parts[first])
        yield found(
            program,
            "default_before_required",
            late[0][0].line,
            f"The function in {{at}} has the parameter {shown(one)}, which every call must give, behind "
            f"{shown(other)}, which a call may leave out.",
            "Which parameters in {at} have a default after `=`? They come last.",
            fixed=_reordered(program, parts[:end], _has_default),
            expression=one,
        )


def _openers(statement: Statement) -> Iterator[int]:
    for index, token in enumerate(statement.tokens):
        if token.text == "(" and token.kind == "op":
            yield index


def _parts(statement: Statement, opener: int) -> list[list[Token]]:
    """Return what the commas within a pair of parentheses part."""
    depth = statement.tokens[opener].depth
    parts: list[list[Token]] = [[]]
    for token in statement.tokens[opener + 1 :]:
        if token.depth <= depth:
            break
        if token.text == "," and token.depth == depth + 1:
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]


def _is_named(part: list[Token]) -> bool:
    return len(part) > 2 and part[0].kind == "name" and part[1].text == "="


def _has_default(part: list[Token]) -> bool:
    return any(token.text == "=" and token.depth == part[0].depth for token in part)


def _text(program: Program, part: list[Token]) -> str:
    return program.code[part[0].start : part[-1].end]


def _reordered(program: Program, parts: list[list[Token]], last: Callable[[list[Token]], bool]) -> str:
    """Return the program with those parts at the end for which `last` holds, the others in their order before them."""
    ordered = sorted(parts, key=last)
    edits = [(old[0].start, old[-1].end, _text(program, new)) for old, new in zip(parts, ordered, strict=True)]
    return program.edited(*edits)
