"""Time: the same work done again and again, or work that grows with all that was done before."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from functions.review.finding import Finding, found
from functions.review.program import Home, Program, names_in
from functions.review.rules.reading import call_of, is_number, outermost
from functions.review.source import Edit
from functions.review.tree import Function

_WHOLE = ("sorted", "sum", "max", "min", "set")
_NAMED_AFTER = {"sorted": "sorted_{}", "sum": "{}_total", "max": "largest_{}", "min": "smallest_{}", "set": "{}_set"}


def work_in_loop(program: Program) -> Iterator[Finding]:
    """`sorted(names)`, `max(marks)` within a loop that does not change them: once before it is enough."""
    for node in program.nodes:
        call = call_of(node, *_WHOLE)
        if call is None or len(call.args) != 1 or not isinstance(call.args[0], ast.Name):
            continue
        name, function = call.args[0], program.text(call.func)
        loops = [loop for loop in program.loops(call) if not program.changes(name, loop)]
        if not loops or loops != list(program.loops(call))[: len(loops)] or not program.is_builtin(call.func, *_WHOLE):
            continue
        before = program.statement(outermost(loops))
        once = _NAMED_AFTER[function].format(name.id)
        edits: tuple[Edit, ...] = ()
        if (
            program.stands_alone(before)
            and program.is_free(once)
            and _is_only_read(program, call)
            and _may_come_first(function, program, name)
        ):
            edits = (
                program.insert(before.lineno, f"{once} = {program.text(call)}"),
                program.replace(call, once),
            )
        rule = "sort_in_loop" if function == "sorted" else "work_in_loop"
        yield found(rule, before, *edits, until=program.statement(call), call=program.text(call))


def _is_only_read(program: Program, call: ast.Call) -> bool:
    """Tell whether nobody keeps what a call gives, and could change it."""
    readers = (ast.Compare, ast.Subscript, ast.For, ast.comprehension, ast.BinOp, ast.FormattedValue)
    return isinstance(program.parent[call], readers)


def _may_come_first(function: str, program: Program, name: ast.Name) -> bool:
    """The largest of nothing is an error, which a loop that is never entered does not meet."""
    return function not in ("max", "min") or all(
        isinstance(value, ast.List) and value.elts for value in program.assigned(name)
    )


def sorting_method_in_loop(program: Program) -> Iterator[Finding]:
    """`names.sort()` within a loop."""
    for node in program.nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="sort")) if any(program.loops(node)):
                yield found("sorting_method_in_loop", program.statement(node), name=name)


def text_grown_in_loop(program: Program) -> Iterator[Finding]:
    """`text += part` within a loop: strings cannot grow, so each time a new one may be made."""
    told: set[tuple[Home, str, ast.AST]] = set()
    for node in program.statements:
        growth, loops = _growth(program, node), list(program.loops(node))
        if growth is None or not loops or (which := (program.home(growth[0]), growth[0].id, loops[-1])) in told:
            continue
        told.add(which)
        grown, part = growth
        if _begins_as_text(program, grown):
            starts = [use for use in program.uses(grown) if _is_emptied(program, use)]
            before = [program.statement(use) for use in starts if program.comes_before(use, node)]
            around = [loop for loop in loops if not before or not program.inside(before[-1], loop)]
            loop = program.statement(around[-1])
            edits = before and (
                _in_one(program, before[-1], loop, grown.id, part) or _collected(program, before[-1], loop, grown)
            )
            yield found("text_grown_in_loop", before[-1] if edits else loop, *edits, until=loop, name=grown.id)


def _growth(program: Program, node: ast.stmt) -> tuple[ast.Name, str] | None:
    """Return what a statement adds something to, and what it adds: of `text += part` or `text = text + part`."""
    match node:
        case ast.AugAssign(target=ast.Name() as grown, op=ast.Add(), value=part) if program.kind(part) != "int":
            return grown, program.text(part)
        case ast.Assign(targets=[ast.Name() as grown], value=ast.BinOp(op=ast.Add()) as whole):
            inner = whole
            while isinstance(inner.left, ast.BinOp) and isinstance(inner.left.op, ast.Add):
                inner = inner.left
            if isinstance(inner.left, ast.Name) and inner.left.id == grown.id and program.kind(inner.right) != "int":
                start, end = program.span(inner.right)[0], program.span(whole)[1]
                return grown, program.data[start:end].decode()
    return None


def _begins_as_text(program: Program, name: ast.Name) -> bool:
    starts = [value for value in program.assigned(name) if not isinstance(value, ast.BinOp)]
    return bool(starts) and all(isinstance(value, ast.Constant) and value.value == "" for value in starts)


def _is_emptied(program: Program, name: ast.Name) -> bool:
    match program.parent[name]:
        case ast.Assign(targets=[_], value=ast.Constant(value="")):
            return True
    return False


def _in_one(program: Program, first: ast.stmt, loop: ast.stmt, name: str, part: str) -> tuple[Edit, ...]:
    """Return the edit where a loop does nothing but let a text grow that begins empty just before it."""
    if not isinstance(loop, ast.For) or len(loop.body) > 1 or loop.orelse or program.neighbours(loop)[0] is not first:
        return ()
    targets = [each for each in ast.walk(loop.target) if isinstance(each, ast.Name)]
    lines = (first.lineno, loop.end_lineno or 0)
    text = f'{name} = "".join({part} for {program.text(loop.target)} in {program.text(loop.iter)})'
    if (
        not isinstance(loop.body[0], ast.Assign | ast.AugAssign)
        or not (program.stands_alone(first) and program.stands_alone(loop))
        or any(program.read_outside(each, loop) for each in targets)
        or any(isinstance(each, ast.Yield | ast.YieldFrom | ast.Await | ast.NamedExpr) for each in ast.walk(loop))
        or sum(each.id == name for each in program.names[name] if program.inside(each, loop)) > 2
        or name in names_in(loop.iter)
        or "#" in program.lines(*lines)
        or "\n" in text
    ):
        return ()
    return (program.replace_lines(*lines, program.indentation(first.lineno) + text),)


def _collected(program: Program, first: ast.stmt, loop: ast.stmt, grown: ast.Name) -> tuple[Edit, ...]:
    """Return the edits that collect the parts in a list, where the loop lets the text grow and never looks at it."""
    parts = f"{grown.id}_parts"
    block = program.block(loop)
    if first not in block or not program.is_free(parts) or not all(map(program.stands_alone, (first, loop))):
        return ()
    if getattr(loop, "orelse", None) or program.indentation(first.lineno) != program.indentation(loop.lineno):
        return ()
    edits = [program.replace(first, f"{parts} = []")]
    seen = 0
    for node in program.within(loop):
        growth = _growth(program, node) if isinstance(node, ast.stmt) else None
        if growth and growth[0].id == grown.id and isinstance(node, ast.stmt):
            edits.append(program.replace(node, f"{parts}.append({growth[1]})"))
            seen += 1 if isinstance(node, ast.AugAssign) else 2
    between = block[block.index(first) + 1 : block.index(loop)]
    if seen != sum(program.inside(use, loop) for use in program.uses(grown)):
        return ()
    if any(program.inside(use, statement) for use in program.uses(grown) for statement in between):
        return ()
    line = f'{program.indentation(loop.lineno)}{grown.id} = "".join({parts})'
    return (*edits, program.add_after(loop.end_lineno or 0, line))


def front_of_list(program: Program) -> Iterator[Finding]:
    """`queue.pop(0)`, `queue.insert(0, item)` within a loop: every other item moves each time."""
    for node in program.nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name() as queue, attr="pop" | "insert"), args=[first, *_]) if (
                is_number(first, 0) and any(program.loops(node))
            ):
                edits = _as_deque(program, queue)
                yield found(
                    "front_of_list", program.statement(node), *edits,
                    needs="from collections import deque",
                    name=queue.id, call=program.text(node),
                )  # fmt: skip


def _as_deque(program: Program, queue: ast.Name) -> tuple[Edit, ...]:
    """Return the edits where a variable is used in no other way than a deque can be, and as a list is not shown."""
    edits: list[Edit] = []
    for use in program.uses(queue):
        parent = program.parent[use]
        around = program.parent.get(parent)
        match parent, around:
            case ast.Assign(targets=[ast.Name()], value=ast.List() as value), _:
                edits.append(program.replace(value, f"deque({program.text(value)})" if value.elts else "deque()"))
            case ast.Attribute(attr="append"), ast.Call(args=[_]):
                pass
            case ast.Attribute(attr="pop"), ast.Call(args=[place]) if is_number(place, 0):
                edits.append(program.replace(around, f"{use.id}.popleft()"))
            case ast.Attribute(attr="insert"), ast.Call(args=[place, item]) if is_number(place, 0):
                edits.append(program.replace(around, f"{use.id}.appendleft({program.text(item)})"))
            case ast.While() | ast.Call(func=ast.Name(id="len")), _:
                pass
            case _:
                return ()
    return tuple(edits) if any(isinstance(value, ast.List) for value in program.assigned(queue)) else ()


def branching_recursion(program: Program) -> Iterator[Finding]:
    """A function that calls itself twice, with numbers that get smaller: it works the same out over and over."""
    for function in program.functions:
        calls = [call for node in program.within(function) if (call := call_of(node, function.name))]
        names = {argument.arg for argument in function.args.args}
        shrinking = [call for call in calls if any(_is_smaller(argument, names) for argument in call.args)]
        if len(shrinking) < 2 or program.is_method(function) or function.decorator_list or _keeps(program, function):
            continue
        if not any(_together(program, one, other) for one in shrinking for other in shrinking if one is not other):
            continue
        numbers = all(isinstance(argument, ast.BinOp | ast.Constant) for call in calls for argument in call.args)
        edits = (program.insert(function.lineno, "@cache"),) if numbers and program.is_free("cache") else ()
        yield found("branching_recursion", function, *edits, needs="from functools import cache", name=function.name)


def _is_smaller(argument: ast.expr, names: set[str]) -> bool:
    match argument:
        case ast.BinOp(left=ast.Name(id=name), op=ast.Sub(), right=ast.Constant()):
            return name in names
    return False


def _together(program: Program, one: ast.Call, other: ast.Call) -> bool:
    """Tell whether two calls stand in one statement that gives something back or adds something up."""
    statement = program.statement(one)
    return statement is program.statement(other) and isinstance(statement, ast.Return | ast.Assign | ast.AugAssign)


def _keeps(program: Program, function: Function) -> bool:
    """Tell whether a function already remembers, or does more than work something out."""
    return any(
        (isinstance(node, ast.Compare) and any(isinstance(sign, ast.In | ast.NotIn) for sign in node.ops))
        or isinstance(node, ast.Global | ast.Nonlocal)
        or call_of(node, "print", "input")
        for node in program.within(function)
    )


RULES = (
    work_in_loop, sorting_method_in_loop, text_grown_in_loop, front_of_list, branching_recursion,
)  # fmt: skip
