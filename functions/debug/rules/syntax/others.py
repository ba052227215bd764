"""Others: small mistakes that have no name of their own, each with what is to be done about it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules.syntax.program import HEADERS, Program, begins_value, ends_value
from functions.debug.rules.syntax.scanning import Token
from functions.debug.rules.syntax.telling import found, shown

_UNFINISHED = frozenset(
    [
        "=",
        "+",
        "-",
        "*",
        "/",
        "//",
        "%",
        "**",
        "==",
        "!=",
        "<",
        ">",
        "<=",
        ">=",
        "and",
        "or",
        "not",
        "in",
        "is",
        "+=",
        "-=",
        "*=",
        "/=",
        ".",
        "import",
        "return",
    ]
) - {"return"}


def parentheses_of_function(program: Program) -> Iterator[Finding]:
    """Find `def greet:` and `def greet name:`, whose parameters have no parentheses."""
    for statement in program.near:
        name = statement.tokens[1:2]
        if statement.first != "def" or not name or name[0].kind != "name" or statement.at(2) == "(":
            continue
        last = statement.tokens[-1]
        end = last.start if last.text == ":" else last.end
        parameters = program.code[name[0].end : end].strip(" []{}")
        yield found(
            program,
            "syntax_other",
            statement.line,
            f"The function {shown(name[0].text)} in {{at}} has no parentheses behind its name. They hold the "
            "parameters, and stand there even if it has none.",
            "What stands directly behind the name of every function that is defined?",
            fixed=program.edited((name[0].end, last.end, f"({parameters}):")),
            expression=program.line(statement.line).strip(),
        )


def needless_sign(program: Program) -> Iterator[Finding]:
    """Find a comma, a colon or another sign that stands twice, or where nothing follows it."""
    for statement in program.near:
        last = statement.tokens[-1]
        if last.text == ":" and statement.first not in HEADERS and statement.first not in ("match", "case", "lambda"):
            yield _needless(program, last.line, ":", program.edited((last.start, last.end, "")))
        if last.text in (".", ",", "!", "?") and len(statement.tokens) > 1:
            yield _needless(program, last.line, last.text, program.edited((last.start, last.end, "")))
        for one, other in zip(statement.tokens, statement.tokens[1:], strict=False):
            doubled = one.text == other.text and one.text in (",", ":", ".", ";", "=")
            if one.kind == other.kind == "op" and (doubled or (one.text in ("(", "[", "{") and other.text == ",")):
                yield _needless(program, other.line, other.text, program.edited((other.start, other.end, "")))
            if one.kind == "op" and one.text in ("=", "==", ",") and other.text in ("=", "=="):
                yield _needless(program, other.line, other.text, program.edited((other.start, other.end, "")))
            if one.text == ";" or (one.text == ":" and other.text == "=" and other.start > one.end):
                yield _needless(program, one.line, one.text, program.edited((one.start, one.end, "")))
            if one.text == ";" and one.depth:
                yield _needless(program, one.line, ";", program.edited((one.start, one.end, ",")))


def _needless(program: Program, line: int, sign: str, fixed: str) -> Finding:
    return found(
        program,
        "syntax_other",
        line,
        f"{{at}} has a {shown(sign)} that Python cannot use in its place.",
        f"What does each {shown(sign)} in {{at}} do? Which one could you leave out?",
        fixed=fixed,
        expression=program.line(line).strip(),
    )


def import_the_wrong_way_round(program: Program) -> Iterator[Finding]:
    """Find `import sqrt from math`, and a module's name in quotes."""
    for statement in program.near:
        texts = [token.text for token in statement.tokens]
        begin, end = statement.tokens[0].start, statement.tokens[-1].end
        fixed = None
        if texts[0] == "import" and "from" in texts[2:]:
            at = texts.index("from")
            names = program.code[statement.tokens[1].start : statement.tokens[at - 1].end]
            fixed = program.edited((begin, end, f"from {' '.join(texts[at + 1 :])} import {names}"))
        elif texts[0] in ("import", "from") and statement.tokens[1:2] and statement.tokens[1].kind == "string":
            module = statement.tokens[1]
            fixed = program.edited((module.start, module.end, module.body))
        if fixed:
            yield found(
                program,
                "syntax_other",
                statement.line,
                f"The import in {{at}} is not written in Python's order: {shown('from module import name')}, without "
                f"quotes.",
                "Which word in {at} is the module, and which one the name that you want from it?",
                fixed=fixed,
                expression=program.line(statement.line).strip(),
            )


def except_with_comma(program: Program) -> Iterator[Finding]:
    """Find `except ValueError, error:` of Python 2, and several errors without parentheses."""
    for statement in program.near:
        tokens = statement.tokens
        if statement.first != "except" or not any(t.text == "," and t.depth == 0 for t in tokens):
            continue
        comma = next(t for t in tokens if t.text == "," and t.depth == 0)
        after = tokens[tokens.index(comma) + 1 :]
        name = after[0].text if after else ""
        last = next((t for t in reversed(tokens) if t.text != ":"), comma)
        as_ = next((n for n, t in enumerate(tokens) if t.text == "as"), None)
        last = tokens[as_ - 1] if as_ else last
        together = program.edited((tokens[1].start, tokens[1].start, "("), (last.end, last.end, ")"))
        named = program.edited((comma.start, after[0].start, " as ")) if after else together
        yield found(
            program,
            "syntax_other",
            statement.line,
            "{at} parts what stands behind `except` with a comma. Several errors stand in parentheses, and a name for "
            "the error stands behind `as`.",
            f"Is {shown(name)} in {{at}} another kind of error, or the name under which you want to look at the error?",
            fixed=together if name[:1].isupper() else named,
            expression=program.line(statement.line).strip(),
        )


def raise_with_comma(program: Program) -> Iterator[Finding]:
    """Find `raise ValueError, "…"` and `exec "…"` of Python 2."""
    for statement in program.near:
        tokens = statement.tokens
        if statement.first == "raise" and len(tokens) > 3 and tokens[2].text == ",":
            fixed = program.edited((tokens[2].start, tokens[3].start, "("), (tokens[-1].end, tokens[-1].end, ")"))
            yield found(
                program,
                "syntax_other",
                statement.line,
                "{at} gives the error its message behind a comma, as Python 2 did. The message stands in parentheses.",
                "How is an error made with a message of its own? It looks like a call.",
                fixed=fixed,
                expression=program.line(statement.line).strip(),
            )


def choice_without_else(program: Program) -> Iterator[Finding]:
    """Find `x = 1 if y`, which says nothing for the case that `y` is false."""
    for statement in program.near:
        texts = [token.text for token in statement.tokens]
        if "if" not in texts[1:] or "else" in texts or "for" in texts or statement.first in HEADERS:
            continue
        at = texts.index("if", 1)
        begin, sign = statement.tokens[0].start, statement.tokens[at]
        if sign.depth or not ends_value(statement.tokens[at - 1]):
            continue
        before = program.code[begin : statement.tokens[at - 1].end]
        asked = program.code[sign.start : statement.tokens[-1].end].rstrip(":")
        yield found(
            program,
            "syntax_other",
            statement.line,
            "The `if` in {at} stands behind a value and has no `else`: it does not say which value to take otherwise.",
            "Should {at} happen only under a condition, or should one of two values be chosen?",
            fixed=program.edited((begin, statement.tokens[-1].end, f"{asked}: {before}")),
            expression=program.line(statement.line).strip(),
        )


def unfinished(program: Program) -> Iterator[Finding]:
    """Find statements that end with a sign after which Python waits for a value."""
    for statement in program.near:
        last = statement.tokens[-1]
        gap = _gap(statement.tokens)
        if last.kind != "string" and last.text in _UNFINISHED and (len(statement.tokens) > 1 or last.text == "import"):
            before, after = last.text, ""
        elif gap:
            before, after = gap
        else:
            continue
        where = f"between {shown(before)} and {shown(after)}" if after else f"behind {shown(before)}"
        yield found(
            program,
            "syntax_other",
            last.line,
            f"The statement in {{at}} is not complete: Python waits for a value {where}.",
            f"Which value did you want to write {where} in {{at}}?",
            solution=f"Write the missing value {where} in {{at}}, or take {shown(before)} away.",
            expression=program.line(last.line).strip(),
        )


def _gap(tokens: list[Token]) -> tuple[str, str] | None:
    for one, other in itertools.pairwise(tokens):
        if one.kind != "op" or one.text not in _UNFINISHED or other.kind != "op":
            continue
        if (
            not begins_value(other)
            and other.text not in ("-", "+", "~", "*", "**", "...", "!")
            and one.end <= other.start
        ):
            return one.text, other.text
    return None
