"""Slips with limits: a number that a comment, a text or a name says should count, and that the code leaves out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TypeGuard

from functions.debug.model import Finding
from functions.debug.rules import looking, mending
from functions.debug.rules.slips_program import Program, inside, number, parameters, same, step, within

Bounds = tuple[ast.expr | None, ast.expr, ast.expr | None]
"""Where a range begins, where it ends, and its step."""
_TO = r"\s*(?:to|through|up\s+to|until|bis|bis\s+zu|hasta|a|à|do|-|–|\.\.\.?|and|und|y)\s*"
_NOT_ITSELF = re.compile(r"exclu|not includ|without|below|less than|ohne|smaller|up to but|< ", re.IGNORECASE)
_WITH_BOTH = re.compile(r"inclusive|including|included|einschließlich|inklusive|incluid|włącznie|dahil", re.IGNORECASE)
_UP_TO = re.compile(
    r"(?:sum|add|count|total|summe|suma|zaehle|zähle|contar|sumar)\w*?(?:to|upto|up_to|bis|hasta|do)(?:_?n)?$",
    re.IGNORECASE,
)
_OR_MORE = (
    r"\b(?:at least|from|minimum(?: of)?|mindestens|al menos|ab)\s+{n}\b"
    r"|\b{n}\s*(?:\+|(?:or|and) (?:older|more|above|over|higher|greater|better|up)|oder (?:mehr|älter))"
)
_OR_LESS = (
    r"\b(?:at most|maximum(?: of)?|no more than|höchstens|como máximo)\s+{n}\b"
    r"|\b{n}\s*(?:(?:or|and) (?:younger|less|fewer|below|under|lower)|oder (?:weniger|jünger))"
)
_TIMES = r"\b{n}\s+(?:times|tries|attempts|guesses|chances|lives|rounds|mal\b|versuche|veces|intentos)"
_FIRST = re.compile(
    r"(?:first|top|erste[nr]?|primer[oa]s|best)[_ ]?"
    r"(two|three|four|five|zwei|drei|vier|fünf|dos|tres|cuatro|cinco|[2-9])",
    re.IGNORECASE,
)
_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5,
    "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5,
}  # fmt: skip


def wrong_limits(program: Program) -> Iterator[Finding]:
    """Yield comparisons, loops and slices that are one off from what the program says."""
    for compared in program.all(ast.Compare):
        if found := _limit_itself(program, compared):
            yield found
    for loop in program.all(ast.While):
        if found := _counted_to(program, loop):
            yield found
    for statement in program.all(ast.Assign):
        if found := _too_few(program, statement):
            yield found


def found_off_by_one(
    program: Program, node: ast.AST, explanation: str, question: str, meant: str, *changes: mending.Change
) -> Finding:
    """Return a finding of this kind, whose second hint always sends to the first and last value."""
    return program.found(
        "off_by_one", node, explanation,
        f"{question} Write down the first and the last value that line {getattr(node, 'lineno', 0)} gives.",
        f"Write {program.shown(meant)}.",
        mending.replaced(program.case, *changes) if changes else None,
    )  # fmt: skip


def is_range(node: ast.expr) -> TypeGuard[ast.Call]:
    """Tell whether an expression is a `range(…)`."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range"


def bounds_of(call: ast.Call) -> Bounds | None:
    """Return (start, stop, step) of a range."""
    match call.args:
        case _ if call.keywords or any(isinstance(one, ast.Starred) for one in call.args):
            return None
        case [stop]:
            return None, stop, None
        case [start, stop]:
            return start, stop, None
        case [start, stop, by]:
            return start, stop, by
    return None


def as_announced(program: Program, call: ast.Call) -> Finding | None:
    """Find `range(1, 10)` in a program that speaks of "1 to 10"."""
    bounds = bounds_of(call)
    if bounds is None:
        return None
    start, stop, by = bounds
    pace, first = number(by) if by is not None else 1, number(start) if start is not None else 0
    plain = isinstance(stop, ast.Name | ast.Constant | ast.UnaryOp) and (
        start is None or isinstance(start, ast.Name | ast.Constant)
    )
    if not plain or not isinstance(pace, int) or pace == 0 or (start is None and not _counts_from_one(program, call)):
        return None
    last = number(stop)
    if first is not None and last is not None and (last - first) % pace:
        return None
    if not (_announced(program, call, start, stop) or _named_so(program, call, stop)) or _announced_elsewhere(
        program, call, start, stop
    ):
        return None
    plus = (
        int(last) + (1 if pace > 0 else -1)
        if last is not None
        else f"{program.text(stop)} {'+' if pace > 0 else '-'} 1"
    )
    begin = program.text(start) if start is not None else "1"
    meant = f"range({begin}, {plus}{', ' + program.text(by) if by is not None else ''})"
    return found_off_by_one(
        program, call,
        f"A range ends before its second number: {program.shown(call)} in line {call.lineno} never gives "
        f"{program.shown(stop)}, which should be the last number.",
        f"Should {program.shown(stop)} itself be part of it?", meant, (call, meant),
    )  # fmt: skip


def _counts_from_one(program: Program, call: ast.Call) -> bool:
    """Tell whether a loop over `range(n)` uses its numbers as they are: nowhere with 1 added."""
    loop = program.parent.get(call)
    if not isinstance(loop, ast.For) or not isinstance(loop.target, ast.Name):
        return False
    reads = [one for one in program.reads(loop.target.id, program.scope(loop)) if within(one, loop)]
    added = [step(program.statement(one) or one) for one in reads]
    return (
        bool(reads)
        and all(added)
        and not any(isinstance(program.parent.get(one), ast.BinOp | ast.Subscript) for one in reads)
    )


def _announced(program: Program, call: ast.Call, start: ast.expr | None, stop: ast.expr) -> bool:
    """Tell whether a comment or text of the program says that a range goes from its first to its second number."""
    value = f"{{?{re.escape(program.text(stop))}}}?"
    begin = f"{{?{re.escape(program.text(start))}}}?" if start is not None else "1"
    spoken = re.compile(rf"(?<![\w-]){begin}{_TO}{value}(?![\w.])", re.IGNORECASE)
    texts = [text for text in _spoken(program, call) if spoken.search(text)]
    both = (
        isinstance(start, ast.Name) and isinstance(stop, ast.Name) and program.scopes.function_around(call) is not None
    )
    whole = [text for text in _spoken(program, call) if both and len(call.args) == 2 and _WITH_BOTH.search(text)]
    return bool(texts or whole) and not any(_NOT_ITSELF.search(text) for text in (*texts, *whole))


def _named_so(program: Program, call: ast.Call, stop: ast.expr) -> bool:
    """Tell whether a function such as `sum_to(n)` says by its name that its parameter is the last number."""
    function = program.scopes.function_around(call)
    if function is None or not isinstance(stop, ast.Name) or not _UP_TO.search(getattr(function, "name", "")):
        return False
    return any(one.arg == stop.id for one in parameters(function))


def _spoken(program: Program, node: ast.AST) -> list[str]:
    """Return the comments and texts of the function, or of the program, that a node is in."""
    function = program.scopes.function_around(node)
    lines = program.case.lines
    around = lines[function.lineno - 1 : function.end_lineno] if function is not None else lines
    found = [line.partition("#")[2] for line in around if "#" in line]
    texts = [one for one in program.all(ast.Constant) if isinstance(one.value, str)]
    joined = [program.text(one) for one in program.all(ast.JoinedStr)]
    for call in program.all(ast.Call):
        if len(call.args) > 1 and any(
            isinstance(one, ast.Constant) and isinstance(one.value, str) for one in call.args
        ):
            parts = [one.value if isinstance(one, ast.Constant) else program.text(one) for one in call.args]
            joined.append(" ".join(map(str, parts)))
    near = [one.value for one in texts if function is None or within(one, function)]
    return [*found, *(text for text in near if isinstance(text, str)), *(joined if function is None else ())]


def _announced_elsewhere(program: Program, call: ast.Call, start: ast.expr | None, stop: ast.expr) -> bool:
    """Tell whether another call takes the same limits, or one more, so that the text may be about that one."""
    plus = (number(stop) or 0) + 1
    for other in program.all(ast.Call):
        if other is call or not other.args:
            continue
        match other.args:
            case [first, last, *_] if (
                start is not None and same(first, start) and (same(last, stop) or number(last) == plus)
            ):
                return True
            case [_, ast.BinOp(left=last, op=ast.Add()), *_] if same(last, stop):
                return True
    return False


def _limit_itself(program: Program, compared: ast.Compare) -> Finding | None:
    """Find `age > 18` where the program speaks of "18 or older"."""
    limit = compared.comparators[0]
    if (
        len(compared.ops) != 1
        or not isinstance(compared.ops[0], ast.Gt | ast.Lt)
        or not isinstance(limit, ast.Constant)
        or not isinstance(number(limit), int)
    ):
        return None
    if not isinstance(program.parent.get(compared), ast.If | ast.While | ast.Return | ast.IfExp) or not isinstance(
        compared.left, ast.Name | ast.Call | ast.Attribute
    ):
        return None
    more = isinstance(compared.ops[0], ast.Gt)
    spoken = re.compile((_OR_MORE if more else _OR_LESS).format(n=re.escape(program.text(limit))), re.IGNORECASE)
    if not any(spoken.search(text) for text in _spoken(program, compared)) or (number(limit) or 0) < 2:
        return None
    for other in program.all(ast.Compare):
        if other is not compared and any(same(one, limit) for one in other.comparators):
            return None
    sign, meant = (">", ">=") if more else ("<", "<=")
    place = program.case.code.find(sign, looking.span(program.case.code, compared.left)[1])
    return found_off_by_one(
        program, compared,
        f"`{sign}` leaves the limit itself out: for {program.text(limit)}, {program.shown(compared)} in line "
        f"{compared.lineno} is false, although {program.text(limit)} should count.",
        f"What should happen for exactly {program.text(limit)}?",
        f"{program.text(compared.left)} {meant} {program.text(limit)}",
        ((place, place + 1), meant),
    )  # fmt: skip


def _counted_to(program: Program, loop: ast.While) -> Finding | None:
    """Find a loop from 0 that goes on while `count <= 5`, in a program that speaks of 5 times; or one short."""
    match loop.test:
        case ast.Compare(left=ast.Name(id=name) as counter, ops=[ast.LtE() | ast.Lt() as op], comparators=[limit]):
            pass
        case _:
            return None
    before = [one for one in program.bindings(name, program.scope(loop)) if one.line < loop.lineno]
    start = number(before[-1].value) if before and before[-1].how == "assigned" else None
    steps = [
        node for node in inside(*loop.body) if (found := step(node)) and found[0] == name and number(found[2]) == 1
    ]
    if start not in (0, 1) or len(steps) != 1:
        return None
    kind, texts = program.text(limit), _spoken(program, loop)
    times = _says_how_often(limit, kind, texts)
    spoken = re.compile(rf"\b1{_TO}{{?{re.escape(kind)}}}?(?!\w)", re.IGNORECASE)
    upto = any(spoken.search(text) and not _NOT_ITSELF.search(text) for text in texts)
    too_many = start == 0 and isinstance(op, ast.LtE) and times
    too_few = start == 1 and isinstance(op, ast.Lt) and (times or upto)
    if not (too_many or too_few):
        return None
    old, new = ("<=", "<") if too_many else ("<", "<=")
    place = program.case.code.find(old, looking.span(program.case.code, counter)[1])
    return found_off_by_one(
        program, loop.test,
        f"{program.shown(name)} begins at {start}, so with {program.shown(loop.test)} the loop of line {loop.lineno} "
        f"runs once {'more' if too_many else 'less'} than {program.shown(limit)} times.",
        "How many rounds should there be?", f"{name} {new} {kind}", ((place, place + len(old)), new),
    )  # fmt: skip


def _says_how_often(limit: ast.expr, kind: str, texts: list[str]) -> bool:
    """Tell whether a limit is a number of tries: by its name, or because a text says "3 attempts"."""
    if isinstance(limit, ast.Name):
        return (
            re.fullmatch(r"max_?\w*(attempt|tries|try|guess|versuch|intento)\w*", limit.id, re.IGNORECASE) is not None
        )
    spoken = re.compile(_TIMES.format(n=re.escape(kind)), re.IGNORECASE)
    return isinstance(limit, ast.Constant) and any(map(spoken.search, texts))


def _too_few(program: Program, statement: ast.Assign) -> Finding | None:
    """Find `first_three = items[0:2]`."""
    match statement:
        case ast.Assign(
            targets=[ast.Name(id=name)], value=ast.Subscript(slice=ast.Slice(lower=lower, upper=upper, step=None))
        ):
            said = _FIRST.search(name)
        case _:
            return None
    count = (
        (_WORDS.get(said[1].lower()) or int(said[1]))
        if said and (said[1].isdigit() or said[1].lower() in _WORDS)
        else None
    )
    if count is None or upper is None or (lower is not None and number(lower) != 0) or number(upper) != count - 1:
        return None
    return found_off_by_one(
        program, statement.value,
        f"A slice ends before its second number: {program.shown(statement.value)} in line {statement.lineno} holds "
        f"{count - 1} items, and {program.shown(name)} should hold {count}.",
        "How many items does the slice have?",
        program.text(statement.value).replace(f"{count - 1}]", f"{count}]"), (upper, str(count)),
    )  # fmt: skip
