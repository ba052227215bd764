"""Slips with functions: one that gives nothing back, prints instead, or is never called."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules import mending
from functions.debug.rules.scoping import Function
from functions.debug.rules.slips_moving import after, indentation, newline
from functions.debug.rules.slips_program import Program, at, ends, inside, names_in, step

_GIVING = ("len", "sum", "max", "min", "sorted", "round", "abs", "any", "all")
_OPERATIONS = (ast.BinOp, ast.Compare, ast.BoolOp, ast.JoinedStr, ast.IfExp, ast.Name)
_MUST_GIVE = ("__str__", "__repr__", "__len__", "__eq__", "__bool__", "__hash__", "__format__")


def missing_return(program: Program) -> Iterator[Finding]:
    """A function whose result is used and that works one out, but gives nothing back."""
    for function in program.all(ast.FunctionDef):
        given = [node for node in inside(*function.body) if isinstance(node, ast.Return)]
        if is_generator(function) or is_abstract(function) or _prints(function):
            continue
        used = uses(program, function)
        if not any(node.value for node in given):
            if used or function.name in _MUST_GIVE:
                yield _gives_nothing(program, function, used[0] if used else None)
        elif found := _in_some_cases(program, function, [node for node in given if node.value], used):
            yield found


def is_generator(function: Function) -> bool:
    """Tell whether a function yields."""
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in inside(*function.body))


def is_abstract(function: ast.FunctionDef) -> bool:
    """Tell whether a function is only announced: its body is a docstring, `pass`, `...` or a `raise`."""
    if any("abstract" in ast.dump(one) or "overload" in ast.dump(one) for one in function.decorator_list):
        return True
    return all(
        isinstance(node, ast.Pass | ast.Raise) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in function.body
    )


def _prints(function: Function) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        for node in inside(*function.body)
    )


def calls_of(program: Program, function: Function) -> list[ast.Call]:
    """Return the calls of a function, or of a method by its name if no other function has it."""
    if program.scopes.function(function.name) is not function:
        return []
    method = isinstance(program.scopes.of[function], ast.ClassDef)
    found = []
    for call in program.all(ast.Call):
        match call.func:
            case ast.Name(id=name) if (
                name == function.name and not method and program.home(call.func) is program.scopes.of[function]
            ):
                found.append(call)
            case ast.Attribute(value=owner, attr=name) if (
                name == function.name and method and not program.is_module(owner)
            ):
                if program.kinds.of(owner) not in ("str", "list", "dict", "set", "int", "float", "TextIOWrapper"):
                    found.append(call)
    return found


def uses(program: Program, function: Function) -> list[ast.Call]:
    """Return the calls of a function whose result is shown, stored and read, compared or calculated with."""
    return [call for call in calls_of(program, function) if _result_read(program, call, function)]


def _result_read(program: Program, call: ast.Call, function: Function) -> bool:
    if any(isinstance(above, Function) and above is function for above in program.ancestors(call)):
        return False
    match program.parent.get(call):
        case ast.Assign(targets=[ast.Name(id=name) as target]):
            return any(at(one) > at(call) for one in program.reads(name, program.scope(target)))
        case ast.Call(func=func, args=args) if call in args:
            return not isinstance(func, ast.Attribute) or func.attr not in (
                "run",
                "submit",
                "create_task",
                "append_task",
            )
        case (
            ast.BinOp()
            | ast.Compare()
            | ast.FormattedValue()
            | ast.Subscript()
            | ast.AugAssign()
            | ast.For()
            | ast.comprehension()
        ):
            return True
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) | ast.Assert(test=test):
            return test is call
        case ast.List() | ast.Tuple() | ast.Dict() | ast.UnaryOp():
            return True
    return False


def _gives_nothing(program: Program, function: ast.FunctionDef, used: ast.Call | None) -> Finding:
    last = function.body[-1]
    name = program.shown(f"{function.name}()")
    result = _result_of(program, function)
    fixed = None
    if isinstance(last, ast.Expr) and result is last.value:
        fixed = mending.replaced(program.case, (last, f"return {program.text(last.value)}"))
    elif isinstance(result, str):
        change = _with_return(program, last, result) if last.lineno > function.lineno else None
        fixed = mending.replaced(program.case, change) if change else None
    meant = result if isinstance(result, str) else program.text(result) if result else ""
    where = f"line {used.lineno} uses what it gives back" if used else "Python uses what it gives back"
    return program.found(
        "missing_return", last,
        f"{name} has no `return` with a value, so it gives back `None`, and {where}.",
        f"What does {name} know at the end, in line {last.end_lineno}? How does that get out of the function?",
        f"End the function with {program.shown(f'return {meant}')}." if meant
        else "End the function with a `return` and the value that it worked out.",
        fixed,
    )  # fmt: skip


def _result_of(program: Program, function: ast.FunctionDef) -> ast.expr | str | None:
    """Return what a function surely is to give back: its last expression, or the name of what it worked out."""
    last = function.body[-1]
    match last:
        case ast.Expr(value=ast.Call(func=ast.Name(id=name)) as value) if name in _GIVING:
            return value
        case ast.Expr(value=ast.Call(func=ast.Attribute()) as value):
            return value if program.kinds.of(value) not in (None, "NoneType") else None
        case ast.Expr(value=value) if isinstance(value, _OPERATIONS):
            return value
        case ast.Assign(targets=[ast.Name(id=name)]) if not _outer(function, name):
            return name
    begun = [
        one.targets[0].id
        for one in function.body
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)
    ]
    begun = [name for name in dict.fromkeys(begun) if not _outer(function, name)]
    grown = {found[0] for node in inside(last) if (found := step(node))} | {
        node.func.value.id for node in inside(last)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)
        and node.func.attr in ("append", "add")
    }  # fmt: skip
    collected = [name for name in begun if name in grown]
    if collected:
        return collected[0] if len(collected) == 1 and isinstance(last, ast.For | ast.While | ast.AugAssign) else None
    stored = [names_in(*node.targets) for node in inside(last) if isinstance(node, ast.Assign)]
    known = dict.fromkeys([*begun, *sorted(_in_each_branch(last, stored))])
    kept = [name for name in known if isinstance(last, ast.For | ast.If) and any(name in names for names in stored)]
    return kept[0] if len(kept) == 1 and not _outer(function, kept[0]) else None


def _in_each_branch(last: ast.stmt, stored: list[set[str]]) -> set[str]:
    """Return the names that every branch of an `if` stores something under."""
    complete = isinstance(last, ast.If) and last.orelse and len(stored) == len(list(last_ones([last])))
    return set.intersection(*stored) if complete and stored else set()


def _outer(function: Function, name: str) -> bool:
    return any(isinstance(node, ast.Global | ast.Nonlocal) and name in node.names for node in inside(*function.body))


def _in_some_cases(
    program: Program, function: ast.FunctionDef, given: list[ast.Return], used: list[ast.Call]
) -> Finding | None:
    """Find a path through a function that works something out, or knows the answer, and falls off its end."""
    if ends(function.body):
        return None
    for last in last_ones(function.body):
        if isinstance(last, ast.Expr) and _is_answer(program, function, last):
            change = (last, f"return {program.text(last.value)}")
            return _forgets(program, function, last, program.text(last.value), change)
        name = last.targets[0].id if isinstance(last, ast.Assign) and isinstance(last.targets[0], ast.Name) else None
        if not name or not used or _outer(function, name) or program.loops_around(last):
            continue
        if not any(at(one) > at(last) for one in program.reads(name, function)):
            return _forgets(program, function, last, name, _with_return(program, last, name))
    answer, last = _other_truth(given), function.body[-1]
    if answer is None or not used or last.lineno == function.lineno:
        return None
    if answer is False and all(_tested(program, call) for call in used):
        return None
    return _forgets(program, function, last, str(answer), _with_return(program, last, str(answer)))


def _is_answer(program: Program, function: ast.FunctionDef, last: ast.Expr) -> bool:
    """Tell whether the last line of a path is a value, or what the function gives back when it calls itself."""
    if isinstance(last.value, ast.Call):
        return last.value in calls_of(program, function)
    if isinstance(last.value, ast.Constant):
        return not isinstance(last.value.value, str) or last.lineno == last.end_lineno
    return isinstance(last.value, ast.BinOp | ast.Compare | ast.JoinedStr | ast.Name)


def _with_return(program: Program, last: ast.stmt, value: str) -> mending.Change | None:
    return after(program, last, f"{indentation(program, last)}return {value}{newline(program)}")


def _other_truth(given: list[ast.Return]) -> bool | None:
    """Return True for a function that only ever gives back False, and the other way round."""
    values = [one.value.value if isinstance(one.value, ast.Constant) else None for one in given]
    return not values[0] if isinstance(values[0], bool) and len(set(map(repr, values))) == 1 else None


def _tested(program: Program, call: ast.Call) -> bool:
    """Tell whether only the truth of a result matters, for which None will do as well as False."""
    return isinstance(
        program.parent.get(call), ast.If | ast.While | ast.IfExp | ast.UnaryOp | ast.BoolOp | ast.comprehension
    )


def last_ones(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that a block may end with."""
    if isinstance(body[-1], ast.If):
        yield from last_ones(body[-1].body)
        if body[-1].orelse:
            yield from last_ones(body[-1].orelse)
    else:
        yield body[-1]


def _forgets(program: Program, function: Function, last: ast.stmt, what: str, change: mending.Change | None) -> Finding:
    name, end = program.shown(f"{function.name}()"), last.end_lineno or last.lineno
    return program.found(
        "missing_return", last,
        f"{name} gives a value back in some cases. But when it gets past line {end}, it ends without a `return`, and "
        "so gives back `None`.",
        f"Follow {name} through line {end} for one example. Which `return` is reached after that?",
        f"Give the answer back there too: {program.shown(f'return {what}')}.",
        mending.replaced(program.case, change) if change else None,
    )  # fmt: skip
