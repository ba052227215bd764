"""Slips with results: a value that a statement works out and drops, or that is taken from where there is none."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules import looking, mending
from functions.debug.rules.slips_program import Program, at, inside, same

_OF_TEXT = {
    **dict.fromkeys(("upper", "lower", "title", "capitalize", "swapcase", "casefold"), (0, 0)),
    **dict.fromkeys(("strip", "lstrip", "rstrip"), (0, 1)), "replace": (2, 3), "zfill": (1, 1),
    **dict.fromkeys(("center", "ljust", "rjust"), (1, 2)),
}  # fmt: skip
"""Methods that give a new text, with how many arguments they take at least and at most."""
_OF_TEXT_TO_OTHER = {"split": (0, 2), "join": (1, 1), "format": (1, 99), "count": (1, 1)}
_ALIKE = frozenset(("sorted", "round", "int", "float", "str", "abs"))
_BUILT_IN = _ALIKE | {"reversed", "sum", "max", "min", "len", "set"}
OF_MODULES = {
    "math": frozenset(("sqrt", "floor", "ceil", "pow", "sin", "cos", "log", "factorial", "gcd", "trunc")),
    "random": frozenset(("choice", "randint", "random", "randrange", "uniform", "sample")),
}
_IN_PLACE = {"sort": "sorts", "reverse": "turns round", "append": "adds to", "extend": "adds to", "insert": "adds to"}
_IN_PLACE_OF = {
    "list": {"remove": "removes from", "clear": "empties"},
    "set": {"add": "adds to", "discard": "removes from", "update": "adds to", "remove": "removes from"},
    "dict": {"update": "adds to", "clear": "empties"},
}
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
}  # fmt: skip


def comparison_as_statement(program: Program) -> Iterator[Finding]:
    """`x == 5` on a line of its own compares, and throws the answer away."""
    for statement in program.all(ast.Expr):
        compared = statement.value
        if not isinstance(compared, ast.Compare) or len(compared.ops) != 1 or _displayed(program, statement):
            continue
        left, whole = program.shown(compared.left), program.shown(compared)
        settable = isinstance(compared.left, ast.Name | ast.Attribute | ast.Subscript)
        if not isinstance(compared.ops[0], ast.Eq) or not settable:
            yield program.found(
                "comparison_as_statement", compared,
                f"Line {compared.lineno} compares: {whole} is worked out, and the answer is thrown away at once.",
                f"Line {compared.lineno} does nothing that can be seen. What was to happen when {whole} is true?",
                f"Give the comparison a use: put {whole} behind an `if`, `while`, `return` or `assert`.",
            )  # fmt: skip
            continue
        between = _between(program, compared.left, compared.comparators[0])
        sign = program.case.code.find("==", *between)
        fixed = mending.replaced(program.case, ((sign, sign + 2), "=")) if sign >= 0 else None
        meant = f"{program.text(compared.left)} = {program.text(compared.comparators[0])}"
        yield program.found(
            "comparison_as_statement", compared,
            f"`==` asks whether two values are equal. Line {compared.lineno} asks that, nobody uses the answer, and "
            f"{left} keeps the value it had.",
            f"Look at the sign in line {compared.lineno}. Should {left} be compared there, or get a new value?",
            f"One `=` stores a value: write {program.shown(meant)}.",
            fixed,
        )  # fmt: skip


def result_thrown_away(program: Program) -> Iterator[Finding]:
    """`name.upper()`, `sorted(items)` or `x + 1` on a line of its own gives a value that nobody keeps."""
    for statement in program.all(ast.Expr):
        value = statement.value
        if isinstance(value, ast.Await) or _displayed(program, statement):
            continue
        if isinstance(value, ast.Call) and (kept := _kept_by(program, value)):
            yield _thrown_away(program, statement, value, kept[0], kept[1])
        elif isinstance(value, ast.BinOp) and type(value.op) in _OPERATORS:
            yield _operation_thrown_away(program, statement, value)
        elif (
            isinstance(value, ast.UnaryOp)
            and isinstance(value.op, ast.Not)
            and isinstance(value.operand, ast.Name | ast.Attribute)
        ):
            yield _unary_thrown_away(program, value)
        elif (
            isinstance(value, ast.Subscript)
            and isinstance(value.slice, ast.Slice)
            and program.kinds.of(value) in ("str", "list")
        ):
            yield _thrown_away(program, statement, value, value.value, True)
        elif isinstance(value, ast.JoinedStr):
            yield program.found(
                "result_thrown_away", value,
                f"Line {value.lineno} makes the text {program.shown(value)}, and nothing is done with it.",
                f"What should become of the text in line {value.lineno}: should it be shown, stored or given back?",
                f"Show it with `print(…)`, store it under a name, or `return` it: {program.shown(value)} alone does "
                "nothing.",
            )  # fmt: skip


def _kept_by(program: Program, call: ast.Call) -> tuple[ast.expr, bool] | None:
    """Return what a call that only gives a value works on, and whether its new value is of the same sort."""
    count = len(call.args) + len(call.keywords)
    match call.func:
        case ast.Attribute(value=owner, attr=name) if name in _OF_TEXT or name in _OF_TEXT_TO_OTHER:
            least, most = _OF_TEXT.get(name) or _OF_TEXT_TO_OTHER[name]
            kind = program.kinds.of(owner)
            other = kind not in (None, "str") or program.is_module(owner) or program.defines_method(name)
            unsure = kind is None and (
                name not in _OF_TEXT or not isinstance(owner, ast.Name | ast.Subscript | ast.Attribute)
            )
            return None if other or unsure or not least <= count <= most else (owner, name in _OF_TEXT)
        case ast.Name(id=name) if name in _BUILT_IN and program.built_in(call.func) and call.args:
            tried = any(isinstance(above, ast.Try | ast.TryStar) for above in program.ancestors(call))
            plain = isinstance(call.args[0], ast.Name | ast.Attribute | ast.Subscript | ast.List | ast.BinOp)
            return (call.args[0], name in _ALIKE) if plain and not tried else None
        case ast.Attribute(value=ast.Name(id=module) as owner, attr=name) if module in OF_MODULES and program.is_module(
            owner
        ):
            return (call, False) if name in OF_MODULES[module] else None
    return None


def _unary_thrown_away(program: Program, value: ast.UnaryOp) -> Finding:
    meant = f"{program.text(value.operand)} = {program.text(value)}"
    return program.found(
        "result_thrown_away", value,
        f"{program.shown(value)} gives the opposite of {program.shown(value.operand)}, but line {value.lineno} does "
        "not store it.",
        f"Does {program.shown(value.operand)} change in line {value.lineno}? Print it before and after.",
        f"Store it: {program.shown(meant)}.",
        mending.replaced(program.case, (value, meant)),
    )  # fmt: skip


def _thrown_away(program: Program, statement: ast.Expr, call: ast.expr, owner: ast.expr, alike: bool) -> Finding:
    fixed = None
    if alike and isinstance(owner, ast.Name | ast.Attribute | ast.Subscript) and _useful(program, statement, owner):
        fixed = mending.replaced(program.case, (call, f"{program.text(owner)} = {program.text(call)}"))
    what, whole = program.shown(owner), program.shown(call)
    meant = f"{program.text(owner)} = {program.text(call)}" if alike else f"result = {program.text(call)}"
    stays = "" if isinstance(owner, ast.Constant) or owner is call else f" and leaves {what} as it was"
    changes = "" if owner is call else f" Does {what} change by that?"
    return program.found(
        "result_thrown_away", call,
        f"{whole} gives a new value back{stays}. Line {call.lineno} does nothing with what it gets, so it is lost.",
        f"What happens to the result of {whole} in line {call.lineno}?{changes}",
        f"Keep the result: write {program.shown(meant)}.",
        fixed,
    )  # fmt: skip


def _useful(program: Program, statement: ast.stmt, owner: ast.expr) -> bool:
    """Tell whether what a statement works on is read after it, or in the next round of a loop around it."""
    if not isinstance(owner, ast.Name):
        return True
    reads = program.reads(owner.id, program.home(owner))
    later = [one for one in reads if at(one) > at(statement) and one not in set(ast.walk(statement))]
    loops = program.loops_around(statement)
    for loop in loops:
        if isinstance(loop, ast.For) and owner.id in {
            one.id for one in ast.walk(loop.target) if isinstance(one, ast.Name)
        }:
            return any(at(one) < (loop.end_lineno or 0, 10**6) for one in later)
    return bool(later or loops)


def _operation_thrown_away(program: Program, statement: ast.Expr, value: ast.BinOp) -> Finding:
    left, sign = value.left, _OPERATORS[type(value.op)]
    fixed = None
    if isinstance(left, ast.Name) and program.loops_around(statement):
        stored = [one for one in program.bindings(left.id, program.home(left)) if one.how == "assigned"]
        if stored and program.home(left) is program.scope(statement):
            fixed = mending.replaced(program.case, (value, f"{left.id} {sign}= {program.text(value.right)}"))
    whole = program.shown(value)
    meant = f"{program.text(left)} {sign}= {program.text(value.right)}" if isinstance(left, ast.Name) else ""
    keep = f"To change {program.shown(left)}, write {program.shown(meant)}; to" if meant else "To"
    return program.found(
        "result_thrown_away", value,
        f"Line {value.lineno} works out {whole} and then forgets it: no variable changes by that.",
        f"Where does the result of line {value.lineno} go? Which name should hold it?",
        f"{keep} use it elsewhere, give {whole} to a name, `print` or `return`.",
        fixed,
    )  # fmt: skip


def sort_returns_none(program: Program) -> Iterator[Finding]:
    """`items = items.sort()`: what changes a list where it is gives None back."""
    for call in program.all(ast.Call):
        if not isinstance(call.func, ast.Attribute) or not (done := _in_place(program, call)):
            continue
        above = program.parent.get(call)
        if isinstance(above, ast.Expr | ast.Lambda | ast.Await | ast.BoolOp | ast.IfExp) or _in_comprehension(
            program, call
        ):
            continue
        if isinstance(above, ast.Return) and call.func.attr not in ("sort", "reverse") and not _used(program, call):
            continue
        changes = call.args[0] if call.func.attr == "shuffle" and call.args else call.func.value
        name, owner, whole = program.shown(f"{call.func.attr}()"), program.shown(changes), program.shown(call)
        yield program.found(
            "sort_returns_none", call,
            f"{name} {done} {owner} itself and gives `None` back. Line {call.lineno} uses that `None` as if it were "
            "the changed list.",
            f"What does {whole} in line {call.lineno} give back, and what does it change?",
            _way_out(program, call, changes),
            mending.replaced(program.case, change) if (change := _without_none(program, call, above)) else None,
        )  # fmt: skip


def _in_place(program: Program, call: ast.Call) -> str | None:
    """Return what a method does to the object it is called on, if it gives nothing back."""
    assert isinstance(call.func, ast.Attribute)
    name, owner = call.func.attr, call.func.value
    if name == "shuffle" and isinstance(owner, ast.Name) and owner.id == "random":
        return "shuffles"
    kind = program.kinds.of(owner)
    if program.is_module(owner) or program.defines_method(name) or program.imports("pandas", "numpy", "polars"):
        return None
    if kind in _IN_PLACE_OF and name in _IN_PLACE_OF[kind]:
        return _IN_PLACE_OF[kind][name]
    sure = kind == "list" or (kind is None and name in ("sort", "reverse", "append", "extend"))
    return _IN_PLACE.get(name) if sure else None


def _used(program: Program, call: ast.Call) -> bool:
    """Tell whether the result of the function that a `return` stands in is used somewhere."""
    function = program.scopes.function_around(call)
    if function is None or isinstance(function, ast.Lambda):
        return False
    calls = [one for one in program.all(ast.Call) if isinstance(one.func, ast.Name) and one.func.id == function.name]
    return any(not isinstance(program.parent.get(one), ast.Expr) for one in calls)


def _way_out(program: Program, call: ast.Call, owner: ast.expr) -> str:
    assert isinstance(call.func, ast.Attribute)
    alone = f"Call {program.shown(call)} on a line of its own, and use {program.shown(owner)} after it"
    if call.func.attr == "sort":
        return f"{alone}, or take {program.shown(_sorted(program, call))}, which gives a new list."
    return f"{alone}."


def _sorted(program: Program, call: ast.Call) -> str:
    assert isinstance(call.func, ast.Attribute)
    given = [program.text(call.func.value), *(program.text(one) for one in call.args)]
    return f"sorted({', '.join([*given, *(program.text(one) for one in call.keywords)])})"


def _without_none(program: Program, call: ast.Call, above: ast.AST | None) -> mending.Change | None:
    """Return the change that takes the list instead of the None, where that is certain."""
    assert isinstance(call.func, ast.Attribute)
    owner, name = call.func.value, call.func.attr
    changes = call.args[0] if name == "shuffle" and call.args else owner
    if isinstance(above, ast.Assign) and len(above.targets) == 1 and same(above.targets[0], changes):
        return (looking.span(program.case.code, above)[0], looking.span(program.case.code, call)[0]), ""
    text = program.text(owner)
    if name == "sort":
        return call, _sorted(program, call)
    if name == "reverse" and program.kinds.of(owner) in (None, "list"):
        return call, f"{text}[::-1]"
    if name == "append" and len(call.args) == 1 and isinstance(above, ast.Assign | ast.Return):
        return call, f"{text} + [{program.text(call.args[0])}]"
    return None


def _between(program: Program, left: ast.AST, right: ast.AST) -> tuple[int, int]:
    """Return the part of the code between two nodes."""
    code = program.case.code
    return looking.span(code, left)[1], looking.span(code, right)[0]


def _in_comprehension(program: Program, node: ast.AST) -> bool:
    """Tell whether a node is what a comprehension makes or asks: there a None may be meant."""
    kinds = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.comprehension)
    return isinstance(program.parent.get(node), kinds)


def _displayed(program: Program, statement: ast.Expr) -> bool:
    """Tell whether a statement is where a value alone is meant: it must raise, or it is all there is."""
    if len(program.tree.body) == 1 and program.tree.body[0] is statement:
        return True
    raising = [above for above in program.ancestors(statement) if isinstance(above, ast.With | ast.Try | ast.TryStar)]
    return any(statement in getattr(above, "body", ()) and _expects(above) for above in raising)


def _expects(block: ast.AST) -> bool:
    if isinstance(block, ast.With):
        return any("raises" in ast.dump(item.context_expr).lower() for item in block.items)
    return not any(
        isinstance(node, ast.Assign | ast.AugAssign | ast.Return) for node in inside(*getattr(block, "body", ()))
    )
