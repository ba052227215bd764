"""Anew: whether a text defines, complete, what an exercise is to define, however differently from its solution.

Syntax trees are compared in one form, less what the learner has.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from textwrap import dedent

from functions.shared.guard.lexing import lexed
from functions.shared.guard.normalising import LONGEST, parsed, statements
from functions.shared.guard.programs import Program, Statement, texts_in
from functions.shared.guard.reading import blocks
from functions.shared.guard.streams import Reading

TELLING = 2.0
"""Strength of a definition's own statements from which it is a solution and no sketch."""
DEFINED_SHARE = 0.5
"""Of the solution's own strength, that a definition of the exercise's function needs to be another solution."""
MOST_DEFINITIONS = 12

_GAP = re.compile(
    r"#[^\n]*\b(?:your|you|todo|fill|missing|here|what|which|how|next)\b|_{3,}|\bNotImplementedError\b|\?{2,}",
    re.IGNORECASE,
)
_MARK = re.compile(
    r"^[ \t]*(?:\d{1,3}(?:[ \t]?[:|.)\]]|(?=\t| {2}))|[+>|#](?=[ \t]|$)|>>>|\.\.\.)[ ]?|^\+(?=\w)", re.MULTILINE
)
_BEGINS = re.compile(r"""["'`:(|>][ \t]*(?=(?:async )?(?:def|class) \w)""")


def writes_anew(now: Reading, wanted: Program, news: Sequence[Statement], attempts: Sequence[Program]) -> bool:
    """Whether a text holds a complete program of its own that does what the exercise is about."""
    had = frozenset(line for each in attempts for line in each.canonical)
    strength = sum(each.strength for each in news)
    enough = min(strength, max(TELLING, DEFINED_SHARE * strength))
    for text in now.texts:
        for source in _candidates(text, wanted):
            tree = None if _GAP.search(source) else parsed(source)
            if tree and _is_about(tree, wanted) and not _has_gap(tree):
                new = [line for line in statements(tree, canonical=True) if line not in had]
                if sum(lexed(line).strength for line in new if not line.startswith(("def ", "class "))) >= enough:
                    return True
    return False


def _candidates(text: str, wanted: Program) -> Iterator[str]:
    """Yield what may be a program for the exercise: definitions of its names or, where it has none, whole blocks."""
    if not wanted.defines:
        if wanted.texts and all(each in text for each in wanted.texts):
            yield from (block.code for block in blocks(text))
            yield from (text, _MARK.sub("", text))
        return
    for name in wanted.defines:
        if name in text:
            for source in dict.fromkeys((text, _MARK.sub("", text), _BEGINS.sub("\n", text))):
                yield from _definitions(source, name)


def _definitions(text: str, name: str) -> Iterator[str]:
    beginning = re.finditer(rf"^([ \t]*)(?:async )?(?:def|class) {re.escape(name)}\b.*$", text, re.MULTILINE)
    for found in islice(beginning, MOST_DEFINITIONS):
        lines = [found[0]]
        for line in text[found.end() + 1 : found.end() + LONGEST].split("\n"):
            if line.strip() and len(line) - len(line.lstrip()) <= len(found[1]):
                break
            lines.append(line)
        yield dedent("\n".join(lines))


def _is_about(tree: ast.Module, wanted: Program) -> bool:
    return bool(wanted.defines) or wanted.texts <= texts_in(tree)


def _has_gap(tree: ast.Module) -> bool:
    """Whether something is left to write."""
    return any(
        isinstance(node, ast.Pass) or (isinstance(node, ast.Constant) and node.value is ...) for node in ast.walk(tree)
    )
