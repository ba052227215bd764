"""Corrected: whether an answer writes a line as a correction has it, were it only a sign that is left out.

Programs are known again by what their statements say; a correction often changes less than that, and one that only
takes something away says nothing new at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from functions.shared.guard.reading import Text

SHORTEST = 8
"""Characters, without spaces, of a line that is known again: `x = 1` may be a part of anything."""


class Corrected(NamedTuple):
    """A program as its learner has it, and as it should be, which they are to find out themselves."""

    code: str
    program: str


def writes_a_line(texts: Iterable[Text], corrected: Corrected) -> bool:
    """Return whether what an answer says has a line of the corrected program that the learner's own has not.

    Fields that hold a program are no saying: the example that goes with a mistake is the same for everybody.
    """
    news = tuple(_news(corrected))
    return any(line in _squeezed(text.text) for text in texts if text.kind == "prose" for line in news)


def _news(corrected: Corrected) -> Iterator[str]:
    own = _squeezed(corrected.code)
    lines = map(_squeezed, corrected.program.splitlines())
    return (line for line in lines if len(line) >= SHORTEST and line not in own)


def _squeezed(text: str) -> str:
    return "".join(text.split())
