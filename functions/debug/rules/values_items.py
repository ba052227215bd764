"""Values: `ValueError` of what is looked for and not there."""

from __future__ import annotations

import ast
import re

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import looking
from functions.debug.rules.mending import indentation, replaced
from functions.debug.rules.phrases import shown
from functions.debug.rules.reporting import at, called, is_call, message, only_value, tell, written


def item_not_in_list(case: Case) -> Finding | None:
    """`items.remove(x)`, `items.index(x)` without such an item."""
    said = re.match(
        r"(?:\w+\.(?P<how>remove|index)\(x\): )?(?P<item>.*?)(?: is)? not in (?P<type>list|tuple|deque|array|range)\b",
        message(case),
        re.DOTALL,
    )
    if not said:
        return None
    calls = [call for call in looking.suspects(case, ast.Call) if is_call(call, "remove", "index") and call.args]
    call = calls[0] if calls else None
    if call is None or not isinstance(call.func, ast.Attribute):
        item = "the item" if said["how"] else shown(said["item"])
        texts = (
            f"The program stops{at(case)} because {item} is not in the {said['type']}.",
            "Compare the item with what is in there at that moment: type, capital letters and spaces count.",
            "Ask `if item in items:` before you remove or look up an item.",
        )
        return tell(case, "item_not_in_list", None, texts)
    owner, item = written(case, call.func.value), written(case, call.args[0])
    value = "" if said["how"] or shown(said["item"]) == item else f", which is {shown(said['item'])},"
    near, fixed = _near_item(case, call)
    guard = f"if {looking.source(case, call.args[0])} in {looking.source(case, call.func.value)}:"
    return tell(
        case,
        "item_not_in_list",
        call,
        (
            f"{written(case, call)} stops the program{at(case, call)}: "
            f"there is no item in {owner} that equals {item}{value}.",
            f"What does {owner} hold when this line runs, and is {item} written exactly like one of its items?",
            f"Write {shown(near)}, as it stands in {owner}." if near else f"Ask first: {shown(guard)}",
        ),
        fixed or (None if near else _guarded(case, call, guard)),
    )


def _near_item(case: Case, call: ast.Call) -> tuple[str | None, str | None]:
    """Return the item of a list written out in the program that was probably meant, and the program with it."""
    value = only_value(case, call.func.value) if isinstance(call.func, ast.Attribute) else None
    wanted = call.args[0]
    if not isinstance(value, ast.List | ast.Tuple) or not isinstance(wanted, ast.Constant):
        return None, None
    items = [part.value for part in value.elts if isinstance(part, ast.Constant)]
    if isinstance(wanted.value, str):
        near = looking.close(wanted.value, [item for item in items if isinstance(item, str)])
        if near is not None and near != wanted.value:
            return repr(near), replaced(case, (wanted, repr(near)))
    others = [item for item in items if type(item) is not type(wanted.value)]
    twin = next((item for item in others if str(item) == str(wanted.value)), None)
    return (repr(twin), replaced(case, (wanted, repr(twin)))) if twin is not None else (None, None)


def _guarded(case: Case, call: ast.Call, guard: str) -> str | None:
    """Return the program with a `remove` that is a line of its own behind an `if`."""
    lone = any(isinstance(node, ast.Expr) and node.value is call for node in looking.nodes(case, ast.Expr))
    if not lone or called(call) != "remove" or not isinstance(call.args[0], ast.Name | ast.Constant):
        return None
    inner = indentation(case.line(call.lineno)) + "    "
    return replaced(case, (call, f"{guard}\n{inner}{looking.source(case, call)}"))


def substring_not_found(case: Case) -> Finding | None:
    """`text.index(part)` without such a part."""
    if not re.match(r"(?:sub(?:string|section)|subsequence) not found", message(case)):
        return None
    calls = [call for call in looking.suspects(case, ast.Call) if is_call(call, "index", "rindex") and call.args]
    call = calls[0] if calls else None
    part = written(case, call.args[0]) if call is not None else "the part"
    text = written(case, call.func.value) if call is not None and isinstance(call.func, ast.Attribute) else "the text"
    return tell(
        case,
        "substring_not_found",
        call,
        (
            f"The program stops{at(case, call)}: `index` looks for {part} in {text}, and it is not in there.",
            f"What does {text} hold when this line runs? Capital letters and spaces count.",
            f"Ask whether {part} is `in` {text} first, or use `find`, which gives `-1` where there is no such part.",
        ),
    )


RULES: dict[str, tuple[Rule, ...]] = {"ValueError": (item_not_in_list, substring_not_found)}
