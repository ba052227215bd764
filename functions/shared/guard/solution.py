"""Leaks of solutions: whether a text gives away a program that the learner is to write.

Two likenesses are measured, and either is enough. By **statements**: what share of the solution's own statements
(those that the learner does not have already) stand in the text, each as a row of tokens with names made alike, their
order left open, the names that stand for one another the same all through. It is fingerprinting as in Schleimer,
Wilkerson and Aiken, "Winnowing: Local Algorithms for Document Fingerprinting" (SIGMOD 2003), with statements for
k-grams and nothing thinned out, since solutions are short. By **definition**: whether the text defines, complete, what
the exercise is to define, however differently: comparing syntax trees in one form, less what the learner has.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from textwrap import dedent

from functions.shared.guard.lexing import NAME, STRING, Lexed, lexed
from functions.shared.guard.normalising import LONGEST, parsed, statements
from functions.shared.guard.programs import Program, Statement, program, texts_in
from functions.shared.guard.reading import blocks
from functions.shared.guard.saying import in_python
from functions.shared.guard.unmasking import views

LEAK_SHARE = 0.8
"""Of the weight of a solution's own statements. Lessons on its topic, their programs not taken for given, show up to
0.78 of one that they do not contain."""
SHARE_OVER_TURNS = 0.6
"""The same for what is said over several turns: whoever asks for the next line again and again has had most of it."""
ENOUGH = 4.0
"""Strength of the statements found. A solution with less of its own is a line or two, known by its own names alone."""
TELLING = 2.0
"""Strength of a definition's own statements from which it is a solution and no sketch."""
WHOLE = 3.0
"""Strength of a program that is known again as a whole with any names: those with less are idioms that lessons teach, a
function that awaits, a decorator that adds to what it wraps."""
TOLD = 0.5
"""Strength of the statements with names, where a solution has little of its own: `try` and `finally` tell nothing."""
DEFINED_SHARE = 0.5
"""Of the solution's own strength, that a definition of the exercise's function needs to be another solution."""
MOST_PLACES = 12
"""Places where a statement is found that are compared, and names that are tried."""

_GAP = re.compile(
    r"#[^\n]*\b(?:your|you|todo|fill|missing|here|what|which|how|next)\b|_{3,}|\bNotImplementedError\b|\?{2,}",
    re.IGNORECASE,
)
_MARK = re.compile(
    r"^[ \t]*(?:\d{1,3}(?:[ \t]?[:|.)\]]|(?=\t| {2}))|[+>|#](?=[ \t]|$)|>>>|\.\.\.)[ ]?|^\+(?=\w)", re.MULTILINE
)
_NEXT_TEXT = re.compile(r"""["'],\s{0,3}["']""")
_SAID = re.compile(r"""(?<=[\s:(\[])["'](\S[^\n]{3,200}?)["'](?=\s+[a-z]|[.!?)]|$)""", re.MULTILINE)
"""Texts in a row, and what is quoted within prose: lines of a program may be hidden in either."""
_BEGINS = re.compile(r"""["'`:(|>][ \t]*(?=(?:async )?(?:def|class) \w)""")
_BETWEEN = "\0"
_ROUNDING = 1e-9

Names = Mapping[str, str]
"""Which name of a text stands for which name of a solution; texts in quotes count as names."""


@dataclass(frozen=True)
class Reading:
    """Texts, ready to have statements looked for in them."""

    texts: tuple[str, ...]

    @cached_property
    def stream(self) -> Lexed:
        """Every text as it is, as Python would say it, and its programs in one form: one after the other."""
        streams = [stream for text in self.texts for stream in _streams(text)]
        words = (word for stream in streams for word in (*stream.words, _BETWEEN))
        return Lexed("".join(f"{stream.shape}{_BETWEEN}" for stream in streams), tuple(words))


@lru_cache(maxsize=64)
def _streams(text: str) -> tuple[Lexed, ...]:
    trees = [tree for block in blocks(text) if (tree := parsed(block.code))]
    trees += [tree] if "\n" in text and (tree := parsed(text)) else []
    canonical = "\n".join(line for tree in trees for line in statements(tree, canonical=True))
    parted, bare = _NEXT_TEXT.sub("\n", text), _SAID.sub(r"\n\1\n", text)
    ways = (text, in_python(text), canonical, parted, bare)
    return tuple(lexed(way) for way in dict.fromkeys(ways) if way)


@lru_cache(maxsize=64)
def read(texts: tuple[str, ...]) -> Reading:
    """Return texts as they are looked through, whatever was done to hide something in them."""
    return Reading(tuple(dict.fromkeys(view for text in texts for view in views(text))))


def gives_away(now: Reading, before: Reading, solution: str, given: Sequence[str]) -> bool:
    """Return whether texts said now, with those said before, hand over a solution to a learner who has what is given.

    What is said now must hold some of it: what was said before cannot be taken back.
    """
    wanted, has = program(solution), tuple(map(program, given))
    attempts = tuple(each for each in has if _is_attempt(each, wanted))
    news = _news(wanted, attempts)
    if not news:
        return False
    had = frozenset(form for each in has for form in each.forms)
    own = tuple(each for each in news if each.forms[0] not in had)

    def looked_for(statement: Statement, where: Reading) -> tuple[Names, ...]:
        return _places(statement, where.stream, had if statement in own else frozenset())

    found = {each: looked_for(each, now) for each in wanted.statements}
    if any(found[statement] for statement in news):
        ever = found if not before.texts else {each: (*found[each], *looked_for(each, before)) for each in found}
        shows = _shows(own, found, LEAK_SHARE) or (before.texts and _shows(own, ever, SHARE_OVER_TURNS))
        names = frozenset(
            name for each in (wanted, *attempts) for statement in each.statements for name in statement.names
        )
        theirs = {one: tuple(each for each in ever[one] if names.issuperset(each.values())) for one in ever}
        if shows or _shows_the_little(own, theirs) or _shows_all(wanted, ever, theirs):
            return True
    return _writes_anew(now, wanted, news, attempts)


def _is_attempt(each: Program, wanted: Program) -> bool:
    """Whether a program is an attempt at the exercise: it defines the same or, where nothing is to be defined, is much
    the same."""
    if wanted.defines or each.defines:
        return bool(each.defines & wanted.defines)
    shapes = {form.shape for form in each.forms}
    return 2 * sum(statement.forms[0].shape in shapes for statement in wanted.statements) >= len(wanted.statements)


def _news(wanted: Program, attempts: Sequence[Program]) -> tuple[Statement, ...]:
    """Return the statements of a solution that are in no attempt, be it with other names."""
    had = set[Statement]()
    for each in attempts:
        places = {statement: _places(statement, each.stream, frozenset()) for statement in wanted.statements}
        alike = {one: tuple(names for names in found if _same_texts(names)) for one, found in places.items()}
        had.update(_together(wanted.statements, alike))
    return tuple(each for each in wanted.statements if each not in had)


def _same_texts(names: Names) -> bool:
    return all(word == name for name, word in names.items() if name.startswith(_QUOTED))


def _places(statement: Statement, stream: Lexed, had: frozenset[Lexed]) -> tuple[Names, ...]:
    """Return where a statement stands in a text, each time as the names that stand for its names."""
    found: dict[tuple[tuple[str, str], ...], Names] = {}
    for form in statement.forms:
        place = stream.shape.find(form.shape)
        while place >= 0 and len(found) < MOST_PLACES:
            there = Lexed(form.shape, stream.words[place : place + len(form.shape)])
            names = _standing_for(form, there)
            if names is not None and there not in had:
                found.setdefault(tuple(sorted(names.items())), names)
            place = stream.shape.find(form.shape, place + 1)
    return tuple(found.values())


def _standing_for(form: Lexed, there: Lexed) -> Names | None:
    """Return which names stand for a statement's names; None where one would stand for two, or two for one."""
    names: dict[str, str] = {}
    for token, wanted, word in zip(form.shape, form.words, there.words, strict=True):
        mark = _QUOTED if token == STRING else ""
        if token in _LOOSE and names.setdefault(mark + wanted, mark + word) != mark + word:
            return None
    return names if len(set(names.values())) == len(names) else None


_LOOSE, _QUOTED = frozenset((NAME, STRING)), '"'


def _shows(own: Sequence[Statement], found: Mapping[Statement, tuple[Names, ...]], share: float) -> bool:
    """Whether most of what is news is shown, one name standing for the same all through."""
    shown = _together(own, found)
    enough = sum(each.strength for each in shown) >= ENOUGH
    return enough and _weight(shown) >= share * _weight(own) - _ROUNDING


def _shows_the_little(own: Sequence[Statement], theirs: Mapping[Statement, tuple[Names, ...]]) -> bool:
    """Whether the little that is news is shown with names of the exercise or of the learner: it is no general idiom."""
    if sum(each.strength for each in own) >= ENOUGH:
        return False
    named = [each for each in own if any(theirs[each])]
    told = sum(each.strength for each in named) >= TOLD
    return told and all({} in theirs[each] for each in own if each not in named)


def _shows_all(
    wanted: Program,
    found: Mapping[Statement, tuple[Names, ...]],
    theirs: Mapping[Statement, tuple[Names, ...]],
) -> bool:
    """Whether the whole program is shown, be it with other names if it is more than an idiom."""
    is_idiom = sum(each.strength for each in wanted.statements) < WHOLE
    shown = theirs if is_idiom else found
    return len(_together(wanted.statements, shown)) == len(wanted.statements)


def _weight(shown: Iterable[Statement]) -> float:
    return sum(each.weight for each in shown)


def _together(wanted: Sequence[Statement], found: Mapping[Statement, tuple[Names, ...]]) -> tuple[Statement, ...]:
    """Return the heaviest of the statements shown whose names agree."""
    heaviest = sorted(wanted, key=lambda each: -each.weight)
    seeds = [names for each in heaviest for names in found[each]][:MOST_PLACES]
    tries = (_agreeing(heaviest, found, seed) for seed in ({}, *seeds))
    return max(tries, key=_weight, default=())


def _agreeing(
    wanted: Sequence[Statement], found: Mapping[Statement, tuple[Names, ...]], seed: Names
) -> tuple[Statement, ...]:
    known, shown = dict(seed), []
    for each in wanted:
        fitting = [names for names in found[each] if _agree(known, names)]
        if fitting:
            known |= max(fitting, key=lambda names: len(names.keys() & known.keys()))
            shown.append(each)
    return tuple(shown)


def _agree(known: Names, more: Names) -> bool:
    taken = set(known.values())
    return all(known[name] == word if name in known else word not in taken for name, word in more.items())


def _writes_anew(now: Reading, wanted: Program, news: Sequence[Statement], attempts: Sequence[Program]) -> bool:
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
    for found in islice(beginning, MOST_PLACES):
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
