"""Quoting: whether an answer writes a line as a correction has it, were it only a sign that is left out. Pure.

The output guard knows programs again by what their statements say; a correction often changes less than that.
"""

from __future__ import annotations

from functions.shared.helping import ErrorExplained

SHORTEST = 8
"""Characters, without spaces, of a line that is known again: `x = 1` may be a part of anything."""


def quotes(answer: ErrorExplained, code: str, corrected: str) -> bool:
    """Return whether an answer says a line of the corrected program that the learner's own has not.

    Its example is the same for everybody.
    """
    own = _squeezed(code)
    news = [line for each in corrected.splitlines() if len(line := _squeezed(each)) >= SHORTEST and line not in own]
    said = map(_squeezed, (answer.title, answer.explanation, *answer.hints, *answer.tips))
    return any(line in text for text in said for line in news)


def _squeezed(text: str) -> str:
    return "".join(text.split())
