"""Values: `ValueError` of several names to the left of one `=`, or of a loop."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import looking
from functions.debug.rules.mending import replaced
from functions.debug.rules.phrases import shown
from functions.debug.rules.reporting import at, is_call, known, message, only_value, tell, written
from functions.debug.rules.scoping import Function

_MESSAGE = re.compile(
    r"(?P<few>not enough|too many) values to unpack"
    r"(?: \(expected (?:at least )?(?P<wanted>\d+)(?:, got (?P<got>\d+))?\))?"
)
_COUNTERS = ("i", "j", "n", "idx", "index", "count", "number", "num", "nr", "pos", "position", "line_number", "rank")


@dataclass(frozen=True)
class _Unpacking:
    """Names that take the parts of a value: of the value itself, or, in a loop, of each part of it."""

    node: ast.AST
    target: ast.Tuple | ast.List
    value: ast.expr
    loop: bool


def unpacking(case: Case) -> Finding | None:
    """`a, b = values`, `for a, b in values`: not as many values as names."""
    said = _MESSAGE.match(message(case))
    if not said:
        return None
    cause = "not_enough_to_unpack" if said["few"] == "not enough" else "too_many_to_unpack"
    wanted = int(said["wanted"]) if said["wanted"] else None
    found = next((one for one in _unpackings(case) if wanted in (None, _least(one.target))), None)
    got = int(said["got"]) if said["got"] else _length(case, found) if found else None
    names = f"{wanted} name{'s'[: wanted != 1]}" if wanted else "several names"
    values = f"{got} value{'s'[: got != 1]}" if got is not None else "another number of values"
    if found is None:
        texts = (
            f"The program stops{at(case)}: {names} should take what is there, and there are {_how_many(cause, got)}.",
            "Print the value just before that line: how many parts does it have?",
            "Write as many names as values, or let a name with a star take the rest: `first, *rest = values`.",
        )
        return tell(case, cause, None, texts)
    why, solution, fixed = _reason(case, found)
    whose = f"each part of {written(case, found.value)}" if found.loop else written(case, found.value)
    have = f"has {values}" if got is not None else f"has {_how_many(cause, got)}"
    return tell(
        case,
        cause,
        found.value,
        (
            f"The program stops{at(case, found.node)}: there are {names} to fill, {written(case, found.target)}, "
            f"and {whose} {have}.{why}",
            f"How many values does {whose} give, and which of them does each name get?",
            solution,
        ),
        fixed,
    )


def _how_many(cause: str, got: int | None) -> str:
    return (
        f"{got} of them" if got is not None else "fewer of them" if cause == "not_enough_to_unpack" else "more of them"
    )


def _least(target: ast.Tuple | ast.List) -> int:
    return sum(not isinstance(part, ast.Starred) for part in target.elts)


def _unpackings(case: Case) -> list[_Unpacking]:
    found = []
    for node in looking.suspects(case, ast.stmt):
        match node:
            case ast.Assign(targets=[ast.Tuple() | ast.List() as target, *_], value=value):
                found.append(_Unpacking(node, target, value, loop=False))
            case ast.For(target=ast.Tuple() | ast.List() as target, iter=value):
                found.append(_Unpacking(node, target, value, loop=True))
    for holder in looking.suspects(case, ast.expr):
        for part in getattr(holder, "generators", ()):
            if isinstance(part.target, ast.Tuple | ast.List):
                found.append(_Unpacking(part.iter, part.target, part.iter, loop=True))
    return found


def _length(case: Case, found: _Unpacking) -> int | None:
    """Return how many values there are, where the program's text tells."""
    value = only_value(case, found.value)
    if found.loop:
        parts = value.elts if isinstance(value, ast.List | ast.Tuple) else []
        lengths = {len(part.elts) for part in parts if isinstance(part, ast.List | ast.Tuple)}
        return lengths.pop() if len(lengths) == 1 else None
    if isinstance(value, ast.List | ast.Tuple) and not any(isinstance(part, ast.Starred) for part in value.elts):
        return len(value.elts)
    function = _function(case, value)
    if function is not None:
        given = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
        lengths = {len(one.elts) if isinstance(one, ast.Tuple) else -1 for one in given}
        return lengths.pop() if len(lengths) == 1 and -1 not in lengths else None
    return len(value.value) if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def _function(case: Case, value: ast.expr | None) -> Function | None:
    about = known(case)
    return about[0].function(value.func.id) if about and _plain_call(value) else None  # type: ignore[union-attr]


def _plain_call(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name)


def _reason(case: Case, found: _Unpacking) -> tuple[str, str, str | None]:
    """Return why the numbers differ, what to do, and the corrected program where that is certain."""
    about = known(case)
    kind = about[1].of(found.value) if about else None
    text, first = looking.source(case, found.value), found.target.elts[0]
    if found.loop and kind == "dict" and len(found.target.elts) == 2:
        better = f"{text}.items()"
        why = " A loop over a dictionary gives its keys only."
        return why, f"Loop over {shown(better)}.", replaced(case, (found.value, better))
    if found.loop and isinstance(first, ast.Name) and first.id.lower() in _COUNTERS and len(found.target.elts) == 2:
        better = f"enumerate({text})"
        why = " To count along with the items, a loop needs `enumerate`."
        return why, f"Loop over {shown(better)}.", replaced(case, (found.value, better))
    if found.loop and is_call(found.value, "enumerate", "items") and len(found.target.elts) > 2:
        rest = ", ".join(looking.source(case, one) for one in found.target.elts[1:])
        better = f"{looking.source(case, first)}, ({rest})"
        why = f" {written(case, found.value)} gives pairs, and the second part of each holds the others."
        return (
            why,
            f"Put brackets round them: {shown(f'for {better} in {text}:')}",
            replaced(case, (found.target, better)),
        )
    function = _function(case, found.value)
    if function is not None:
        where = f"{shown(function.name)}, which begins in line {function.lineno},"
        return "", f"Compare the names with what {where} returns, and write one name for each value.", None
    if is_call(found.value, "split"):
        return _split(case, found)
    if kind == "str" and not found.loop:
        return (
            " A text is unpacked letter by letter.",
            f"Split it first, for example with {shown(f'{text}.split()')}.",
            None,
        )
    star = "a name with a star takes all that is left, as in `first, *rest = values`"
    return "", f"Write exactly as many names as there are values; {star}.", None


def _split(case: Case, found: _Unpacking) -> tuple[str, str, str | None]:
    """Explain a text that does not split into as many parts as there are names."""
    call = found.value
    assert isinstance(call, ast.Call)
    value = only_value(case, call.func.value) if isinstance(call.func, ast.Attribute) else None
    text = value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None
    if len(call.args) == 1 and text is not None and text.count(str(_constant(call.args[0]))) >= len(found.target.elts):
        better = f"{looking.source(case, call)[:-1]}, {len(found.target.elts) - 1})"
        why = f" {written(case, call.args[0])} stands in the text more often."
        return why, f"Split it only so often: {shown(better)}.", replaced(case, (call, better))
    if text is not None:
        for separator in (", ", ",", ";", ":", "-", "/", "=", "|", " "):
            if len(text.split(separator)) == len(found.target.elts):
                better = f"{looking.source(case, call.func.value)}.split({separator!r})"  # type: ignore[attr-defined]
                why = f" The parts of {shown(repr(text))} are set apart by {shown(repr(separator))}."
                return why, f"Split it there: {shown(better)}.", replaced(case, (call, better))
    return (
        f" {written(case, call)} gives as many parts as the text has.",
        "Keep the parts in a list first, look at its length, and only then give them names.",
        None,
    )


def _constant(node: ast.expr) -> object:
    return node.value if isinstance(node, ast.Constant) else None


RULES: dict[str, tuple[Rule, ...]] = {"ValueError": (unpacking,)}
