"""Diagnosis: what is wrong with a program, by the first rule that knows.

A family of rules is a module of `functions.debug.rules` with `RULES`, which maps an error's type to its rules, the most
specific first; `"*"` stands for every type. Only the families that an error needs are imported.
"""

from __future__ import annotations

import ast
import pkgutil
import tomllib
import warnings
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib import import_module
from importlib.resources import files

from functions.debug import rules
from functions.debug.model import Case, Cause, Finding, Rule

_FAMILIES: dict[str, tuple[str, ...]] = {
    "SyntaxError": ("syntax",),
    "IndentationError": ("syntax",),
    "TabError": ("syntax",),
    "NameError": ("names",),
    "UnboundLocalError": ("names",),
    "TypeError": ("coroutines", "types"),
    "AttributeError": ("coroutines", "attributes"),
    "ValueError": ("coroutines", "values", "files"),
    "IndexError": ("sequences",),
    "KeyError": ("keys",),
    "ImportError": ("imports",),
    "ModuleNotFoundError": ("imports",),
    "OSError": ("files",),
    "FileNotFoundError": ("files",),
    "FileExistsError": ("files",),
    "IsADirectoryError": ("files",),
    "NotADirectoryError": ("files",),
    "PermissionError": ("files",),
    "UnicodeDecodeError": ("files",),
    "UnicodeEncodeError": ("files",),
    "UnicodeError": ("files",),
    "EOFError": ("files",),
    "JSONDecodeError": ("files",),
    "UnsupportedOperation": ("files",),
    "RecursionError": ("limits",),
    "MemoryError": ("limits",),
    "OverflowError": ("limits",),
    "TimeoutError": ("limits",),
    "TimeoutExpired": ("limits",),
    "KeyboardInterrupt": ("limits",),
    "RuntimeError": ("coroutines",),
    "RuntimeWarning": ("coroutines",),
}
"""The families that know an error's type, besides those that every error is shown to."""
_BEFORE, _AFTER = ("purpose",), ("others",)

_LAST_RESORT = Finding(
    "other_error",
    explanation="Your program stopped with an error that I know little about.",
    pointer="The last line of the error message says what Python did not like, "
    "and the line number above it says where.",
    solution="Print the values that are used in that line just before it, and compare them with what you expect.",
)


def diagnose(case: Case) -> Finding | None:
    """Say what is wrong; None where there is no error and nothing else to be seen."""
    if case.error is None:
        return _without_error(case)
    for rule in _rules(case.error.type):
        if found := _ask(rule, case):
            return _readable(found, case)
    return replace(_LAST_RESORT, line=case.error.line)


def cause(id: str) -> Cause:
    """Return what is the same for everybody who meets a cause. KeyError for one that is not known."""
    return causes()[id]


@cache
def causes() -> dict[str, Cause]:
    """Return every cause there is by its id, as the data files beside the rules tell of it."""
    tables = (file for file in files(rules).iterdir() if file.name.endswith(".toml"))
    return {
        id: Cause(id, **{**texts, "topic": texts.get("topic"), "tips": tuple(texts.get("tips", ()))})
        for table in tables
        for id, texts in tomllib.loads(table.read_text(encoding="utf-8")).items()
    }


def _without_error(case: Case) -> Finding | None:
    """Look for what Python would say before it runs the program, then for what it would never say."""
    from functions.debug.reading import predict_syntax_error
    from functions.debug.rules.slips import slips

    if error := predict_syntax_error(case.code):
        return diagnose(replace(case, error=error))
    try:
        found = slips(case)
    except Exception:  # as for any rule
        return None
    return _readable(found[0], case) if found else None


def _rules(type: str) -> Iterator[Rule]:
    for family in (*_BEFORE, *_FAMILIES.get(type, ()), *_AFTER):
        for name in _modules():
            if name == family or name.startswith(f"{family}_"):
                known = import_module(f"{rules.__name__}.{name}").RULES
                yield from (*known.get(type, ()), *known.get("*", ()))


@cache
def _modules() -> tuple[str, ...]:
    return tuple(sorted(module.name for module in pkgutil.iter_modules(rules.__path__)))


def _ask(rule: Rule, case: Case) -> Finding | None:
    """Return what a rule found. One that stumbles over a strange program has found nothing."""
    try:
        return rule(case)
    except Exception:
        return None


def _readable(found: Finding, case: Case) -> Finding:
    """Return the finding without a correction that is none: one that changes nothing, or that Python cannot read."""
    if found.fixed is None:
        return found
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(found.fixed)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return replace(found, fixed=None)
    return found if found.fixed != case.code else replace(found, fixed=None)
