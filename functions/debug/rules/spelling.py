"""Spelling: names that are nearly the same as one that exists, but for a letter or for capital letters."""

from __future__ import annotations

import ast
from dataclasses import replace

from functions.debug.model import Case, Finding
from functions.debug.rules import looking
from functions.debug.rules.mending import Change, renamed, replaced
from functions.debug.rules.origins import (
    FOREIGN_CALLS,
    FOREIGN_VALUES,
    FROM,
    KEYWORDS_ALONE,
    PLAIN_WORDS,
)
from functions.debug.rules.phrases import at, beginning, shown
from functions.debug.rules.scoping import Binding
from functions.debug.rules.undefined import Missing, missing, never_bound, statement, uses

_SURELY_CLOSE = 0.9
_PLAINLY = 0.8


def wrong_case(case: Case) -> Finding | None:
    """The name exists, but is written with other upper and lower case letters."""
    found = missing(case)
    if not found:
        return None
    folded = found.name.casefold()
    here = (*found.known(), *looking.BUILTINS)
    meant = next((name for name in here if name.casefold() == folded and name != found.name), None)
    if found.suggested and found.suggested.casefold() == folded:
        meant = meant or found.suggested
    if not meant:
        return None
    return Finding(
        "wrong_case_name",
        found.line,
        found.name,
        f"{beginning(found.line)} you use {shown(found.name)}, but Python only knows {shown(meant)}. Capital and small "
        "letters make different names.",
        f"Compare {shown(found.name)}{at(found.line)} letter by letter with how the name is written elsewhere.",
        f"Write {shown(meant)} instead of {shown(found.name)}.",
        _rewritten(case, found, meant),
    )


def misspelt_keyword(case: Case) -> Finding | None:
    """`brake` or `contineu` as a statement by itself."""
    found = missing(case)
    if not found or not isinstance(found.parent, ast.Expr):
        return None
    meant = looking.close(found.name, KEYWORDS_ALONE) or {"brake": "break", "next": "continue"}.get(found.name)
    if not meant or (meant in ("break", "continue") and not _in_loop(found)):
        return None
    return Finding(
        "misspelt_keyword",
        found.line,
        found.name,
        f"{beginning(found.line)} {shown(found.name)} is no word of Python's, so it is taken for a name.",
        f"Which word did you want to write{at(found.line)}? Look at its letters.",
        f"Write {shown(meant)} instead of {shown(found.name)}.",
        renamed(case, *uses(found), to=meant),
    )


def _in_loop(found: Missing) -> bool:
    inner: ast.AST | None = found.node
    while inner is not None and not isinstance(inner, ast.For | ast.While | ast.AsyncFor):
        inner = found.scopes.parent.get(inner) if found.scopes else None
    return inner is not None


def misspelt(case: Case) -> Finding | None:
    """A name that is nearly the same as one that exists."""
    found = missing(case)
    if not found:
        return None
    meant, built_in = _meant(found)
    if not meant:
        return None
    own = [one for one in found.elsewhere if one.how != "parameter"]
    if own and looking.likeness(found.name, meant) < _SURELY_CLOSE:
        return None
    known = "Python's own name is" if built_in else "the name that exists is"
    return Finding(
        "misspelt_builtin" if built_in else "misspelt_name",
        found.line,
        found.name,
        f"{beginning(found.line)} you use {shown(found.name)}, which nothing is called so far; {known} {shown(meant)}.",
        f"Read {shown(found.name)}{at(found.line)} slowly, letter by letter. Where did you write it in another way?",
        f"Write {shown(meant)} instead of {shown(found.name)}.",
        _rewritten(case, found, meant),
    )


def _rewritten(case: Case, found: Missing, meant: str) -> str | None:
    """Return the program with the right name, and with those of other names that are misspelt as plainly."""
    if not found.scopes:
        return None
    changes: list[Change] = [(node, meant) for node in uses(found)]
    everything = any(alias.name == "*" for alias in looking.nodes(case, ast.alias))
    for node in never_bound(found.scopes) if not everything else ():
        if node.id != found.name:
            outer = found.scopes.parent.get(node)
            other = replace(found, name=node.id, suggested=None, line=node.lineno, node=node, parent=outer)
            right, _ = _meant(other)
            sure = right is not None and looking.likeness(node.id, right) >= _PLAINLY and node.id not in FROM
            changes += [(node, right)] if right is not None and sure else []
    return replaced(case, *changes)


def _meant(found: Missing) -> tuple[str | None, bool]:
    """Return the name that was most likely meant, the program's own before Python's, and whether it is Python's."""
    known = {name: one for name, one in found.known().items() if _helps(one, found)}
    mine, python = looking.close(found.name, known), looking.close(found.name, _python_words(found))
    foreign = FOREIGN_VALUES.get(found.name)
    if found.called or (found.node is None and found.name not in PLAIN_WORDS):
        foreign = foreign or FOREIGN_CALLS.get(found.name)
    if mine and looking.likeness(found.name, mine) >= looking.likeness(found.name, python or "") - 0.05 * found.called:
        return mine, False
    if python or foreign:
        return foreign or python, True
    if found.suggested and "." not in found.suggested and found.suggested not in looking.BUILTINS:
        return found.suggested, False
    return mine, False


def _python_words(found: Missing) -> list[str]:
    """Return the built-in names that may be meant: a function's only where one is called or handed over."""
    name, outer = found.name, found.parent
    if found.node is None:
        sure = len(name) >= 5
        return [word for word in looking.BUILTINS if sure and word[0] == name[0] and looking.one_step(name, word)]
    if "_" in (name[0], name[-1]):
        return list(looking.BUILTINS)
    handed = isinstance(outer, ast.keyword) or (
        isinstance(outer, ast.Call) and getattr(outer.func, "id", "") in ("map", "filter", "isinstance")
    )
    raised = isinstance(outer, ast.Raise | ast.ExceptHandler) or (found.called and name[0].isupper())
    words = [word for word in looking.BUILTINS if not word.startswith("_")]
    if not (found.called or handed or raised):
        return ["True", "False", "None"]
    return [word for word in words if raised or not word[0].isupper()]


def _helps(binding: Binding, found: Missing) -> bool:
    """Tell whether a binding is one of a name that the place may have meant: not the statement that it is in itself."""
    if binding.how in ("import", "function", "class", "parameter", "loop") or not found.scopes or not found.node:
        return True
    return statement(found.scopes, found.node) is not binding.node
