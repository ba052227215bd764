"""Praising: a word of what is good first, and true of this very program."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from functions.review.catalogue import catalogue
from functions.review.finding import Finding
from functions.review.model import Complexity
from functions.review.program import Program
from functions.review.rules.naming import named_here
from functions.shared.markdown import code, listed

_SMALL = 12
"""Statements of a function that does one thing."""
_SPEAKING = 4
"""Letters that a name has on the average where names are words."""


def praise(program: Program, findings: Sequence[Finding], measured: Complexity) -> str:
    """Return a sentence about the two best things of a program, or about the one there is."""
    good = [text for _, text in zip(range(2), _good(program, findings, measured), strict=False)]
    if not good:
        return "Python reads your program without a complaint, and that is where every good one begins."
    first, *rest = good
    return f"{first[0].upper()}{first[1:]}{''.join(f', and {each}' for each in rest)}."


def _good(program: Program, findings: Sequence[Finding], measured: Complexity) -> Iterator[str]:
    found = {finding.rule for finding in findings}
    categories = {catalogue()[finding.rule].category for finding in findings}
    yield from _of_functions(program, measured)
    if "naming" not in categories and (names := _speaking(program)):
        yield f"names such as {listed(names)} tell what they stand for"
    documented = [node for node in (*program.functions, *program.classes) if ast.get_docstring(node)]
    if documented and "missing_docstring" not in found:
        yield f"{code(documented[0].name)} says itself what it is for"
    yield from _of_constructs(program, found)
    if not findings:
        yield "there is nothing in it that would have to go"


def _of_functions(program: Program, measured: Complexity) -> Iterator[str]:
    sizes = {node.name: sum(isinstance(each, ast.stmt) for each in program.within(node)) for node in program.functions}
    worst = measured.worst
    if len(sizes) >= 2 and max(sizes.values()) <= _SMALL and worst and worst.rank == "A":
        yield f"your {len(sizes)} functions are short enough to be read at a glance"
    elif len(sizes) == 1 and max(sizes.values()) <= _SMALL and worst and worst.rank == "A":
        yield f"{code(next(iter(sizes)))} is short enough to be read at a glance"


def _speaking(program: Program) -> tuple[str, ...]:
    """Return three names, where names are words; none where they are not."""
    names = list(dict.fromkeys(name for name, _, _ in named_here(program) if not name.startswith("__")))
    if len(names) < 3 or sum(map(len, names)) < _SPEAKING * len(names):
        return ()
    best = sorted((name for name in names if name == name.lower()), key=lambda name: -len(name))[:2]
    return tuple(map(code, best)) if len(best) == 2 and len(best[1]) > _SPEAKING else ()


def _of_constructs(program: Program, found: set[str]) -> Iterator[str]:
    """Yield a word on each construct that is used as it is meant."""
    for node in program.nodes:
        if text := _used_well(node, found):
            yield f"{text} in line {getattr(node, 'lineno', 1)}"
            return


def _used_well(node: ast.AST, found: set[str]) -> str:
    match node:
        case ast.With():
            return "you let `with` look after what you open"
        case ast.ExceptHandler(type=ast.Name(id=name)) if name not in ("Exception", "BaseException"):
            return f"you catch {code(name)} and nothing else"
        case ast.For(iter=ast.Call(func=ast.Name(id="enumerate" | "zip" as name))):
            return f"you use `{name}` instead of counting"
        case ast.ListComp() | ast.DictComp() | ast.SetComp() | ast.GeneratorExp():
            return "you say with one comprehension what others need four lines for"
        case ast.JoinedStr() if "glued_text" not in found:
            return "your f-string shows the text as it will look"
        case ast.Call(func=ast.Attribute(attr="get" | "items" | "join" as name)):
            return f"you know when `{name}` does the work"
        case ast.For(iter=ast.Name(id=name)):
            return f"you go over {code(name)} directly"
        case ast.Return(value=ast.expr()):
            return "you give the result back instead of printing it"
    return ""
