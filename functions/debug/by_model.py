"""By model: a mistake explained in steps by a language model, from what the rules and the runs have established."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from functions.debug.asking import Practice, case_of
from functions.debug.steps import Known
from functions.shared.database import Database
from functions.shared.doubt import with_doubt
from functions.shared.events import Event
from functions.shared.guard.guarding import Known as Held
from functions.shared.guarded import guard_of
from functions.shared.helping import ErrorExplained
from functions.shared.level import level_of
from functions.shared.prompts.debug import FILE, DebugInput, HintsSaid, debug_prompt, explained_by, mistake_facts
from functions.shared.prompts.inputs import ExerciseFacts

if TYPE_CHECKING:
    from functions.shared.model.wiring import Ask


def by_model(
    event: Event[Any],
    database: Database,
    known: Known,
    ours: ErrorExplained,
    practice: Sequence[Practice],
    held: Held,
    *,
    ask: Ask,
) -> ErrorExplained:
    """Return our answer in a model's words; its correction, if ours has none, is the model's claim. Raises NoAnswer."""
    given = given_of(known, ours, practice)

    def shown(said: HintsSaid, by: str = "") -> ErrorExplained:
        answer, to_try = explained_by(said, ours, given, by)
        return answer.model_copy(update={"corrected_code": to_try}) if to_try else answer

    guard = guard_of(held, shown, function="debug", rules=FILE.rules)
    answered = ask(event, database, debug_prompt(given), guard=guard)
    return shown(answered.answer, answered.signature)


def given_of(known: Known, ours: ErrorExplained, practice: Sequence[Practice]) -> DebugInput:
    """Return what a model is told of a learner's trouble; `practice` are the exercises of `known.exercise_ids`."""
    asked, seen = known.asked, known.seen
    plain = ours.explanation.removesuffix(with_doubt("", asked.second_guess))
    found = next((each for topic, each in practice if f"{topic.id}/{each.id}" == ours.exercise_id), None)
    return DebugInput(
        question=asked.question,
        code=case_of(asked, seen).code,
        error_message=asked.error_message,
        facts=mistake_facts(
            ours.model_copy(update={"explanation": plain}),
            outcome=seen.outcome if seen else None,
            printed=seen.stdout if seen else None,
        ),
        corrected_code=ours.corrected_code,
        exercise=ExerciseFacts(title=found.title, description=found.description) if found else None,
        last_step="analogous" if ours.exercise_id else "solution",
        level=level_of(asked.context, ours.topic),
        turns=asked.context.turns if asked.context else (),
    )
