"""What a review is: a mark, a word of what is good, and the few suggestions that are most useful now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Category = Literal[
    "time", "naming", "structure", "docstrings", "dead_code", "style", "bug_risk", "readability"
]  # fmt: skip
Rank = Literal["A", "B", "C", "D", "E", "F"]


@dataclass(frozen=True)
class Suggestion:
    """One thing that could be better."""

    rule: str
    """The id of a rule of rules.toml."""
    category: Category
    line: int
    """From 1; the first line of `before`."""
    reason: str
    """Markdown, a sentence or two; names what stands in the learner's program."""
    before: str
    """The lines concerned, as they are, with their indentation."""
    after: str | None
    """How they could be: a program that has these lines in their place still parses. None where only words help."""
    weight: float
    """How much it is worth to a learner, 0 to 10."""
    rewritten: str | None = None
    """The whole program with the change, and nothing else, applied; it must do what the program does, which nobody
    has tried yet. None where only words help, or where the change is meant to change what the program does."""


@dataclass(frozen=True)
class Quality:
    """How good a program is."""

    score: int
    """0 to 100."""
    parts: dict[Category, float]
    """The points that each category took away, without the categories that took none."""


@dataclass(frozen=True)
class FunctionComplexity:
    """How many ways lead through a function or a method."""

    name: str
    """With its class, where it has one: `Account.withdraw`."""
    line: int
    complexity: int
    """McCabe's cyclomatic complexity, from 1."""
    rank: Rank
    """A: 1 to 5, B: to 10, C: to 20, D: to 30, E: to 40, F: more."""


@dataclass(frozen=True)
class Complexity:
    """How tangled a program is."""

    functions: tuple[FunctionComplexity, ...]
    """The most complex one first."""
    maintainability: float
    """Radon's maintainability index, 0 to 100; 100 is the best."""

    @property
    def worst(self) -> FunctionComplexity | None:
        """The most complex function, None where there is none."""
        return next(iter(self.functions), None)


@dataclass(frozen=True)
class Review:
    """All that is said of a program that Python can read."""

    quality: Quality
    complexity: Complexity
    praise: str
    """What is good, in a sentence of Markdown that is true of this very program."""
    suggestions: tuple[Suggestion, ...]
    """Five at most, the most useful one first."""
    more: int
    """How many further ones were found, and are better left for next time."""
    linted: bool
    """Whether ruff had its say; the mark is the same without it."""


@dataclass(frozen=True)
class Unreadable:
    """Why there is no review: Python cannot read the program."""

    message: str
    line: int | None
