"""In code: which constructs a program is made of, and how prominent each is.

A construct is written as it looks: a keyword or a name (`for`, `append`), or a sign (`@`, `{:}`, `f""`, `[0]`). Nearly
every program holds an assignment, a number and an `if`, so the curriculum gives each construct a weight, and here
what frames the rest of the program counts for more than what stands inside.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from textwrap import dedent

DEEPER = 0.9
"""Factor for every block that a construct stands in."""
AGAIN = 0.05
"""Added for each further time a construct occurs, three at most."""

_KEYWORDS: dict[type[ast.AST], str] = {
    ast.For: "for",
    ast.While: "while",
    ast.Break: "break",
    ast.Continue: "continue",
    ast.If: "if",
    ast.IfExp: "if",
    ast.Match: "match",
    ast.match_case: "case",
    ast.Try: "try",
    ast.TryStar: "try",
    ast.ExceptHandler: "except",
    ast.Raise: "raise",
    ast.With: "with",
    ast.FunctionDef: "def",
    ast.Return: "return",
    ast.Nonlocal: "nonlocal",
    ast.Global: "global",
    ast.Lambda: "lambda",
    ast.ClassDef: "class",
    ast.AsyncFunctionDef: "async",
    ast.AsyncFor: "async",
    ast.AsyncWith: "async",
    ast.Await: "await",
    ast.Yield: "yield",
    ast.YieldFrom: "yield",
    ast.Delete: "del",
    ast.Assert: "assert",
    ast.Import: "import",
    ast.ImportFrom: "import",
}
_SIGNS: dict[type[ast.AST], str] = {
    ast.Assign: "=",
    ast.AnnAssign: "=",
    ast.AugAssign: "+=",
    ast.NamedExpr: ":=",
    ast.List: "[]",
    ast.Dict: "{:}",
    ast.Set: "{,}",
    ast.Tuple: "(,)",
    ast.JoinedStr: 'f""',
    ast.ListComp: "[for]",
    ast.SetComp: "[for]",
    ast.DictComp: "[for]",
    ast.GeneratorExp: "[for]",
    ast.Mod: "%",
    ast.FloorDiv: "//",
    ast.Pow: "**",
    ast.Div: "/",
    ast.Mult: "*",
    ast.Sub: "-",
    ast.Add: "+",
}
_NAMED = _KEYWORDS | _SIGNS
_Defined = (ast.FunctionDef, ast.AsyncFunctionDef)

# For what cannot be parsed; strings have become "" by then, and comments nothing.
_NOT_CODE = re.compile(r"#[^\n]*|([fF]?)(?:'''.*?'''|\"\"\".*?\"\"\"|'[^'\n]*'|\"[^\"\n]*\")", re.DOTALL)
_WORD = re.compile(r"[^\W\d]\w*")
_LOOKS = tuple(
    (construct, re.compile(looks))
    for construct, looks in (
        ("@", r"^\s*@(?=\w|$)"),
        ('f""', r'\bf""'),
        ('""', r'""'),
        ('"" +', r'"" ?\+|\+ ?""'),
        ('[""]', r'\w\[""\]'),
        ("{:}", r"\{[^{}:]*:|=\s*\{\}"),
        ("[:]", r"\w\[[^][:]*:"),
        ("[0]", r"\w\[-?\d+\]"),
        ("[]", r"(?:^|[=(,])\s*\["),
        ("//", r"//"),
        ("**", r"\w ?\*\* ?\w"),
        ("%", r"\w ?% ?\w"),
        ("/", r"\w ?/ ?\w"),
        ("*", r"\w ?\* ?\w"),
        ("+=", r"[-+*/]="),
        ("=", r"\w\]? ?=(?!=)"),
        ("1", r"\b\d"),
    )
)
_PROMPT = re.compile(r"^(?:>>> ?|\.\.\. )", re.MULTILINE)


def prominence(code: str) -> dict[str, float]:
    """Return the constructs of a program, or of a part of one: 1 for one that stands outermost and once, less if
    deeper, a little more if repeated."""
    code = dedent(_PROMPT.sub("", code))
    try:
        seen = list(_in_tree(ast.parse(code)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        seen = list(_in_lines(code))
    depths: dict[str, list[int]] = {}
    for construct, depth in seen:
        depths.setdefault(construct, []).append(depth)
    return {name: DEEPER ** min(at) + AGAIN * min(3, len(at) - 1) for name, at in depths.items()}


def _in_tree(tree: ast.AST) -> Iterator[tuple[str, int]]:
    waiting = [(tree, 0, 0)]
    while waiting:
        node, depth, column = waiting.pop()
        for construct in _constructs(node):
            yield construct, depth
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):  # an `elif` is a statement within the `if`, but stands below it
                waiting.append((child, depth + (child.col_offset > column), child.col_offset))
            else:
                waiting.append((child, depth, column))


def _constructs(node: ast.AST) -> Iterator[str]:
    if type(node) in _NAMED:
        yield _NAMED[type(node)]
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
            yield name
        case ast.alias(name=name):
            yield from name.split(".")
        case ast.ImportFrom(module=str(name)):
            yield from name.split(".")
        case ast.Constant(value=value):
            yield from _constant(value)
        case ast.Subscript(slice=index):
            yield _subscript(index)
        case ast.BinOp(left=left, op=ast.Add() | ast.Mod(), right=right):
            if any(isinstance(side, ast.JoinedStr) or _is_text(side) for side in (left, right)):
                yield '"" +'
        case ast.Try(finalbody=[_, *_]):
            yield "finally"
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield from _defined(node)


def _defined(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Iterator[str]:
    yield node.name
    if node.decorator_list:
        yield "@"
    if isinstance(node, ast.ClassDef):
        return
    if node.args.vararg or node.args.kwarg:
        yield "*args"
    # A function that defines one which calls what was passed: a decorator, even where no @ is in sight.
    given = {argument.arg for argument in node.args.args}
    inner = [statement for statement in node.body if isinstance(statement, _Defined)]
    calls = (call.func for function in inner for call in ast.walk(function) if isinstance(call, ast.Call))
    if any(isinstance(called, ast.Name) and called.id in given for called in calls):
        yield "wrapper"


def _constant(value: object) -> Iterator[str]:
    if isinstance(value, str | bytes):
        yield '""'
    elif isinstance(value, int | float | complex) and not isinstance(value, bool):
        yield "1"


def _subscript(index: ast.expr) -> str:
    if isinstance(index, ast.Slice):
        return "[:]"
    return '[""]' if _is_text(index) else "[0]"


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _in_lines(code: str) -> Iterator[tuple[str, int]]:
    bare = _NOT_CODE.sub(lambda found: "" if found[0][0] == "#" else f'{found[1]}""', code)
    for line in bare.splitlines():
        depth = (len(line) - len(line.lstrip())) // 4
        for word in _WORD.findall(line):
            yield word, depth
        for construct, looks in _LOOKS:
            if looks.search(line):
                yield construct, depth
