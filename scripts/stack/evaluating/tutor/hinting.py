"""Hints: whether the right mistake is explained, the first hint keeps the correction back, and corrections work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from functions.shared.guard.guarding import Known as Held
from functions.shared.helping import ErrorExplained
from functions.shared.pasted import program_of
from scripts.stack.evaluating.debug import FOLDER, Broken, asked_about, read
from scripts.stack.evaluating.tutor.asking import One
from scripts.stack.evaluating.tutor.figures import Figure, share
from scripts.stack.evaluating.tutor.helping import helped
from scripts.stack.evaluating.tutor.part import Part
from scripts.stack.evaluating.tutor.sampling import sample
from scripts.stack.evaluating.tutor.sandbox import Sandbox

SHORTEST = 8
"""Characters of a line, without spaces, by which a correction is known again: `x = 1` may be a part of anything."""


@dataclass(frozen=True)
class Hinted:
    """What was told of a broken program. `works`: of the correction that was offered; `proposed`: of the model's own;
    None where there was none. `shows`: the first hint says a line of a correction."""

    line: bool
    cause: bool
    works: bool | None
    shows: bool
    proposed: bool | None
    is_models: bool
    was_held_back: bool
    outcomes: tuple[str, ...]


def part(limit: int | None, sandbox: Sandbox) -> Part[Broken, Hinted]:
    """Return the broken programs."""
    programs = [program for file in sorted(FOLDER.glob("*.jsonl")) for program in read(file)]
    chosen = sample(programs, limit, lambda each: each.type)
    return Part("hints", chosen, partial(judge, sandbox=sandbox), figures)


def judge(program: Broken, one: One | None, *, sandbox: Sandbox) -> Hinted:
    """Explain what is wrong with a program, as a learner gets it, at once and hint by hint."""
    known = asked_about(program).model_copy(update={"may_ask": one is not None})
    held = Held(question=program.error_message or "", given=tuple(filter(None, [program_of(program.code, "")])))
    found = helped(known, (), held, one, sandbox)
    told, first = found.told(), found.told(1)

    def works(code: str | None) -> bool | None:
        if code is None:
            return None
        ran = sandbox.reads(code, program.stdin)
        return ran.outcome == "ok" and program.prints in (None, ran.stdout)

    return Hinted(
        line=told.line in (program.line, *program.lines),
        cause=told.cause in (program.cause, *program.also),
        works=works(told.corrected_code),
        shows=any(shows(first, program.code, each) for each in (told.corrected_code, found.claimed) if each),
        proposed=works(found.claimed),
        is_models=found.answers.theirs is not None and not found.was_replaced,
        was_held_back=bool(one and one.was_held_back) or found.was_replaced,
        outcomes=tuple(one.outcomes) if one else (),
    )


def shows(answer: ErrorExplained, code: str, corrected: str) -> bool:
    """Tell whether a hint says a line that a correction has and the program has not. Tips are everybody's."""
    said = "".join("".join((answer.title, answer.explanation, *answer.hints)).split())
    own = {"".join(line.split()) for line in code.splitlines()}
    news = {"".join(line.split()) for line in corrected.splitlines()} - own
    return any(len(line) >= SHORTEST and line in said for line in news)


def figures(judged: Sequence[Hinted], by_model: bool) -> dict[str, Figure]:
    """Return how many are right."""
    found = {
        "the right line": share([each.line for each in judged]),
        "the right cause": share([each.cause for each in judged]),
        "a corrected program is shown": share([each.works is not None for each in judged]),
        "it prints what is right": share([each.works for each in judged if each.works is not None]),
        "the first hint keeps it back": share([not each.shows for each in judged]),
    }
    if by_model:
        asked = [each for each in judged if each.outcomes]
        found |= {
            "answered by the model": share([each.is_models for each in asked]),
            "held back by our checks": share([each.was_held_back for each in asked]),
            "its own corrections print what is right": share(
                [each.proposed for each in judged if each.proposed is not None]
            ),
        }
    return found
