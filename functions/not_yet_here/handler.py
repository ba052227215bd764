"""Answer honestly where the function of an intent does not exist yet. Delete a line when its function arrives."""

from __future__ import annotations

from functions.shared.database import Connection
from functions.shared.doubt import with_doubt
from functions.shared.events import NOT_YET_HERE, REQUESTS, Event, RequestUnsupported, Routed
from functions.shared.payload import Intent
from functions.shared.serving import Handler, Handlers

WORDS: dict[Intent, str] = {
    "quiz": "quizzes",
    "progress": "progress reports",
}
INTENT_OF: dict[type[Routed], Intent] = {request: intent for intent, request in REQUESTS.items()}


def say_so(event: Event[Routed], _db: Connection, _found: None) -> RequestUnsupported:
    """Answer that this was understood but cannot be done yet."""
    intent = INTENT_OF[type(event.data)]
    message = (
        f"I understood that you are after {WORDS[intent]}, which is not yet here. "
        "What works today: ask me to explain a topic, to help with an error, to review your code, or for an exercise."
    )
    return RequestUnsupported(intent=intent, message=with_doubt(message, event.data.second_guess))


HANDLERS: Handlers = {request: Handler(say_so) for request in NOT_YET_HERE}
