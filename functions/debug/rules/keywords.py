"""Keywords: arguments that are given by a name."""

from __future__ import annotations

import ast
import re

from functions.debug.model import Case, Finding
from functions.debug.rules import looking
from functions.debug.rules.called import Called, called_in
from functions.debug.rules.mending import name_span, replaced
from functions.debug.rules.phrases import beginning, shown
from functions.debug.rules.reporting import message, tell

_KEYWORD = re.compile(
    r"unexpected keyword argument '(?P<name>\w+)'|'(?P<invalid>\w+)' is an invalid keyword argument"
    r"|takes no keyword (?P<none>arguments)"
)
_SUGGESTED = re.compile(r"Did you mean '(\w+)'")


def _line(case: Case, node: ast.AST | None) -> int | None:
    return looking.place(case) or getattr(node, "lineno", None)


def unexpected_keyword(case: Case) -> Finding | None:
    """An argument is given by a name that the function does not have."""
    said, found = _KEYWORD.search(message(case)), called_in(case)
    if not said:
        return None
    name = said["name"] or said["invalid"]
    calls = [one for one in looking.suspects(case, ast.Call) if any(key.arg == name for key in one.keywords)]
    call = calls[0] if calls else found.call if found else None
    what = shown(found.shown if found else looking.source(case, call.func) if call else "The function")
    keyword = next((key for key in call.keywords if key.arg == name), None) if call else None
    meant = _meant(case, found, name)
    fixed = None
    if meant and keyword is not None and case.tree is not None:
        fixed = replaced(case, (name_span(case.code, keyword), meant))
    elif said["none"] and call is not None and call.keywords and case.tree is not None:
        changes = [(key, looking.source(case, key.value)) for key in call.keywords if key.arg]
        fixed = replaced(case, *changes)
    named = f"the name {shown(name)}" if name else "names of arguments"
    todo = (
        f"Write {shown(f'{meant}=')} instead of {shown(f'{name}=')}." if meant else "Use one of the names that it has."
    )
    return tell(
        case,
        "unexpected_keyword",
        keyword or call,
        (
            f"{beginning(_line(case, call))} {what} gets a value by {named}, which it does not know.",
            f"Which names do the parameters of {what} have? Compare them letter by letter with the call.",
            "Give the values without their names." if said["none"] else todo,
        ),
        fixed,
    )


_OF_BUILT_IN = {"print": ("sep", "end", "file", "flush"), "sorted": ("key", "reverse"), "sort": ("key", "reverse")}
_OTHERWISE = {"separator": "sep", "seperator": "sep", "ending": "end", "reversed": "reverse", "desc": "reverse"}


def _meant(case: Case, found: Called | None, name: str | None) -> str | None:
    suggested = _SUGGESTED.search(message(case))
    if suggested or not name:
        return suggested[1] if suggested else None
    of = re.search(r"for (\w+)\(", message(case))
    built_in = of[1] if of else found.name if found else "print"
    names = found.parameters if found and found.function else list(_OF_BUILT_IN.get(built_in, ()))
    return looking.close(name, names) or (_OTHERWISE.get(name) if _OTHERWISE.get(name) in names else None)
