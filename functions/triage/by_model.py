"""By model: what a language model makes of a question of which the classifier is unsure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from functions.shared.conversing import Turn
from functions.shared.database import Database
from functions.shared.events import Event, QuestionAsked
from functions.shared.payload import Intent
from functions.shared.prompts.triage import TriageInput, routing_of, triage_prompt
from functions.shared.tutor import Routing

if TYPE_CHECKING:
    from functions.shared.model.wiring import Ask


def by_model(
    event: Event[QuestionAsked],
    database: Database,
    turns: tuple[Turn, ...],
    probabilities: Mapping[Intent, float],
    *,
    ask: Ask,
) -> Routing:
    """Return where a model would send a question; nobody but triage reads its words. Raises NoAnswer."""
    asked = event.data
    given = TriageInput(
        question=asked.question,
        has_code=bool(asked.code and asked.code.strip()),
        has_error=bool(asked.error_message and asked.error_message.strip()),
        turns=turns,
        probabilities=probabilities,
    )
    return routing_of(ask(event, database, triage_prompt(given)).answer, given)
