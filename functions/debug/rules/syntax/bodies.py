"""Bodies: heads of blocks whose block is not indented, or not there at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules.syntax.program import Program, Statement
from functions.debug.rules.syntax.telling import at, found, shown

_STEP = "    "
_MOST_LINES = 40


def expected_indent(program: Program) -> Iterator[Finding]:
    """Find heads of blocks without a block below them."""
    stopped = program.refusal
    if stopped is None or not stopped.message.startswith("expected an indented block"):
        return
    named = re.search(r"on line (\d+)", stopped.message)
    heads = [s for s in program.statements if s.ends_with_colon and s.line <= stopped.line]
    head = next((s for s in reversed(heads) if named is None or s.line == int(named[1])), None)
    if head is None:
        return
    after = [s for s in program.statements if s.line > head.last and not s.inline]
    if (
        after
        and len(after[0].indent) == len(head.indent)
        and after[0].first not in ("else", "elif", "except", "finally")
    ):
        yield from _body_indented(program, head, after)
    else:
        yield from _body_added(program, head, None)


def _body_indented(program: Program, head: Statement, after: list[Statement]) -> Iterator[Finding]:
    line = after[0].line
    if after[0].first in ("def", "class") and head.first == "def" and _parted(program, head.last, line):
        yield from _body_added(program, head, None)
    for fixed in _indented(program, head, after):
        yield found(
            program,
            "expected_indent",
            line,
            f"{at(program, head.line)} ends with a colon, so a block has to follow it, but {{at}} is not indented and "
            "so does not belong to it.",
            f"Which of the lines from {{at}} on belong to the {shown(head.first)} above? They stand further to the "
            "right than it does.",
            fixed=fixed,
            solution=_how_far(program, fixed, line),
            expression=program.line(line).strip(),
        )
    if head.first in ("def", "class"):
        yield from _body_added(program, head, line)


def _how_far(program: Program, fixed: str, line: int) -> str:
    moved = [n for n, (a, b) in enumerate(zip(program.lines, fixed.split("\n"), strict=False), 1) if a != b]
    last = max(moved, default=line)
    until = f", and so on to {at(program, last)}" if last > line and program.first is not None else ""
    return f"Put four more spaces before {shown(program.line(line))} in {{at}}{until}."


def _indented(program: Program, head: Statement, after: list[Statement]) -> Iterator[str]:
    """Yield programs in which the lines below a head are indented: those that seem to belong to it, then others."""
    first, step = after[0], _step(program)
    below = len(after[1].indent) - len(head.indent) if len(after) > 1 else 0
    if below == len(step) * (2 if first.ends_with_colon else 1):
        yield program.with_lines((n, step + program.line(n)) for n in range(first.line, first.last + 1))
    for end in _ends_of_body(program, head, after):
        yield program.with_lines(
            (n, step + program.line(n)) for n in range(after[0].line, end + 1) if program.line(n).strip()
        )


def _step(program: Program) -> str:
    """Return the white space by which the program indents."""
    indents = [s.indent for s in program.statements if len(s.indent) > 1 or s.indent == "\t"]
    step = min(indents, key=len, default=_STEP)
    return step if len(step) != 2 * len(_STEP) else _STEP


def _ends_of_body(program: Program, head: Statement, after: list[Statement]) -> list[int]:
    chunks: list[tuple[Statement, int]] = []
    for statement in after[:_MOST_LINES]:
        if len(statement.indent) < len(head.indent):
            break
        if len(statement.indent) > len(head.indent) and chunks:
            chunks[-1] = (chunks[-1][0], statement.last)
        else:
            chunks.append((statement, statement.last))
    paragraph = 0
    for index, (statement, _) in enumerate(chunks):
        if index and _parted(program, chunks[index - 1][1], statement.line):
            break
        paragraph = index
    likely = _likely(head, [statement for statement, _ in chunks], paragraph)
    others = range(likely + 1, len(chunks))
    return [chunks[n][1] for n in (likely, *others, *range(likely)) if n < len(chunks)]


def _parted(program: Program, line: int, other: int) -> bool:
    return any(not program.line(number).strip() for number in range(line + 1, other))


def _likely(head: Statement, body: list[Statement], paragraph: int) -> int:
    """Return the index of the last statement that seems to belong to a head."""
    ends = next((n for n, s in enumerate(body) if s.first in ("else", "elif", "except", "finally")), None)
    if (
        ends
        and not any(s.first in ("if", "try", "for", "while") for s in body[:ends])
        and head.first in ("if", "elif", "else", "try", "except")
    ):
        return ends - 1
    if head.first == "def":
        last = next((n for n in range(paragraph, -1, -1) if body[n].first == "return"), None)
        new = next((n for n, s in enumerate(body) if n and s.first in ("def", "class")), len(body))
        return min(last if last is not None else paragraph, new - 1)
    if head.first == "class":
        return max((n for n, s in enumerate(body) if s.first == "def" and (not n or _is_method(s))), default=paragraph)
    names = {t.text for t in head.tokens[1:] if t.kind == "name"} - {"in", "and", "or", "not", "range", "len", "True"}
    if head.first == "for":
        names = (
            {t.text for t in head.tokens[1 : [t.text for t in head.tokens].index("in")] if t.kind == "name"}
            if ("in" in [t.text for t in head.tokens])
            else names
        )
        using = [n for n, s in enumerate(body[: paragraph + 1]) if any(t.text in names for t in s.tokens)]
        return max(using, default=0)
    if head.first == "while":
        setting = [n for n, s in enumerate(body[: paragraph + 1]) if s.first in names and s.at(1).endswith("=")]
        return max(setting, default=0)
    return 0


def _is_method(statement: Statement) -> bool:
    return "self" in [token.text for token in statement.tokens[:4]] or statement.at(1).startswith("__")


def _body_added(program: Program, head: Statement, follows: int | None) -> Iterator[Finding]:
    number = head.last
    while number < len(program.lines) and program.line(number + 1).lstrip().startswith("#"):
        number += 1
    lines = [*program.lines[:number], f"{head.indent}{_step(program)}pass", *program.lines[number:]]
    below = "nothing follows it" if follows is None else "no indented line follows it"
    yield found(
        program,
        "expected_indent",
        head.line,
        f"{{at}} ends with a colon, so a block has to follow it, but {below}. A comment alone is no block.",
        f"What should happen in the block of {shown(head.first)} in {{at}}? If nothing yet, Python has a word for "
        f"that.",
        fixed="\n".join(lines),
        solution="Write the block below {at}, indented by four spaces; `pass` stands for one that does nothing yet.",
        expression=program.line(head.line).strip(),
    )
