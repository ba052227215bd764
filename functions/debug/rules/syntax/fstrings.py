"""F-strings: curly brackets and quotes within a text that do not fit together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from functions.debug.model import Finding
from functions.debug.rules.syntax.program import Edit, Program, refusal
from functions.debug.rules.syntax.scanning import CLOSING, OPENING, Token
from functions.debug.rules.syntax.telling import found, shown

_TERM = r"(?:[A-Za-z_][\w.]*(?:\[[^\[\]{}]*\]|\([^(){}]*\)|\.\w+)*|\d[\d.]*\d|\d|'[^'{}]*')"
_FORMAT = r"(?:![rsa])?(?::[^{}\s\"']+)?"
_SUM = rf"{_TERM}(?:\s*(?://|\*\*|[-+*/%])\s*{_TERM})*"
_EXPRESSION = re.compile(r"\s*" + _SUM + r"(?:\s*=\s*(?=[,} ]))?" + _FORMAT)
_LAST_EXPRESSION = re.compile(rf"{_TERM}{_FORMAT}$")


class _Field(NamedTuple):
    """A part of an f-string in curly brackets; offsets are those of the program, `end` that of the closing bracket."""

    start: int
    end: int | None
    text: str


def broken_f_string(program: Program) -> Iterator[Finding]:
    """Find f-strings whose curly brackets do not pair, hold nothing, or hold what Python cannot read."""
    for token in _f_strings(program):
        yield from _same_quotes(program, token)
        if not token.closed:
            continue
        fields, lonely = _fields(token)
        for at in lonely:
            for edits in _around_lonely(program, token, at):
                yield _found(program, token, "has a `}` that no `{` opens", program.edited(*edits))
        for field in fields:
            yield from _on_field(program, token, field)


def _f_strings(program: Program) -> Iterator[Token]:
    for statement in program.near:
        for token in statement.tokens:
            if token.kind == "string" and "f" in token.prefix.lower():
                yield token
    for one, other in zip(program.tokens, program.tokens[1:], strict=False):
        if one.text in ("f", "F") and other.kind == "string" and not other.prefix and one.line == other.line:
            yield other


def _on_field(program: Program, token: Token, field: _Field) -> Iterator[Finding]:
    if field.end is None:
        for edits in _ends_of_field(program, token, field):
            yield _found(program, token, "has a `{` that no `}` closes", program.edited(*edits))
        yield _found(program, token, "has a `{` that no `}` closes", None)
    elif not field.text.strip():
        edits = [(token.start, token.start + len(token.prefix), re.sub("[fF]", "", token.prefix))]
        formatted = program.code.startswith(".format", token.end)
        yield _found(program, token, "has `{}` with nothing in it", program.edited(*edits) if formatted else None)
    elif "\\" in field.text:
        yield _found(
            program, token, f"has a backslash within the curly brackets, in {shown('{' + field.text + '}')}", None
        )
    elif refusal(f"({_expression(field.text)})") is not None:
        yield _found(program, token, f"holds {shown('{' + field.text + '}')}, which Python cannot read", None)


def _found(program: Program, token: Token, what: str, fixed: str | None) -> Finding:
    return found(
        program,
        "f_string_broken",
        token.line,
        f"The f-string in {{at}} {what}. Each `{{` and its `}}` hold one expression, whose value is put into the text.",
        "Look at the f-string in {at} bracket by bracket: what stands between each `{` and its `}`, and would Python "
        "understand it on its own?",
        fixed=fixed,
        solution=""
        if fixed
        else "Work the value out in a line before {at}, give it a name, and put only that name between `{` and `}`.",
        expression=token.text.split("\n")[0],
    )


def _fields(token: Token) -> tuple[list[_Field], list[int]]:
    """Return the fields of an f-string, and where a `}` stands alone."""
    body, begin = token.body, token.start + len(token.prefix) + len(token.quote)
    fields, lonely, at = [], [], 0
    while at < len(body):
        if body.startswith(("{{", "}}"), at):
            at += 2
        elif body[at] == "}":
            lonely.append(begin + at)
            at += 1
        elif body[at] == "{":
            end = _closing(body, at)
            fields.append(_Field(begin + at, begin + end if end else None, body[at + 1 : end or len(body)]))
            at = end + 1 if end else len(body)
        else:
            at += 1
    return fields, lonely


def _closing(body: str, at: int) -> int | None:
    depth = 0
    for index in range(at, len(body)):
        depth += (body[index] == "{") - (body[index] == "}")
        if depth == 0:
            return index
    return None


def _expression(field: str) -> str:
    """Return a field without its conversion and its format."""
    depth = 0
    for index, sign in enumerate(field):
        depth += (sign in CLOSING) - (sign in OPENING)
        if depth == 0 and (sign == ":" or (sign == "!" and field[index + 1 : index + 2] != "=")):
            return field[:index].strip()
    return field.strip().removesuffix("=")


def _ends_of_field(program: Program, token: Token, field: _Field) -> Iterator[list[Edit]]:
    end = token.end - len(token.quote)
    match = _EXPRESSION.match(program.code, field.start + 1, end)
    if match and program.code[match.end() : match.end() + 1] in (")", "]", ">"):
        yield [(match.end(), match.end() + 1, "}")]
    if match:
        yield [(match.end(), match.end(), "}")]
        bare = match.start() + len(match.group().split(":")[0])
        yield [(bare, bare, "}")]
    yield [(end, end, "}")]


def _around_lonely(program: Program, token: Token, at: int) -> Iterator[list[Edit]]:
    begin = token.start + len(token.prefix) + len(token.quote)
    starts = (n for n in range(begin, at) if n == begin or not re.match(r"[\w.]", program.code[n - 1]))
    start = next((n for n in starts if _LAST_EXPRESSION.match(program.code[n:at])), None)
    if start is not None:
        yield [(start - 1, start, "{")] if start > begin and program.code[start - 1] in "([<" else [(start, start, "{")]
    yield [(at, at + 1, "")]


def _same_quotes(program: Program, token: Token) -> Iterator[Finding]:
    """Find an f-string with its own quotes in a field: Python reads that from 3.12 on, and not before."""
    quote, start = token.quote, token.start + len(token.prefix)
    if len(quote) == 3 or token.text.count("{") <= token.text.count("}"):
        return
    line_end = program.start(token.line) + len(program.line(token.line))
    depth, inner = 0, []
    for at in range(start + 1, line_end):
        sign = program.code[at]
        depth += (sign == "{") - (sign == "}")
        if sign == quote and depth <= 0:
            break
        if sign == quote:
            inner.append(at)
    else:
        return
    other = "'" if quote == '"' else '"'
    if inner and len(inner) % 2 == 0 and depth == 0:
        yield _found(
            program,
            token,
            f"uses {shown(quote)} both around the text and within its curly brackets, so the text ends too early",
            program.edited(*((at, at + 1, other) for at in inner)),
        )


def parted_prefix(program: Program) -> Iterator[Finding]:
    """Find `f "…"`, where a space parts the letter from its text."""
    for statement in program.near:
        for one, other in zip(statement.tokens, statement.tokens[1:], strict=False):
            if one.text in ("f", "F", "r", "b") and other.kind == "string" and one.end < other.start:
                yield found(
                    program,
                    "f_string_broken",
                    one.line,
                    f"In {{at}} a space parts the {shown(one.text)} from its text, so Python takes it for a name.",
                    f"What makes a text an f-string, and where exactly does the {shown(one.text)} stand then?",
                    fixed=program.edited((one.end, other.start, "")),
                    expression=program.code[one.start : other.end],
                )
