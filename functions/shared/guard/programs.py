"""Programs: what makes a program known again: its statements, and how much each of them says."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from functions.shared.guard.lexing import NAME, STRING, Lexed, lexed
from functions.shared.guard.normalising import parsed, statements

BASE, PER_STRENGTH, STRONGEST = 0.4, 0.4, 4.0
"""What a statement weighs: something for being there, more for what it says, up to a bound: one long line alone is
not a program, and showing the condition of a loop is not showing the loop."""
ALONE = 2.0
"""How much an expression says that is known again without the `return`, the `if` or the name before it."""
REMEMBERED = 512
"""Programs; those of the curriculum and of those who learn just now."""


@dataclass(frozen=True)
class Statement:
    """A statement of a program in every form in which it is looked for."""

    forms: tuple[Lexed, ...]

    @cached_property
    def strength(self) -> float:
        """How much its tokens say."""
        return self.forms[0].strength

    @property
    def names(self) -> tuple[str, ...]:
        """Its names, and its texts with a quote before them."""
        whole = self.forms[0]
        marks = {NAME: "", STRING: '"'}
        return tuple(
            marks[token] + word for token, word in zip(whole.shape, whole.words, strict=True) if token in marks
        )

    @property
    def is_heading(self) -> bool:
        """Whether it is the first line of a function or a class."""
        return self.forms[0].shape[:1] in (_DEF, _CLASS)

    @property
    def weight(self) -> float:
        """Its share in what the program is."""
        return BASE + PER_STRENGTH * min(self.strength, STRONGEST)


@dataclass(frozen=True)
class Program:
    """A program that can be known again."""

    statements: tuple[Statement, ...]
    defines: frozenset[str]
    """The functions and classes that it defines at its top."""
    texts: frozenset[str]
    """The texts in it of more than a character."""
    canonical: frozenset[str]
    """Its statements in one form, with their names."""
    stream: Lexed
    """All of it as it was written."""

    @cached_property
    def forms(self) -> frozenset[Lexed]:
        """Every form of its statements."""
        return frozenset(form for statement in self.statements for form in statement.forms)


@lru_cache(maxsize=REMEMBERED)
def program(source: str) -> Program:
    """Return a program ready to be looked for; one that Python cannot read is looked for line by line."""
    tree = parsed(source)
    if tree is None:
        lines = (line.strip() for line in source.splitlines())
        return Program(_distinct([(line,) for line in lines if line]), *(frozenset[str](),) * 3, lexed(source))
    defined = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef))
    names, texts = frozenset(node.name for node in defined), texts_in(tree)
    written, canonical = statements(tree), statements(tree, canonical=True)
    ways = list(zip(written, canonical, strict=True)) if len(written) == len(canonical) else [(one,) for one in written]
    return Program(_distinct(ways), names, texts, frozenset(canonical), lexed(source))


def texts_in(tree: ast.AST) -> frozenset[str]:
    """Return the texts of more than a character that stand in a program."""
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return frozenset(value.strip() for value in constants if isinstance(value, str) and len(value.strip()) > 1)


def _distinct(written: Sequence[tuple[str, ...]]) -> tuple[Statement, ...]:
    found = {ways[0]: Statement(tuple(_forms(ways))) for ways in written}
    return tuple(statement for statement in found.values() if statement.forms)


def _forms(ways: tuple[str, ...]) -> Iterator[Lexed]:
    seen = set[str]()
    for way in ways:
        whole = lexed(way)
        for form in (whole, *_alone(whole)):
            if form.shape and form.shape not in seen:
                seen.add(form.shape)
                yield form


_RETURN, _IF, _PRINT, _DEF, _CLASS = (lexed(word).shape for word in ("return", "if", "print", "def", "class"))
_APPEND = lexed("[].append").shape[-1]
_ASSIGNMENTS = tuple(lexed(sign).shape for sign in ("=", "+=", "-=", "*=", "/="))


def _alone(whole: Lexed) -> Iterator[Lexed]:
    """Return the expression of a statement, where that says enough to be known by itself."""
    rest = whole
    if rest.shape[:1] in (_RETURN, _IF, _PRINT):
        rest = Lexed(whole.shape[1:], whole.words[1:])
    elif found := [whole.shape.index(sign) + 1 for sign in (*_ASSIGNMENTS, _APPEND) if sign in whole.shape]:
        rest = Lexed(whole.shape[min(found) :], whole.words[min(found) :])
    else:
        return
    if rest.strength >= ALONE:
        yield rest
