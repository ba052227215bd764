"""Values: `ValueError` of numbers, those that a text does not hold and those for which there is no result."""

from __future__ import annotations

import ast
import re

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import looking
from functions.debug.rules.mending import replaced
from functions.debug.rules.phrases import shown
from functions.debug.rules.reporting import at, called, is_call, known, message, number, only_value, tell, written

_NUMBER = re.compile(
    r"(?:invalid literal for (?P<type>int|float)\(\)|could not convert string to (?P<float>float|complex)"
    r"|Invalid literal for (?P<other>\w+)|complex\(\) arg is a malformed string)(?: with base \d+)?(?:: (?P<text>.*))?",
    re.DOTALL,
)
_WORDS = "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|hundred|thousand"
_SHAPES: tuple[tuple[str, str, str | None], ...] = (
    (r"\s*", " There is nothing in it.", None),
    (r"[-+]?(\d+\.\d*|\.\d+)", " It has a decimal point, and `int` reads whole numbers only.", "float({text})"),
    (r"-?\d{1,3}(,\d{3})+(\.\d+)?", " There is a comma in it.", '{kind}({text}.replace(",", ""))'),
    (r"[-+]?\d+,\d+", " There is a comma where Python wants a point.", 'float({text}.replace(",", "."))'),
    (r"[-+]?\d+([\s,;]+[-+]?\d+)+", " It holds several numbers, and they have to be parted first.", None),
    (r"0[xX][0-9a-fA-F]+", " It is a number to the base 16.", "int({text}, 16)"),
    (_WORDS, " It is a number in words, and Python reads digits only.", None),
    (r".*\d.*", " Besides digits there is something else in it.", None),
)
"""How a text that is no number may look, what is to be said of it, and the call that reads it."""
_TRY = (
    "Either make sure that the text is a number, or convert it within `try` and handle the `ValueError`, "
    "for example by asking again."
)


def number_from_text(case: Case) -> Finding | None:
    """`int("abc")`: a text that does not look like a number."""
    said = _NUMBER.match(message(case))
    if not said:
        return None
    kind = said["type"] or said["float"] or said["other"] or "complex"
    text = _literal(said["text"])
    calls = [call for call in looking.suspects(case, ast.Call) if is_call(call, kind) or _mapped(call, kind)]
    call = calls[0] if calls else None
    given = call.args[0] if call is not None and call.args and not _mapped(call, kind) else None
    what = f"the text {shown(repr(text))}" if text else "an empty text" if text == "" else "a text"
    subject = written(case, call) if call is not None else shown(f"{kind}()")
    why, better = _reading(case, kind, text, given)
    source = written(case, given) if given is not None else "the text"
    look = (
        f"Look at {source} letter by letter"
        if isinstance(given, ast.Constant)
        else f"Look at where {source} comes from"
    )
    return tell(
        case,
        "number_from_text",
        call,
        (
            f"The program stops{at(case, call)}: {subject} gets {what}, which is not written like a number that "
            f"{shown(kind)} can read.{why}",
            f"{look}{_origin(case, given)}. What exactly does it hold when this line runs?",
            f"Write {shown(better)} instead." if better else _TRY,
        ),
        replaced(case, (call, better)) if better and call is not None else None,
    )


def _reading(case: Case, kind: str, text: str | None, given: ast.expr | None) -> tuple[str, str | None]:
    """Return why this text is no number, and the call that reads it where that is certain."""
    if text is None:
        return "", None
    about = known(case)
    if isinstance(given, ast.Constant) and about and text in about[0].visible(given):
        return f" {shown(text)} is one of your names, and in quotes it is only a text.", f"{kind}({text})"
    for pattern, why, call in _SHAPES:
        if re.fullmatch(pattern, text.strip(), re.DOTALL | re.IGNORECASE):
            source = looking.source(case, given) if given is not None else ""
            return why, call.format(kind=kind, text=source) if call and source else None
    return "", None


def _mapped(call: ast.Call, kind: str) -> bool:
    return is_call(call, "map") and bool(call.args) and isinstance(call.args[0], ast.Name) and call.args[0].id == kind


def _origin(case: Case, node: ast.expr | None) -> str:
    """Return where a value comes from, as far as the program tells."""
    about = known(case)
    if node is None or about is None:
        return ""
    if asked := about[1].input_call(node):
        return f": somebody types it{f' in line {asked.lineno}' if asked.lineno != node.lineno else ''}"
    value = only_value(case, node)
    if value is not None and value is not node:
        return f": line {value.lineno} sets it"
    return ""


def _literal(text: str | None) -> str | None:
    try:
        value = ast.literal_eval(text) if text else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text
    return value if isinstance(value, str) else text


_DOMAINS = (
    "math domain error|expected a (?:nonnegative|positive|noninteger|number)|expected a number in range|"
    "factorial\\(\\) not defined|isqrt\\(\\) argument must be|[nk] must be a non-negative|expected a finite|"
    "factorial\\(\\) only accepts"
)
_ALLOWED = {
    **dict.fromkeys(("sqrt", "isqrt", "factorial"), "numbers from 0 on"),
    **dict.fromkeys(("log", "log2", "log10"), "numbers greater than 0"),
    **dict.fromkeys(("acos", "asin"), "numbers from -1 to 1"),
    **dict.fromkeys(("comb", "perm"), "whole numbers from 0 on"),
}


def math_domain(case: Case) -> Finding | None:
    """`math.sqrt(-1)`: a number for which a function has no result."""
    if not re.match(_DOMAINS, message(case)):
        return None
    calls = looking.suspects(case, ast.Call)
    call = next((call for call in calls if called(call) in _ALLOWED and call.args), None)
    if call is None:
        call = next((call for call in calls if isinstance(call.func, ast.Attribute) and call.args), None)
    given = call.args[0] if call is not None else None
    subject = written(case, given) if given is not None else "the number it gets"
    function = f"{shown(called(call))}" if call is not None else "The function"
    allowed = _ALLOWED.get(called(call), "other numbers") if call is not None else "other numbers"
    value = number(only_value(case, given)) if given is not None else None
    is_it = f", which is {value}," if value is not None and not isinstance(given, ast.Constant | ast.UnaryOp) else ""
    return tell(
        case,
        "math_domain",
        call,
        (
            f"{function} has no result{at(case, call)} for the number it gets. It works with {allowed}.",
            f"Which value does {subject}{is_it} have when this line runs, and how did it become that?",
            f"Check {subject} with an `if` before this line, and decide what should happen for the other numbers.",
        ),
    )


RULES: dict[str, tuple[Rule, ...]] = {"ValueError": (number_from_text, math_domain)}
