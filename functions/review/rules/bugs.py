"""Bug risk: what works today and will surprise one day."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from functions.review.finding import Finding, found, heading
from functions.review.program import Program
from functions.review.rules.reading import body_without_docstring, call_of, method_of
from functions.review.source import Edit
from functions.review.tree import Function


def bare_except(program: Program) -> Iterator[Finding]:
    """`except:` catches everything, a misspelt name and Ctrl-C too."""
    for node in program.nodes:
        if not isinstance(node, ast.Try):
            continue
        for handler in node.handlers:
            broad = isinstance(handler.type, ast.Name) and handler.type.id in ("Exception", "BaseException")
            if handler.type is not None and not broad:
                continue
            errors = likely_errors(program, node)
            edits: tuple[Edit, ...] = ()
            if errors and len(node.handlers) == 1:
                named = errors[0] if len(errors) == 1 else f"({', '.join(errors)})"
                start = program.line_start(handler.lineno) + len(program.indentation(handler.lineno).encode())
                if handler.type is not None:
                    edits = (program.replace(handler.type, named),)
                elif program.data[start:].startswith(b"except:"):
                    edits = (Edit(start, start + len(b"except"), f"except {named}"),)
            rule = "silent_except" if _does_nothing(handler) else "broad_except" if broad else "bare_except"
            last = handler.body[-1].end_lineno or 0
            yield Finding(rule, handler.lineno, last, {"errors": " or ".join(errors) or "ValueError"}, edits)


def _does_nothing(handler: ast.ExceptHandler) -> bool:
    return all(isinstance(each, ast.Pass | ast.Continue) for each in handler.body)


def likely_errors(program: Program, node: ast.Try) -> tuple[str, ...]:
    """Return the errors that the statements of a `try` are likely to be there for."""
    errors: dict[str, None] = {}
    for part in (each for statement in node.body for each in program.within(statement)):
        match part:
            case ast.Call(func=ast.Name(id="int" | "float")):
                errors["ValueError"] = None
            case ast.Call(func=ast.Name(id="open")):
                errors["OSError"] = None
            case ast.BinOp(op=ast.Div() | ast.FloorDiv() | ast.Mod(), left=left) if not isinstance(left, ast.Constant):
                errors["ZeroDivisionError"] = None
            case ast.Call(func=ast.Attribute(attr="index" | "remove")):
                errors["ValueError"] = None
            case ast.Subscript(value=held, slice=index, ctx=ast.Load()) if not isinstance(index, ast.Slice):
                named = isinstance(index, ast.Constant) and isinstance(index.value, str)
                errors[_MISSING.get(("dict" if named else program.kind(held)) or "", "LookupError")] = None
            case ast.Raise() | ast.Attribute() | ast.Assert():
                if not isinstance(part, ast.Attribute) or part.attr not in _HARMLESS:
                    return ()
            case ast.Call(func=ast.Name(id=name)) if name not in ("print", "input", "len", "str", "range", "round"):
                return ()
    return tuple(errors)


_MISSING = {"dict": "KeyError", "list": "IndexError", "str": "IndexError", "tuple": "IndexError"}
_HARMLESS = frozenset(
    ("append", "index", "remove", "strip", "lower", "upper", "split", "read", "readlines", "close", "write", "isdigit")
)


def mutable_default(program: Program) -> Iterator[Finding]:
    """`def add(item, items=[])`: all calls share one list."""
    for function in program.functions:
        plain = [*function.args.posonlyargs, *function.args.args]
        with_default = list(zip(plain[len(plain) - len(function.args.defaults) :], function.args.defaults, strict=True))
        with_default += [
            (argument, default)
            for argument, default in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
            if default is not None
        ]
        for argument, default in with_default:
            if isinstance(default, ast.List | ast.Dict | ast.Set) or call_of(default, "list", "dict", "set"):
                edits = _made_anew(program, function, argument, default)
                yield found(
                    "mutable_default", function, *edits,
                    until=body_without_docstring(program, function)[0] if edits else None,
                    same=False, name=argument.arg, default=program.text(default),
                )  # fmt: skip


def _made_anew(program: Program, function: Function, argument: ast.arg, default: ast.expr) -> tuple[Edit, ...]:
    body = body_without_docstring(program, function)
    if not body or not program.stands_alone(body[0]) or argument.annotation or isinstance(body[0], Function):
        return ()
    inner = program.indentation(body[0].lineno)
    step = inner.removeprefix(program.indentation(function.lineno)) or "    "
    return (
        program.replace(default, "None"),
        program.insert(body[0].lineno, f"if {argument.arg} is None:\n{step}{argument.arg} = {program.text(default)}"),
    )


def identity_of_value(program: Program) -> Iterator[Finding]:
    """`if answer is "yes"`: asks for the very same object, not for an equal one."""
    for node in program.nodes:
        match node:
            case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot() as sign], comparators=[right]) if any(
                isinstance(side, ast.Constant)
                and isinstance(side.value, int | float | str | bytes)
                and not isinstance(side.value, bool)
                for side in (left, right)
            ):
                better = "==" if isinstance(sign, ast.Is) else "!="
                start, end = program.span(left)[1], program.span(right)[0]
                text = program.data[start:end].decode()
                edits = (Edit(start, end, f" {better} "),) if text.split() in (["is"], ["is", "not"]) else ()
                yield found("identity_of_value", node, *edits, same=False, better=better)


def changed_while_looped(program: Program) -> Iterator[Finding]:
    """A loop over a list that takes things out of it: every second one is passed over."""
    for loop in program.nodes:
        if not isinstance(loop, ast.For) or not isinstance(loop.iter, ast.Name):
            continue
        for node in program.within(loop):
            method = method_of(node)
            if (
                method
                and isinstance(method.value, ast.Name)
                and method.value.id == loop.iter.id
                and method.attr in ("remove", "pop", "insert", "discard", "clear")
                and not _leaves(program, node)
            ):
                yield found("changed_while_looped", loop, name=loop.iter.id, method=method.attr)
                break


def _leaves(program: Program, node: ast.AST) -> bool:
    _, following = program.neighbours(program.statement(node))
    return isinstance(following, ast.Break | ast.Return)


def open_without_with(program: Program) -> Iterator[Finding]:
    """`file = open(…)` and, later, `file.close()`: an error in between leaves it open."""
    for node in program.statements:
        match node:
            case ast.Assign(targets=[ast.Name() as name], value=ast.Call() as call) if program.is_builtin(
                call.func, "open"
            ):
                edits, last = _with(program, node, name, call)
                yield found("open_without_with", node, *edits, until=last, name=name.id)


def _with(program: Program, node: ast.Assign, name: ast.Name, call: ast.Call) -> tuple[tuple[Edit, ...], ast.stmt]:
    block = program.block(node)
    at = block.index(node)
    closing = next((each for each in block[at + 1 :] if program.text(each) == f"{name.id}.close()"), None)
    if closing is None:
        return (), node
    body = block[at + 1 : block.index(closing)]
    indentation = program.indentation(node.lineno)
    unit = "\t" if indentation.startswith("\t") else "    "
    stores = [use for use in program.uses(name) if not isinstance(use.ctx, ast.Load)]
    moved = program.reindented(body, indentation + unit) if body else None
    plain = program.stands_alone(node) and program.stands_alone(closing) and call.lineno == call.end_lineno
    gap = program.lines(node.lineno, body[0].lineno - 1) if body else "#"
    if not (moved and plain) or len(stores) > 1 or "#" in gap or not program.stands_alone(body[0], body[-1]):
        return (), node
    text = f"{indentation}with {program.text(call)} as {name.id}:\n{moved}"
    return (program.replace_lines(node.lineno, closing.end_lineno or 0, text),), closing


def float_equality(program: Program) -> Iterator[Finding]:
    """`total == 0.3`: sums of decimal fractions are seldom exact."""
    for node in program.nodes:
        match node:
            case ast.Compare(ops=[ast.Eq() | ast.NotEq()], comparators=[ast.Constant(value=float(value)) as right]) if (
                not value.is_integer()
            ):
                yield found("float_equality", node, number=program.text(right))


def evaluated_input(program: Program) -> Iterator[Finding]:
    """`eval(input())`: whoever types can make the program do anything."""
    for node in program.nodes:
        match node:
            case ast.Call(func=ast.Name(id="eval" | "exec" as name)):
                yield found("evaluated_input", node, name=name)


def shared_class_list(program: Program) -> Iterator[Finding]:
    """A list in a class, changed by its methods: all objects share it."""
    for node in program.classes:
        for statement in node.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.List() | ast.Dict() | ast.Set()) if (
                    not name.isupper() and _changed_by_self(program, node, name)
                ):
                    yield heading("shared_class_list", statement, name=name, owner=node.name)


def _changed_by_self(program: Program, node: ast.ClassDef, name: str) -> bool:
    own = [each for each in program.within(node) if isinstance(each, ast.Attribute) and each.attr == name]
    changed = any(isinstance(program.parent[each], ast.Attribute | ast.Subscript) for each in own)
    return changed and not any(isinstance(each.ctx, ast.Store) for each in own)


RULES = (
    bare_except, mutable_default, identity_of_value, changed_while_looped, open_without_with, float_equality,
    evaluated_input, shared_class_list,
)  # fmt: skip
