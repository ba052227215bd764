"""Blocks: lines that a block follows, and what is wrong with how they end or with which block belongs to which."""

from __future__ import annotations

import re
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules.syntax.likely import BUILTINS, names_known
from functions.debug.rules.syntax.program import HEADERS, Edit, Program, Statement, begins_value, ends_value
from functions.debug.rules.syntax.scanning import Token
from functions.debug.rules.syntax.telling import found, shown

_INSTEAD_OF_COLON = (";", ",", ".", "=", "-", "!")
_THEN = ("then", "do", "Then", "THEN")
_ELSE_IF = ("elseif", "elsif", "elsf", "elseIf", "ElseIf", "ELSEIF")
_OTHER_INS = ("of", "on", "at", "from", "to", "over", "within", "each", "=", ":", ":=", "<", "->", "==")
"""What people write in the place of `in`."""


def missing_colon(program: Program) -> Iterator[Finding]:
    """Find heads of blocks that end without a colon, or with another sign in its place."""
    for statement in program.near:
        if not _is_header(statement) or statement.ends_with_colon or statement.at(1) == "if":
            continue
        for edit in _places_for_colon(statement):
            yield found(
                program,
                "missing_colon",
                statement.line,
                f"{{at}} begins with {shown(statement.first)}, so a block has to follow it, and Python waits for the "
                "`:` that opens the block.",
                "Look at {at} from its first word on: where does the head of the block end, and which sign belongs "
                "there?",
                fixed=program.edited(edit),
                expression=program.line(statement.line).strip(),
            )


def _is_header(statement: Statement) -> bool:
    following = statement.tokens[1:2]
    if statement.first in HEADERS:
        return not following or following[0].text not in ("=", ".", ")", ",")
    return (
        statement.first in ("match", "case")
        and bool(following)
        and (following[0].is_operand or following[0].text in "([")
        and len(statement.tokens) > 1
        and statement.tokens[-1].text not in (")",)
    )


def _places_for_colon(statement: Statement) -> Iterator[Edit]:
    last = statement.tokens[-1]
    if last.text in _INSTEAD_OF_COLON:
        yield last.start, last.end, ":"
    elif last.text in _THEN:
        yield statement.tokens[-2].end, last.end, ":"
    elif last.text == ")" and statement.at(-2) == ":":
        yield statement.tokens[-2].start, last.end, "):"
    else:
        yield last.end, last.end, ":"
    for one, other in zip(statement.tokens, statement.tokens[1:], strict=False):
        if one.depth == other.depth and other.text in _THEN:
            yield one.end, other.end, ":"
        elif one.end < other.start and other.kind == "name" and (ends_value(one) or one.text in HEADERS):
            yield one.end, one.end, ":"


def else_if(program: Program) -> Iterator[Finding]:
    """Find `else if` and its like of other languages, and an `else` with a condition."""
    edits, lines = [], []
    for statement in program.statements:
        first, second = statement.tokens[0], statement.tokens[1:2]
        if first.text == "else" and second and second[0].text == "if":
            edits.append((first.start, second[0].end, "elif"))
        elif (first.text in _ELSE_IF and second and begins_value(second[0])) or (
            first.text == "else" and second and begins_value(second[0]) and len(statement.tokens) > 2
        ):
            edits.append((first.start, first.end, "elif"))
        else:
            continue
        if not statement.ends_with_colon:
            edits.append((statement.tokens[-1].end, statement.tokens[-1].end, ":"))
        lines.append(statement.line)
    if edits:
        written = program.line(lines[0]).split(":")[0]
        yield found(
            program,
            "else_if_for_elif",
            lines[0],
            f"{{at}} says {shown(written)}. Python has one word of its own for a further condition; a plain "
            "`else` takes what is left and asks nothing.",
            "Which single word does Python have for “otherwise, if”?",
            fixed=program.edited(*edits),
            expression=written.strip(),
        )


def missing_in(program: Program) -> Iterator[Finding]:
    """Find `for` without its `in`, or with another word in its place."""
    for statement in program.near:
        tokens = statement.tokens
        begin = next((n for n, token in enumerate(tokens) if token.text == "for"), None)
        if begin is None:
            continue
        at = begin + 1
        while at < len(tokens) and (tokens[at].text in (",", "(", ")") or tokens[at].is_operand):
            if tokens[at].is_operand and tokens[at - 1].is_operand:
                break
            at += 1
        if at >= len(tokens) or at == begin + 1 or tokens[at].text == "in":
            continue
        for edit in _places_for_in(program, statement, at):
            yield found(
                program,
                "missing_in",
                tokens[begin].line,
                f"The loop in {{at}} names {shown(tokens[begin + 1].text)}, but the word `in` that leads to the values "
                "is not there.",
                "Read {at} aloud as “for each … in …”: which word is missing, or is another one in its place?",
                fixed=program.edited(edit),
                expression=program.line(tokens[begin].line).strip(),
            )


def _places_for_in(program: Program, statement: Statement, at: int) -> Iterator[Edit]:
    tokens = statement.tokens
    here, before = tokens[at], tokens[at - 1]
    rest = "".join(
        " " * (token.start > previous.end) + token.text
        for previous, token in zip(tokens[at:], tokens[at + 1 :], strict=False)
    )
    if to := re.match(r"\s*(\S+)\s+(?:to|until|\.\.)\s+([^:]+?)\s*:?$", rest):
        first, last = to.groups()
        last = str(int(last) + 1) if last.isdecimal() else f"{last} + 1"
        yield here.start, tokens[-1].end, f"in range({first}, {last}):"
    if here.text in _OTHER_INS:
        yield before.end, here.end, " in" if tokens[at + 1 : at + 2] and tokens[at + 1].start > here.end else " in "
        if tokens[at + 1 : at + 2] and tokens[at + 1].text == "in":
            yield before.end, here.end, ""
    elif begins_value(here) and (_is_known(program, here) or not any(begins_value(t) for t in tokens[at + 1 : at + 2])):
        yield here.start, here.start, "in "


def _is_known(program: Program, word: Token) -> bool:
    return word.kind != "name" or word.text in BUILTINS | names_known(program, word.line)


def missing_condition(program: Program) -> Iterator[Finding]:
    """Find conditions that are not there, or stop in their middle."""
    for statement in program.near:
        if statement.first not in ("if", "elif", "while", "for") or len(statement.tokens) < 2:
            continue
        gap = _gap(statement)
        if gap is None:
            continue
        before, after = statement.tokens[gap - 1].text, statement.tokens[gap].text
        yield found(
            program,
            "condition_missing",
            statement.tokens[gap - 1].line,
            f"In {{at}} a part is missing between {shown(before)} and {shown(after)}: Python needs a value there.",
            f"What should stand after {shown(before)} in {{at}}? Say the whole sentence aloud, with both sides of "
            "every comparison.",
            solution=f"Put the value or the condition that you mean between {shown(before)} and {shown(after)}.",
            fixed=_subject_repeated(program, statement, gap),
            expression=program.line(statement.line).strip(),
        )


_NEEDS_VALUE = frozenset(
    [
        "if",
        "elif",
        "while",
        "and",
        "or",
        "not",
        "in",
        "is",
        "==",
        "!=",
        "<",
        ">",
        "<=",
        ">=",
        "+",
        "-",
        "*",
        "/",
        "//",
        "%",
        "**",
        "for",
    ]
)
_NO_VALUE = frozenset([":", ")", "and", "or", "in", "==", "!=", "<", ">", "<=", ">=", "*", "/", "//", "%"])


def _gap(statement: Statement) -> int | None:
    """Return the token before which a value is missing."""
    for index, (one, other) in enumerate(zip(statement.tokens, statement.tokens[1:], strict=False), 1):
        if one.kind == "string" or other.kind == "string" or one.text not in _NEEDS_VALUE:
            continue
        joined = one.end == other.start and one.kind == "op" and other.kind == "op" and other.text not in ":)"
        if other.text in _NO_VALUE and not joined and (one.text, other.text) != ("not", "in"):
            return index
    last = statement.tokens[-1]
    return None if last.text != statement.first else len(statement.tokens) - 1


def _subject_repeated(program: Program, statement: Statement, gap: int) -> str | None:
    """Repeat what is compared in `x > 5 and < 10`, where the reader knows it and Python does not."""
    one, other = statement.tokens[gap - 1], statement.tokens[gap]
    if one.text not in ("and", "or") or other.text not in ("<", ">", "<=", ">=", "==", "!="):
        return None
    subject = statement.tokens[gap - 4 : gap - 3]
    compares = statement.at(gap - 3) in ("<", ">", "<=", ">=", "==", "!=")
    if gap < 4 or not compares or subject[0].kind != "name":
        return None
    return program.edited((other.start, other.start, f"{subject[0].text} "))
