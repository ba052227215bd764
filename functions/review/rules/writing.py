"""Style: comments, and how lines are laid out."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from itertools import pairwise
from typing import TypeGuard

from functions.review.finding import Finding, found
from functions.review.program import Program
from functions.review.source import Edit

LONGEST_LINE = 100
"""Characters."""


def echoing_comment(program: Program) -> Iterator[Finding]:
    """`count += 1  # increment count`: says what the line says."""
    for line, text, column in comments(program):
        code = program.lines(line, line)[:column].strip() or program.lines(line + 1, line + 1).strip()
        said = {word for word in re.findall(r"[a-z]{2,}", text.lower()) if word not in _FILLERS}
        written = {part for word in re.findall(r"\w+", code.lower()) for part in (word, *word.split("_"))}
        if "=" in code:
            written |= {"set", "assign", "increment", "increase", "add", "initialize", "create", "variable", "empty"}
        written |= {"loop", "iterate", "through", "each"} if re.match(r"(?:for|while)\b", code) else set()
        written |= {
            "return",
            "function",
            "define",
            "call",
            "check",
            "import",
            "output",
            "show",
            "list",
            "class",
            "result",
        }
        if said and said <= written and code:
            start = program.line_start(line)
            before = program.lines(line, line)[:column]
            end = start + len(program.lines(line, line).encode())
            keep = start + len(before.rstrip().encode())
            edits = (Edit(keep, end, ""),) if before.strip() else (program.replace_lines(line, line, None),)
            yield Finding("echoing_comment", line, line, {"comment": text.strip("# ")}, edits)


_FILLERS = frozenset("the this that it is of to by and in on with for if an as at be we our its one".split())  # noqa: SIM905


def commented_out_code(program: Program) -> Iterator[Finding]:
    """Lines of code behind a `#`."""
    lines = [
        line
        for line, text, column in comments(program)
        if _is_code(text) and not program.lines(line, line)[:column].strip()
    ]
    while lines:
        first = last = lines.pop(0)
        while lines and lines[0] == last + 1:
            last = lines.pop(0)
        yield Finding("commented_out_code", first, last, {}, (program.replace_lines(first, last, None),))


def _is_code(comment: str) -> bool:
    text = comment.lstrip("#").strip()
    text += " pass" if re.match(r"(?:for|while|if|def|with)\b.*:$", text) else ""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    match body:
        case [ast.Expr(value=ast.Call(func=ast.Name() | ast.Attribute()))]:
            return True
        case [ast.Assign() | ast.AugAssign() | ast.Import() | ast.ImportFrom() | ast.For() | ast.While() | ast.If()]:
            return True
        case [ast.Return(value=value)]:
            return value is not None
        case [ast.FunctionDef()]:
            return True
    return False


def comments(program: Program) -> list[tuple[int, str, int]]:
    """Return the line, the text with its `#`, and the column in characters of every comment."""
    if "#" not in program.code:
        return []
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(program.code, newline="").readline))
    except (tokenize.TokenError, SyntaxError):
        return []
    return [(token.start[0], token.string, token.start[1]) for token in tokens if token.type == tokenize.COMMENT]


def several_on_a_line(program: Program) -> Iterator[Finding]:
    """`a = 1; b = 2`, or a block on the line of its `if`."""
    told: set[int] = set()
    for node in program.statements:
        before, after = program.neighbours(node)
        parent = program.parent[node]
        if before and before.end_lineno == node.lineno and node.lineno not in told:
            told.add(node.lineno)
            yield found("several_on_a_line", node, *_parted(program, node))
        elif _starts_on_its_line(parent, node) and not after and node.lineno not in told:
            told.add(node.lineno)
            yield found("block_on_its_line", parent, *_on_next_line(program, parent, node), until=node)


def _starts_on_its_line(parent: ast.AST, node: ast.stmt) -> TypeGuard[ast.If | ast.For | ast.While]:
    """Tell whether a statement stands on the line of the block that it is in; an `elif` is none for a reader."""
    blocks = isinstance(parent, ast.If | ast.For | ast.While) and not isinstance(node, ast.If)
    return blocks and parent.lineno == node.lineno  # type: ignore[attr-defined]


def _parted(program: Program, node: ast.stmt) -> tuple[Edit, ...]:
    """Return the edits that give each statement of a line a line of its own."""
    block = [each for each in program.block(node) if node.lineno in (each.lineno, each.end_lineno)]
    start = program.line_start(node.lineno)
    if program.data[start : program.span(block[0])[0]].strip() or any(each.lineno != each.end_lineno for each in block):
        return ()
    edits = []
    for one, other in pairwise(block):
        begin, end = program.span(one)[1], program.span(other)[0]
        if program.data[begin:end].replace(b" ", b"") != b";":
            return ()
        edits.append(Edit(begin, end, f"\n{program.indentation(node.lineno)}"))
    return tuple(edits)


def _on_next_line(program: Program, parent: ast.stmt, node: ast.stmt) -> tuple[Edit, ...]:
    start, (begin, end) = program.span(parent)[0], program.span(node)
    head = program.data[start:begin]
    line_start = program.line_start(parent.lineno)
    if not head.rstrip().endswith(b":") or program.data[line_start:start].strip() or node.lineno != node.end_lineno:
        return ()
    indentation = program.indentation(parent.lineno)
    return (Edit(start + len(head.rstrip()), begin, f"\n{indentation}    "),) if end else ()


def long_line(program: Program) -> Iterator[Finding]:
    """A line that nobody sees whole."""
    for line in range(1, program.last_line + 1):
        length = len(program.lines(line, line))
        if length > LONGEST_LINE and line not in program.inside_text:
            yield Finding("long_line", line, line, {"length": length})


def spelt_out_step(program: Program) -> Iterator[Finding]:
    """`count = count + 1`."""
    for node in program.statements:
        match node:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.BinOp(ast.Name(id=same), ast.Add() | ast.Sub() | ast.Mult() as sign, ast.Constant() as step),
            ) if name == same and isinstance(step.value, int | float):
                mark = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}[type(sign)]
                text = f"{name} {mark}= {program.text(step)}"
                yield found("spelt_out_step", node, program.replace(node, text), better=text)


RULES = (
    echoing_comment, commented_out_code, several_on_a_line, long_line, spelt_out_step,
)  # fmt: skip
