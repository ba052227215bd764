"""Operators: `TypeError` of values that cannot be added, multiplied or compared with each other."""

from __future__ import annotations

import ast

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import looking
from functions.debug.rules.inputs import as_numbers, conversion, texts_in
from functions.debug.rules.mending import replaced
from functions.debug.rules.mixing import mixed_types_operator
from functions.debug.rules.nothing import origin
from functions.debug.rules.operands import FUNCTIONS, Operation, refused
from functions.debug.rules.phrases import a_kind, beginning, shown
from functions.debug.rules.reporting import known, only_value, tell, written

_NUMBERS = ("int", "float", "bool", "complex")
_COMPARES = ("<", ">", "<=", ">=")


def _line(case: Case, found: Operation) -> str:
    return beginning(looking.place(case) or getattr(found.node, "lineno", None))


def _part(case: Case, node: ast.AST | None, kind: str | None) -> str:
    """Return a side of an operation as it is told of: its text, and what it is."""
    word = a_kind(kind) if kind else "a value"
    return f"{written(case, node)}, {word}" if node is not None else word


def into_print(case: Case) -> Finding | None:
    """`print("a") + b`: what belongs into the brackets stands behind them."""
    found = refused(case)
    if not found or found.left != "NoneType" or not isinstance(found.node, ast.BinOp):
        return None
    match found.one:
        case ast.Call(func=ast.Name(id="print"), args=[text], keywords=[]):
            sign = "%" if found.sign == "%" else found.sign
            inner = f"{looking.source(case, text)} {sign} {looking.source(case, found.other or text)}"
        case _:
            return None
    return tell(
        case,
        "none_operand",
        found.node,
        (
            f"{_line(case, found)} {shown(sign)} stands behind the brackets of {shown('print()')}. So it works with "
            f"what `print` gives back, and that is `None`.",
            "Where do the brackets of `print` end, and what should be within them?",
            f"Move it into the brackets: {shown(f'print({inner})')}.",
        ),
        replaced(case, (found.node, f"print({inner})")),
    )


def none_operand(case: Case) -> Finding | None:
    """One of the values is None."""
    found = refused(case)
    if not found or "NoneType" not in found.kinds:
        return None
    node = found.of_kind("NoneType")
    about = origin(case, node)
    what = written(case, node) if node is not None else "one of the values"
    return tell(
        case,
        "none_operand",
        node,
        (
            f"{_line(case, found)} {what} is `None`, which is no value that {shown(found.sign)} can work with. "
            f"{about.why}",
            f"Which line gives {what} its value, and what does it really give?",
            about.solution,
        ),
        about.fixed,
    )


def method_not_called(case: Case) -> Finding | None:
    """A function stands where its result is meant: `name.upper + "!"`."""
    found = refused(case)
    if not found or not set(found.kinds) & set(FUNCTIONS):
        return None
    return not_called(case, found.of_kind(*FUNCTIONS))


def not_called(case: Case, node: ast.AST | None) -> Finding:
    """Tell that the brackets behind a function's name are missing, there or where a name was given the function."""
    node = _kept(case, node)
    what = written(case, node) if node is not None else "one of the values"
    full = f"{looking.source(case, node)}()" if node is not None else "name()"
    place = looking.place(case) or getattr(node, "lineno", None)
    return tell(
        case,
        "method_not_called",
        node,
        (
            f"{beginning(place)} {what} is a function itself, not its result: without brackets, Python does not call "
            f"it.",
            f"How do you tell Python to call a function? Look at {what}.",
            f"Add the brackets: {shown(full)}.",
        ),
        replaced(case, (node, full)) if node is not None and _without_arguments(case, node) else None,
    )


def _kept(case: Case, node: ast.AST | None) -> ast.AST | None:
    """Return `text.split` for the `words` of `words = text.split`."""
    value = only_value(case, node) if node is not None else None
    return value if isinstance(value, ast.Attribute) else node


def _without_arguments(case: Case, node: ast.AST) -> bool:
    """Tell whether a function can be called with nothing in the brackets, as far as the program tells."""
    about, name = known(case), getattr(node, "attr", getattr(node, "id", ""))
    function = about[0].function(name) if about else None
    if function is None:
        return isinstance(node, ast.Attribute) or name == "input"
    method = about is not None and isinstance(about[0].of[function], ast.ClassDef)
    return len(function.args.args) - len(function.args.defaults) <= method


def input_is_text(case: Case) -> Finding | None:
    """A text that `input` gave is counted with or compared with a number."""
    found = refused(case)
    if not found or "str" not in (*found.kinds, *(["str"] if found.sign in ("%", "*") else [])):
        return None
    sides = [node for node, kind in found.sides if kind in ("str", None)]
    if found.sign in ("+", "+=") and found.left == "str" and isinstance(found.one, ast.BinOp):
        sides = [node for node in sides if node is not found.one]
    if isinstance(found.node, ast.Call):
        return _summed(case, found.node)
    texts = texts_in(case, *sides)
    if not texts or (found.sign == "%" and isinstance(found.one, ast.Constant)):
        return None
    return number_of_input(case, texts)


def _summed(case: Case, call: ast.Call) -> Finding | None:
    """`sum(numbers)` of texts that were typed in."""
    about, values = known(case), call.args[0] if call.args else None
    if not about or values is None or about[1].input_call(values) is None:
        return None
    kind = conversion(case, values)
    what, text = written(case, values), f"map({kind}, {looking.source(case, values)})"
    return tell(
        case,
        "input_is_text",
        values,
        (
            f"{beginning(looking.place(case) or call.lineno)} {what} holds texts, because `input` always gives a "
            f"text, even if someone types digits.",
            f"Of which type is each item of {what}, and which type does this line need?",
            f"Make numbers of them: {shown(text)}.",
        ),
        replaced(case, (values, text)),
    )


def number_of_input(case: Case, texts: list[ast.expr]) -> Finding:
    """Tell that what `input` gave has to become a number."""
    kind = conversion(case, *texts)
    what = written(case, texts[0])
    return tell(
        case,
        "input_is_text",
        texts[0],
        (
            f"{beginning(looking.place(case) or texts[0].lineno)} {what} is used like a number. But `input` always "
            f"gives a text, even if someone types digits.",
            f"Of which type is {what}, and which type does this line need?",
            f"Make a number of it: {shown(f'{kind}(input(…))')}.",
        ),
        as_numbers(case, texts),
    )


def unorderable(case: Case) -> Finding | None:
    """Two values of which neither is the smaller one, like a text and a number."""
    found = refused(case)
    if not found or found.sign not in _COMPARES:
        return None
    text, fixed, todo = found.of_kind("str"), None, "Compare values of the same type: convert one of the two first."
    if text is not None and set(found.kinds) & set(_NUMBERS):
        kind = conversion(case, text)
        fixed = replaced(case, (text, f"{kind}({looking.source(case, text)})"))
        todo = f"Make a number of the text: {shown(f'{kind}({looking.source(case, text)})')}."
    elif isinstance(found.node, ast.Call):
        todo = f"Give {written(case, found.node.func)} values of one type only, or tell it what to compare: `key=…`."
    elif found.of_kind("list", "dict", "tuple", "set") is not None:
        whole = found.of_kind("list", "dict", "tuple", "set")
        todo = f"Compare one item of {written(case, whole or text or ast.Pass())}, or its length: `len(…)`."
    return tell(
        case,
        "unorderable",
        found.node,
        (
            f"{_line(case, found)} {shown(found.sign)} has to tell which of two values is the smaller one, but they "
            f"are {_pair(case, found)}. Between these, Python knows no order.",
            "Of which type is each of the two values that are compared, and which type did you expect?",
            todo,
        ),
        fixed,
    )


def _pair(case: Case, found: Operation) -> str:
    one, other = _part(case, found.one, found.left), _part(case, found.other, found.right)
    return f"{one}, and {other}" if found.one is not None else f"{one} and {other}"


RULES: dict[str, tuple[Rule, ...]] = {
    "TypeError": (into_print, none_operand, method_not_called, input_is_text, unorderable, mixed_types_operator)
}
