"""Structure: how a program is parted, how deep it is nested, and what its parts share."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from functions.review.finding import Finding, found, heading
from functions.review.program import Program
from functions.review.rules.reading import body_without_docstring, opposite
from functions.review.source import Edit
from functions.review.tree import Function

LONGEST_FUNCTION = 25
"""Statements that a function may have."""
LONGEST_SCRIPT = 20
"""Statements that a program without a function may have."""
SHORTEST_SCRIPT = 8
"""Statements up to which nobody misses a function."""
MOST_PARAMETERS = 5
DEEPEST_NESTING = 4
"""Blocks within each other from which on it is hard to tell when a line is reached."""
_WIDEST_TRY = 8

Block = ast.If | ast.For | ast.AsyncFor | ast.While | ast.With | ast.AsyncWith | ast.Try | ast.Match


def long_function(program: Program) -> Iterator[Finding]:
    """A function of more statements than one sees at a glance."""
    for function in program.functions:
        size = sum(isinstance(node, ast.stmt) for node in program.within(function)) - 1
        if size > LONGEST_FUNCTION:
            yield heading("long_function", function, name=function.name, size=size)


def no_functions(program: Program) -> Iterator[Finding]:
    """A long program without any function."""
    size = sum(not isinstance(node, ast.Import | ast.ImportFrom) for node in program.statements)
    if size > LONGEST_SCRIPT and not program.functions:
        first = next(node for node in program.statements if not isinstance(node, ast.Import | ast.ImportFrom))
        yield heading("no_functions", first, size=size)


def few_functions(program: Program) -> Iterator[Finding]:
    """A program of some size without any function."""
    size = sum(not isinstance(node, ast.Import | ast.ImportFrom) for node in program.statements)
    if SHORTEST_SCRIPT < size <= LONGEST_SCRIPT and not program.functions:
        yield heading("few_functions", program.statements[0], size=size)


def many_parameters(program: Program) -> Iterator[Finding]:
    """A function that wants to be told too much."""
    for function in program.functions:
        count = len(function.args.posonlyargs) + len(function.args.args) - program.is_method(function)
        if count > MOST_PARAMETERS:
            yield heading("many_parameters", function, name=function.name, count=count)


def depth(program: Program, node: ast.AST) -> int:
    """Return how many blocks of the same function a node stands in; an `elif` is as deep as its `if`."""
    child, count = node, 0
    for outer in program.around(node):
        if isinstance(outer, Function | ast.ClassDef | ast.Lambda):
            break
        chained = isinstance(outer, ast.If) and isinstance(child, ast.If) and outer.orelse == [child]
        count += isinstance(outer, Block) and not chained
        child = outer
    return count


def deep_nesting(program: Program) -> Iterator[Finding]:
    """Blocks within blocks within blocks."""
    told: set[ast.AST] = set()
    for node in program.statements:
        if isinstance(node, Block) and depth(program, node) + 1 >= DEEPEST_NESTING:
            outer = _outermost(program, node)
            if outer not in told:
                told.add(outer)
                yield found("deep_nesting", outer, until=node, depth=depth(program, node) + 1)


def _outermost(program: Program, node: ast.stmt) -> ast.stmt:
    outermost = node
    for outer in program.around(node):
        if isinstance(outer, Function | ast.ClassDef | ast.Lambda):
            break
        outermost = outer if isinstance(outer, Block) else outermost
    return outermost


def guard_clause(program: Program) -> Iterator[Finding]:
    """A function or a loop whose whole work stands in an `if`: leave early instead, and the rest moves left."""
    for node in program.nodes:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                word, body = "return", body_without_docstring(program, node)
            case ast.For() | ast.While():
                word, body = "continue", node.body
            case _:
                continue
        last = body[-1] if body else None
        if not isinstance(last, ast.If) or last.orelse or (word == "continue" and len(body) > 1):
            continue
        if len(last.body) < 2 or not any(isinstance(each, Block) for each in last.body):
            continue
        edits = _turned(program, last, word)
        yield found("guard_clause", last, *edits, word=word)


def _turned(program: Program, node: ast.If, word: str) -> tuple[Edit, ...]:
    indentation = program.indentation(node.lineno)
    inner = program.indentation(node.body[0].lineno)
    moved = program.reindented(node.body, indentation)
    gap = program.lines(node.test.end_lineno or 0, node.body[0].lineno - 1)
    if not moved or "#" in gap or not program.stands_alone(node):
        return ()
    text = f"{indentation}if {opposite(program, node.test)}:\n{inner}{word}\n{moved}"
    return (program.replace_lines(node.lineno, node.end_lineno or 0, text),)


def global_state(program: Program) -> Iterator[Finding]:
    """`global counter`: who calls the function cannot see what it changes."""
    for node in program.nodes:
        if isinstance(node, ast.Global):
            yield found("global_state", node, names=", ".join(node.names))


def hidden_input(program: Program) -> Iterator[Finding]:
    """A function that works on a variable of the module instead of on what it is given."""
    told: set[tuple[ast.AST, str]] = set()
    for (home, name), uses in program.variables.items():
        if home is not program.tree or name.isupper() or name not in program.bound.get(program.tree, ()):
            continue
        if not any(isinstance(use.ctx, ast.Store) for use in uses):
            continue
        for use in uses:
            scope = program.scope(use)
            if isinstance(use.ctx, ast.Load) and isinstance(scope, Function) and (scope, name) not in told:
                told.add((scope, name))
                yield heading("hidden_input", scope, name=name, function=scope.name)


def wide_try(program: Program) -> Iterator[Finding]:
    """A `try` around so much that nobody knows what of it may fail."""
    for node in program.nodes:
        if isinstance(node, ast.Try):
            size = sum(isinstance(each, ast.stmt) for part in node.body for each in program.within(part))
            if size > _WIDEST_TRY:
                yield heading("wide_try", node, size=size)


def prints_its_result(program: Program) -> Iterator[Finding]:
    """A function that works something out and prints it, where nobody can go on with it."""
    for function in program.functions:
        nodes = program.within(function)
        prints = [node for node in nodes if isinstance(node, ast.Call) and program.is_builtin(node.func, "print")]
        asks = any(isinstance(node, ast.Call) and program.is_builtin(node.func, "input") for node in nodes)
        gives = any(
            isinstance(node, ast.Yield | ast.YieldFrom) or (isinstance(node, ast.Return) and node.value)
            for node in nodes
        )
        works = any(isinstance(node, ast.AugAssign | ast.For | ast.While | ast.BinOp) for node in nodes)
        computed = any(
            not isinstance(argument, ast.Constant)
            for each in prints
            if isinstance(each, ast.Call)
            for argument in each.args
        )
        if prints and computed and works and not gives and not asks and not _says_so(function.name):
            yield heading("prints_its_result", function, name=function.name)


def _says_so(name: str) -> bool:
    words = ("print", "show", "display", "draw", "main", "report", "menu", "play", "run", "write", "log", "say", "test")
    return name.lower().lstrip("_").startswith(words)


def magic_number(program: Program) -> Iterator[Finding]:
    """A number that stands in conditions or sums again and again, without a name."""
    numbers = [node for node in program.nodes if isinstance(node, ast.Constant) and _is_magic(program, node)]
    counted = Counter(repr(node.value) for node in numbers)
    for node in numbers:
        count = counted.pop(repr(node.value), 0)
        if count > 1:
            yield found("magic_number", program.statement(node), number=repr(node.value), count=count)
        elif count and (isinstance(node.value, float) or (isinstance(node.value, int) and node.value > 100)):
            yield found("unnamed_number", program.statement(node), number=repr(node.value))


_PLAIN = frozenset((0, 1, 2, 10, 100, 0.5, 1000, 60, 24, 7, 12, 3.14))


def _is_magic(program: Program, node: ast.Constant) -> bool:
    if type(node.value) not in (int, float) or node.value in _PLAIN:
        return False
    match program.parent[node]:
        case ast.BinOp(op=ast.Mod()):
            return False
        case ast.BinOp() | ast.Compare() | ast.AugAssign():
            pass
        case _:
            return False
    match program.statement(node):
        case ast.Assign(targets=[ast.Name(id=name)]) if name.isupper():
            return False
    return True


RULES = (
    long_function, no_functions, few_functions, many_parameters, deep_nesting, guard_clause, global_state, hidden_input,
    wide_try, prints_its_result, magic_number,
)  # fmt: skip
