"""Calls: `TypeError` of a function that gets too few, too many or other arguments than it takes."""

from __future__ import annotations

import ast
import re

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import looking
from functions.debug.rules.called import Called, called_in, header
from functions.debug.rules.keywords import unexpected_keyword
from functions.debug.rules.kinds import Kinds
from functions.debug.rules.mending import replaced
from functions.debug.rules.methods import missing_init, missing_self_parameter, on_the_class
from functions.debug.rules.phrases import beginning, shown
from functions.debug.rules.reporting import known, message, tell

_MISSING = re.compile(r"missing (?P<count>\d+) required (?:positional|keyword-only) arguments?: (?P<names>.+)")
_TAKES = re.compile(r"takes (?:from \d+ to )?(?P<most>\d+|no) (?:positional )?arguments? but (?P<given>\d+)")
_COUNTED = re.compile(
    r"(?P<takes>takes|expected|expects) (?P<how>exactly|at most|at least|no)?\s?(?P<most>one|two|three|\d+)?"
    r" ?(?:positional |keyword )?arguments?,?(?: ?\((?P<given>\d+) given\)|,? got (?P<got>\d+))?"
)
_MULTIPLE = re.compile(r"got multiple values for (?:keyword )?argument '(?P<name>\w+)'")


def _line(case: Case, node: ast.AST | None) -> int | None:
    return looking.place(case) or getattr(node, "lineno", None)


def missing_argument(case: Case) -> Finding | None:
    """A call that leaves out what the function needs."""
    said, found = _MISSING.search(message(case)), called_in(case)
    if not said or not found:
        return _missing_built_in(case)
    names = re.findall(r"'(\w+)'", said["names"])
    listed = ", ".join(shown(name) for name in names)
    values = f"{'values' if len(names) > 1 else 'a value'} for {listed}"
    return tell(
        case,
        "missing_argument",
        found.call,
        (
            f"{beginning(_line(case, found.call))} {shown(found.shown)} is called without {values}. "
            f"Every parameter without a default needs a value.",
            f"Compare the call with {shown(header(found.function, found.shown))}: what stands for which parameter?",
            f"Add {values} to the call, or give {'it' if len(names) == 1 else 'them'} a default in the definition.",
        ),
        _same_names(case, found, names),
    )


def _same_names(case: Case, found: Called, names: list[str]) -> str | None:
    """Add the missing arguments where the place of the call knows values of the same names."""
    about = known(case)
    if not about or found.call is None or case.tree is None or found.call.keywords:
        return None
    seen = about[0].visible(found.call)
    if not all(name in seen and seen[name].how in ("assigned", "parameter", "loop") for name in names):
        return None
    if found.parameters[-len(names) :] != names or len(found.call.args) + len(names) != len(found.parameters):
        return None
    _, end = looking.span(case.code, found.call)
    text = ", ".join(names)
    return replaced(case, ((end - 1, end - 1), f", {text}" if found.call.args else text))


def _missing_built_in(case: Case) -> Finding | None:
    said, found = _COUNTED.search(message(case)), called_in(case)
    if not said or not found or found.function is not None:
        return None
    most = {"one": 1, "two": 2, "three": 3}.get(
        said["most"] or "", int(said["most"]) if (said["most"] or "").isdigit() else 0
    )
    given = int(said["given"] or said["got"] or -1)
    if given < 0 or given >= most or said["how"] in ("at most", "no"):
        return None
    return tell(
        case,
        "missing_argument",
        found.call,
        (
            f"{beginning(_line(case, found.call))} {shown(f'{found.name}()')} gets {given or 'no'} "
            f"argument{'s' * (given != 1)}, but it needs {most}.",
            f"What does {shown(found.name)} need to know to do its work? `help({found.name})` lists it.",
            f"Put the missing value into the brackets of {shown(f'{found.name}(…)')}.",
        ),
    )


def too_many_arguments(case: Case) -> Finding | None:
    """A call that gives more than the function takes, or one value twice."""
    found, multiple = called_in(case), _MULTIPLE.search(message(case))
    said = _TAKES.search(message(case)) or _COUNTED.search(message(case))
    if not found or not (said or multiple):
        return None
    what = shown(found.shown)
    fixed, todo = _fewer(case, found)
    if multiple:
        how = f"gets two values for {shown(multiple['name'])}: one by its place and one by its name"
        todo = f"Give {shown(multiple['name'])} once only."
    else:
        how = "gets more arguments than it takes"
    return tell(
        case,
        "too_many_arguments",
        found.call,
        (
            f"{beginning(_line(case, found.call))} {what} {how}.",
            f"Count the values in the brackets and compare them with {shown(header(found.function, found.shown))}.",
            todo,
        ),
        fixed,
    )


def _fewer(case: Case, found: Called) -> tuple[str | None, str]:
    """Return the corrected program, where a built-in function tells what was meant, and what to do."""
    call, about = found.call, known(case)
    plain = "Take away what is too much, or add a parameter to the definition."
    if call is None or found.function is not None or not about or call.keywords:
        return None, plain if found.function else "Give it only what it takes: `help()` of it lists that."
    given = [looking.source(case, one) for one in call.args]
    everything = ", ".join(given)
    spans = [looking.span(case.code, one) for one in call.args]
    inside = (spans[0][0], spans[-1][1]) if spans else (0, 0)
    match found.name:
        case "input":
            text = " + ".join(_as_text(case, about[1], one) for one in call.args)
            return replaced(case, (inside, text)), f"Make one text of it: {shown(f'input({text})')}."
        case "append":
            text = f"{looking.source(case, call.func).removesuffix('append')}extend([{everything}])"
            return replaced(case, (call, text)), f"`append` adds one value; several are added with {shown(text)}."
        case "sum" | "len" | "sorted" | "list" | "tuple" | "set" if len(given) > 1:
            text = f"{looking.source(case, call.func)}([{everything}])"
            return replaced(case, (call, text)), f"Put the values into one list: {shown(text)}."
        case "add" if len(given) > 1:
            text = f"{looking.source(case, call.func).removesuffix('add')}update([{everything}])"
            return replaced(case, (call, text)), f"`add` adds one value; several are added with {shown(text)}."
    return None, "Give it only what it takes: `help()` of it lists that."


def _as_text(case: Case, kinds: Kinds, node: ast.expr) -> str:
    text = looking.source(case, node)
    return text if kinds.of(node) == "str" else f"str({text})"


RULES: dict[str, tuple[Rule, ...]] = {
    "TypeError": (
        missing_init,
        unexpected_keyword,
        on_the_class,
        missing_self_parameter,
        missing_argument,
        too_many_arguments,
    )
}
