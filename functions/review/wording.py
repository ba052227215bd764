"""Wording: a review as a learner gets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from functions.review.catalogue import catalogue
from functions.review.checking import Verdict
from functions.review.model import Review, Suggestion, Unreadable
from functions.shared.doubt import with_doubt
from functions.shared.helping import CodeReviewed, Suggested
from functions.shared.markdown import cut
from functions.shared.payload import Intent
from functions.shared.running import bytes_in_an_event, code_hash

BUILT_IN = "built-in"
"""How the built-in tutor signs its answers."""
MOST_FUNCTIONS = 20
"""Functions whose complexity is told."""
MOST_BYTES = 16 * 1024
"""Of the lines before a suggestion, and of those after it, as JSON: five of them stay below an event's limit."""
LONGEST_PRAISE = 1000

NO_CODE = (
    "I would gladly read your program, and there is none in what you sent. Put it into `code`, or between two lines of "
    "three backticks."
)
TOO_LARGE = "That is more than the 64 KB of code that I can read at once. Send me the part that you wonder about."
_NOT_TRIED = (
    "I could not run the changed versions just now. Try them yourself before you keep one: they should do what your "
    "program does."
)
_NOTHING = "I have nothing to add. Read it aloud to somebody, and see whether they ask a question."


def unreviewed(why: str, **about: Any) -> CodeReviewed:
    """Return the answer where there is nothing to review."""
    return CodeReviewed(quality=None, summary=why, **about)


def unreadable(problem: Unreadable) -> str:
    """Say why there is no review of a program that Python cannot read, and what helps."""
    where = f"in line {problem.line}" if problem.line else "at some point"
    return (
        f"Python stops reading your program {where}: **{cut(problem.message)}**. A review is about programs that run, "
        "so let us mend that first: ask me for debugging help with this program."
    )


def reviewed(code: str, review: Review, about: Mapping[str, Any]) -> CodeReviewed:
    """Return the answer to a review of which nothing has been tried. `about` are fields of the answer as they are."""
    return CodeReviewed.model_validate(
        {
            "quality": review.quality.score,
            "summary": "",
            "praise": cut(review.praise, LONGEST_PRAISE),
            "suggestions": [_suggested(each) for each in review.suggestions],
            "more": review.more,
            "complexity": [
                {**asdict(each), "name": cut(each.name)} for each in review.complexity.functions[:MOST_FUNCTIONS]
            ],
            "linted": review.linted,
            "code_hash": code_hash(code),
            **about,
        }
    )


def after_checks(answer: CodeReviewed, found: Mapping[int, Verdict | None]) -> CodeReviewed:
    """Return the answer with what the sandbox told of suggestions, by their place; None where it could not be asked.

    A suggestion that changes what the program does is none. Of one that no rule made, only what was seen to do the same
    is shown.
    """
    kept = tuple(
        _checked(each, _CHECKED[found[place]] if place in found else None)
        for place, each in enumerate(answer.suggestions)
        if found.get(place) != "different"
    )
    return answer.model_copy(update={"suggestions": kept})


def _checked(suggestion: Suggested, checked: str | None) -> Suggested:
    if suggestion.rule not in catalogue() and checked != "passed":
        return suggestion.model_copy(update={"after": None, "checked": None})
    return suggestion.model_copy(update={"checked": checked})


_CHECKED = {"same": "passed", "unknown": None, None: "unavailable"}


def smaller(answer: CodeReviewed, second_guess: Intent | None, step: str) -> CodeReviewed:
    """Return a smaller step (Markdown) in the place of a review that may not leave; its mark alone is left."""
    nothing: dict[str, Any] = {"praise": "", "suggestions": (), "complexity": (), "answered_by": BUILT_IN}
    return answer.model_copy(update={"summary": with_doubt(step, second_guess), **nothing})


def summed_up(answer: CodeReviewed, second_guess: Intent | None, said: str = "") -> CodeReviewed:
    """Return the answer with its summary: what is good first, then what could be better, in a few lines; `said` is what
    a model says of it all.

    Where there was nothing to review, the summary is there already.
    """
    if answer.quality is None:
        return answer.model_copy(update={"summary": with_doubt(answer.summary, second_guess)})
    parts = [answer.praise, said, _mark(answer)]
    parts += ["\n".join(f"- **Line {each.line}.** {each.reason}" for each in answer.suggestions) or _NOTHING]
    if any(each.checked == "unavailable" for each in answer.suggestions):
        parts.append(_NOT_TRIED)
    summary = "\n\n".join(filter(None, parts))
    return answer.model_copy(update={"summary": with_doubt(summary, second_guess)})


def _mark(answer: CodeReviewed) -> str:
    number = len(answer.suggestions)
    if not number:
        return f"Quality: {answer.quality} of 100."
    things = "One thing" if number == 1 else f"{number} things"
    rest = " There is more, which is better left for next time." if answer.more else ""
    return f"Quality: {answer.quality} of 100. {things} that would make it better:{rest}"


def _suggested(suggestion: Suggestion) -> dict[str, Any]:
    """Return a suggestion as a learner gets it; of lines that nobody would read there is only the beginning."""
    told: dict[str, Any] = {name: getattr(suggestion, name) for name in ("rule", "category", "line", "reason")}
    before, after = suggestion.before, suggestion.after
    if max(bytes_in_an_event(before), bytes_in_an_event(after or "")) > MOST_BYTES:
        before, after = cut(before), None
    return {**told, "before": before, "after": after}
