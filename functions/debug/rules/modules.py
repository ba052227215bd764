"""Modules: names that are looked for in a module, but are not in it."""

from __future__ import annotations

import ast
import re
import sys
from functools import cache
from importlib import import_module

from functions.debug.model import Case, Finding
from functions.debug.rules import looking
from functions.debug.rules.accessed import Accessed, accessed
from functions.debug.rules.mending import imported, renamed, replaced
from functions.debug.rules.origins import FROM
from functions.debug.rules.phrases import beginning, shown
from functions.debug.rules.reporting import known, message, tell

_KNOWN = frozenset({
    "math", "random", "time", "datetime", "string", "json", "statistics", "itertools", "functools", "collections",
    "copy", "re", "os", "sys", "operator", "decimal", "fractions", "heapq", "bisect", "calendar", "textwrap", "os.path",
    "csv", "pprint", "enum", "dataclasses", "typing", "cmath", "secrets", "pathlib", "io", "types", "uuid", "platform",
})  # fmt: skip
"""Modules whose names are known by looking into them, which does nothing else."""
_TURTLE = (
    "forward backward left right goto setpos setx sety setheading home circle dot stamp speed position pendown penup"
    " pensize width color pencolor fillcolor begin_fill end_fill hideturtle showturtle shape bgcolor done mainloop"
    " exitonclick Turtle Screen write reset clear towards distance title tracer update colormode onkey listen ontimer"
)
OTHERWISE = {
    ("math", "squareroot"): "sqrt", ("math", "square_root"): "sqrt", ("math", "root"): "sqrt", ("math", "power"): "pow",
    ("math", "absolute"): "fabs", ("math", "ln"): "log", ("math", "rad"): "radians", ("math", "fact"): "factorial",
    ("math", "ceiling"): "ceil", ("math", "PI"): "pi", ("math", "random"): "random.random",
    ("random", "rand"): "random", ("random", "random_int"): "randint", ("random", "int"): "randint",
    ("random", "integer"): "randint", ("random", "randInt"): "randint", ("random", "randomint"): "randint",
    ("random", "range"): "randrange", ("random", "pick"): "choice", ("random", "select"): "choice",
    ("random", "mix"): "shuffle", ("time", "clock"): "perf_counter", ("time", "wait"): "sleep",
    ("time", "delay"): "sleep", ("time", "now"): "time", ("string", "letters"): "ascii_letters",
    ("string", "lowercase"): "ascii_lowercase", ("string", "uppercase"): "ascii_uppercase",
    ("string", "alphabet"): "ascii_lowercase", ("json", "parse"): "loads", ("json", "stringify"): "dumps",
    ("statistics", "average"): "mean", ("statistics", "std"): "stdev", ("sys", "arg"): "argv", ("sys", "args"): "argv",
}  # fmt: skip
"""Names that are looked for in a module, and what it calls them."""
_OF_DATETIME = ("now", "today", "strptime", "fromisoformat", "fromtimestamp", "utcnow", "combine")


@cache
def names_of(module: str) -> frozenset[str]:
    """Return the public names in a module, where they are known."""
    if module == "turtle":
        return frozenset(_TURTLE.split())
    return frozenset(name for name in dir(import_module(module)) if name[0] != "_") if module in _KNOWN else frozenset()


def shadowed_module(case: Case) -> Finding | None:
    """A file of the learner's own has the name of a module."""
    found = accessed(case)
    if not found or found.what != "module":
        return None
    said, standard = message(case), found.kind.split(".")[0] in sys.stdlib_module_names
    renaming = re.search(r"consider renaming '([^']+)'", said)
    partly = "partially initialized" in said
    file = re.split(r"[\\/]", case.error.file or "")[-1] if case.error else ""
    same = file == f"{found.kind}.py"
    if not (renaming or same or (partly and standard) or (standard and found.name in names_of(found.kind))):
        return None
    mine = re.split(r"[\\/]", renaming[1])[-1] if renaming else f"{found.kind}.py"
    return tell(
        case,
        "shadowed_module",
        found.node,
        (
            f"{_line(case, found)} {shown(found.kind)} is not Python's own module: Python has found a file called "
            f"{shown(mine)} in your folder and taken that one.",
            f"What is your own file called? And is there another {shown(mine)} beside it?",
            f"Rename your file {shown(mine)} to something else, and run it again.",
        ),
    )


def _line(case: Case, found: Accessed) -> str:
    return beginning(looking.place(case) or getattr(found.node, "lineno", None))


def circular(case: Case) -> Finding | None:
    """Two files of the learner's own that import each other."""
    found = accessed(case)
    if not found or found.what != "module" or "partially initialized" not in message(case):
        return None
    return tell(
        case,
        "circular_import",
        found.node,
        (
            f"{_line(case, found)} the module {shown(found.kind)} is not read to its end yet, because it imports your "
            f"program, which imports it in turn. So it has no {shown(found.name)} yet.",
            f"Which files does {shown(found.kind)} import, and which of them import {shown(found.kind)}?",
            "Put what both files need into a third one, and import that one in both.",
        ),
    )


def taken_out_of_it(case: Case) -> Finding | None:
    """`from datetime import datetime` and then `datetime.datetime(…)`: the name is no longer that of the module."""
    found, about = accessed(case), known(case)
    node = found.node if found else None
    if not found or not about or node is None or not isinstance(node.value, ast.Name) or case.tree is None:
        return None
    name = node.value.id
    bindings = about[0].of_name(name, node)
    taken = [about[0].parent.get(one.node) for one in bindings if one.how == "import"]
    out_of = next((one for one in taken if isinstance(one, ast.ImportFrom) and one.module == name), None)
    if out_of is None or len(bindings) != 1 or not (found.name == name or found.name in names_of(name)):
        return None
    uses = [one for one in looking.nodes(case, ast.Name) if one.id == name]
    alone = len(out_of.names) == 1 and all(isinstance(about[0].parent.get(one), ast.Attribute) for one in uses)
    line = f"from {name} import {name}"
    if found.name == name:
        fixed, todo = replaced(case, (node, name)), f"Write {shown(name)} instead of {shown(f'{name}.{name}')}."
    else:
        fixed = replaced(case, (out_of, f"import {name}")) if alone else None
        todo = f"Write {shown(f'import {name}')} instead of {shown(line)}."
    return tell(
        case,
        "module_has_no_attribute",
        node,
        (
            f"{_line(case, found)} {shown(name)} is not the module: {shown(line)} has taken only {shown(name)} out "
            f"of the module of that name, and this has no {shown(found.name)}.",
            f"Look at the import of {shown(name)}. What does the name stand for after it?",
            todo,
        ),
        fixed,
    )


def module_has_no_attribute(case: Case) -> Finding | None:
    """A name that its module does not have."""
    found = accessed(case)
    if not found or found.what != "module":
        return None
    meant, fixed = _meant(case, found)
    module, name = shown(found.kind), shown(found.name)
    todo = f"Write {shown(meant)} instead." if meant else f"Look up what {module} offers: `help()` of it lists it."
    return tell(
        case,
        "module_has_no_attribute",
        found.node,
        (
            f"{_line(case, found)} the module {module} is asked for {name}, but it has nothing of that name.",
            f"How is {name} written in the documentation of {module}? Is it in this module at all?",
            todo,
        ),
        fixed,
    )


def _meant(case: Case, found: Accessed) -> tuple[str | None, str | None]:
    """Return what has to be written instead, and the program with it."""
    name, kind, node = found.name, found.kind, found.node
    owner = looking.source(case, node.value) if node is not None else kind
    if kind == "datetime" and name in _OF_DATETIME:
        full = f"{owner}.datetime.{name}"
        return full, replaced(case, (node, full)) if node is not None else None
    if name in looking.BUILTINS and node is not None and name not in ("open", "pow"):
        return name, replaced(case, (node, name))
    meant = OTHERWISE.get((kind, name)) or looking.close(name, names_of(kind)) or found.suggested
    elsewhere = FROM.get(name)
    if elsewhere and elsewhere != kind and (not meant or name in names_of(elsewhere)):
        return f"{elsewhere}.{name}", _in_other_module(case, found, elsewhere)
    if meant and "." in meant:
        return meant, _in_other_module(case, found, meant.split(".")[0])
    if meant:
        return f"{owner}.{meant}", _everywhere(case, found, meant)
    return None, None


def _in_other_module(case: Case, found: Accessed, module: str) -> str | None:
    about = known(case)
    if found.node is None or not about or case.tree is None:
        return None
    full = f"{module}.{found.name}"
    if module in about[0].visible(found.node):
        return replaced(case, (found.node, full))
    mended = replaced(case, (found.node, full))
    return imported(Case(mended), f"import {module}") if mended else None


def _everywhere(case: Case, found: Accessed, meant: str) -> str | None:
    """Write the name as it is in the module, wherever the module is asked for it."""
    if found.node is None:
        return None
    owner = looking.source(case, found.node.value)
    alike = [node for node in looking.nodes(case, ast.Attribute) if node.attr == found.name]
    return renamed(case, *(node for node in alike if looking.source(case, node.value) == owner), to=meant)
