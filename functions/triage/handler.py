"""Route a question to the function that answers it, or decline it kindly."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from functions.shared.conversing import Turn, conversation_id
from functions.shared.database import Connection, Database
from functions.shared.declining import decline_off_topic
from functions.shared.events import REQUESTS, Event, LearnerContext, QuestionAsked, QuestionDeclined
from functions.shared.model.asking import NoAnswer, Task
from functions.shared.model.set_up import ask_for
from functions.shared.payload import Payload
from functions.shared.serving import Handler, Handlers
from functions.shared.tutor import Classifier, Routing
from functions.triage.context import ContextOf, make_context_of
from functions.triage.following import Followed, follow
from functions.triage.linear import UNSURE, LinearClassifier
from functions.triage.queries import note_routing
from functions.triage.readable import decline_unreadable
from functions.triage.turn_queries import last_turns

if TYPE_CHECKING:
    from functions.shared.model.wiring import Ask


class Understood(NamedTuple):
    """What a question is after, what is known of who asks it, and what it takes from earlier in the conversation."""

    routing: Routing
    context: LearnerContext | None
    followed: Followed | None = None


Found = Understood | QuestionDeclined


def understand(
    event: Event[QuestionAsked],
    database: Database,
    *,
    classifier: Classifier,
    context_of: ContextOf,
    ask_for: Callable[[Task], Ask | None] = ask_for,
) -> Found:
    """Return what the question is after and who asks it, or the refusal of one that cannot be answered."""
    declined = decline_unreadable(event.data)
    if declined:
        return declined
    turns = turns_before(event, database)
    routing = classifier.classify(event.data)
    followed = follow(event.data, routing, turns) if turns else None
    if followed is None and routing.confidence < UNSURE and (ask := ask_for("triage")):
        routing = _second_opinion(event, database, routing, turns, classifier, ask)
        followed = _referring(event.data, routing, turns)
    routing = followed.routing if followed else routing
    about = None if routing.intent == "off_topic" else context_of(event.learner_id, database)
    return Understood(routing, _with_turns(about, turns), followed)


def _second_opinion(
    event: Event[QuestionAsked],
    database: Database,
    routing: Routing,
    turns: tuple[Turn, ...],
    classifier: Classifier,
    ask: Ask,
) -> Routing:
    """Return what a model makes of a question; the routing that there is where the model does not answer."""
    from functions.triage.by_model import by_model  # what only a model needs is read where there is one

    try:
        return by_model(event, database, turns, classifier.probabilities(event.data), ask=ask)
    except NoAnswer:
        return routing


def _referring(question: QuestionAsked, routing: Routing, turns: tuple[Turn, ...]) -> Followed | None:
    """Return what a question takes from the turns before it, now that it is better known what it is after."""
    followed = follow(question, routing, turns) if turns else None
    return followed if followed and followed.routing.intent == routing.intent else None


def turns_before(event: Event[QuestionAsked], database: Database) -> tuple[Turn, ...]:
    """Return the last turns of the conversation before a question; without a session there is none.

    What came in through Kafka is no turn. Raises TryAgainLater if the database does not answer.
    """
    conversation = conversation_id(event.data.session_id)
    if conversation is None:
        return ()
    with database.reading() as db:
        return last_turns(db, event.learner_id, conversation, asked_at=event.time, request=event.correlation_id)


def route(event: Event[QuestionAsked], db: Connection, found: Found) -> Payload:
    """Answer with the request of the intent's function, or with a kind refusal."""
    if isinstance(found, QuestionDeclined):
        note_routing(db, event, intent=None, confidence=1.0)
        return found
    routing, context, followed = found
    if routing.intent == "off_topic":
        note_routing(db, event, intent=None, confidence=routing.confidence)
        return decline_off_topic(routing.second_guess)
    note_routing(db, event, intent=routing.intent, confidence=routing.confidence)
    asked = event.data.model_dump() | (followed.taken_over() if followed else {})
    return REQUESTS[routing.intent](
        **asked,
        confidence=routing.confidence,
        second_guess=routing.second_guess,
        context=context,
    )


def _with_turns(about: LearnerContext | None, turns: tuple[Turn, ...]) -> LearnerContext | None:
    if not turns:
        return about
    known = about.model_dump(exclude={"turns"}) if about else {}
    return LearnerContext(**known, turns=tuple(turn.shortened() for turn in turns))


HANDLERS: Handlers = {
    QuestionAsked: Handler(
        route, before=partial(understand, classifier=LinearClassifier(), context_of=make_context_of())
    )
}
