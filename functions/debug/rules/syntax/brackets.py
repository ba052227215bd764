"""Brackets: those that are opened and never closed, closed and never opened, or closed by one of another kind."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules.syntax.likely import BUILTINS
from functions.debug.rules.syntax.program import HEADERS, Edit, Program, Statement
from functions.debug.rules.syntax.scanning import CLOSING, OPENING, Token
from functions.debug.rules.syntax.telling import at, found, shown

_KINDS = {"(": "parenthesis", "[": "square bracket", "{": "curly bracket"}
_OPEN_END = frozenset([",", "(", "[", "{", "+", "-", "*", "/", "%", "=", "and", "or", "in", "not", "==", "."])
_MOST_LINES = 40


def unclosed(program: Program) -> Iterator[Finding]:
    """Find brackets that nothing closes."""
    if not program.brackets.unclosed:
        return
    line = program.refusal.line if program.refusal else 0
    openers = [program.tokens[index] for index in program.brackets.unclosed]
    here = [token for token in openers if token.line == line] or openers
    first = here[0]
    together = [token for token in openers if _same_statement(program, first, token)]
    closers = "".join(CLOSING[token.text] for token in reversed(together))
    for edits in _ends(program, together, closers):
        yield _unclosed(program, together, program.edited(*edits))
    if line >= first.line:  # else Python stopped at something before it
        yield _unclosed(program, together, None)


def _same_statement(program: Program, one: Token, other: Token) -> bool:
    return any(one in statement.tokens and other in statement.tokens for statement in program.statements)


def _unclosed(program: Program, openers: list[Token], fixed: str | None) -> Finding:
    token = openers[-1]
    kind = _KINDS[token.text]
    return found(
        program,
        "unclosed_bracket",
        token.line,
        f"The {kind} {shown(token.text)} that {{at}} opens after {shown(_before(program, token))} is never closed. "
        "Python reads on below it and takes what follows for a part of the same statement.",
        f"Count the brackets in {{at}}, opening and closing ones: which {shown(token.text)} has no partner, and where "
        "does what belongs inside it end?",
        fixed=fixed,
        solution="" if fixed else f"Close it with {shown(CLOSING[token.text])} where its contents end.",
        expression=program.code[token.start : program.end(token.line)].strip() or token.text,
    )


def _before(program: Program, token: Token) -> str:
    text = program.code[program.start(token.line) : token.start].strip()
    return text[-30:] if text else token.text


def _ends(program: Program, openers: list[Token], closers: str) -> Iterator[list[Edit]]:
    """Yield where what is open may be closed: in the line of the last opener, or further down while it goes on."""
    innermost = openers[-1]
    statement = next((s for s in program.statements if innermost in s.tokens), None)
    last = min(statement.last if statement else innermost.line, innermost.line + _MOST_LINES)
    header = statement is not None and statement.first in HEADERS
    if _holds_nothing(program, innermost):
        yield [(innermost.end, innermost.end, closers)]
    for number in range(innermost.line, last + 1):
        inside = [
            t
            for t in program.tokens
            if t.line <= number < t.line + 1 + t.text.count("\n") and t.start >= innermost.start
        ]
        inside = [t for t in inside if t.kind not in ("newline", "comment")]
        if not inside or (inside[-1].text in _OPEN_END and number < last and len(inside) > 0 and number != last):
            continue
        end = inside[-1].end
        if inside[-1].text == ":":
            yield [(inside[-1].start, inside[-1].start, closers)]
        elif header:
            yield [(end, end, f"{closers}:")]
        yield [(end, end, closers)]
        yield from _between(openers, inside, closers)


def _holds_nothing(program: Program, opener: Token) -> bool:
    """Tell whether what follows a bracket cannot belong into it: a sign, or a statement in the next line."""
    following = next(
        (t for t in program.tokens if t.start >= opener.end and t.kind not in ("newline", "comment")), None
    )
    if following is None or following.text in (",", ".", ":"):
        return following is not None
    text = program.line(following.line)
    below = following.line > opener.line and len(program.indent(following.line)) <= len(program.indent(opener.line))
    return below and bool(re.match(r"\s*[\w.]+\s*(?:[(=.\[]|$)", text))


def _between(openers: list[Token], inside: list[Token], closers: str) -> Iterator[list[Edit]]:
    """Yield places within a line: before what follows the bracket's contents there."""
    for one, other in itertools.pairwise(inside):
        if len(closers) == 1 and one.depth == openers[-1].depth + 1 and other.text not in (".", "(", "["):
            yield [(one.end, one.end, closers)]
    if len(openers) > 1 and inside[-1].text != ":":
        yield [(inside[-1].end, inside[-1].end, closers[:1])]


def unmatched(program: Program) -> Iterator[Finding]:
    """Find brackets that close what nothing has opened."""
    line = program.refusal.line if program.refusal else 0
    closers = [program.tokens[index] for index in program.brackets.unmatched]
    for token in sorted(closers, key=lambda closer: abs(closer.line - line))[:1]:
        opener = OPENING[token.text]
        repaired = [program.edited(edit) for edit in _openings(program, token, opener)]
        repaired.append(program.edited((token.start, token.end, "")))
        for fixed in repaired:
            yield found(
                program,
                "unmatched_bracket",
                token.line,
                f"The {shown(token.text)} in {{at}} closes a {_KINDS[opener]} that was never opened, or that is closed "
                "already.",
                f"Go through {{at}} from left to right and count: plus one for every {shown(opener)}, minus one for "
                f"every {shown(token.text)}. Where do you get below nought?",
                fixed=fixed,
                expression=program.line(token.line).strip(),
            )


def _openings(program: Program, token: Token, opener: str) -> Iterator[Edit]:
    """Yield places for the missing opener: within a name that holds two, behind one, or where a list may begin."""
    statement = next((s for s in program.statements if token in s.tokens), None)
    before = statement.tokens[: statement.tokens.index(token)] if statement else []
    yield from _within_name(program, before, token, opener)
    if before and _calls_nothing(program, before[-1], opener):
        yield token.start, token.start, opener
    for one, other in itertools.pairwise(before):
        called = one.kind == "name" and (other.is_operand or other.text in ("-", "not"))
        begins = one.text in ("=", "in", "return", "(", ",") and other.depth == token.depth and other.text != opener
        if opener == "(" and called and one.text not in HEADERS | {"in", "return"}:
            yield one.end, other.start, "("
        elif begins and (opener != "(" or _goes_on(statement, token)):
            yield other.start, other.start, opener
    if len(before) > 1 and before[-2].text == "def" and opener == "(":
        yield before[-1].end, token.start, "("


def _within_name(program: Program, before: list[Token], closer: Token, opener: str) -> Iterator[Edit]:
    """Yield places within names such as `printname`, which are two names with a bracket between them."""
    known = {t.text for t in program.tokens if t.kind == "name"} | BUILTINS
    first = (
        {t.text for t in program.tokens if t.kind == "name" and t.line != closer.line} | BUILTINS
        if opener == "("
        else known
    )
    for token in reversed(before):
        if token.kind != "name" or token.text in BUILTINS or token.depth > closer.depth + 1:
            continue
        splits = [(token.text[:n], token.text[n:], token.start + n) for n in range(1, len(token.text))]
        splits = [s for s in splits if s[0].isidentifier()]
        both = [at for one, other, at in splits if one in first and (other in known or other.isdecimal())]
        defined = [at for _, other, at in splits if other == "self" and before[0].text == "def"]
        either = [
            at for one, other, at in splits if (len(one) > 2 and one in first) or (len(other) > 2 and other in known)
        ]
        for place in dict.fromkeys(defined + both + either):
            yield place, place, opener
    for one, other in itertools.pairwise(before):
        if one.kind == "name" and one.text in first and one.end == other.start and other.kind in ("number", "string"):
            yield one.end, one.end, opener


def _calls_nothing(program: Program, token: Token, opener: str) -> bool:
    """Tell whether a bracket is to open right before the one that closes, as in `show)` or `items = ]`."""
    if opener != "(" or token.kind != "name":
        return opener != "(" and token.text in ("=", "return", "(", ",", "in")
    index = program.tokens.index(token)
    called = {one.text for one, other in itertools.pairwise(program.tokens) if one.kind == "name" and other.text == "("}
    return token.text in called | BUILTINS or (index > 0 and program.tokens[index - 1].text == ".")


def _goes_on(statement: Statement | None, token: Token) -> bool:
    """Tell whether a calculation goes on behind a bracket."""
    following = statement.at(statement.tokens.index(token) + 1) if statement else ""
    return following in ("+", "-", "*", "/", "//", "%", "**")


def mismatched(program: Program) -> Iterator[Finding]:
    """Find brackets that are closed by one of another kind."""
    for opening, closing in program.brackets.mismatched[:2]:
        opener, closer = program.tokens[opening], program.tokens[closing]
        right = CLOSING[opener.text]
        for edit in _exchanged(program, opening, closing):
            line = program.line_of(edit[0]) if edit[2] == right else closer.line
            yield found(
                program,
                "bracket_mismatch",
                line,
                f"The {_KINDS[opener.text]} {shown(opener.text)} that {at(program, opener.line)} opens waits for "
                f"{shown(right)}, and the {shown(closer.text)} in {at(program, closer.line)} comes first. "
                "What was opened last is closed first.",
                "Which bracket in {at} belongs to which? Draw a line from each opening one to its partner; no two "
                "lines may cross.",
                fixed=program.edited(edit),
                expression=program.code[opener.start : closer.end] if opener.line == closer.line else closer.text,
            )


def _exchanged(program: Program, opening: int, closing: int) -> Iterator[Edit]:
    """Yield what may be changed: the closing bracket, one that is missing, or the opening one."""
    opener, closer = program.tokens[opening], program.tokens[closing]
    right, within = CLOSING[opener.text], program.tokens[opening + 1 : closing]
    yield closer.start, closer.end, right
    last = next((token for token in reversed(within) if token.kind not in ("newline", "comment")), opener)
    yield last.end, last.end, right
    if opening and program.tokens[opening - 1].end == opener.start:
        yield opener.start, opener.end, OPENING[closer.text]
    yield from ((t.end, t.end, right) for t in within if t.kind in ("name", "number", "string"))
    yield from _within_name(program, within, closer, OPENING[closer.text])
    yield opener.start, opener.end, OPENING[closer.text]
    yield closer.start, closer.end, ""
