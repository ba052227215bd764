"""Braces: programs whose blocks stand in curly brackets, as in other languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules.syntax.blocks import else_if
from functions.debug.rules.syntax.operators import foreign_operator, increment
from functions.debug.rules.syntax.program import HEADERS, Edit, Program, ends_value
from functions.debug.rules.syntax.scanning import Token
from functions.debug.rules.syntax.telling import found, shown

_FOREIGN_HEADERS = frozenset(("function", "func", "fn", "catch", "void", "int", "foreach", "public", "static"))
_C_FOR = re.compile(
    r"\bfor\s*\(\s*(?:(?:int|var|let)\s+)?(\w+)\s*=\s*([^;]+?)\s*;\s*\1\s*(<=?)\s*([^;]+?)\s*;\s*(?:\1\s*\+\+|\+\+\s*\1|\1\s*\+=\s*1)\s*\)"
)


def braces(program: Program) -> Iterator[Finding]:
    """Find blocks in curly brackets."""
    pairs = list(_blocks(program))
    if not pairs:
        return
    edits: list[Edit] = []
    for opener, closer in pairs:
        edits.extend(_opened(program, opener))
        if closer:
            edits.append(_closed(program, closer))
    plain = _C_FOR.sub(_as_range, program.edited(*edits))
    plain = re.sub(r"(?m)^(\s*)(?:function|func|fn)\b", r"\1def", plain)
    line = pairs[0][0].line
    for fixed in (plain, _translated(plain), None):
        yield found(
            program,
            "curly_braces_for_blocks",
            line,
            "The block in {at} begins with a curly bracket. In Python a colon opens a block, and how far its lines are "
            "indented shows what belongs to it; curly brackets hold dictionaries and sets.",
            "With which sign does the head of a block end in Python, and what shows where the block is over?",
            fixed=fixed,
            solution=f"End the head of the block in {{at}} with `:` in place of {shown('{')}, take the closing "
            f"{shown('}')} away, and do so for every block.",
            expression=program.line(line).strip(),
        )


def c_loop(program: Program) -> Iterator[Finding]:
    """Find `for (i = 0; i < n; i++)`."""
    match = _C_FOR.search(program.code)
    if match:
        fixed = _C_FOR.sub(_as_range, program.code)
        fixed = re.sub(r"(?m)^(\s*for \w+ in range\(.*\))[ \t]*$", r"\1:", fixed)
        yield found(
            program,
            "syntax_other",
            program.line_of(match.start()),
            f"The loop in {{at}} counts as other languages do, with three parts and semicolons. In Python "
            f"{shown('for')} goes through values, and `range` gives the numbers.",
            f"From which number to which one does {shown(match[1])} go in {{at}}? How does `range` say that?",
            fixed=fixed,
            expression=match.group(),
        )


def _as_range(match: re.Match[str]) -> str:
    name, first, sign, last = match.groups()
    end = last if sign == "<" else str(int(last) + 1) if last.isdecimal() else f"{last} + 1"
    return f"for {name} in range({end})" if first == "0" else f"for {name} in range({first}, {end})"


def _blocks(program: Program) -> Iterator[tuple[Token, Token | None]]:
    """Yield the curly brackets that enclose blocks, each with its partner if it has one."""
    words = [(n, t) for n, t in enumerate(program.tokens) if t.kind not in ("newline", "comment")]
    for position, (index, token) in enumerate(words):
        if token.text != "{" or token.kind != "op" or position == 0:
            continue
        before = words[position - 1][1]
        line = [t for _, t in words if t.line == before.line and t.start < token.start]
        first = next((t for t in line if t.text != "}"), None)
        heads = first is not None and (first.text in HEADERS | _FOREIGN_HEADERS)
        ends = ends_value(before) or before.text in ("else", "try", "finally", "=>", ":", ";")
        alone = before.line == token.line or program.line(token.line).strip() == "{"
        if (
            first
            and heads
            and ends
            and alone
            and before.line >= token.line - 1
            and not _is_dictionary(program, index, before)
        ):
            pair = program.brackets.pairs.get(index)
            yield token, program.tokens[pair] if pair is not None else None


def _is_dictionary(program: Program, index: int, before: Token) -> bool:
    """Tell whether a curly bracket behind a complete head, `else: {…}`, holds a dictionary or a set."""
    return (
        before.text == ":"
        and program.tokens[index + 1 : index + 2] != []
        and program.tokens[index + 1].kind != "newline"
    )


def _opened(program: Program, token: Token) -> Iterator[Edit]:
    before = program.code[: token.start].rstrip(" \t\n")
    colon = "" if before.endswith(":") else ":"
    if program.line(token.line).strip() == "{":
        yield token.start, token.end, ""
        yield len(before), len(before), colon
    else:
        yield len(before.rstrip(";")), token.end, colon


def _closed(program: Program, token: Token) -> Edit:
    end = token.end
    while program.code[end : end + 1] in (" ", ";"):
        end += 1
    return token.start, end, ""


def _translated(code: str) -> str:
    """Put Python's operators and `elif` in the place of those of other languages, all at once."""
    for detector in (else_if, foreign_operator, increment):
        code = next((finding.fixed for finding in detector(Program(code)) if finding.fixed), code)
    return code
