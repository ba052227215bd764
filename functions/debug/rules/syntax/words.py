"""Words: keywords that are misspelt, used as names, or of another language."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from keyword import iskeyword

from functions.debug.model import Finding
from functions.debug.rules.syntax.likely import BUILTINS, names_known
from functions.debug.rules.syntax.program import Edit, Program, Statement, begins_value, ends_value
from functions.debug.rules.syntax.scanning import Token
from functions.debug.rules.syntax.telling import found, shown

_FIRST = (
    *("if", "elif", "else", "for", "while", "def", "class", "try", "except", "finally", "with", "return", "import"),
    *("from", "raise", "del", "global", "nonlocal", "assert", "async", "await", "lambda", "yield", "pass", "break"),
    "continue",
)
_WITHIN = ("in", "and", "or", "not", "is", "if", "else", "as", "import", "lambda", "from", "for")
_FOREIGN = {
    "function": "def", "func": "def", "fn": "def", "fun": "def", "define": "def", "sub": "def", "foreach": "for",
    "catch": "except", "elseif": "elif", "throw": "raise", "until": "while", "unless": "if", "import_": "import",
    "include": "import", "using": "import", "require": "import", "Func": "def", "method": "def", "struct": "class",
}  # fmt: skip
_DECLARING = (
    "let",
    "var",
    "const",
    "int",
    "float",
    "double",
    "string",
    "String",
    "bool",
    "char",
    "auto",
    "str",
    "list",
)
_ORDINALS = {"1st": "first", "2nd": "second", "3rd": "third", "4th": "fourth", "5th": "fifth"}
_SOFT = ("match", "case", "print")
_NEVER_FIRST = ("or", "and", "in", "is", "as", "else", "not")
_STORING = ("=", "+=", "-=", "*=", "/=")
_BEFORE_VALUES = frozenset(("return", "yield", "lambda", "del", "not", "await"))
_SIGNS = frozenset((",", "=", "+", "-", "*", "/", "==", "<", ">"))
_AFTER_THESE = _SIGNS | {"(", "[", "{", "for", "in", "if", "while", "return"}
_BEFORE_THESE = _SIGNS | {")", "]", ".", ":", "+=", "-=", "in", ""}
_LIKENESS = 0.66


def misspelt_keyword(program: Program) -> Iterator[Finding]:
    """Find a word at the beginning of a statement that is nearly a keyword, or does its work in another language."""
    for statement in program.near:
        first = statement.tokens[0]
        if (
            first.kind != "name"
            or (iskeyword(first.text) and first.text not in _NEVER_FIRST)
            or first.text in _SOFT
            or not _reads_as_keyword(statement)
        ):
            continue
        for right in _meant(first.text, _FIRST):
            yield _misspelt(program, first, right)


def misspelt_within(program: Program) -> Iterator[Finding]:
    """Find a word within a statement that is nearly a keyword, such as `in`, `and` or `import`."""
    for statement in program.near:
        known = BUILTINS | names_known(program, statement.line)
        for before, word, after in zip(statement.tokens, statement.tokens[1:], statement.tokens[2:], strict=False):
            if word.kind != "name" or iskeyword(word.text) or word.text in known:
                continue
            if ends_value(before) or begins_value(after) or before.text in (".", "from"):
                for right in _meant(word.text, _WITHIN):
                    yield _misspelt(program, word, right)


def _misspelt(program: Program, word: Token, right: str) -> Finding:
    foreign = _FOREIGN.get(word.text) == right
    why = "belongs to other languages" if foreign else "is nearly one of Python's own words, but not quite"
    return found(
        program,
        "misspelt_keyword",
        word.line,
        f"{shown(word.text)} in {{at}} {why}, so Python takes it for a name and does not understand the line.",
        f"Which of Python's words do you mean by {shown(word.text)}? Compare the two letter by letter.",
        fixed=program.edited((word.start, word.end, right)),
        expression=word.text,
    )


def _reads_as_keyword(statement: Statement) -> bool:
    """Tell whether a statement's first word stands like a keyword: before another word, or alone before a colon."""
    after = statement.tokens[1:2]
    if not after:
        return False
    return begins_value(after[0]) or after[0].kind == "name" or after[0].text in (":", "*") or statement.ends_with_colon


def _meant(word: str, keywords: tuple[str, ...]) -> Iterator[str]:
    if right := _FOREIGN.get(word):
        yield right
    lower = word.lower()
    if lower in keywords and lower != word:
        yield lower
    joined = next((k for k in keywords if len(k) > 2 and lower.startswith(k)), None)
    close = difflib.get_close_matches(lower, keywords, n=3, cutoff=_LIKENESS)
    swapped = [k for k in keywords if sorted(k) == sorted(lower) and k != lower]
    for keyword in dict.fromkeys(swapped + close + ([joined] if joined else [])):
        if keyword != lower and abs(len(keyword) - len(word)) <= 2:
            yield keyword
    if len(word) == 2 and word[0] in "io" and "in" in keywords:
        yield "in"
        yield "if"


def keyword_as_name(program: Program) -> Iterator[Finding]:
    """Find keywords in the place of a name; the repair puts an underscore behind each of them."""
    for statement in program.near:
        guilty = next((t for n, t in enumerate(statement.tokens) if _used_as_name(statement, n)), None)
        if guilty is None:
            continue
        edits = [
            (token.start, token.end, f"{token.text}_")
            for other in program.statements
            for index, token in enumerate(other.tokens)
            if token.text == guilty.text and token.kind == "name" and _used_as_name(other, index)
        ]
        yield found(
            program,
            "keyword_as_name",
            guilty.line,
            f"{{at}} uses {shown(guilty.text)} as a name, but this word belongs to Python's own grammar.",
            f"Which other word says what {shown(guilty.text)} stands for here?",
            fixed=program.edited(*edits),
            expression=guilty.text,
        )


def _used_as_name(statement: Statement, index: int) -> bool:
    token = statement.tokens[index]
    if token.kind != "name" or not iskeyword(token.text) or token.text in ("True", "False", "None"):
        return False
    before, after = statement.at(index - 1) if index else "", statement.at(index + 1)
    if before in (".", "def", "class", "as", "import") and (token.text, after) != ("lambda", ":"):
        return not (before == "import" and token.text == "from")
    if index == 0:
        return after in _STORING or (after in (".", "[", ",") and token.text not in _BEFORE_VALUES)
    if token.text in _BEFORE_VALUES | {"if", "in", "is", "else", "and", "or", "async", "for"}:
        return before in _AFTER_THESE - {"if", "while"} and after in (")", ",", "=", ".", "]")
    return before in _AFTER_THESE and after in _BEFORE_THESE


def print_statement(program: Program) -> Iterator[Finding]:
    """Find `print` without parentheses, as Python 2 wrote it."""
    edits: list[Edit] = []
    first: Token | None = None
    for statement in program.statements:
        for word, after in list(zip(statement.tokens, statement.tokens[1:], strict=False))[:3]:
            begins = word is statement.tokens[0] or statement.tokens[0].text in ("else", "if", "elif", "for", "while")
            if word.text in ("print", "Print") and begins and _printed(after):
                last = next(
                    (t for t in reversed(statement.tokens) if t.text not in (";", ",") and t.line == word.line), word
                )
                edits += [(word.start, after.start, "print("), (last.end, last.end, ")")]
                first = first or word
                break
    if first:
        text = program.code[first.start : program.end(first.line)]
        yield found(
            program,
            "print_without_parentheses",
            first.line,
            f"{shown(text)} in {{at}} names the function `print` and does not call it: in Python 3 what is printed "
            "stands in parentheses.",
            "How is a function called? What should `print` get in {at}, from where to where?",
            fixed=program.edited(*edits),
            expression=text,
        )


def _printed(token: Token) -> bool:
    if token.kind == "string" or token.kind == "number":
        return True
    return (
        token.kind == "name" and token.text not in ("in", "is", "and", "or", "if", "else", "for")
    ) or token.text in "[{"


def name_with_digit_first(program: Program) -> Iterator[Finding]:
    """Find names that begin with a digit."""
    for statement in program.near:
        for one, other in zip(statement.tokens, statement.tokens[1:], strict=False):
            if one.kind != "number" or one.end != other.start or other.kind != "name" or iskeyword(other.text):
                continue
            written = one.text + other.text
            if not _is_named(program, written):
                continue
            name = _with_letter_first(written)
            for right in (name, f"_{written}"):
                yield found(
                    program,
                    "name_starts_with_digit",
                    one.line,
                    f"The name {shown(written)} in {{at}} begins with a digit. A name begins with a letter or an "
                    "underscore; digits may follow.",
                    f"How could {shown(written)} be called with a letter at its beginning?",
                    fixed=re.sub(rf"(?<![\w.]){re.escape(written)}\b", right, program.code),
                    expression=written,
                )


def _with_letter_first(written: str) -> str:
    """Return a name with its number as a word, or at its end."""
    number, underscore, rest = written.partition("_")
    if number in _ORDINALS:
        return _ORDINALS[number] + underscore + rest
    return re.sub(r"^(\d+)_?(\w*?)$", r"\2_\1" if underscore else r"\2\1", written)


def _is_named(program: Program, written: str) -> bool:
    name = re.escape(written)
    return bool(
        re.search(
            rf"(?m)(?<![\w.]){name}[ \t]*(?:,[^=\n]*)?=(?!=)|\b(?:def|class|for|as|import)[ \t]+{name}\b", program.code
        )
    ) or bool(re.search(rf"\bdef\s+\w+\([^)]*(?<!\w){name}\b", program.code))


def declared_name(program: Program) -> Iterator[Finding]:
    """Find `let x = 1`, `int x = 1` and `new Dog()`, where Python needs no word before the name."""
    edits: list[Edit] = []
    first: Token | None = None
    for statement in program.statements:
        word, after = statement.tokens[0], statement.tokens[1:3]
        if word.text in _DECLARING and len(after) == 2 and after[0].kind == "name" and after[1].text in ("=", ";", ","):
            edits.append((word.start, after[0].start, ""))
            first = first or word
        for one, other in zip(statement.tokens, statement.tokens[1:], strict=False):
            if one.text == "new" and other.kind == "name" and one is not statement.tokens[0]:
                edits.append((one.start, other.start, ""))
                first = first or one
    if first:
        yield found(
            program,
            "syntax_other",
            first.line,
            f"{{at}} has {shown(first.text)} before a name, as other languages do. Python needs no such word: a name "
            "exists as soon as a value is stored under it.",
            f"What remains of {{at}} without {shown(first.text)}?",
            fixed=program.edited(*edits),
            expression=first.text,
        )
