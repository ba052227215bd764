"""Other: a `TypeError` that no more special rule knows."""

from __future__ import annotations

import ast
import re

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import looking
from functions.debug.rules.inputs import texts_in
from functions.debug.rules.mending import replaced
from functions.debug.rules.phrases import beginning, shown
from functions.debug.rules.reporting import called, known, message, tell
from functions.debug.rules.types_operators import number_of_input

_ABSTRACT = re.compile(
    r"Can't instantiate abstract class (?P<name>\w+) (?:with|without an implementation for) abstract methods? "
    r"(?P<methods>.+)"
)


_OTHERS = (
    re.compile(r"argument must be|argument expected, got|must be .+, not |expected .+ (?:found|got)|arg \d must be"),
    re.compile(r"is required|requires a '"),
    re.compile(
        r"cannot be interpreted as an integer|expected (?:str|string|a character|at most)|is not JSON serializable"
    ),
    re.compile(r"doesn't apply to|unsupported format string|not enough arguments for format|exceptions must derive"),
    re.compile(r"object is not an iterator|decoding (?:to )?str|must be a (?:mapping|type|string)|format requires"),
    re.compile(
        r"cannot convert dictionary update|object is not reversible|__\w+__ (?:method )?(?:returned|should return)"
    ),
)


def abstract_class(case: Case) -> Finding | None:
    """An object of a class that leaves some of its methods to others."""
    said = _ABSTRACT.search(message(case))
    if not said:
        return None
    methods = said["methods"].replace("'", "")
    return tell(
        case,
        "type_other",
        None,
        (
            f"{beginning(looking.place(case))} an object of {shown(said['name'])} is made, but the class does not "
            f"say yet what {shown(methods)} does.",
            f"Which methods must {shown(said['name'])} have, and which has it? Compare their names letter by letter.",
            f"Define {shown(methods)} in {shown(said['name'])}.",
        ),
    )


def other_argument(case: Case) -> Finding | None:
    """Any other value of a type that a function cannot use."""
    said = message(case)
    if not any(pattern.search(said) for pattern in _OTHERS):
        return None
    call = next(iter(looking.suspects(case, ast.Call)), None)
    kind = re.search(r"(?:not|got|found) '?(\w+)'?$|^'(\w+)' object|type (\w+) is not", said)
    of = next(filter(None, kind.groups()), None) if kind else None
    args = list(call.args) if call else []
    about = known(case)
    node = next((one for one in args if about and of and about[1].of(one) == of), None)
    texts = texts_in(case, *args) if of == "str" and "integer" in said else []
    if texts:
        return number_of_input(case, texts)
    name = shown(f"{called(call)}()") if call and called(call) else "the function"
    fixed, todo = None, f"Give {name} a value of the type it needs; `help()` of it tells which."
    if "integer" in said and of in ("str", "float") and node is not None:
        text = f"int({looking.source(case, node)})"
        fixed, todo = replaced(case, (node, text)), f"Make a whole number of it: {shown(text)}."
    if "derive from BaseException" in said:
        todo = "Raise an exception, for example `raise ValueError(…)`."
    return tell(
        case,
        "wrong_argument_type",
        node if node is not None else call,
        (
            f"{beginning(looking.place(case) or getattr(call, 'lineno', None))} {name} gets a value of a type that "
            f"it cannot work with: {shown(said)}.",
            f"Which types of values does {name} take, and of which type is each value it gets?",
            todo,
        ),
        fixed,
    )


def type_other(case: Case) -> Finding | None:
    """Any other."""
    said = f": {shown(message(case))}" if message(case) else ""
    return tell(
        case,
        "type_other",
        None,
        (
            f"{beginning(looking.place(case))} a value is of another type than this line needs{said}.",
            "Which values does the line use, and of which type is each? `print(type(…))` just before it tells.",
            "Convert the value to the type that is needed, or use the one you meant.",
        ),
    )


RULES: dict[str, tuple[Rule, ...]] = {"TypeError": (abstract_class, other_argument, type_other)}
