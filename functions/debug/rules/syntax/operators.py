"""Operators: signs that Python does not know, or knows in another place."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules.syntax.program import Edit, Program, Statement, begins_value, ends_value
from functions.debug.rules.syntax.scanning import Token
from functions.debug.rules.syntax.telling import found, shown

_ASKING = ("if", "elif", "while")
_READING = ("input", "read", "readline", "next", "get", "pop", "recv")
_PYTHONS = {
    "&&": "and", "||": "or", "===": "==", "!==": "!=", "<>": "!=", "=>": ">=", "=<": "<=", "=!": "!=",
    "! =": "!=", "> =": ">=", "< =": "<=", "= =": "==", "+ =": "+=", "- =": "-=", "* =": "*=", "/ =": "/=",
    ": =": ":=", "! ==": "!=", "== =": "==", "* *=": "**=", "** =": "**=", "// =": "//=", "% =": "%=", "/ /": "//",
}  # fmt: skip
_BESIDE = ("<", ">", "!", "=", "==", "!=", "+", "*", "/", "%")
_COMMENT = re.compile(r"(?:^|(?<=\s))//(?!=)")
_BLOCK_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def assignment_in_condition(program: Program) -> Iterator[Finding]:
    """Find a single `=` where two values are compared."""
    for statement in program.near:
        guilty = [
            token for token in _after_question(statement) if token.text == "=" and not _names_argument(statement, token)
        ]
        guilty = [token for token in guilty if not _beside_operator(statement, token)]
        if not guilty:
            continue
        asked = "if" if statement.first not in _ASKING else statement.first
        for fixed in _compared(program, statement, guilty):
            yield found(
                program,
                "assignment_in_condition",
                guilty[0].line,
                f"The `{asked}` in {{at}} asks a question, and a single `=` does not ask: it stores a value under a "
                f"name.",
                "Which sign in {at} stores, and which one compares?",
                fixed=fixed,
                expression=program.line(guilty[0].line).strip(),
            )


def _after_question(statement: Statement) -> list[Token]:
    asking = next((n for n, token in enumerate(statement.tokens) if token.text in _ASKING), None)
    if asking is None:
        return []
    rest = statement.tokens[asking + 1 :]
    if asking == 0:
        return rest
    return list(itertools.takewhile(lambda token: token.text not in ("else", "for"), rest))


def _names_argument(statement: Statement, sign: Token) -> bool:
    """Tell whether a `=` gives a call an argument by its name."""
    if not sign.depth or sign.inside != "(":
        return False
    before = statement.tokens[: statement.tokens.index(sign)]
    opener = next(
        (n for n in range(len(before) - 1, -1, -1) if before[n].text == "(" and before[n].depth < sign.depth), 0
    )
    return opener > 0 and ends_value(before[opener - 1])


def _beside_operator(statement: Statement, sign: Token) -> bool:
    """Tell whether a `=` is part of an operator of another language, such as `=>`."""
    index = statement.tokens.index(sign)
    beside = statement.tokens[max(index - 1, 0) : index] + statement.tokens[index + 1 : index + 2]
    return any(token.text in _BESIDE for token in beside)


def _compared(program: Program, statement: Statement, guilty: list[Token]) -> Iterator[str]:
    yield program.edited(*((token.start, token.end, "==") for token in guilty))
    index = statement.tokens.index(guilty[0])
    reads = statement.first == "while" and any(token.text in _READING for token in statement.tokens[index + 1 :])
    if reads and guilty[0].inside == "(":
        yield program.edited((guilty[0].start, guilty[0].end, ":="))
    yield program.edited((guilty[0].start, guilty[0].end, "=="))


def foreign_operator(program: Program) -> Iterator[Finding]:
    """Find the operators of other languages, and Python's own with a space in their middle."""
    signs = list(_foreign(program))
    if not signs:
        return
    start, end, right = signs[0]
    written, line = program.code[start:end], program.line_of(start)
    for chosen in (signs, [sign for sign in signs if program.line_of(sign[0]) == line]):
        yield found(
            program,
            "c_style_operator",
            line,
            f"{{at}} has {shown(written)}, which is no operator of Python.{_in_words(right)}",
            f"How does Python say what you mean by {shown(written)}?",
            fixed=program.edited(*chosen),
            expression=written,
        )


def _in_words(right: str) -> str:
    return " Python says this with a word." if right.strip().isalpha() else " Python writes it a little differently."


def _foreign(program: Program) -> Iterator[Edit]:
    """Yield the signs that are to be replaced, from the program's beginning to its end."""
    done = 0
    tokens = [token for token in program.tokens if token.kind not in ("newline", "comment")]
    for one, other in zip(tokens, [*tokens[1:], None], strict=False):
        if one.start < done or one.kind not in ("op", "bad"):
            continue
        edit = _joined(program, one, other) if other else None
        if edit is None and one.text == "!" and other and (begins_value(other) or other.text == "!"):
            edit = (one.start, one.end, "not ")
        if edit:
            done = edit[1]
            yield edit


def _joined(program: Program, one: Token, other: Token) -> Edit | None:
    apart = other.start - one.end
    if other.kind not in ("op", "bad") or one.line != other.line or apart > 1:
        return None
    written = program.code[one.start : other.end]
    if one.text + other.text in ("&&", "||"):
        spaces = [" " * (not program.code[at : at + 1].isspace()) for at in (one.start - 1, other.end)]
        return one.start, other.end, f"{spaces[0]}{_PYTHONS[one.text + other.text]}{spaces[1]}"
    if written == "=!" and program.code[other.end : other.end + 1].isidentifier() and _stores(program, one):
        return other.start, other.end, " not "
    if written == "= =" and _stores(program, one):
        return one.start, other.end, "="
    return (one.start, other.end, _PYTHONS[written]) if written in _PYTHONS else None


def _stores(program: Program, sign: Token) -> bool:
    return not re.match(r"\s*(?:if|elif|while|return|assert)\b", program.line(sign.line))


def foreign_ternary(program: Program) -> Iterator[Finding]:
    """Find `condition ? one : other`."""
    for statement in program.near:
        mark = next((n for n, token in enumerate(statement.tokens) if token.text == "?"), None)
        if mark is None:
            continue
        question = statement.tokens[mark]
        colon = next((t for t in statement.tokens[mark + 1 :] if t.text == ":" and t.depth == question.depth), None)
        if colon is None or mark == 0:
            continue
        before = [t for t in statement.tokens[:mark] if t.depth < question.depth or t.text in ("=", "return", ",")]
        start = before[-1].end if before else statement.tokens[0].start
        after = statement.tokens[statement.tokens.index(colon) + 1 :]
        close = next(
            (t.start for t in after if t.depth < question.depth or t.text in (",", ";")), statement.tokens[-1].end
        )
        parts = [program.code[a:b].strip() for a, b in ((start, question.start), (question.end, colon.start))]
        other = program.code[colon.end : close].strip()
        space = " " if before and before[-1].text != "(" else ""
        yield found(
            program,
            "c_style_operator",
            question.line,
            "{at} chooses between two values with `?` and `:`. Python writes this choice in words: "
            "`one if condition else other`.",
            "How would you say the choice in {at} as a sentence with “if” and “else”?",
            fixed=program.edited((start, close, f"{space}{parts[1]} if {parts[0]} else {other}")),
            expression=program.code[start:close].strip(),
        )


def foreign_comment(program: Program) -> Iterator[Finding]:
    """Find comments that begin as those of other languages do."""
    lines = {n for s in program.near for n in range(s.line, s.last + 1)}
    strings = {
        n
        for t in program.tokens
        if t.kind == "string" and "\n" in t.text
        for n in range(t.line, t.line + t.text.count("\n"))
    }
    changes, first = [], 0
    for number, line in enumerate(program.lines, 1):
        sign = _COMMENT.search(line)
        if sign and number not in strings and (not line[: sign.start()].strip() or number in lines):
            changes.append((number, f"{line[: sign.start()]}#{line[sign.end() :]}"))
            first = first or number
    fixed = program.with_lines(changes)
    block = _BLOCK_COMMENT.search(program.code)
    if block:
        first = first or program.line_of(block.start())
        fixed = _BLOCK_COMMENT.sub(lambda match: re.sub(r"(?m)^[ \t]*", r"\g<0># ", match.group()), fixed)
    if first:
        yield found(
            program,
            "c_style_operator",
            first,
            "{at} has a comment as other languages write it. A comment in Python begins with `#`; `//` divides.",
            "Which sign tells Python that the rest of a line is only for people?",
            fixed=fixed,
            expression=program.line(first).strip(),
        )


def increment(program: Program) -> Iterator[Finding]:
    """Find `i++` and `i--`."""
    edits, seen = [], []
    for statement in program.statements:
        texts = [token.text for token in statement.tokens]
        while texts and texts[-1] == ";":
            texts.pop()
        tokens = statement.tokens[: len(texts)]
        if len(texts) < 3 or texts[-2:] not in (["+", "+"], ["-", "-"]) or tokens[-1].start != tokens[-2].end:
            continue
        target = program.code[tokens[0].start : tokens[-2].start].strip()
        edits.append((tokens[0].start, tokens[-1].end, f"{target} {texts[-1]}= 1"))
        seen.append((statement.line, target + texts[-1] * 2))
    if edits:
        line, written = seen[0]
        more = "more" if written.endswith("+") else "less"
        yield found(
            program,
            "increment_operator",
            line,
            f"{{at}} has {shown(written)}. Python has no `++` and no `--`: it says “one {more}” with an assignment.",
            f"Which assignment makes {shown(written[:-2])} one {more} than it was?",
            fixed=program.edited(*edits),
            expression=written,
        )
    elif inner := _increment_within(program):
        line, written = inner
        yield found(
            program,
            "increment_operator",
            line,
            f"{{at}} has {shown(written)} within a longer statement. Python has no `++` and no `--`, and it changes "
            "a name in a statement of its own.",
            f"Where does {shown(written[:-2])} change, and where is its value only used?",
            solution=f"Write {shown(f'{written[:-2]} {written[-1]}= 1')} in a line of its own, before or after {{at}}.",
            expression=written,
        )


def _increment_within(program: Program) -> tuple[int, str] | None:
    for statement in program.near:
        following = [*statement.tokens[3:], None]
        for one, two, three, four in zip(*(statement.tokens[n:] for n in range(3)), following, strict=False):
            doubled = (
                two.text == three.text and two.text in ("+", "-") and one.end == two.start and two.end == three.start
            )
            if doubled and one.kind == "name" and not (four and begins_value(four)):
                return one.line, one.text + two.text * 2
    return None
