"""Leaks of solutions: whether a text gives away a program that the learner is to write.

Three likenesses are measured, and any is enough. By **statements**: what share of the solution's own statements
(those that the learner does not have already) stand in the text, each as a row of tokens with names made alike, their
order left open, the names that stand for one another the same all through. It is fingerprinting as in Schleimer,
Wilkerson and Aiken, "Winnowing: Local Algorithms for Document Fingerprinting" (SIGMOD 2003), with statements for
k-grams and nothing thinned out, since solutions are short. By **names**: the same with the exercise's own names, of
which a smaller share is enough. By **definition**: whether the text defines, complete, what the exercise is to define.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from functions.shared.guard.agreeing import Found, Names, places, same, same_texts, strength, together, weight
from functions.shared.guard.anew import writes_anew
from functions.shared.guard.compiled import takes_apart
from functions.shared.guard.lexing import Lexed
from functions.shared.guard.programs import Program, Statement, program
from functions.shared.guard.streams import Reading

LEAK_SHARE = 0.8
"""Of the weight of a solution's own statements. Lessons on its topic, their programs not taken for given, show up to
0.78 of one that they do not contain."""
SHARE_OVER_TURNS = 0.6
"""The same for what is said over several turns: whoever asks for the next line again and again has had most of it."""
NAMED_SHARE = 0.5
"""The same with the solution's own names: what is good to say has up to 0.41 of it."""
ENOUGH = 4.0
"""Strength of the statements found. A solution with less of its own is a line or two, known by its own names alone."""
WHOLE = 3.0
"""Strength of a program that is known again as a whole with any names: those with less are idioms that lessons teach, a
function that awaits, a decorator that adds to what it wraps."""
TOLD = 0.5
"""Strength of the statements with names, where a solution has little of its own: `try` and `finally` tell nothing."""
REMEMBERED = 128
"""Solutions with what their learners have: one answer is looked through more than once."""
_ROUNDING = 1e-9


def gives_away(now: Reading, before: Reading, solution: str, given: Sequence[str]) -> bool:
    """Return whether texts said now, with those said before, hand over a solution to a learner who has what is given.

    What is said now must hold some of it: what was said before cannot be taken back.
    """
    wanted = _wanted(solution, tuple(given))
    if not wanted.news:
        return False
    return (
        _Shown(wanted, now, before).is_enough
        or writes_anew(now, wanted.program, wanted.news, wanted.attempts)
        or takes_apart(now.texts, solution)
    )


@dataclass(frozen=True)
class _Wanted:
    """A solution, as it is looked for on behalf of one learner."""

    program: Program
    attempts: tuple[Program, ...]
    """The learner's own programs for the exercise, its starter among them."""
    news: tuple[Statement, ...]
    """The solution's statements that are in no attempt."""
    own: tuple[Statement, ...]
    """Those of them that the learner has in no program at all: what is to be found out."""
    had: frozenset[Lexed]
    """All that is in any program of the learner's."""

    @cached_property
    def whole(self) -> tuple[Statement, ...]:
        """All statements but the headings that the learner has."""
        return tuple(each for each in self.program.statements if each in self.news or not each.is_heading)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names in the solution and in the attempts."""
        programs = (self.program, *self.attempts)
        return frozenset(name for each in programs for statement in each.statements for name in statement.names)


@lru_cache(maxsize=REMEMBERED)
def _wanted(solution: str, given: tuple[str, ...]) -> _Wanted:
    wanted, has = program(solution), tuple(map(program, given))
    attempts = tuple(each for each in has if _is_attempt(each, wanted))
    news = _news(wanted, attempts)
    had = frozenset(form for each in has for form in each.forms)
    return _Wanted(wanted, attempts, news, tuple(each for each in news if each.forms[0] not in had), had)


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
        found = {one: tuple(filter(same_texts, places(one, each.stream))) for one in wanted.statements}
        had.update(together(wanted.statements, found))
    return tuple(each for each in wanted.statements if each not in had)


@dataclass(frozen=True)
class _Shown:
    """What texts show of a solution."""

    wanted: _Wanted
    now: Reading
    before: Reading

    @property
    def is_enough(self) -> bool:
        """Whether it is as good as the solution."""
        if not any(self.at_once[each] for each in self.wanted.whole):
            return False
        if self._is_all(self.wanted.program.statements) or self._is_all(self.wanted.whole):
            return True
        own = self.wanted.own
        return any(self.at_once[each] for each in self.wanted.news) and (
            self._is_most(own, self.at_once, LEAK_SHARE)
            or bool(self.before.texts and self._is_most(own, self.ever, SHARE_OVER_TURNS))
            or self._is_named()
            or self._is_the_little()
            or self._is_all_but_a_number()
        )

    @cached_property
    def at_once(self) -> Found:
        """What is said now."""
        return {each: self._places(each, self.now) for each in self.wanted.program.statements}

    @cached_property
    def ever(self) -> Found:
        """What is said now and was before."""
        if not self.before.texts:
            return self.at_once
        return {each: (*found, *self._places(each, self.before)) for each, found in self.at_once.items()}

    @cached_property
    def theirs(self) -> Found:
        """What is said with names of the exercise or of the learner."""
        known = self.wanted.names
        return {
            one: tuple(each for each in found if known.issuperset(each.values())) for one, found in self.ever.items()
        }

    def _places(self, statement: Statement, where: Reading) -> tuple[Names, ...]:
        return places(statement, where.stream, self.wanted.had if statement in self.wanted.own else frozenset())

    @staticmethod
    def _is_most(own: Sequence[Statement], found: Found, share: float) -> bool:
        """Whether it is most of what is to be found out, one name standing for the same all through."""
        shown = together(own, found)
        return strength(shown) >= ENOUGH and weight(shown) >= share * weight(own) - _ROUNDING

    def _is_named(self) -> bool:
        """Whether it is a good part of what is to be found out, several statements with the solution's own names."""
        shown = [each for each in self.wanted.own if any(map(same, self.ever[each]))]
        return len(shown) > 1 and weight(shown) >= NAMED_SHARE * weight(self.wanted.own) - _ROUNDING

    def _is_the_little(self) -> bool:
        """Whether the little that is to be found out is said with names of the exercise or of the learner: it is no
        general idiom."""
        if strength(self.wanted.own) >= ENOUGH:
            return False
        named = [each for each in self.wanted.own if any(self.theirs[each])]
        return strength(named) >= TOLD and all({} in self.theirs[each] for each in self.wanted.own if each not in named)

    def _is_all(self, statements: Sequence[Statement]) -> bool:
        """Whether it is the whole program, be it with other names if that is more than an idiom."""
        found = self.theirs if strength(statements) < WHOLE else self.ever
        return all(found[each] for each in statements) and len(together(statements, found)) == len(statements)

    def _is_all_but_a_number(self) -> bool:
        """Whether it is the whole program said at once, with any names but the same texts, for a task that differs by
        one number."""
        whole = self.wanted.whole
        if strength(whole) < ENOUGH:
            return False
        found: dict[Statement, tuple[Names, ...]] = {}
        for each in whole:
            found[each] = tuple(filter(same_texts, places(each, self.now.stream, any_numbers=True)))
            if not found[each]:
                return False
        return len(together(whole, found)) == len(whole)
