"""Wording: what a learner is told of a mistake, step by step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from functions.debug.asking import INPUT, NO_MORE_INPUT, Practice
from functions.debug.correcting import Correction
from functions.debug.diagnose import cause
from functions.debug.model import Case, Cause, ErrorSeen, Finding
from functions.shared.doubt import with_doubt
from functions.shared.events import DebuggingRequested
from functions.shared.helping import Checked, Contrast, ErrorExplained, ErrorFound
from functions.shared.markdown import code, cut
from functions.shared.payload import Intent
from functions.shared.running import Ran, code_hash

BUILT_IN = "built-in"
"""How the built-in tutor signs its answers."""
LONGEST_TEXT = 3000
"""Characters of one text of an answer."""

_NOTHING_GIVEN = (
    "I would gladly look at it, and I need to see it first. Send me your program in `code`, and the whole error "
    "message, from `Traceback` to its last line, in `error_message`: either of them helps, both help most."
)
_NOT_RUN = "I could not try the corrected program just now, so I do not show it: it might be wrong."
_NOT_SEEN = (
    "I could not run your program just now to see what it does, so this is from reading it alone. If it ends with an "
    "error, send me the message too."
)
_NO_MISTAKE_SO_FAR = (
    "I saw no mistake up to there. If it ends with an error on your side, send me that message, and what you typed."
)


def explained(
    asked: DebuggingRequested,
    case: Case,
    found: Finding | None,
    exercise: Practice | None,
    *,
    seen: Ran | None,
    corrected: Correction,
) -> ErrorExplained:
    """Return the answer: what was found in three steps, or honestly that nothing was.

    For an exercise that is not passed yet the last step is a like mistake in another program, not the line itself.
    """
    error = case.error
    shared: dict[str, Any] = {
        "error": _error_found(error, found) if error else None,
        "code_hash": code_hash(case.code) if case.code else "",
        "exercise_id": f"{exercise[0].id}/{exercise[1].id}" if exercise else None,
        "confidence": asked.confidence,
    }
    if found is None:
        title, text = _nothing_found(case, seen)
        return ErrorExplained(title=title, explanation=with_doubt(text, asked.second_guess), **shared)
    found, known, fix = _readable(found), cause(found.cause), _checked(corrected)
    notes = [found.explanation, *remarks(case, seen, fix)]
    return ErrorExplained(
        cause=known.id,
        title=known.title,
        line=found.line,
        explanation=with_doubt("\n\n".join(filter(None, notes)), asked.second_guess),
        hints=(known.general, found.pointer, _analogous(known) if exercise and known.right else found.solution),
        corrected_code=corrected.code if corrected.works else None,
        checked=fix,
        tips=known.tips,
        example=Contrast(wrong=known.wrong, right=known.right) if known.right else None,
        topic=known.topic,
        **shared,
    )


def remarks(case: Case, seen: Ran | None, fix: Checked | None = None) -> tuple[str, str]:
    """Say what we gave the program to read, and what we could not do, where either matters; else ""."""
    return _given(case, seen), _could_not(case, seen, fix)


def smaller(answer: ErrorExplained, second_guess: Intent | None, step: str) -> ErrorExplained:
    """Return a smaller step (Markdown) in the place of an answer that may not leave; nothing it said is left."""
    return answer.model_copy(
        update={
            "error": ErrorFound(type=answer.error.type, message="") if answer.error else None,
            "title": "A smaller step",
            "line": None,
            "explanation": with_doubt(step, second_guess),
            "hints": (),
            "corrected_code": None,
            "checked": None,
            "tips": (),
            "example": None,
            "answered_by": BUILT_IN,
        }
    )


def _checked(corrected: Correction) -> Checked | None:
    """Say whether a correction was run. One that nobody could run is not shown."""
    if corrected.code is None:
        return None
    return "passed" if corrected.works else "unavailable"


def _readable(found: Finding) -> Finding:
    """Return the finding with texts as long as somebody reads, whatever long name or line of a program they quote."""
    texts = (found.explanation, found.pointer, found.solution)
    explanation, pointer, solution = (cut(text, LONGEST_TEXT) for text in texts)
    return replace(found, explanation=explanation, pointer=pointer, solution=solution)


def _error_found(error: ErrorSeen, found: Finding | None) -> ErrorFound:
    expression = error.expression or (found.expression if found else None)
    return ErrorFound(
        type=cut(error.type),
        message=cut(error.message, LONGEST_TEXT),
        file=error.file and cut(error.file),
        line=error.line,
        expression=expression and cut(expression, LONGEST_TEXT),
    )


def _nothing_found(case: Case, seen: Ran | None) -> tuple[str, str]:
    """Return a title, and why there is nothing to explain."""
    if not case.code.strip():
        return "Show me what you have", _NOTHING_GIVEN
    if seen and seen.outcome == "blocked" and seen.blocked:
        what = seen.blocked
        where = f" in line {what.line}" if what.line else ""
        text = f"Your program uses {code(cut(what.what))}{where}, which I cannot run here. {what.why} {what.instead}"
        return "I cannot try this here", f"{text}\n\nIf it ends with an error on your side, send me that message."
    if seen is None:
        return "I see no mistake in it", _NOT_SEEN
    if seen.outcome != "ok":
        return "I could not see it to its end", f"I ran your program, and {_why_early(seen)}. {_NO_MISTAKE_SO_FAR}"
    printed = f"It printed {code(cut(seen.stdout))}." if seen.stdout.strip() else "It printed nothing."
    return "It runs without an error", (
        f"I ran your program, and it ended without an error. {printed}\n\nIf you expected something else, tell me "
        "what, and for which input. Comparing the two at the first place where they differ often shows the line to "
        "look at."
    )


def _why_early(seen: Ran) -> str:
    """Say what ended a run of ours that tells of no mistake."""
    if seen.error is None:
        return f"it ended early ({seen.outcome.replace('_', ' ')})"
    if seen.error.type == NO_MORE_INPUT:
        return "it wanted to read more than I gave it"
    return f"it ended early ({code(cut(seen.error.type))})"


def _given(case: Case, seen: Ran | None) -> str:
    """Say what we gave a program to read, where that may matter."""
    if seen is None or case.error is None or "input(" not in case.code:
        return ""
    return f"I saw this when I ran your program and answered every `input()` with {code(INPUT)}."


def _could_not(case: Case, seen: Ran | None, fix: Checked | None) -> str:
    if fix == "unavailable":
        return _NOT_RUN
    return _NOT_SEEN if case.error is None and seen is None and case.tree is not None else ""


def _analogous(known: Cause) -> str:
    """Show the mistake and its remedy in another program."""
    return (
        "This is an exercise, so the last step is yours. Here is the same mistake in another small program:\n\n"
        f"```python\n{known.wrong.strip()}\n```\n\nAnd here it is without the mistake:\n\n"
        f"```python\n{known.right.strip()}\n```\n\n"
        "What is different, and where does your program have the same place?"
    )
