"""Moving lines: corrections of slips that change where whole lines stand, how far they are indented, or add some."""

from __future__ import annotations

import ast
import re

from functions.debug.rules import looking, mending
from functions.debug.rules.mending import Change
from functions.debug.rules.scoping import Function
from functions.debug.rules.slips_program import Loop, Program


def lines_of(program: Program, *statements: ast.stmt) -> tuple[int, int] | None:
    """Return the part of the code that statements following each other fill; None where they share a line."""
    code = program.case.code
    begins = looking.line_starts(code)
    first = min([statements[0].lineno, *(one.lineno for one in getattr(statements[0], "decorator_list", ()))])
    last = statements[-1].end_lineno or first
    begin, end = begins[first - 1], begins[min(last, len(begins) - 1)]
    before = code[begin : looking.span(code, statements[0])[0]] if first == statements[0].lineno else ""
    after = code[looking.span(code, statements[-1])[1] : end]
    alone = not before.strip(" \t\f") and re.fullmatch(r"[ \t]*(#[^\r\n]*)?[\r\n]*", after)
    return (begin, end) if alone else None


def indentation(program: Program, node: ast.AST) -> str:
    """Return what stands before a node's first line."""
    begins = looking.line_starts(program.case.code)
    line = getattr(node, "lineno", 1)
    return mending.indentation(program.case.code[begins[line - 1] : begins[min(line, len(begins) - 1)]])


def newline(program: Program) -> str:
    """Return how the program ends its lines."""
    return "\r\n" if "\r\n" in program.case.code else "\n"


def indented(program: Program, statement: ast.stmt, indent: str) -> str | None:
    """Return a statement's lines at another indentation, with a line's end; None where they share a line."""
    part = lines_of(program, statement)
    if part is None or _holds_lines_of_text(statement):
        return None
    old, text = indentation(program, statement), program.case.code[slice(*part)]
    lines = [indent + line[len(old) :] if line.startswith(old) else line for line in text.splitlines(keepends=True)]
    return ended(program, "".join(lines))


def ended(program: Program, text: str) -> str:
    """Return lines of code that end with a line's end, which a program's last line may lack."""
    return text if text.endswith(("\n", "\r")) else text + newline(program)


def after(program: Program, statement: ast.stmt, text: str) -> Change | None:
    """Return the change that puts whole lines after a statement."""
    part = lines_of(program, statement)
    if part is None:
        return None
    lacking = program.case.code[part[0] : part[1]]
    return (part[1], part[1]), ("" if lacking.endswith(("\n", "\r")) else newline(program)) + text


def before(program: Program, statement: ast.stmt, text: str) -> Change | None:
    """Return the change that puts whole lines before a statement."""
    part = lines_of(program, statement)
    return ((part[0], part[0]), text) if part else None


def moved(program: Program, statement: ast.stmt, *, into: Change | None, indent: str) -> str | None:
    """Return the program with a statement's lines at another place, which a change without text of its own names."""
    part, text = lines_of(program, statement), indented(program, statement, indent)
    if part is None or text is None or into is None:
        return None
    place, lead = into
    return mending.replaced(program.case, (part, ""), (place, lead + text))


def alone_in_block(program: Program, statement: ast.stmt) -> bool:
    """Tell whether a statement is the only one of its block, which cannot do without it."""
    return len(program.block(statement)) == 1


def body_indentation(program: Program, owner: Loop | Function) -> str | None:
    """Return how far the body of a loop or function is indented; None where it stands on the same line."""
    return indentation(program, owner.body[0]) if owner.body[0].lineno > owner.lineno else None


def _holds_lines_of_text(statement: ast.stmt) -> bool:
    """Tell whether a string of several lines is in a statement, which other indentation would change."""
    strings = (ast.Constant, ast.JoinedStr)
    return any(isinstance(node, strings) and node.end_lineno != node.lineno for node in ast.walk(statement))
