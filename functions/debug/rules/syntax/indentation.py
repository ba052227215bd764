"""Indentation: lines that stand too far to the right or to the left, or that tabs and spaces move together."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules.syntax.program import Program, Statement
from functions.debug.rules.syntax.telling import found

_USUAL = 0.6
"""Share of the lines from which on the steps that they are indented by are the program's own."""
_ODD = (("unexpected indent", "unexpected_indent"), ("unindent does not", "unindent_mismatch"))
_TAB_WIDTHS = (4, 8, 2)


def mixed_tabs(program: Program) -> Iterator[Finding]:
    """Find programs whose lines begin partly with tabs and partly with spaces."""
    stopped = program.refusal
    if stopped is None or stopped.type not in ("TabError", "IndentationError"):
        return
    texts = {
        n for t in program.tokens if t.kind == "string" for n in range(t.line + 1, t.line + t.text.count("\n") + 1)
    }
    tabs = [n for n in range(1, len(program.lines) + 1) if "\t" in program.indent(n) and n not in texts]
    spaces = [n for n in range(1, len(program.lines) + 1) if " " in program.indent(n) and n not in texts]
    if not tabs or not spaces:
        return
    line = stopped.line
    kind, other = ("a tab", "spaces") if line in tabs else ("spaces", "a tab")
    for width in _TAB_WIDTHS:
        yield found(
            program,
            "mixed_tabs_and_spaces",
            line,
            f"{{at}} begins with {kind}, while other lines of the program begin with {other}. They may look alike on "
            "the screen; Python cannot compare them.",
            "Let your editor show white space: which lines begin with tabs, and which ones with spaces?",
            fixed=program.with_lines(
                (n, program.indent(n).expandtabs(width) + program.line(n).lstrip(" \t")) for n in tabs
            ),
            solution="Put four spaces in the place of every tab at the beginning of a line; your editor can do it for "
            "the whole file.",
            expression=program.line(line).strip(),
        )


def odd_indent(program: Program) -> Iterator[Finding]:
    """Find lines that are indented by a space or two more or fewer than all others."""
    stopped = program.refusal
    cause = next((cause for begin, cause in _ODD if stopped and stopped.message.startswith(begin)), None)
    if stopped is None or cause is None:
        return
    lines = sorted({s.line for s in program.statements if s.indent and not s.inline})
    if any("\t" in program.indent(n) for n in lines):
        return
    depths = {n: len(program.indent(n)) for n in lines}
    unit = next((u for u in (4, 2) if sum(d % u == 0 for d in depths.values()) > len(lines) * _USUAL), None)
    odd = [n for n in lines if unit and depths[n] % unit]
    near = [n for n in odd if n <= stopped.line]
    if unit is None or not near:
        return
    for up in (False, True):
        wanted = {n: (depths[n] + (unit // 2 if up else (unit - 1) // 2)) // unit * unit for n in odd}
        for chosen in ([near[-1]], odd):
            yield found(
                program,
                cause,
                near[-1],
                f"{{at}} begins with {depths[near[-1]]} spaces, and the lines around it with steps of {unit}. Python "
                "compares how far lines are indented to the very space.",
                "Which line above should {at} stand exactly below? Count the spaces at the beginning of both.",
                fixed=program.with_lines((n, " " * wanted[n] + program.line(n).lstrip()) for n in chosen),
                solution=f"Let {{at}} begin {_where(' ' * wanted[near[-1]])}.",
                expression=program.line(near[-1]).strip(),
            )


def lost_indent(program: Program) -> Iterator[Finding]:
    """Find a line that lost the indentation which the line above it and at least two below it have."""
    lost = _lost(program)
    if lost and _length(program) > 1:
        yield _lost_indent(program, *lost)


def lost_indent_of_one(program: Program) -> Iterator[Finding]:
    """Find a line that lost the indentation which the line above it and the one below it have."""
    lost = _lost(program)
    if lost:
        yield _lost_indent(program, *lost)


def _lost_indent(program: Program, cause: str, statement: Statement, wanted: str) -> Finding:
    line = statement.line
    return found(
        program,
        cause,
        line,
        "{at} stands further to the left than the lines above and below it. So the block ends there, and Python does "
        "not expect the line below to be indented again.",
        "Does {at} belong to the same block as the lines around it?",
        fixed=program.with_lines((n, wanted + program.line(n).lstrip()) for n in range(line, statement.last + 1)),
        solution=f"Let {{at}} begin {_where(wanted)}, as the lines around it do.",
        expression=program.line(line).strip(),
    )


def _length(program: Program) -> int:
    """Return how many statements in a row are indented like the one that Python stopped at."""
    line = program.refusal.line if program.refusal else 1
    same = [len(s.indent) >= len(program.indent(line)) for s in program.statements if s.line >= line and not s.inline]
    return same.index(False) if False in same else len(same)


def _lost(program: Program) -> tuple[str, Statement, str] | None:
    """Return the cause by Python's message, the statement that lost its indentation, and what it was."""
    stopped = program.refusal
    above = [s for s in program.statements if stopped and s.last < stopped.line and not s.inline]
    if stopped is None or not above:
        return None
    here = program.indent(stopped.line)
    if stopped.message == "unexpected indent" and len(above) > 1:
        follows = above[-2].indent == here and above[-1].line == above[-2].last + 1
        return ("unexpected_indent", above[-1], here) if follows else None
    if stopped.message == "unexpected unindent" and above[-1].first == "@":
        statement = next((s for s in program.statements if s.line == stopped.line), None)
        return ("unindent_mismatch", statement, above[-1].indent) if statement else None
    if stopped.message.startswith("unindent does not match"):
        at = next((n for n in range(len(above) - 1, -1, -1) if len(above[n].indent) < len(here)), len(above))
        body = len(above[at + 1].indent) if at + 1 < len(above) else 0
        if body and above[at].ends_with_colon and body - len(here) == len(here) - len(above[at].indent):
            return "unindent_mismatch", above[at], here
    return None


def deep_beginning(program: Program) -> Iterator[Finding]:
    """Find a block whose first lines are indented further than the rest of it."""
    stopped = program.refusal
    if stopped is None or not stopped.message.startswith("unindent does not match"):
        return
    above = [s for s in program.statements if s.last < stopped.line and not s.inline]
    here = program.indent(stopped.line)
    at = next((n for n in range(len(above) - 1, -1, -1) if len(above[n].indent) < len(here)), None)
    block = above[at + 1 :] if at is not None else []
    if not block or at is None or not above[at].ends_with_colon or len(block) > _length(program):
        return
    if len(here) % 4 and not len(block[0].indent) % 4:  # then it is the later line that is unusual
        return
    line = block[0].line
    yield found(
        program,
        "unindent_mismatch",
        line,
        f"{{at}} begins with {len(block[0].indent)} spaces, but the lines further down in the same block do not, so "
        "Python cannot tell which block they belong to.",
        "How far should every line of the block that {at} begins be indented?",
        fixed=program.with_lines(
            (n, here + program.line(n)[len(block[0].indent) :]) for n in range(line, block[-1].last + 1)
        ),
        solution=f"Let {{at}} begin {_where(here)}, as the rest of its block does.",
        expression=program.line(line).strip(),
    )


def unexpected_indent(program: Program) -> Iterator[Finding]:
    """Find lines that are indented although no block begins above them."""
    stopped = program.refusal
    if stopped is None or stopped.message != "unexpected indent":
        return
    line = stopped.line
    above = next((s for s in reversed(program.statements) if s.last < line and not s.inline), None)
    wanted = above.indent if above else ""
    for fixed in _dedented(program, line, wanted):
        yield found(
            program,
            "unexpected_indent",
            line,
            "{at} stands further to the right than the line above it, but that line opens no block.",
            "Should {at} belong to a block? Then which line opens it? If none does, compare where the two lines begin.",
            fixed=fixed,
            solution=f"Let {{at}} begin {_where(wanted)}, as the line above it does."
            if above
            else "Let {at} begin at the left margin.",
            expression=program.line(line).strip(),
        )


def _where(indent: str) -> str:
    if not indent:
        return "at the left margin"
    kind = "tab" if "\t" in indent else "space"
    return f"with {len(indent)} {kind}{'s' if len(indent) > 1 else ''}"


def _dedented(program: Program, line: int, wanted: str) -> Iterator[str]:
    deep = len(program.indent(line))
    end = line
    for number in range(line, len(program.lines) + 1):
        if program.line(number).strip():
            if len(program.indent(number)) < deep:
                break
            end = number
    block = [n for n in range(line, end + 1) if program.line(n).strip()]
    yield program.with_lines((n, wanted + program.line(n)[deep:]) for n in block)
    yield program.with_lines([(line, wanted + program.line(line).lstrip())])
    same = [n for n in block if len(program.indent(n)) == deep]
    yield program.with_lines((n, wanted + program.line(n).lstrip()) for n in same)
    yield textwrap.dedent(program.code)
    levels = {s.indent for s in program.statements if s.line < line and len(s.indent) < deep}
    for level in sorted(levels, key=len, reverse=True):
        yield program.with_lines((n, level + program.line(n)[deep:]) for n in block)


def unindent_mismatch(program: Program) -> Iterator[Finding]:
    """Find lines that go back to the left, but not to where any block above began."""
    stopped = program.refusal
    if stopped is None or not stopped.message.startswith("unindent does not match"):
        return
    line, depth = stopped.line, len(program.indent(stopped.line))
    levels = _levels(program, line)
    for level in sorted(levels, key=lambda level: _distance(program, line, level)):
        for fixed in _moved(program, line, level):
            yield found(
                program,
                "unindent_mismatch",
                line,
                f"{{at}} begins with {depth} space{'s' if depth != 1 else ''}, and no block above it begins exactly "
                "there, so Python cannot tell to which one it belongs.",
                "Which line above should {at} stand exactly below? Count the spaces at the beginning of both.",
                fixed=fixed,
                solution=f"Let {{at}} begin {_where(level)}.",
                expression=program.line(line).strip(),
            )


def _levels(program: Program, line: int) -> list[str]:
    """Return the indentations of the blocks that are open above a line, the innermost one first."""
    open_: list[str] = [""]
    for statement in program.statements:
        if statement.line >= line or statement.inline:
            continue
        while len(open_) > 1 and len(statement.indent) < len(open_[-1]):
            open_.pop()
        if statement.indent != open_[-1]:
            open_.append(statement.indent)
    return open_[::-1]


def _distance(program: Program, line: int, level: str) -> tuple[bool, int, int]:
    """Return how far a level is away; one at which a block stands that the line continues is nearer than any other."""
    word = re.match(r"\s*(else|elif|except|finally)\b", program.line(line))
    continued = {
        "else": "if|elif|for|while|try|except",
        "elif": "if|elif",
        "except": "try|except",
        "finally": "try|except",
    }
    fits = word is not None and any(
        re.match(rf"(?:{continued[word[1]]})\b", s.first)
        for s in program.statements
        if s.indent == level and s.line < line
    )
    apart = len(level) - len(program.indent(line))
    return not fits, abs(apart), apart


def _moved(program: Program, line: int, level: str) -> Iterator[str]:
    depth = len(program.indent(line))
    end = line
    for number in range(line + 1, len(program.lines) + 1):
        if program.line(number).strip():
            if len(program.indent(number)) < depth or (
                len(program.indent(number)) == len(level) and len(level) > depth
            ):
                break
            end = number
    lines = [n for n in range(line, end + 1) if program.line(n).strip()]
    same = [n for n in lines if len(program.indent(n)) == depth]
    yield program.with_lines((n, level + program.line(n).lstrip()) for n in same)
    yield program.with_lines([(line, level + program.line(line).lstrip())])
    yield program.with_lines((n, level + program.line(n)[depth:]) for n in lines)
