"""Writing: what a language model wrote of a mistake, on its way to the learner. Pure.

Its correction is run before anybody sees it, as ours are.
"""

from __future__ import annotations

from functions.debug.asking import case_of
from functions.debug.correcting import works
from functions.debug.steps import Known, Run, may_run
from functions.debug.wording import remarks
from functions.shared.doubt import with_doubt
from functions.shared.helping import Checked, ErrorExplained

_KEPT = ", kept"
_AS_NOW = ("error", "code_hash", "confidence")


def may_be_written(known: Known, ours: ErrorExplained) -> bool:
    """Whether there is something for a model to explain: a mistake, or a program with a question.

    What the sandbox does not let run is none: that it cannot be run here is the answer.
    """
    if ours.cause or ours.error:
        return True
    blocked = known.seen is not None and known.seen.outcome == "blocked"
    return bool(ours.code_hash and known.asked.question.strip()) and not blocked


def kept(known: Known, written: ErrorExplained) -> ErrorExplained:
    """Return what a model wrote as it is kept for whoever asks again: its correction as the run has shown it, or, where
    there was none, to be run then."""
    if known.proof is None:
        return written
    checked = _proven(known)
    code = written.corrected_code if checked else None
    return written.model_copy(update={"corrected_code": code, "checked": checked})


def again(ours: ErrorExplained, before: ErrorExplained) -> ErrorExplained | None:
    """Return what a model wrote of a mistake before, for now; None where it would be told something else now."""
    if (before.cause, before.exercise_id) != (ours.cause, ours.exercise_id):
        return None
    mended = before if before.corrected_code and not ours.corrected_code else ours
    return before.model_copy(
        update={
            **{name: getattr(ours, name) for name in _AS_NOW},
            "corrected_code": mended.corrected_code,
            "checked": mended.checked,
            "answered_by": before.answered_by.removesuffix(_KEPT) + _KEPT,
        }
    )


def next_written(known: Known, written: ErrorExplained) -> Run | ErrorExplained:
    """Return the run that is to show whether the model's correction works, or its answer as it is told."""
    code, checked = written.corrected_code, written.checked
    if code is not None and checked != "passed":
        if known.proof is None and may_run(known, code):
            return Run(code, "prove")
        checked = _proven(known)
    notes = (written.explanation, *remarks(case_of(known.asked, known.seen), known.seen, checked))
    return written.model_copy(
        update={
            "explanation": with_doubt("\n\n".join(filter(None, notes)), known.asked.second_guess),
            "corrected_code": code if checked == "passed" else None,
            "checked": checked,
        }
    )


def _proven(known: Known) -> Checked | None:
    if known.proof is None:
        return "unavailable"
    return "passed" if works(known.proof) else None
