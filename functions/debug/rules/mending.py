"""Mending: a program with a small change, the rest of it byte for byte as it was.

Each function returns the changed program, or None where there is no program to change or the change breaks it.
"""

from __future__ import annotations

import ast
import itertools
import re
import warnings

from functions.debug.model import Case
from functions.debug.rules import looking

Change = tuple[ast.AST | tuple[int, int], str]
"""What is replaced, a node or the part between two positions of the code, and by what."""


def replaced(case: Case, *changes: Change) -> str | None:
    """Put other text in place of nodes, or of parts of the code, that do not overlap."""
    if case.tree is None or not case.code.strip():
        return None
    code = case.code
    for (begin, end), text in sorted((_span(code, what), text) for what, text in changes)[::-1]:
        code = code[:begin] + text + code[end:]
    return _readable(code, case)


def line_replaced(case: Case, number: int, text: str) -> str | None:
    """Put other text in place of a line, keeping how the line ends and, where the text has none, its indentation."""
    begin, end = _line(case.code, number)
    if begin == end:
        return None
    old = case.code[begin:end]
    text = text if text[:1].isspace() else indentation(old) + text
    return _readable(case.code[:begin] + text + _ending(old) + case.code[end:], case)


def inserted(case: Case, number: int, *lines: str) -> str | None:
    """Put whole lines before the line of that number; one more than there are appends."""
    if not case.code.strip():
        return None
    begin, _ = _line(case.code, number)
    newline = "\r\n" if "\r\n" in case.code else "\n"
    before, text = case.code[:begin], "".join(line + newline for line in lines)
    if before and not before.endswith(("\n", "\r")):
        before += newline
    return _readable(before + text + case.code[begin:], case)


def removed(case: Case, number: int) -> str | None:
    """Take a whole line away."""
    begin, end = _line(case.code, number)
    return _readable(case.code[:begin] + case.code[end:], case) if begin < end else None


def renamed(case: Case, *nodes: ast.AST, to: str) -> str | None:
    """Give these names (`ast.Name`, the last part of an `ast.Attribute`, `ast.arg`, or a definition) another name."""
    spans = [name_span(case.code, node) for node in nodes]
    return replaced(case, *((span, to) for span in spans)) if case.tree and all(a < b for a, b in spans) else None


def name_span(code: str, node: ast.AST) -> tuple[int, int]:
    """Return where the name itself stands in a name, an attribute, an argument, or a definition; (0, 0) if nowhere."""
    begin, end = looking.span(code, node)
    match node:
        case ast.Attribute(attr=name):
            return end - len(name), end
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            found = re.compile(rf"(?:def|class)\s+({re.escape(name)})\b").search(code, begin, end)
            return found.span(1) if found else (0, 0)
        case ast.arg(arg=name) | ast.keyword(arg=str(name)):
            return begin, begin + len(name)
        case _:
            return begin, end


def imported(case: Case, statement: str) -> str | None:
    """Put an import at the program's top: below its first comments, its docstring and any `from __future__`."""
    if case.tree is None or not case.code.strip():
        return None
    before = [node for node in case.tree.body[:1] if ast.get_docstring(case.tree) is not None]
    before += [node for node in case.tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    if before:
        return inserted(case, (before[-1].end_lineno or 0) + 1, statement)
    first = next((number for number, line in enumerate(_lines(case.code), 1) if not line.lstrip().startswith("#")), 1)
    return inserted(case, first, statement)


def indentation(line: str) -> str:
    """Return what a line begins with before its text."""
    return line[: len(line) - len(line.lstrip(" \t"))]


def _lines(code: str) -> list[str]:
    begins = looking.line_starts(code)
    return [code[begin:end] for begin, end in itertools.pairwise(begins)]


def _line(code: str, number: int) -> tuple[int, int]:
    begins = looking.line_starts(code)
    return (begins[number - 1], begins[number]) if 0 < number < len(begins) else (len(code), len(code))


def _ending(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


def _span(code: str, what: ast.AST | tuple[int, int]) -> tuple[int, int]:
    return looking.span(code, what) if isinstance(what, ast.AST) else what


def _readable(code: str, case: Case) -> str | None:
    """Return the code if it is another one and Python can read it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return code if code != case.code else None
