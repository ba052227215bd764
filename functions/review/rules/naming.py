"""Naming: what a name tells, and what it hides."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator

from functions.review.finding import Finding
from functions.review.program import Home, Program
from functions.review.renaming import can_be_named, renamed
from functions.review.rules.loops import singular
from functions.review.source import Edit
from functions.review.tree import Comprehension, Function

_SHORT = frozenset("i j k n x y z a b e f _".split())  # noqa: SIM905 -- letters read best as they are
"""Letters that have a meaning of their own in short stretches: counters, coordinates, an error, a file."""
_ALWAYS_BAD = frozenset("lOI")
_FEW_LETTERS = 2
_EMPTY = re.compile(
    r"(?:foo|bar|baz|qux|tmp|temp|thing|stuff|asdf|blah|aaa|bbb|xxx|yyy|zzz|xx|yy|aa|bb|func|function|myfunc\w*|my_func\w*"
    r"|do_?it|do_?stuff|do_?something|test_?func\w*|var|variable|myvar|my_var|mylist|my_list|obj)\d*",
    re.IGNORECASE,
)
_BETTER = {
    "all": "everything", "any": "some", "bin": "binary", "dict": "table", "dir": "folder", "file": "source",
    "filter": "chosen", "float": "number", "format": "layout", "hash": "digest", "id": "identifier",
    "input": "answer", "int": "number", "iter": "items", "len": "length", "list": "items", "map": "mapping",
    "max": "largest", "min": "smallest", "next": "following", "object": "thing_held", "ord": "position",
    "pow": "power", "print": "printed", "range": "span", "reversed": "backwards", "round": "rounded",
    "set": "unique", "sorted": "in_order", "str": "text", "sum": "total", "tuple": "pair", "type": "kind",
    "vars": "values", "zip": "pairs",
}  # fmt: skip
"""What a name that Python needs itself may be called instead."""


def snake_case(name: str) -> str:
    """Return a name in lower case with underscores: `averageMark` becomes `average_mark`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def named_here(program: Program) -> Iterator[tuple[str, Home, ast.expr | ast.stmt | ast.arg]]:
    """Yield what the program gives a name to, once, with where it lives and where it is named first."""
    seen = set()
    for node in program.nodes:
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                home: Home = program.home(node)
            case (
                ast.arg(arg=name)
                | ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                home = program.scope(node)
            case _:
                continue
        if (name, home) not in seen:
            seen.add((name, home))
            yield name, home, node


def camel_case(program: Program) -> Iterator[Finding]:
    """Functions and variables in camelCase, where Python's are in snake_case."""
    for name, home, node in named_here(program):
        if isinstance(node, ast.ClassDef) or name.isupper() or name == name.lower() or len(name) < 2:
            continue
        if isinstance(node, ast.Name) and isinstance(program.parent[node], ast.Assign) and _makes_class(program, node):
            continue
        better = snake_case(name)
        method = isinstance(node, Function) and program.is_method(node)
        edits = () if method or isinstance(home, ast.ClassDef) else renamed(program, home, name, better)
        yield _at_head("camel_case", node, edits, name=name, better=better)


def _makes_class(program: Program, name: ast.Name) -> bool:
    """`Point = namedtuple(…)`, `Numbers = list[int]`: a type is named like a class."""
    value = next(program.assigned(name), None)
    return name.id[0].isupper() and isinstance(value, ast.Call | ast.Subscript | ast.Name | ast.BinOp)


def class_in_lower_case(program: Program) -> Iterator[Finding]:
    """Classes that are not in CapWords."""
    for node in program.classes:
        if node.name[0].isupper() and "_" not in node.name.strip("_"):
            continue
        better = "".join(word[:1].upper() + word[1:] for word in node.name.split("_"))
        edits = renamed(program, program.scope(node), node.name, better)
        yield _at_head("class_in_lower_case", node, edits, name=node.name, better=better)


def shadowed_builtin(program: Program) -> Iterator[Finding]:
    """`list = …`: Python's own `list` is gone from here on."""
    for name, home, node in named_here(program):
        if name not in _BETTER or name == "file" or isinstance(home, ast.ClassDef):
            continue
        better = next((each for each in (_BETTER[name], f"{name}_") if can_be_named(program, each)), f"{name}_")
        local = isinstance(home, Function | Comprehension)
        edits = renamed(program, home, name, better) if local else ()
        yield _at_head("shadowed_builtin", node, edits, name=name, better=better)


def letter_for_one_of_many(program: Program) -> Iterator[Finding]:
    """`for s in students`: the list says what one of them is called."""
    for name, home, node in named_here(program):
        better = _one_of_many(program, node) if len(name) == 1 and name != "_" else None
        if better and can_be_named(program, better):
            edits = renamed(program, home, name, better)
            yield _at_head("letter_for_one_of_many", node, edits, name=name, better=better)


def _one_of_many(program: Program, node: ast.AST) -> str | None:
    """Return what a loop's variable may be called, after what it goes over."""
    match program.parent[node]:
        case (
            ast.For(target=target, iter=ast.Name(id=many)) | ast.comprehension(target=target, iter=ast.Name(id=many))
        ) if target is node:
            return singular(many)
    return None


def unclear_letter(program: Program) -> Iterator[Finding]:
    """Names of one letter that are used over more than a few lines, or that look like a digit."""
    for name, home, node in named_here(program):
        if len(name) != 1 or name == "_":
            continue
        if isinstance(node, Function | ast.ClassDef):
            yield _at_head("unclear_function", node, (), name=name)
            continue
        better = _one_of_many(program, node)
        if better and can_be_named(program, better):
            continue
        if name in _ALWAYS_BAD:
            yield _at_head("letter_like_digit", node, (), name=name)
        elif _reaches_far(program, name, home, node):
            yield _at_head("unclear_letter", node, (), name=name)


def _reaches_far(program: Program, name: str, home: Home, node: ast.expr | ast.stmt | ast.arg) -> bool:
    """Tell whether one has to remember what a letter stands for: counters and coordinates are known to all."""
    uses = program.variables.get((home, name), [])
    lines = max((use.lineno for use in uses), default=node.lineno) - node.lineno
    counts = isinstance(node, ast.arg) or _counts(program, node)
    return lines > (1 if name not in _SHORT else 10 if counts else 4)


def _counts(program: Program, node: ast.AST) -> bool:
    return isinstance(program.parent[node], ast.For | ast.comprehension | ast.withitem)


def short_names(program: Program) -> Iterator[Finding]:
    """A program in which most names are one or two letters."""
    named = [(name, node) for name, _, node in named_here(program) if name not in ("_", "self")]
    short = [(name, node) for name, node in named if len(name.rstrip("0123456789_")) <= _FEW_LETTERS]
    if len(short) >= 3 and 2 * len(short) > len(named):
        yield _at_head("short_names", short[0][1], (), names=", ".join(dict.fromkeys(name for name, _ in short[:5])))


def empty_name(program: Program) -> Iterator[Finding]:
    """`foo`, `tmp2`, `myfunc`."""
    for name, _, node in named_here(program):
        if len(name) > 1 and _EMPTY.fullmatch(name):
            yield _at_head("empty_name", node, (), name=name)


def numbered_names(program: Program) -> Iterator[Finding]:
    """`mark1`, `mark2`, `mark3`: a list, or names of their own."""
    stems: dict[tuple[Home, str], list[tuple[str, ast.expr | ast.stmt | ast.arg]]] = defaultdict(list)
    for name, home, node in named_here(program):
        if stem := re.fullmatch(r"(\w*?[^\W\d])_?\d+", name):
            stems[home, stem[1]].append((name, node))
    for held in stems.values():
        if len(held) >= 3:
            yield _at_head("numbered_names", held[0][1], (), names=", ".join(name for name, _ in held[:4]))


def _at_head(rule: str, node: ast.expr | ast.stmt | ast.arg, edits: tuple[Edit, ...], **told: str) -> Finding:
    """Return a finding about the line where something is named, whatever else the edits change."""
    return Finding(rule, node.lineno, node.lineno, told, edits)


RULES = (
    camel_case, class_in_lower_case, shadowed_builtin, letter_for_one_of_many, unclear_letter, short_names, empty_name,
    numbered_names,
)  # fmt: skip
