"""Trying: a model's examples are run before anybody is told what they print. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from functions.shared.explaining import Example
from functions.shared.markdown import code
from functions.shared.running import CheckTrial, Ran
from functions.shared.tutor import Explanation

LONGEST_PROGRAM = 4_000
LONGEST_OUTPUT = 2_000
"""Characters of an example, and of what it prints: more is none."""

_NOT_RUN = "I could not run {} just now, so I do not say what {}. Guess first, and then run {}."
_OTHERWISE = "I ran the examples: under each stands what it printed, should something above say otherwise."


def with_short_examples(explanation: Explanation) -> Explanation:
    """Return an explanation without the examples that are too long to be any."""
    short = tuple(each for each in explanation.examples if len(each.code) <= LONGEST_PROGRAM)
    return explanation.model_copy(update={"examples": short})


def trials(examples: Sequence[Example]) -> tuple[CheckTrial, ...]:
    """Return what to try: the first example, which is the check's own program, and every other one."""
    return (CheckTrial(), *(CheckTrial(code=each.code) for each in examples[1:]))


def as_run(explanation: Explanation, results: Sequence[Ran]) -> Explanation:
    """Return an explanation whose examples have what they printed, and none that did not run; without a result for
    each, none of them has any."""
    if len(results) != len(explanation.examples):
        return untried(explanation)
    tried = [pair for pair in zip(explanation.examples, results, strict=True) if _is_example(pair[1])]
    note = _OTHERWISE if any(each.output.rstrip() != ran.stdout.rstrip() for each, ran in tried) else ""
    return explanation.model_copy(
        update={
            "examples": tuple(each.model_copy(update={"output": ran.stdout}) for each, ran in tried),
            "explanation": "\n\n".join(filter(None, (explanation.explanation, note))),
        }
    )


def untried(explanation: Explanation) -> Explanation:
    """Return an explanation that shows its programs, does not claim what they print, and says so."""
    shown = [f"{each.title}:\n\n{code(each.code, 'python').strip()}" for each in explanation.examples]
    one = len(shown) == 1
    note = _NOT_RUN.format(*(("this program", "it prints", "it") if one else ("these programs", "they print", "them")))
    return explanation.model_copy(
        update={"examples": (), "explanation": "\n\n".join((explanation.explanation, *shown, note))}
    )


def _is_example(ran: Ran) -> bool:
    """Whether a program ended well and printed something that can be shown."""
    printed = ran.stdout.strip() and not ran.stdout_cut and len(ran.stdout) <= LONGEST_OUTPUT
    return ran.outcome == "ok" and bool(printed)
