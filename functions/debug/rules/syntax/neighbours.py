"""Neighbours: two values side by side, with nothing between them that joins or parts them."""

from __future__ import annotations

import builtins
import itertools
import re
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules.syntax.program import Edit, Program, Statement, begins_value, ends_value
from functions.debug.rules.syntax.scanning import Token
from functions.debug.rules.syntax.telling import found, shown

Pair = tuple[Token, Token]

_FUNCTIONS = frozenset(name for name in dir(builtins) if name.islower() and callable(getattr(builtins, name)))
_TYPES = frozenset(name for name in _FUNCTIONS if isinstance(getattr(builtins, name), type))
_BEFORE_NAMES = ("from", "import", "global", "nonlocal", "del", "for")
_MOST_PAIRS = 6


def number_before_name(program: Program) -> Iterator[Finding]:
    """Find `2x`, which people read as a product."""
    for statement in program.near:
        edits = [
            (one.end, one.end, " * ")
            for one, other in _pairs(statement)
            if one.kind == "number" and one.end == other.start and other.kind == "name"
        ]
        if edits:
            line = program.line_of(edits[0][0])
            written = "".join(f"{one.text}{other.text}" for one, other in _pairs(statement) if one.end == edits[0][0])
            yield found(
                program,
                "missing_operator",
                line,
                f"{{at}} has {shown(written)}. In mathematics that is a product; Python needs the sign for it, and "
                "takes a name that begins with a digit for a broken number.",
                f"What do you want to do with the two parts of {shown(written)}? Which sign does it?",
                fixed=program.edited(*edits),
                expression=written,
            )


def function_without_brackets(program: Program) -> Iterator[Finding]:
    """Find a call such as `len items`, whose argument has no parentheses."""
    own = {s.at(1) for s in program.statements if s.first == "def"}
    for statement in program.near:
        for one, other in _pairs(statement):
            if other.text in _TYPES or one.kind != "name" or one.text not in _FUNCTIONS | own or one.text == "print":
                continue
            for end in _ends_of_argument(statement, other):
                yield found(
                    program,
                    "syntax_other",
                    one.line,
                    f"{shown(one.text)} in {{at}} is a function, and what it works on stands behind it without "
                    "parentheses.",
                    "How is a function called? Compare {at} with any other call, such as `len(items)`.",
                    fixed=program.edited((one.end, other.start, "("), (end, end, ")")),
                    expression=f"{one.text} {other.text}",
                )


def _ends_of_argument(statement: Statement, first: Token) -> Iterator[int]:
    """Yield where an argument may end: behind its last token first, then sooner."""
    rest = statement.tokens[statement.tokens.index(first) :]
    same = list(itertools.takewhile(lambda t: t.depth >= first.depth and t.text not in (":", ";"), rest))
    for token in reversed(same[-8:]):
        if ends_value(token) and token.depth == first.depth:
            yield token.end


def without_comma(program: Program) -> Iterator[Finding]:
    """Find items, arguments or names in a row that nothing parts."""
    for statement in program.near:
        for pairs in _rows(statement):
            one, other = pairs[0]
            yield found(
                program,
                "missing_comma",
                one.line,
                f"In {{at}} {shown(one.text)} and {shown(other.text)} stand side by side, and nothing parts them. "
                "Items and arguments are parted by commas.",
                "Count the items or arguments in {at}: where does one end and the next one begin?",
                fixed=program.edited(*((pair[0].end, pair[0].end, ",") for pair in pairs)),
                expression=f"{one.text} {other.text}",
            )


def _rows(statement: Statement) -> Iterator[list[Pair]]:
    """Yield the pairs that a comma may part: those within a bracket, and in a row of names or values."""
    pairs = [pair for pair in _pairs(statement) if pair[0].depth == pair[1].depth]
    within = [pair for pair in pairs if pair[1].inside]
    names = statement.first in _BEFORE_NAMES or _unpacks(statement)
    outside = [pair for pair in pairs if not pair[1].inside] if names else []
    dictionary = _strings_in_dictionary(statement)
    if within and dictionary:
        yield within + dictionary
    for row in (within, outside, dictionary):
        if row:
            yield row
    yield from ([pair] for pair in _hidden(statement))
    if len(within) > 1:
        for pair in within[:_MOST_PAIRS]:
            yield [pair]


def _strings_in_dictionary(statement: Statement) -> list[Pair]:
    """Return neighbouring strings of which the second one is a dictionary's key: Python would glue them together."""
    found = []
    for one, other, sign in zip(statement.tokens, statement.tokens[1:], statement.tokens[2:], strict=False):
        if one.kind == other.kind == "string" and other.inside == "{" and sign.text == ":":
            found.append((one, other))
    return found


def _hidden(statement: Statement) -> Iterator[Pair]:
    """Yield neighbours that Python reads as one value, or tries to: a value and a list, a parameter and `**others`."""
    for one, other, after in zip(statement.tokens, statement.tokens[1:], statement.tokens[2:], strict=False):
        starred = other.text in ("*", "**") and other.inside == "(" and after.kind == "name"
        listed = other.text == "[" and (after.text == "]" or one.kind == "string" or one.text in ")]")
        if ends_value(one) and (starred or listed):
            yield one, other


def _unpacks(statement: Statement) -> bool:
    texts = [token.text for token in statement.tokens]
    return "=" in texts and "," in texts


def without_colon(program: Program) -> Iterator[Finding]:
    """Find keys and values of a dictionary, and the parts of a `lambda`, that no colon parts."""
    for statement in program.near:
        edits: list[Edit] = []
        for index, (one, other) in enumerate(zip(statement.tokens, statement.tokens[1:], strict=False)):
            before = statement.at(index - 1) if index else ""
            key = one.inside == other.inside == "{" and before in ("{", ",") and ends_value(one)
            if key and other.text in ("=", "->", ";", "=>", ":="):
                edits.append((one.end, other.end, ":"))
            elif (key and begins_value(other)) or (before == "lambda" and one.kind == "name" and begins_value(other)):
                edits.append((one.end, one.end, ":"))
        if edits:
            line = program.line_of(edits[0][0])
            where = "in the dictionary" if any(token.text == "{" for token in statement.tokens) else "behind `lambda`"
            yield found(
                program,
                "missing_colon",
                line,
                f"{{at}} has two parts {where} that a `:` should part: what stands before it, and what belongs to it.",
                "Which sign stands between the two parts in {at}, and which one does Python expect there?",
                fixed=program.edited(*edits),
                expression=program.line(line).strip(),
            )


def without_operator(program: Program) -> Iterator[Finding]:
    """Find two values, or two statements, on one line."""
    for statement in program.near:
        for one, other in _pairs(statement):
            if one.depth != other.depth or (statement.first in _BEFORE_NAMES and not one.inside):
                continue
            for fixed in [*_operators(program, statement, one, other), None]:
                if fixed is None and (one.inside or one.line != other.line):
                    continue
                yield found(
                    program,
                    "missing_operator",
                    one.line,
                    f"In {{at}} {shown(one.text)} and {shown(other.text)} stand side by side, and Python does not know "
                    "what to do with the two.",
                    f"What should happen between {shown(one.text)} and {shown(other.text)} in {{at}}? Are they two "
                    "statements, one name, or is a sign missing?",
                    fixed=fixed,
                    solution=""
                    if fixed
                    else f"Put the sign that you mean between {shown(one.text)} and "
                    f"{shown(other.text)}, or begin a new line there.",
                    expression=f"{one.text} {other.text}",
                )


def _operators(program: Program, statement: Statement, one: Token, other: Token) -> Iterator[str]:
    if (
        statement.tokens[0] is one
        and one.kind == other.kind == "name"
        and re.match(r"[^=]*=(?!=)", _rest(program, other))
    ):
        yield re.sub(rf"\b{one.text}[ \t]+{other.text}\b", f"{one.text}_{other.text}", program.code)
    texts = (one.kind == "string", other.kind == "string")
    if any(texts) and not all(texts):
        yield program.edited((one.end, other.start, " + "))
    if (
        not one.inside
        and other.kind == "name"
        and re.match(r"\w+(?:\.\w+)*\s*(?:\(|[-+*/]?=(?!=))", program.code[other.start :])
    ):
        yield program.edited((one.end, other.start, f"\n{statement.indent}"))


def _rest(program: Program, token: Token) -> str:
    return program.code[token.end : program.start(token.line) + len(program.line(token.line))]


def _pairs(statement: Statement) -> Iterator[Pair]:
    """Yield neighbours of which one ends a value and the other begins one; strings that Python glues are none."""
    for one, other in zip(statement.tokens, statement.tokens[1:], strict=False):
        glued = one.kind == other.kind == "string"
        if ends_value(one) and begins_value(other) and other.text not in ("(", "[", "not") and not glued:
            yield one, other
