"""Staging: how much is said of a mistake to a learner whose course wants them to think between two hints. Pure."""

from __future__ import annotations

import json

from functions.debug.asking import case_of
from functions.debug.model import Case
from functions.debug.wording import BUILT_IN, remarks
from functions.shared.doubt import with_doubt
from functions.shared.events import DebuggingRequested
from functions.shared.helping import ErrorExplained, ErrorFound
from functions.shared.running import Ran, code_hash

HINTS = 3
"""Of a mistake: its kind, its place, what to change."""

_FIRST = "In your course hints come one at a time, so here is the first: think about it, change something, and try."
_SECOND = "Here is the second hint; it says where to look."
_AGAIN = "If you are still stuck, ask again with the same program:"
_LEFT = {
    2: "two more hints are left, and the whole explanation comes with the last.",
    1: "one more hint is left, and the whole explanation comes with it.",
}


def mistake_in(answer: ErrorExplained) -> str:
    """Return what a mistake is known by when the learner asks about it again, with or without its message: its kind,
    where it was found, and the program; without a program, what the message says."""
    error = answer.error
    kind, message, line = (error.type, error.message, error.line) if error else (answer.cause, "", None)
    return code_hash(json.dumps([kind, answer.line or line, answer.code_hash or message]))


def is_next_hint(times: int) -> bool:
    """Whether who asks for this manieth time, from 1, has only done what we told them to do: it is no new mistake."""
    return 1 < times <= HINTS


def staged(answer: ErrorExplained, times: int, asked: DebuggingRequested, seen: Ran | None) -> ErrorExplained:
    """Return the answer as far as who asks for this manieth time, from 1, gets it: so many hints. What would say more
    than these comes with the last: the explanation, the corrected program, the example; the place with the second."""
    left = len(answer.hints) - times
    if left <= 0:
        return answer
    case = case_of(asked, seen)
    said = f"**{answer.title}.** {_FIRST if times == 1 else _SECOND}\n\n{_AGAIN} {_LEFT[left]}"
    notes = (said, *remarks(case, seen))
    return answer.model_copy(
        update={
            "explanation": with_doubt("\n\n".join(filter(None, notes)), asked.second_guess),
            "hints": answer.hints[:times],
            "hints_left": left,
            **({"line": None, "error": _as_told(answer, case)} if times == 1 else {}),
            "corrected_code": None,
            "checked": None,
            "example": None,
            **({} if answer.answered_by == BUILT_IN else {"tips": ()}),  # of ours the tips are the same for everybody
        }
    )


def _as_told(answer: ErrorExplained, case: Case) -> ErrorFound | None:
    """Return the error without what we found out about it."""
    if answer.error is None or case.error is None:
        return answer.error
    return answer.error.model_copy(update={"expression": case.error.expression and answer.error.expression})
